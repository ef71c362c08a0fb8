#include "sense/observations/block.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <map>

#include "sense/observations/bytes.hpp"

namespace zhili::sense::observations {

namespace {

constexpr std::uint8_t block_version = 1;
constexpr std::uint8_t mixed = 255;  // instead of the one kind of all
enum Has : std::uint8_t { has_flags = 1, has_result_time = 2, has_end = 4, has_feature = 8, has_extra = 16 };

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<Bytef const*>(bytes.data()), bytes.size()));
}

template <class Get>
std::vector<std::int64_t> column(std::span<Observation const> rows, Get const& get) {
  std::vector<std::int64_t> out(rows.size());
  std::ranges::transform(rows, out.begin(), get);
  return out;
}

/// A time that may be missing, as a distance from the phenomenonTime: 0 is missing, else one more than it.
std::int64_t distance(std::optional<core::Instant> at, core::Instant from) {
  if (!at) return 0;
  auto const away = (*at - from).count();
  return away >= 0 ? away + 1 : away;
}
std::optional<core::Instant> at_distance(std::int64_t distance, core::Instant from) {
  if (distance == 0) return std::nullopt;
  return core::from_ms(plus(core::to_ms(from), distance > 0 ? distance - 1 : distance));
}

void write_texts(ByteWriter& out, std::vector<std::string_view> const& texts) {
  std::map<std::string_view, std::int64_t> number;
  std::vector<std::string_view> distinct;
  std::vector<std::int64_t> which;
  for (auto const text : texts) {
    auto const [at, fresh] = number.emplace(text, static_cast<std::int64_t>(distinct.size()));
    if (fresh) distinct.push_back(text);
    which.push_back(at->second);
  }
  out.unsigned_number(distinct.size());
  for (auto const text : distinct) out.text(text);
  write_column(out, which);
}

/// Gives each text to `take`, in order.
template <class Take>
void read_texts(ByteReader& in, std::size_t count, Take const& take) {
  auto const known = in.unsigned_number();
  if (known > count) in.fail();
  std::vector<std::string_view> distinct;
  for (std::uint64_t i = 0; i < known && in.ok(); ++i) distinct.push_back(in.text());
  auto const which = read_column(in, count);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    if (which[i] < 0 || static_cast<std::uint64_t>(which[i]) >= distinct.size()) in.fail();
    else take(i, distinct[static_cast<std::size_t>(which[i])]);
  }
}

bool with_text(ValueKind kind) { return kind == ValueKind::text || kind == ValueKind::json; }
bool with_integer(ValueKind kind) { return kind == ValueKind::truth || kind == ValueKind::count; }

void write_values(ByteWriter& out, std::span<Observation const> rows) {
  auto const first = rows.front().value.kind;
  bool const same = std::ranges::all_of(rows, [&](auto const& row) { return row.value.kind == first; });
  out.byte(same ? static_cast<std::uint8_t>(first) : mixed);
  if (!same) write_column(out, column(rows, [](auto const& row) { return static_cast<std::int64_t>(row.value.kind); }));
  std::vector<double> numbers;
  std::vector<std::int64_t> integers;
  std::vector<std::string_view> texts;
  for (auto const& row : rows) {
    if (row.value.kind == ValueKind::number) numbers.push_back(row.value.number);
    if (with_integer(row.value.kind)) integers.push_back(row.value.integer);
    if (with_text(row.value.kind)) texts.push_back(row.value.text);
  }
  if (!numbers.empty()) write_numbers(out, numbers);
  if (!integers.empty()) write_column(out, integers);
  if (!texts.empty()) write_texts(out, texts);
}

void read_values(ByteReader& in, std::vector<Observation>& rows) {
  auto const kind = in.byte();
  if (kind >= value_kinds && kind != mixed) in.fail();
  auto const kinds = kind == mixed ? read_column(in, rows.size()) : std::vector<std::int64_t>(rows.size(), kind);
  std::vector<std::size_t> numbers, integers, texts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kinds[i] < 0 || kinds[i] >= static_cast<std::int64_t>(value_kinds)) in.fail();
    if (!in.ok()) return;
    auto const own = rows[i].value.kind = static_cast<ValueKind>(kinds[i]);
    (own == ValueKind::number ? numbers : with_integer(own) ? integers : texts).push_back(i);
  }
  if (!numbers.empty()) {
    auto const read = read_numbers(in, numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) rows[numbers[i]].value.number = read[i];
  }
  if (!integers.empty()) {
    auto const read = read_column(in, integers.size());
    for (std::size_t i = 0; i < integers.size(); ++i) rows[integers[i]].value.integer = read[i];
  }
  if (!texts.empty()) read_texts(in, texts.size(), [&](std::size_t i, std::string_view text) { rows[texts[i]].value.text = text; });
}

std::uint8_t what_it_has(std::span<Observation const> rows) {
  std::uint8_t out = 0;
  for (auto const& row : rows)
    out |= static_cast<std::uint8_t>((row.flags != 0 ? has_flags : 0) | (row.result_time ? has_result_time : 0) | (row.phenomenon_end ? has_end : 0) |
                                     (row.feature != 0 ? has_feature : 0) | (!row.extra.empty() ? has_extra : 0));
  return out;
}

core::Error damaged(std::int64_t datastream, char const* what) {
  return {core::Errc::corrupt, "observations.block", {"一段观测记录损坏，读不出来。其他的不受影响。", "A piece of the history is damaged and cannot be read. The rest is not touched."}, {},
          fmt::format("block of datastream {}: {}", datastream, what)};
}

}  // namespace

std::string encode_block(std::span<Observation const> rows) {
  ByteWriter out;
  out.byte(block_version);
  out.unsigned_number(rows.size());
  if (!rows.empty()) {
    auto const has = what_it_has(rows);
    out.byte(has);
    write_column(out, column(rows, [](auto const& row) { return core::to_ms(row.phenomenon_time); }));
    write_column(out, column(rows, [](auto const& row) { return row.id.n; }));
    write_values(out, rows);
    if (has & has_flags) write_column(out, column(rows, [](auto const& row) { return std::int64_t{row.flags}; }));
    if (has & has_result_time) write_column(out, column(rows, [](auto const& row) { return distance(row.result_time, row.phenomenon_time); }));
    if (has & has_end) write_column(out, column(rows, [](auto const& row) { return distance(row.phenomenon_end, row.phenomenon_time); }));
    if (has & has_feature) write_column(out, column(rows, [](auto const& row) { return row.feature; }));
    if (has & has_extra) {
      std::vector<std::string_view> extras(rows.size());
      std::ranges::transform(rows, extras.begin(), [](auto const& row) { return std::string_view(row.extra); });
      write_texts(out, extras);
    }
  }
  out.fixed32(crc_of(out.bytes()));
  return std::move(out.bytes());
}

core::Result<std::vector<Observation>> decode_block(std::int64_t datastream, std::string_view bytes) {
  if (bytes.size() < 4) return core::fail(damaged(datastream, "too short"));
  auto const body = bytes.substr(0, bytes.size() - 4);
  if (ByteReader(bytes.substr(body.size())).fixed32() != crc_of(body)) return core::fail(damaged(datastream, "its sum is wrong"));
  ByteReader in(body);
  if (in.byte() != block_version) return core::fail(damaged(datastream, "unknown version"));
  auto const count = in.unsigned_number();
  if (count > block_read_max) return core::fail(damaged(datastream, "too many"));
  std::vector<Observation> rows(static_cast<std::size_t>(count));
  if (!rows.empty()) {
    auto const has = in.byte();
    auto const times = read_column(in, rows.size());
    auto const numbers = read_column(in, rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].id = {datastream, numbers[i]};
      rows[i].phenomenon_time = core::from_ms(times[i]);
    }
    read_values(in, rows);
    auto const each = [&](std::uint8_t what, auto const& put) {
      if ((has & what) == 0 || !in.ok()) return;
      auto const read = read_column(in, rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) put(rows[i], read[i]);
    };
    each(has_flags, [](auto& row, std::int64_t v) { row.flags = static_cast<Flags>(v); });
    each(has_result_time, [](auto& row, std::int64_t v) { row.result_time = at_distance(v, row.phenomenon_time); });
    each(has_end, [](auto& row, std::int64_t v) { row.phenomenon_end = at_distance(v, row.phenomenon_time); });
    each(has_feature, [](auto& row, std::int64_t v) { row.feature = v; });
    if ((has & has_extra) != 0) read_texts(in, rows.size(), [&](std::size_t i, std::string_view text) { rows[i].extra = text; });
  }
  if (!in.ok() || in.left() != 0) return core::fail(damaged(datastream, "a column is wrong"));
  return rows;
}

}  // namespace zhili::sense::observations
