#pragma once
// Days, weeks, months, quarters and years of the city's own calendar. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::core {

/// Days since 1970-01-01, as a wall clock of the city counts them.
using Day = std::int64_t;
Day day_of(Instant at, Zone const& zone);
/// "2026-07-12".
std::string to_text(Day day);

enum class PeriodKind : std::uint8_t { day, week, month, quarter, year, span };
std::string_view name(PeriodKind kind);

/// From its first day to before the first day of the next one.
struct Period {
  PeriodKind kind = PeriodKind::day;
  Day from = 0;
  Day to = 0;
  bool operator==(Period const&) const = default;
};

/// "2026", "2026-Q3", "2026-07", "2026-W28" (ISO 8601), "2026-07-12"; "2026-07-03/2026-07-12" for a span of days, both in it;
/// years 1970 to 9998. Errors: invalid (`field` is "period").
Result<Period> period_from(std::string_view text);
/// The same text again.
std::string to_text(Period const& period);

/// The one that holds the day; a span: that day alone.
Period holding(PeriodKind kind, Day day);
/// The period that has these days: a day, week, month, quarter or year where it is just one, else a span.
Period period_between(Day from, Day to);
/// The one before it (环比). Of a span: one as long, that ends where it begins.
Period before(Period const& period);
/// The same one of the year before (同比). Of 29 February the 28th; of week 53 the last week; of a span the same
/// dates.
Period year_before(Period const& period);
/// What a line over time shows: the months of a year, else this one and those before it, oldest first.
std::vector<Period> trend_of(Period const& period);

/// Periods of a trend that is not a year's.
inline constexpr int trend_periods = 12;

/// A number for months and years that grows with time, as cells keep it.
std::int64_t month_number(Day day);
std::int64_t year_number(Day day);
Day first_day_of_month(std::int64_t number);

}  // namespace zhili::core
