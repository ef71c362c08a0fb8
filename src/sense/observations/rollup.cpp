#include "sense/observations/rollup.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <vector>

#include "sense/observations/bytes.hpp"
#include "sense/observations/days.hpp"

namespace zhili::sense::observations {

namespace {

constexpr std::uint8_t figures_version = 2;
constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::int64_t ms_of_day = minutes_of_a_day * ms_per_minute;

std::uint32_t figures_crc(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<Bytef const*>(bytes.data()), bytes.size()));
}

/// Of one reading: all that figures say is that number.
bool of_one(Figures const& it) { return it.count == 1 && it.sum == it.last && it.min == it.last && it.max == it.last; }

void write_figures(ByteWriter& out, std::map<int, Figures> const& all) {
  out.unsigned_number(all.size());
  if (all.empty()) return;
  std::vector<std::int64_t> at, counts;
  std::vector<double> sums, mins, maxs, lasts;
  for (auto const& [minute, it] : all) {
    at.push_back(minute);
    counts.push_back(it.count);
    sums.push_back(it.sum);
    mins.push_back(it.min);
    maxs.push_back(it.max);
    lasts.push_back(it.last);
  }
  bool const single = std::ranges::all_of(all, [](auto const& it) { return of_one(it.second); });
  out.byte(single ? 1 : 0);
  write_column(out, at);
  write_numbers(out, lasts);
  if (single) return;
  write_column(out, counts);
  for (auto const* column : {&sums, &mins, &maxs}) write_numbers(out, *column);
}

void read_figures(ByteReader& in, std::map<int, Figures>& to) {
  auto const count = in.unsigned_number();
  if (count > minutes_of_a_day) in.fail();
  if (count == 0 || !in.ok()) return;
  auto const n = static_cast<std::size_t>(count);
  bool const single = in.byte() != 0;
  auto const at = read_column(in, n);
  auto const lasts = read_numbers(in, n);
  auto const counts = single ? std::vector<std::int64_t>(n, 1) : read_column(in, n);
  auto const sums = single ? lasts : read_numbers(in, n), mins = single ? lasts : read_numbers(in, n), maxs = single ? lasts : read_numbers(in, n);
  for (std::size_t i = 0; i < n; ++i) {
    if (at[i] < 0 || at[i] >= minutes_of_a_day) {
      in.fail();
      return;
    }
    to[static_cast<int>(at[i])] = {counts[i], sums[i], mins[i], maxs[i], lasts[i]};
  }
}

}  // namespace

std::string_view name(Step step) {
  constexpr std::array<std::string_view, 4> names = {"raw", "minute", "hour", "day"};
  return names[static_cast<std::size_t>(step)];
}

std::optional<double> figure_of(Value const& value) {
  switch (value.kind) {
    case ValueKind::number:
      return value.number;
    case ValueKind::truth:
    case ValueKind::count:
      return static_cast<double>(value.integer);
    default:
      return std::nullopt;
  }
}

void add(Figures& to, double value) { add(to, {1, value, value, value, value}); }

void add(Figures& to, Figures const& later) {
  if (later.count == 0) return;
  if (to.count == 0) {
    to = later;
    return;
  }
  to.count += later.count;
  to.sum += later.sum;
  to.min = std::min(to.min, later.min);
  to.max = std::max(to.max, later.max);
  to.last = later.last;
}

DayFigures figures_of_day(std::span<Observation const> rows, bool every_minute) {
  DayFigures out;
  for (auto const& row : rows) {
    auto const value = figure_of(row.value);
    if (!value) continue;
    auto const ms = core::to_ms(row.phenomenon_time);
    auto const minute = static_cast<int>((((ms % ms_of_day) + ms_of_day) % ms_of_day) / ms_per_minute);
    add(out.hours[minute - minute % 60], *value);
    add(out.minutes[minute], *value);
  }
  // Where a minute has about one reading, its figures would say the readings once more.
  if (!every_minute && rows.size() <= static_cast<std::size_t>(minutes_of_a_day)) out.minutes.clear();
  return out;
}

void add_late(DayFigures& to, std::span<Observation const> rows) {
  auto const late = figures_of_day(rows, true);
  auto const add_all = [](std::map<int, Figures>& all, std::map<int, Figures> const& more) {
    for (auto const& [minute, it] : more) {
      auto sum = it;
      if (auto const at = all.find(minute); at != all.end()) add(sum, at->second);
      all[minute] = sum;
    }
  };
  add_all(to.hours, late.hours);
  if (!to.minutes.empty()) add_all(to.minutes, late.minutes);  // else their time is over, or there never were any
}

std::string encode_figures(DayFigures const& figures) {
  ByteWriter out;
  out.byte(figures_version);
  write_figures(out, figures.hours);
  write_figures(out, figures.minutes);
  out.fixed32(figures_crc(out.bytes()));
  return std::move(out.bytes());
}

core::Result<DayFigures> decode_figures(std::int64_t datastream, std::int64_t day, std::string_view bytes) {
  auto const body = bytes.substr(0, bytes.size() < 4 ? 0 : bytes.size() - 4);
  ByteReader in(body);
  DayFigures out;
  if (bytes.size() < 4 || ByteReader(bytes.substr(body.size())).fixed32() != figures_crc(body) || in.byte() != figures_version) in.fail();
  read_figures(in, out.hours);
  read_figures(in, out.minutes);
  if (!in.ok() || in.left() != 0)
    return core::fail(core::Errc::corrupt, "observations.figures", {"一天的汇总记录损坏，读不出来。", "The figures of a day are damaged and cannot be read."}, {},
                      fmt::format("figures of datastream {} of {}", datastream, core::to_iso(core::from_ms(begin_of(day))).substr(0, 10)));
  return out;
}

}  // namespace zhili::sense::observations
