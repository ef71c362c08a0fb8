#include "sense/ingest/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/time.hpp"
#include "sense/ingest/json_scan.hpp"

namespace zhili::sense::ingest {

namespace {

/// Times before this and after it are no milliseconds since 1970 that a reading can have: years 1 and 9999.
constexpr std::int64_t line_time_least_ms = -62'135'596'800'000;
constexpr std::int64_t line_time_most_ms = 253'402'300'799'999;

struct LineFault {
  char const* key;
  char const* field;
  char const* zh;
  char const* en;
};

constexpr LineFault not_json{"ingest.json", "", "不是有效的 JSON", "this is not valid JSON"};
constexpr LineFault not_a_reading{"ingest.line", "", "须是对象 {\"s\":…,\"t\":…,\"v\":…} 或数组 [\"s\",t,v]", "it has to be an object {\"s\":…,\"t\":…,\"v\":…} or an array [\"s\",t,v]"};
constexpr LineFault no_value{"ingest.line", "v", "缺少读数", "the value is missing"};
constexpr LineFault no_stream{"ingest.stream", "s", "缺少数据流的名称", "the name of the stream is missing"};
constexpr LineFault bad_stream{"ingest.stream", "s", "须是这台设备的数据流名称", "it has to be the name of one of the device's streams"};
constexpr LineFault unknown_name{"ingest.stream", "s", "这台设备没有这个名称的数据流", "the device has no stream of this name"};
constexpr LineFault bad_number{"ingest.stream", "d", "须是数据流的编号", "it has to be the number of a datastream"};
constexpr LineFault bad_time{"ingest.time", "t", "须是 1970 年以来的毫秒数，或带时区的 ISO 8601 时间", "it has to be milliseconds since 1970, or ISO 8601 with its zone"};
constexpr LineFault bad_value{"ingest.value", "v", "须是数字、true、false 或带引号的文字", "it has to be a number, true, false or a text in quotation marks"};
constexpr LineFault too_large{"ingest.value", "v", "数字太大", "the number is too large"};
constexpr LineFault bad_unit{"ingest.unit", "u", "须是带引号的 UCUM 代码", "it has to be a UCUM code in quotation marks"};
constexpr LineFault twice{"ingest.line", "", "同一字段出现两次", "a field is there twice"};
constexpr LineFault unknown_field{"ingest.line", "", "有不认识的字段；可用的是 s、d、t、v、u", "a field is not known; there are s, d, t, v and u"};
constexpr LineFault too_many{"ingest.line", "v", "一行中的数据流太多", "it tells too many streams"};
constexpr LineFault too_long{"ingest.line_bytes", "", "太长", "it is too long"};
constexpr LineFault gave_up{"ingest.garbage", "", "前面没有一行能读，其余的没有再读", "nothing before it could be read, so the rest was not tried"};

Problem problem_at(LineFault const& fault, std::uint32_t line) {
  std::string const zh_field = *fault.field ? fmt::format("字段 {} ", fault.field) : "";
  std::string const en_field = *fault.field ? fmt::format("field {}: ", fault.field) : "";
  return {.line = line, .key = fault.key, .text = {fmt::format("第 {} 行：{}{}。", line, zh_field, fault.zh), fmt::format("line {}: {}{}.", line, en_field, fault.en)}, .field = fault.field};
}

}  // namespace

/// One line. A value is scanned where it stands; it is added when the whole line is known to be good.
class LineReader::Line {
 public:
  Line(LineReader& reader, std::string_view text, Batch& out, std::uint32_t number, std::int64_t stream)
      : reader_(reader), scan_(text), out_(out), number_(number), stream_(stream), named_by_topic_(stream != 0) {}

  /// Null: it is read.
  LineFault const* read() {
    auto const rows = out_.rows.size();
    auto const bytes = out_.bytes.size();
    auto const more = out_.more.size();
    auto const* fault = form();
    scan_.blanks();
    if (!fault && !scan_.at_end()) fault = &not_json;
    if (fault) {
      out_.rows.resize(rows);
      out_.bytes.resize(bytes);
      out_.more.resize(more);
    }
    return fault;
  }

 private:
  LineFault const* form() {
    scan_.blanks();
    if (scan_.peek() == '{') return object();
    if (scan_.peek() == '[') return array();
    if (!named_by_topic_) return not_json_or(not_a_reading);
    std::string_view value;
    if (!scan_.value(value)) return &not_json;
    return add(stream_, true, value);
  }

  /// What is wrong if the rest of the line is JSON; else that it is not.
  LineFault const* not_json_or(LineFault const& fault) {
    std::string_view rest;
    return scan_.value(rest) ? &fault : &not_json;
  }

  LineFault const* object() {
    scan_.take('{');
    std::string_view value;
    enum : unsigned { s = 1, d = 2, t = 4, v = 8, u = 16 };
    unsigned seen = 0;
    bool by_name = named_by_topic_;
    std::string_view unit;
    if (!scan_.take('}')) {
      do {
        std::string_view name;
        scan_.blanks();
        if (!scan_.string(name, reader_.kept_)) return &not_json;
        static constexpr std::string_view fields = "sdtvu";
        auto const which = name.size() == 1 ? fields.find(name[0]) : std::string_view::npos;
        if (!scan_.take(':')) return &not_json;
        std::string_view raw;
        if (!scan_.value(raw)) return &not_json;
        if (which == std::string_view::npos) return &unknown_field;
        if ((seen & (1U << which)) != 0) return &twice;
        seen |= 1U << which;
        LineFault const* fault = nullptr;
        switch (1U << which) {
          case s:
            fault = stream(raw);
            by_name = true;
            break;
          case d:
            fault = datastream(raw);
            by_name = false;
            break;
          case t:
            fault = time(raw);
            break;
          case v:
            value = raw;
            break;
          default:
            unit = raw;
        }
        if (fault) return fault;
      } while (scan_.take(','));
      if (!scan_.take('}')) return &not_json;
    }
    if ((seen & v) == 0) return &no_value;
    if ((seen & s) != 0 && (seen & d) != 0) return &twice;
    auto const first = out_.rows.size();
    if (stream_ == 0 && value.starts_with('{')) {
      if (auto const* fault = several(value)) return fault;
    } else {
      if (stream_ == 0) return &no_stream;
      if (auto const* fault = add(stream_, by_name, value)) return fault;
    }
    return (seen & u) != 0 ? in_unit(unit, first) : nullptr;
  }

  LineFault const* array() {
    scan_.take('[');
    std::string_view parts[4];
    std::size_t n = 0;
    if (!scan_.take(']')) {
      do {
        std::string_view raw;
        if (!scan_.value(raw)) return &not_json;
        if (n == 4) return &not_a_reading;
        parts[n++] = raw;
      } while (scan_.take(','));
      if (!scan_.take(']')) return &not_json;
    }
    if (n < 2) return &not_a_reading;
    bool const by_name = parts[0].starts_with('"');
    if (auto const* fault = by_name ? stream(parts[0]) : datastream(parts[0])) return fault;
    if (n > 2)
      if (auto const* fault = time(parts[1])) return fault;
    auto const first = out_.rows.size();
    if (auto const* fault = add(stream_, by_name, parts[n == 2 ? 1 : 2])) return fault;
    return n == 4 ? in_unit(parts[3], first) : nullptr;
  }

  /// {"level":12.5,"battery":87}
  LineFault const* several(std::string_view raw) {
    JsonScan inner(raw);
    inner.take('{');
    if (inner.take('}')) return &no_value;
    auto const first = out_.rows.size();
    do {
      std::string_view name, value;
      inner.blanks();
      if (!inner.string(name, reader_.kept_)) return &not_json;
      auto const datastream = reader_.stream_of(name);
      if (datastream == 0) return &unknown_name;
      if (!inner.take(':') || !inner.value(value)) return &not_json;
      if (out_.rows.size() - first == streams_of_line_max) return &too_many;
      if (auto const* fault = add(datastream, true, value)) return fault;
    } while (inner.take(','));
    return nullptr;
  }

  LineFault const* stream(std::string_view raw) {
    JsonScan inner(raw);
    std::string_view name;
    if (!inner.string(name, reader_.kept_) || name.empty()) return &bad_stream;
    stream_ = reader_.stream_of(name);
    return stream_ == 0 ? &unknown_name : nullptr;
  }

  LineFault const* datastream(std::string_view raw) {
    JsonScan inner(raw);
    double number = 0;
    if (inner.number(number, stream_) != JsonScan::Number::whole || stream_ <= 0) return &bad_number;
    return nullptr;
  }

  LineFault const* time(std::string_view raw) {
    JsonScan inner(raw);
    if (raw.starts_with('"')) {
      std::string_view text;
      inner.string(text, reader_.kept_);
      auto const at = core::from_iso(text);
      if (!at) return &bad_time;
      at_ms_ = core::to_ms(*at);
      return nullptr;
    }
    double number = 0;
    if (inner.number(number, at_ms_) != JsonScan::Number::whole || at_ms_ < line_time_least_ms || at_ms_ > line_time_most_ms) return &bad_time;
    return nullptr;
  }

  LineFault const* add(std::int64_t datastream, bool by_name, std::string_view raw) {
    JsonScan inner(raw);
    switch (raw.front()) {
      case '"': {
        std::string_view text;
        inner.string(text, reader_.kept_);
        out_.add_text(datastream, at_ms_, text);
        break;
      }
      case 't':
      case 'f':
        out_.add_truth(datastream, at_ms_, raw.front() == 't');
        break;
      case 'n':
        return &bad_value;
      case '{':
      case '[':
        out_.add_json(datastream, at_ms_, raw);
        break;
      default: {
        double number = 0;
        std::int64_t integer = 0;
        inner.number(number, integer);
        if (!std::isfinite(number)) return &too_large;
        out_.add(datastream, at_ms_, number);
      }
    }
    auto& row = out_.rows.back();
    row.line = number_;
    row.device_words = by_name;
    return nullptr;
  }

  LineFault const* in_unit(std::string_view raw, std::size_t first) {
    JsonScan inner(raw);
    std::string_view unit;
    if (!inner.string(unit, reader_.kept_) || unit.empty()) return &bad_unit;
    for (auto i = first; i < out_.rows.size(); ++i) out_.more_of(out_.rows[i]).unit = unit;
    return nullptr;
  }

  LineReader& reader_;
  JsonScan scan_;
  Batch& out_;
  std::uint32_t number_;
  std::int64_t stream_;
  bool named_by_topic_;
  std::int64_t at_ms_ = time_absent;
};

std::int64_t LineReader::stream_of(std::string_view name) {
  auto const found = std::ranges::find_if(known_, [&](auto const& one) { return one.first == name; });
  if (found != known_.end()) return found->second;
  auto const datastream = names_ ? names_(name) : 0;
  if (known_.size() < streams_of_line_max) known_.emplace_back(std::string(name), datastream);
  return datastream;
}

void LineReader::read(std::string_view text, Batch& out, std::int64_t stream) {
  known_.clear();
  std::uint32_t number = 0;
  std::size_t good = 0, bad = 0;
  while (!text.empty()) {
    ++number;
    auto const* const end = static_cast<char const*>(std::memchr(text.data(), '\n', text.size()));
    auto line = text.substr(0, end ? static_cast<std::size_t>(end - text.data()) : text.size());
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    auto const* fault = line.size() > line_bytes_max ? &too_long : Line(*this, line, out, number, stream).read();
    if (!fault) {
      ++good;
      continue;
    }
    out.add_unread(problem_at(*fault, number), line.substr(0, line_bytes_max));
    if (++bad < bad_lines_tried_max || good > 0 || text.empty()) continue;
    out.add_unread(problem_at(gave_up, number + 1), {});
    return;
  }
}

}  // namespace zhili::sense::ingest
