#include "respond/rules/hours.hpp"

#include <algorithm>
#include <chrono>

namespace zhili::respond::rules {

using catalogue::rules::Expr;
using catalogue::rules::Op;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

std::chrono::sys_days date_of(core::Civil const& civil) {
  return std::chrono::sys_days(std::chrono::year(civil.year) / std::chrono::month(civil.month) / std::chrono::day(civil.day));
}

/// That time of that local day; a second of 86,400 is the midnight after it.
core::Instant instant_of(core::Zone const& zone, std::chrono::sys_days day, int second) {
  if (second >= core::seconds_per_day) {
    day += std::chrono::days(1);
    second -= core::seconds_per_day;
  }
  std::chrono::year_month_day const date(day);
  return zone.instant({static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second});
}

Spell between(Expr const& expr, core::Zone const& zone, core::Instant at) {
  auto const today = date_of(zone.civil(at));
  Spell out{.holds = false, .from_ms = core::to_ms(at), .until_ms = std::numeric_limits<std::int64_t>::max()};
  bool const over_midnight = expr.to_s <= expr.from_s;
  for (int day = -1; day <= 2; ++day) {
    auto const begin = instant_of(zone, today + std::chrono::days(day), expr.from_s);
    auto const end = instant_of(zone, today + std::chrono::days(day + (over_midnight ? 1 : 0)), expr.to_s);
    if (at >= begin && at < end) return {.holds = true, .from_ms = core::to_ms(begin), .until_ms = core::to_ms(end)};
    if (begin > at) out.until_ms = std::min(out.until_ms, core::to_ms(begin));
  }
  return out;
}

bool is_day(Expr const& expr, std::optional<core::Calendar> const& calendar, core::Civil const& date) {
  auto const weekday = std::chrono::weekday(date_of(date)).iso_encoding() - 1;  // 0: Monday
  if ((expr.days >> weekday) & 1U) return true;
  bool const works = calendar ? !calendar->hours(date).empty() : weekday < 5;
  return (expr.days & (works ? catalogue::rules::workdays : catalogue::rules::free_days)) != 0;
}

}  // namespace

Spell spell_at(Expr const& expr, core::Zone const& zone, std::optional<core::Calendar> const& calendar, core::Instant at) {
  if (expr.op == Op::between) return between(expr, zone, at);
  auto const civil = zone.civil(at);
  auto const today = date_of(civil);
  return {.holds = is_day(expr, calendar, civil), .from_ms = core::to_ms(instant_of(zone, today, 0)), .until_ms = core::to_ms(instant_of(zone, today + std::chrono::days(1), 0))};
}

LocalHour local_hour(core::Zone const& zone, core::Instant at) {
  auto const offset = std::chrono::duration_cast<std::chrono::milliseconds>(zone.offset(at)).count();
  auto const local = core::to_ms(at) + offset;
  auto const hours = local >= 0 ? local / hour_ms : (local - hour_ms + 1) / hour_ms;
  return {static_cast<int>(((hours % 24) + 24) % 24), hours * hour_ms - offset, (hours + 1) * hour_ms - offset};
}

}  // namespace zhili::respond::rules
