#include "sense/ingest/incoming.hpp"

#include <algorithm>

#include "catalogue/text_check.hpp"
#include "sense/ingest/quarantine.hpp"

namespace zhili::sense::ingest {

std::string_view name(ValueKind kind) {
  static constexpr std::string_view names[] = {"number", "bool", "count", "text", "json"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name(Flag flag) {
  switch (flag) {
    case Flag::out_of_range:
      return "out_of_range";
    case Flag::stuck:
      return "stuck";
    case Flag::spike:
      return "spike";
    case Flag::gap_before:
      return "gap_before";
    case Flag::duplicate:
      return "duplicate";
    case Flag::late:
      return "late";
  }
  return {};
}

std::string_view name(Way way) {
  static constexpr std::string_view names[ways] = {"sensorthings", "lines", "mqtt-sensorthings", "mqtt", "inside"};
  return names[static_cast<std::size_t>(way)];
}

void Batch::clear() {
  rows.clear();
  more.clear();
  bytes.clear();
  unread.clear();
  unread_count = 0;
}

Incoming& Batch::put(std::int64_t datastream, std::int64_t phenomenon_ms, ValueKind kind) {
  auto& row = rows.emplace_back();
  row.datastream = datastream;
  row.phenomenon_ms = phenomenon_ms;
  row.kind = kind;
  row.line = static_cast<std::uint32_t>(rows.size());
  return row;
}

Incoming& Batch::add(std::int64_t datastream, std::int64_t phenomenon_ms, double number) {
  auto& row = put(datastream, phenomenon_ms, ValueKind::number);
  row.number = number;
  return row;
}

Incoming& Batch::add_truth(std::int64_t datastream, std::int64_t phenomenon_ms, bool value) {
  auto& row = put(datastream, phenomenon_ms, ValueKind::truth);
  row.integer = value ? 1 : 0;
  return row;
}

Incoming& Batch::add_count(std::int64_t datastream, std::int64_t phenomenon_ms, std::int64_t value) {
  auto& row = put(datastream, phenomenon_ms, ValueKind::count);
  row.integer = value;
  return row;
}

Incoming& Batch::add_text(std::int64_t datastream, std::int64_t phenomenon_ms, std::string_view value) {
  auto& row = put(datastream, phenomenon_ms, ValueKind::text);
  row.text_at = static_cast<std::uint32_t>(bytes.size());
  row.text_bytes = static_cast<std::uint32_t>(value.size());
  bytes += value;
  return row;
}

Incoming& Batch::add_json(std::int64_t datastream, std::int64_t phenomenon_ms, std::string_view value) {
  auto& row = add_text(datastream, phenomenon_ms, value);
  row.kind = ValueKind::json;
  return row;
}

void Batch::add_unread(Problem problem, std::string_view sent) {
  ++unread_count;
  if (unread.size() < unread_told_max) unread.push_back({std::move(problem), shortened_utf8(sent)});
}

void Batch::append(Batch const& other) {
  auto const text_shift = static_cast<std::uint32_t>(bytes.size());
  auto const more_shift = static_cast<std::uint32_t>(more.size());
  for (auto const& row : other.rows) {
    auto& mine = rows.emplace_back(row);
    mine.text_at += text_shift;
    if (mine.more != 0) mine.more += more_shift;
  }
  bytes += other.bytes;
  more.insert(more.end(), other.more.begin(), other.more.end());
  for (auto const& one : other.unread)
    if (unread.size() < unread_told_max) unread.push_back(one);
  unread_count += other.unread_count;
}

Batch Batch::split(std::size_t first) {
  auto const at = rows.begin() + static_cast<std::ptrdiff_t>(std::min(first, rows.size()));
  Batch out{.rows = {at, rows.end()}, .more = more, .bytes = bytes};
  rows.erase(at, rows.end());
  return out;
}

More& Batch::more_of(Incoming& row) {
  if (row.more == 0) {
    more.emplace_back();
    row.more = static_cast<std::uint32_t>(more.size());
  }
  return more[row.more - 1];
}

std::string shortened_utf8(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    auto const length = catalogue::utf8_length(bytes, at);
    std::string_view const one = length == 0 || bytes[at] == '\0' ? std::string_view("\xEF\xBF\xBD") : bytes.substr(at, length);
    if (out.size() + one.size() > quarantine_sent_bytes_max) break;
    out += one;
    at += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace zhili::sense::ingest
