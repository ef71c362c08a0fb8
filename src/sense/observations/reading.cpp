// How the store is read: memory first, then one snapshot of the database; what is in both is told once.
#include <algorithm>
#include <limits>

#include "sense/observations/days.hpp"
#include "sense/observations/reading_days.hpp"
#include "sense/observations/store.hpp"

namespace zhili::sense::observations {

namespace {

constexpr std::int64_t ms_of_minute = 60'000;
constexpr std::int64_t ms_of_hour = 3'600'000;
/// A chart may get so many times the points that it asked for before a coarser step is taken.
constexpr std::int64_t points_slack = 2;

bool within(Observation const& row, Wanted const& wanted) {
  if (wanted.from && row.phenomenon_time < *wanted.from) return false;
  if (wanted.until && row.phenomenon_time >= *wanted.until) return false;
  if (!wanted.after) return true;
  Place const place{core::to_ms(row.phenomenon_time), row.id.n};
  return wanted.descending ? place < *wanted.after : place > *wanted.after;
}

/// Nothing is kept outside of these times, so that looking further away is the same as looking there.
std::int64_t bounded(std::int64_t ms) { return std::clamp(ms, observed_ms_min - ms_per_day, observed_ms_max + ms_per_day); }
std::int64_t bounded(core::Instant at) { return bounded(core::to_ms(at)); }

/// The day at which reading begins; far away where nothing says it.
std::int64_t first_day(Wanted const& wanted) {
  if (!wanted.descending) {
    auto const from = bounded(wanted.from.value_or(core::from_ms(observed_ms_min)));
    return day_of(wanted.after ? std::max(from, bounded(wanted.after->t)) : from);
  }
  auto const last = bounded(wanted.until.value_or(core::from_ms(observed_ms_max + 1))) - 1;
  return day_of(wanted.after ? std::min(last, bounded(wanted.after->t)) : last);
}

bool beyond(std::int64_t day, Wanted const& wanted) {
  if (wanted.descending) return wanted.from && begin_of(day + 1) <= core::to_ms(*wanted.from);
  return wanted.until && begin_of(day) >= core::to_ms(*wanted.until);
}

Step step_for(std::int64_t span_ms, std::int64_t readings, std::int64_t points) {
  if (readings <= points) return Step::raw;
  if (span_ms / ms_of_minute <= points * points_slack) return Step::minute;
  return span_ms / ms_of_hour <= points * points_slack ? Step::hour : Step::day;
}

/// Where the step begins that `ms` lies in.
std::int64_t begin_of_step(std::int64_t ms, Step step, std::int64_t shift) {
  auto const length = step == Step::minute ? ms_of_minute : step == Step::hour ? ms_of_hour : ms_per_day;
  auto const moved = ms + (step == Step::day ? shift : 0);
  auto const floor = moved >= 0 ? moved / length : (moved - length + 1) / length;
  return floor * length - (step == Step::day ? shift : 0);
}

}  // namespace

core::Result<ObservationStore::Memory> ObservationStore::memory_of(std::int64_t datastream) const {
  if (db_.engine() == "postgresql") ZHILI_CHECK(const_cast<ObservationStore*>(this)->follow());
  std::lock_guard const lock(mutex_);
  Memory out;
  auto const at = head_.streams().find(datastream);
  if (at == head_.streams().end()) return out;
  auto const& rows = Head::settled(at->second);
  out.reserve(rows.size());
  for (auto const& row : rows)
    if (row.position <= committed_) out.push_back(head_.read(datastream, row));
  return out;
}

core::Result<std::vector<Observation>> ObservationStore::read(std::int64_t datastream, Wanted const& wanted) const {
  ZHILI_TRY(auto const memory, memory_of(datastream));
  return db_.read([&](store::Reader& reader) -> core::Result<std::vector<Observation>> {
    Days days(reader, datastream, memory);
    std::vector<Observation> out;
    for (auto day = days.next(first_day(wanted), wanted.descending); day && !beyond(*day, wanted); day = days.next(wanted.descending ? *day - 1 : *day + 1, wanted.descending)) {
      ZHILI_TRY(auto rows, days.rows(*day));
      if (wanted.descending) std::ranges::reverse(rows);
      for (auto& row : rows) {
        if (!within(row, wanted)) continue;
        out.push_back(std::move(row));
        if (out.size() >= wanted.limit) return out;
      }
    }
    return out;
  });
}

core::Result<> ObservationStore::each(std::int64_t datastream, core::Instant from, core::Instant until, std::function<bool(Observation const&)> const& visit) const {
  ZHILI_TRY(auto const memory, memory_of(datastream));
  return db_.read([&](store::Reader& reader) -> core::Result<> {
    Days days(reader, datastream, memory);
    for (auto day = days.next(day_of(bounded(from)), false); day && begin_of(*day) < core::to_ms(until); day = days.next(*day + 1, false)) {
      ZHILI_TRY(auto const rows, days.rows(*day));
      for (auto const& row : rows)
        if (row.phenomenon_time >= from && row.phenomenon_time < until && !visit(row)) return {};
    }
    return {};
  });
}

core::Result<std::optional<Observation>> ObservationStore::find(ObservationId id) const {
  ZHILI_TRY(auto const memory, memory_of(id.datastream));
  return db_.read([&](store::Reader& reader) { return Days(reader, id.datastream, memory).find(id.n); });
}

core::Result<std::optional<Observation>> ObservationStore::last(std::int64_t datastream) const {
  ZHILI_TRY(auto rows, read(datastream, {.descending = true, .limit = 1}));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

core::Result<std::optional<Extent>> ObservationStore::extent(std::int64_t datastream) const {
  ZHILI_TRY(auto const memory, memory_of(datastream));
  return db_.read([&](store::Reader& reader) -> core::Result<std::optional<Extent>> {
    ZHILI_TRY(auto const span, Days(reader, datastream, memory).span());
    if (!span) return std::nullopt;
    return std::optional(Extent{core::from_ms(span->first), core::from_ms(span->last), span->count});
  });
}

core::Result<Series> ObservationStore::series(std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points,
                                              std::chrono::minutes day_begins) const {
  auto const wanted = static_cast<std::int64_t>(std::clamp<std::size_t>(points, 1, series_points_max));
  ZHILI_TRY(auto const memory, memory_of(datastream));
  return db_.read([&](store::Reader& reader) -> core::Result<Series> {
    Days days(reader, datastream, memory);
    auto const begin = bounded(from), end = bounded(until);
    // Days of which only figures are left cannot be drawn reading by reading.
    auto const only_figures = reader.value<std::int64_t>(
        "SELECT day FROM rollup WHERE datastream = ? AND day >= ? AND day <= ? AND readings_gone = 1 LIMIT 1", datastream, day_of(begin), day_of(end - 1));
    Series out{.step = step_for(end - begin, only_figures ? std::numeric_limits<std::int64_t>::max() : days.about(begin, end), wanted)};
    auto const shift = std::chrono::duration_cast<core::Duration>(day_begins).count();
    auto const put = [&](std::int64_t ms, Figures const& figures) {
      if (ms < begin_of_step(begin, out.step, shift) || ms >= end) return;
      auto const at = core::from_ms(begin_of_step(ms, out.step, shift));
      if (out.points.empty() || out.points.back().at != at) out.points.push_back({at, {}});
      add(out.points.back().figures, figures);
    };
    // A day's figures if they say all of it: without what came since they were made only where nothing came.
    auto const kept = [&](std::int64_t day) -> core::Result<std::optional<DayFigures>> {
      auto const found = reader.row<store::Blob, std::int64_t>("SELECT body, readings_gone FROM rollup WHERE datastream = ? AND day = ?", datastream, day);
      if (!found) return std::nullopt;
      auto const& [body, gone] = *found;
      bool const more = days.in_memory(day) || reader.value<std::int64_t>("SELECT day FROM unrolled WHERE datastream = ? AND day = ?", datastream, day);
      if (more && gone == 0) return std::nullopt;
      ZHILI_TRY(auto figures, decode_figures(datastream, day, body.bytes));
      if (more) {
        ZHILI_TRY(auto const rows, days.rows(day));
        add_late(figures, rows);
      }
      if (gone != 0 && figures.minutes.empty()) figures.minutes = figures.hours;  // what is left of it
      return std::optional(std::move(figures));
    };
    auto const rolled_after = [&](std::int64_t day) { return reader.value<std::int64_t>("SELECT day FROM rollup WHERE datastream = ? AND day >= ? ORDER BY day LIMIT 1", datastream, day); };
    auto const first = day_of(begin_of_step(begin, out.step == Step::raw ? Step::minute : out.step, shift));
    auto const next = [&](std::int64_t day) {
      auto found = days.next(day, false);
      if (auto const rolled = rolled_after(day); rolled && (!found || *rolled < *found)) found = rolled;
      return found;
    };
    for (auto day = next(first); day && begin_of(*day) < end; day = next(*day + 1)) {
      if (out.step != Step::raw) {
        ZHILI_TRY(auto const figures, kept(*day));
        auto const& by = !figures ? std::map<int, Figures>{} : out.step == Step::minute ? figures->minutes : figures->hours;
        for (auto const& [minute, it] : by) put(begin_of(*day) + minute * ms_of_minute, it);
        if (!by.empty()) continue;
      }
      ZHILI_TRY(auto const rows, days.rows(*day));
      for (auto const& row : rows) {
        auto const value = figure_of(row.value);
        auto const ms = core::to_ms(row.phenomenon_time);
        if (!value || ms >= end) continue;
        Figures one;
        add(one, *value);
        if (out.step != Step::raw) put(ms, one);
        else if (ms >= begin) out.points.push_back({row.phenomenon_time, one});
      }
    }
    return out;
  });
}

}  // namespace zhili::sense::observations
