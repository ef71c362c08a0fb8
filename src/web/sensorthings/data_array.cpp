#include "web/sensorthings/data_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sense/ingest/json_scan.hpp"
#include "sense/things/stored_observations.hpp"
#include "web/sensorthings/body.hpp"
#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;
using sense::ingest::Batch;
using sense::ingest::JsonScan;

namespace {

enum class Component : std::uint8_t { phenomenon_time, result_time, result, valid_time, parameters, quality, feature };
constexpr std::pair<std::string_view, Component> component_names[] = {
    {"phenomenonTime", Component::phenomenon_time}, {"resultTime", Component::result_time}, {"result", Component::result},
    {"validTime", Component::valid_time},           {"parameters", Component::parameters},  {"resultQuality", Component::quality},
    {"FeatureOfInterest/id", Component::feature},   {"FeatureOfInterest/@iot.id", Component::feature}};

auto no_data_array(core::Text what) {
  return fail(Errc::invalid, "sensorthings.data_array", {"这不是数据数组：" + what.zh, "This is no data array: " + what.en}, "dataArray");
}

core::Text const row_is_wrong{"行不对：须有与 components 一样多的值。", "not a row: it needs as many values as there are components."};

/// One row while it is read. What is rare stands beside.
struct Row {
  std::int64_t at_ms = sense::ingest::time_absent;
  std::optional<core::Instant> end, result_time;
  std::optional<things::Span> valid;
  std::string_view parameters, quality;
  things::Id feature = 0;
  JsonScan::Number number = JsonScan::Number::none;
  double real = 0;
  std::int64_t whole = 0;
  std::string_view text;  // of a text or JSON
  enum class Kind : std::uint8_t { nothing, number, truth, text, json } kind = Kind::nothing;
  bool truth = false;
};

class ArraysReader {
 public:
  explicit ArraysReader(std::string_view body) : scan_(body) {}

  core::Result<DataArrays> read() {
    if (!scan_.take('[')) return no_data_array({"须是列表。", "it must be a list."});
    if (!scan_.take(']')) {
      do ZHILI_CHECK(group());
      while (scan_.take(','));
      if (!scan_.take(']')) return broken();
    }
    scan_.blanks();
    if (!scan_.at_end()) return broken();
    return std::move(out_);
  }

 private:
  tl::unexpected<core::Error> broken() { return no_data_array({"JSON 有误。", "the JSON is broken."}); }

  core::Result<> group() {
    stream_ = 0;
    components_.clear();
    bool has_components = false, has_rows = false;
    std::string_view later;
    if (!scan_.take('{')) return no_data_array({"须是对象的列表。", "it must be a list of objects."});
    bool more = !scan_.take('}');
    while (more) {
      scan_.blanks();
      std::string_view view;
      if (!scan_.string(view, kept_)) return broken();
      std::string const name(view);
      if (!scan_.take(':')) return broken();
      if (name == "Datastream") {
        ZHILI_CHECK(datastream());
      } else if (name == "components" && !has_components) {
        ZHILI_CHECK(components());
        has_components = true;
      } else if (name == "dataArray" && !has_rows) {
        has_rows = true;
        if (has_components && stream_ != 0) {
          ZHILI_CHECK(rows(scan_));
        } else if (!scan_.value(later)) {
          return broken();
        }
      } else if (std::string_view ignored; name.find('@') == std::string::npos || !scan_.value(ignored)) {
        return no_data_array({fmt::format("没料到“{}”。", name), fmt::format("\"{}\" was not expected.", name)});
      }
      if (scan_.take('}')) break;
      if (!scan_.take(',')) return broken();
    }
    if (stream_ == 0 || !has_components || !has_rows)
      return no_data_array({"每组须有 Datastream、components、dataArray。", "each group needs Datastream, components, and dataArray."});
    if (!later.empty()) {
      JsonScan again(later);
      ZHILI_CHECK(rows(again));
    }
    return {};
  }

  core::Result<> datastream() {
    double ignored = 0;
    std::string_view name;
    scan_.blanks();
    bool const good = scan_.take('{') && (scan_.blanks(), scan_.string(name, kept_)) && name == "@iot.id" && scan_.take(':') &&
                      (scan_.blanks(), scan_.number(ignored, stream_) == JsonScan::Number::whole) && scan_.take('}') && stream_ != 0;
    if (good) return {};
    return no_data_array({"Datastream 须写成 {\"@iot.id\": 编号}。", "write Datastream as {\"@iot.id\": its id}."});
  }

  core::Result<> components() {
    if (!scan_.take('[')) return no_data_array({"components 须是列表。", "components must be a list."});
    if (scan_.take(']')) return no_data_array({"components 是空的。", "components is empty."});
    do {
      std::string_view name;
      scan_.blanks();
      if (!scan_.string(name, kept_)) return no_data_array({"components 须是名称的列表。", "components must be a list of names."});
      auto const* const found = std::ranges::find(component_names, name, [](auto const& one) { return one.first; });
      if (found == std::end(component_names))
        return no_data_array({fmt::format("观测没有“{}”。", name), fmt::format("an Observation has no \"{}\".", name)});
      if (std::ranges::find(components_, found->second) != components_.end())
        return no_data_array({fmt::format("“{}”出现了两次。", name), fmt::format("\"{}\" is there twice.", name)});
      components_.push_back(found->second);
    } while (scan_.take(','));
    if (!scan_.take(']')) return broken();
    if (std::ranges::find(components_, Component::result) == components_.end())
      return no_data_array({"components 须有 result。", "components needs result."});
    return {};
  }

  core::Result<> rows(JsonScan& scan) {
    if (!scan.take('[')) return no_data_array({"dataArray 须是列表。", "dataArray must be a list."});
    if (scan.take(']')) return {};
    do {
      if (++out_.rows > data_array_rows_max)
        return fail(Errc::limit, "sensorthings.data_array", {fmt::format("一次最多 {} 行。", data_array_rows_max), fmt::format("At most {} rows at once.", data_array_rows_max)}, "dataArray");
      scan.blanks();
      auto const before = scan;
      Row row;
      core::Text const* wrong = nullptr;
      if (read_row(scan, row, wrong)) {
        keep(row);
        continue;
      }
      scan = before;
      std::string_view skipped;
      if (!scan.value(skipped)) return broken();
      out_.wrong.emplace_back(static_cast<std::uint32_t>(out_.rows), out_.wrong.size() < data_array_errors_told_max ? (wrong != nullptr ? *wrong : row_is_wrong) : core::Text());
    } while (scan.take(','));
    if (!scan.take(']')) return broken();
    return {};
  }

  bool read_row(JsonScan& scan, Row& row, core::Text const*& wrong) {
    if (!scan.take('[')) return false;
    bool first = true;
    for (auto const component : components_) {
      if (!first && !scan.take(',')) return false;
      first = false;
      scan.blanks();
      if (!cell(scan, component, row, wrong)) return false;
    }
    return scan.take(']');
  }

  bool cell(JsonScan& scan, Component component, Row& row, core::Text const*& wrong) {
    static core::Text const bad_time{"时间须写成 2026-11-21T08:00:00Z，带时区。", "a time must be written as 2026-11-21T08:00:00Z, with its zone."};
    static core::Text const bad_feature{"FeatureOfInterest/id 须是整数。", "FeatureOfInterest/id must be a whole number."};
    static core::Text const bad_result{"结果不对。", "the result is not right."};
    static core::Text const bad_json{"parameters 须是 JSON 对象。", "parameters must be a JSON object."};
    double ignored = 0;
    switch (component) {
      case Component::result:
        wrong = &bad_result;
        if (!result(scan, row)) return false;
        break;
      case Component::phenomenon_time: {
        wrong = &bad_time;
        std::optional<things::Span> span;
        if (!time(scan, row.at_ms, span)) return false;
        if (span) {
          row.at_ms = core::to_ms(span->begin);
          row.end = span->end;
        }
        break;
      }
      case Component::result_time: {
        wrong = &bad_time;
        auto at = sense::ingest::time_absent;
        std::optional<things::Span> span;
        if (!time(scan, at, span) || (span && span->end)) return false;
        if (span) row.result_time = span->begin;
        else if (at != sense::ingest::time_absent) row.result_time = core::from_ms(at);
        break;
      }
      case Component::valid_time: {
        wrong = &bad_time;
        auto at = sense::ingest::time_absent;
        if (!time(scan, at, row.valid) || at != sense::ingest::time_absent || (row.valid && !row.valid->end)) return false;
        break;
      }
      case Component::parameters:
        wrong = &bad_json;
        if (scan.peek() != '{' && scan.peek() != 'n') return false;
        if (!scan.value(row.parameters)) return false;
        if (row.parameters == "null") row.parameters = {};
        break;
      case Component::quality:
        wrong = &bad_json;
        if (!scan.value(row.quality)) return false;
        if (row.quality == "null") row.quality = {};
        break;
      case Component::feature:
        wrong = &bad_feature;
        if (scan.peek() == 'n' && scan.word("null")) break;
        if (scan.number(ignored, row.feature) != JsonScan::Number::whole || row.feature <= 0) return false;
        break;
    }
    wrong = nullptr;
    return true;
  }

  /// A point in time goes into `at`, everything else into `span`; null into neither.
  bool time(JsonScan& scan, std::int64_t& at, std::optional<things::Span>& span) {
    if (scan.peek() == 'n') return scan.word("null");
    std::string_view text;
    if (!scan.string(text, kept_)) return false;
    if (auto const plain = plain_time_ms(text)) {
      at = *plain;
      return true;
    }
    auto const read = read_span(text);
    if (!read) return false;
    span = *read;
    return true;
  }

  bool result(JsonScan& scan, Row& row) {
    char const next = scan.peek();
    if (next == '-' || (next >= '0' && next <= '9')) {
      row.kind = Row::Kind::number;
      row.number = scan.number(row.real, row.whole);
      return row.number != JsonScan::Number::none && std::isfinite(row.real);
    }
    if (next == '"') {
      row.kind = Row::Kind::text;
      return scan.string(row.text, text_kept_);
    }
    if (next == 't' || next == 'f') {
      row.kind = Row::Kind::truth;
      row.truth = next == 't';
      return scan.word(row.truth ? "true" : "false");
    }
    row.kind = Row::Kind::json;
    return scan.value(row.text);
  }

  void keep(Row const& row) {
    auto& made = add(row);
    made.line = static_cast<std::uint32_t>(out_.rows);
    if (row.feature == 0 && !row.end && !row.result_time && !row.valid && row.parameters.empty() && row.quality.empty()) return;
    auto& more = out_.batch.more_of(made);
    more.feature = row.feature;
    more.phenomenon_end = row.end;
    more.result_time = row.result_time;
    if (row.valid || !row.parameters.empty() || !row.quality.empty()) more.extra = things::extra_json(row.parameters, row.valid, row.quality);
    std::pair const pair{stream_, row.feature};
    if (row.feature == 0 || pair == last_pair_) return;
    last_pair_ = pair;
    out_.features.insert(pair);
  }

  sense::ingest::Incoming& add(Row const& row) {
    auto& batch = out_.batch;
    switch (row.kind) {
      case Row::Kind::number: {
        if (row.number == JsonScan::Number::fraction) return batch.add(stream_, row.at_ms, row.real);
        auto& made = batch.add_count(stream_, row.at_ms, row.whole);
        made.number = row.real;
        return made;
      }
      case Row::Kind::truth: return batch.add_truth(stream_, row.at_ms, row.truth);
      case Row::Kind::text: return batch.add_text(stream_, row.at_ms, row.text);
      default: return batch.add_json(stream_, row.at_ms, row.text);
    }
  }

  JsonScan scan_;
  std::string kept_, text_kept_;
  DataArrays out_;
  things::Id stream_ = 0;
  std::pair<things::Id, things::Id> last_pair_{};
  std::vector<Component> components_;
};

}  // namespace

std::optional<std::int64_t> plain_time_ms(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() < form.size() + 1 || text.back() != 'Z') return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return std::nullopt;
  auto const two = [&](std::size_t i) { return (text[i] - '0') * 10 + (text[i + 1] - '0'); };
  int const year = two(0) * 100 + two(2), month = two(5), day = two(8), hour = two(11), minute = two(14), second = two(17);
  std::int64_t ms = 0;
  auto const fraction = text.substr(form.size(), text.size() - form.size() - 1);
  if (!fraction.empty()) {
    if (fraction.size() != 4 || fraction[0] != '.') return std::nullopt;
    for (auto const c : fraction.substr(1)) {
      if (c < '0' || c > '9') return std::nullopt;
      ms = ms * 10 + (c - '0');
    }
  }
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (year < 1 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (day > days[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0)) return std::nullopt;
  // Days from civil, after H. Hinnant: March is the first month.
  std::int64_t const y = year - (month <= 2 ? 1 : 0);
  std::int64_t const era = y / 400, of_era = y - era * 400;
  std::int64_t const of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  std::int64_t const date = era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
  return ((date * 24 + hour) * 60 + minute) * 60'000 + second * 1'000 + ms;
}

core::Result<DataArrays> read_data_arrays(std::string_view body) { return ArraysReader(body).read(); }

}  // namespace zhili::web::sensorthings
