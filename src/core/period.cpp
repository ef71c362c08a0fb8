#include "core/period.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace zhili::core {

namespace {

using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int first_year_of_a_period = 1970;
constexpr int last_year_of_a_period = 9998;
constexpr Day days_per_week = 7;
constexpr char between_days = '/';  // ISO 8601

Day number_of(year_month_day const& date) { return sys_days(date).time_since_epoch().count(); }
year_month_day date_of(Day day) { return year_month_day(sys_days(days(day))); }

std::optional<int> only_digits(std::string_view text, std::size_t count) {
  int out = 0;
  if (text.size() != count || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// Monday of the first week of an ISO year: the week with 4 January.
Day first_monday(int of_year) {
  auto const fourth = sys_days(year(of_year) / std::chrono::January / 4);
  return fourth.time_since_epoch().count() - static_cast<Day>(weekday(fourth).iso_encoding() - 1);
}

int iso_year(Day day) {
  auto const y = static_cast<int>(date_of(day).year());
  if (day < first_monday(y)) return y - 1;
  return day >= first_monday(y + 1) ? y + 1 : y;
}

Period month_from(std::int64_t number, int months, PeriodKind kind) { return {kind, first_day_of_month(number), first_day_of_month(number + months)}; }

/// The same day of the year before; of 29 February the 28th.
Day day_of_year_before(Day day) {
  auto const date = date_of(day);
  auto const same = year_month_day(date.year() - std::chrono::years(1), date.month(), date.day());
  return number_of(same.ok() ? same : year_month_day(sys_days(same.year() / same.month() / std::chrono::last)));
}

std::optional<Period> read_period(std::string_view text);

/// "2026-07-03/2026-07-12", both days in it.
std::optional<Period> read_span(std::string_view first, std::string_view last) {
  auto const from = read_period(first);
  auto const to = read_period(last);
  if (!from || !to || from->kind != PeriodKind::day || to->kind != PeriodKind::day || to->to <= from->from) return std::nullopt;
  return Period{PeriodKind::span, from->from, to->to};
}

std::optional<Period> read_period(std::string_view text) {
  if (auto const cut = text.find(between_days); cut != std::string_view::npos) {
    auto const last = text.substr(cut + 1);
    return last.find(between_days) == std::string_view::npos ? read_span(text.substr(0, cut), last) : std::nullopt;
  }
  if (text.size() < 4 || text.size() == 5) return std::nullopt;
  auto const y = only_digits(text.substr(0, 4), 4);
  if (!y || *y < first_year_of_a_period || *y > last_year_of_a_period) return std::nullopt;
  auto const january = std::int64_t{*y} * 12;
  if (text.size() == 4) return month_from(january, 12, PeriodKind::year);
  auto const rest = text.substr(5);
  if (text[4] != '-') return std::nullopt;
  if (rest.starts_with('Q')) {
    auto const quarter = only_digits(rest.substr(1), 1);
    if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
    return month_from(january + (*quarter - 1) * 3, 3, PeriodKind::quarter);
  }
  if (rest.starts_with('W')) {
    auto const week = only_digits(rest.substr(1), 2);
    auto const from = first_monday(*y) + (week.value_or(0) - 1) * days_per_week;
    if (!week || *week < 1 || from >= first_monday(*y + 1)) return std::nullopt;
    return Period{PeriodKind::week, from, from + days_per_week};
  }
  auto const m = only_digits(rest.substr(0, 2), 2);
  if (!m || *m < 1 || *m > 12) return std::nullopt;
  if (rest.size() == 2) return month_from(january + *m - 1, 1, PeriodKind::month);
  auto const d = rest.size() == 5 && rest[2] == '-' ? only_digits(rest.substr(3), 2) : std::nullopt;
  year_month_day const date(year(*y), month(static_cast<unsigned>(*m)), std::chrono::day(static_cast<unsigned>(d.value_or(0))));
  if (!d || !date.ok()) return std::nullopt;
  return holding(PeriodKind::day, number_of(date));
}

}  // namespace

Day day_of(Instant at, Zone const& zone) {
  return std::chrono::floor<days>(at + zone.offset(at)).time_since_epoch().count();
}

std::string to_text(Day day) {
  auto const date = date_of(day);
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string_view name(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::day: return "day";
    case PeriodKind::week: return "week";
    case PeriodKind::month: return "month";
    case PeriodKind::quarter: return "quarter";
    case PeriodKind::year: return "year";
    case PeriodKind::span: return "span";
  }
  return {};
}

std::int64_t month_number(Day day) {
  auto const date = date_of(day);
  return std::int64_t{int(date.year())} * 12 + unsigned(date.month()) - 1;
}
std::int64_t year_number(Day day) { return int(date_of(day).year()); }
Day first_day_of_month(std::int64_t month_no) {
  return number_of(year_month_day(year(static_cast<int>(month_no / 12)), month(static_cast<unsigned>(month_no % 12 + 1)), std::chrono::day(1)));
}

Result<Period> period_from(std::string_view text) {
  if (auto const found = read_period(text)) return *found;
  return fail(Errc::invalid, "evaluation.period",
                    {fmt::format("period “{}”不对。请写 2026、2026-Q3、2026-07、2026-W28、2026-07-12 或 2026-07-03/2026-07-12。", text),
                     fmt::format("period \"{}\" is not right. Write 2026, 2026-Q3, 2026-07, 2026-W28, 2026-07-12 or 2026-07-03/2026-07-12.", text)},
                    "period");
}

std::string to_text(Period const& period) {
  auto const date = date_of(period.from);
  auto const y = int(date.year());
  auto const m = unsigned(date.month());
  switch (period.kind) {
    case PeriodKind::day: return to_text(period.from);
    case PeriodKind::week: {
      auto const of = iso_year(period.from);
      return fmt::format("{:04}-W{:02}", of, (period.from - first_monday(of)) / days_per_week + 1);
    }
    case PeriodKind::month: return fmt::format("{:04}-{:02}", y, m);
    case PeriodKind::quarter: return fmt::format("{:04}-Q{}", y, (m - 1) / 3 + 1);
    case PeriodKind::year: return fmt::format("{:04}", y);
    case PeriodKind::span: return to_text(period.from) + between_days + to_text(period.to - 1);
  }
  return {};
}

Period holding(PeriodKind kind, Day day) {
  auto const month_no = month_number(day);
  switch (kind) {
    case PeriodKind::day:
    case PeriodKind::span: return {kind, day, day + 1};
    case PeriodKind::week: {
      auto const monday = day - static_cast<Day>(weekday(sys_days(days(day))).iso_encoding() - 1);
      return {kind, monday, monday + days_per_week};
    }
    case PeriodKind::month: return month_from(month_no, 1, kind);
    case PeriodKind::quarter: return month_from(month_no - month_no % 3, 3, kind);
    case PeriodKind::year: return month_from(month_no - month_no % 12, 12, kind);
  }
  return {};
}

Period period_between(Day from, Day to) {
  for (auto const kind : {PeriodKind::day, PeriodKind::week, PeriodKind::month, PeriodKind::quarter, PeriodKind::year})
    if (auto const whole = holding(kind, from); whole.from == from && whole.to == to) return whole;
  return {PeriodKind::span, from, to};
}

Period before(Period const& period) {
  if (period.kind == PeriodKind::span) return {period.kind, period.from - (period.to - period.from), period.from};
  return holding(period.kind, period.from - 1);
}

Period year_before(Period const& period) {
  switch (period.kind) {
    case PeriodKind::day: return holding(PeriodKind::day, day_of_year_before(period.from));
    case PeriodKind::span: return {period.kind, day_of_year_before(period.from), day_of_year_before(period.to - 1) + 1};
    case PeriodKind::week: {
      auto const of = iso_year(period.from);
      auto const from = std::min(first_monday(of - 1) + (period.from - first_monday(of)), first_monday(of) - days_per_week);
      return {period.kind, from, from + days_per_week};
    }
    default: return holding(period.kind, first_day_of_month(month_number(period.from) - 12));
  }
}

std::vector<Period> trend_of(Period const& period) {
  std::vector<Period> out;
  if (period.kind == PeriodKind::year) {
    for (auto month_no = month_number(period.from); first_day_of_month(month_no) < period.to; ++month_no)
      out.push_back(month_from(month_no, 1, PeriodKind::month));
    return out;
  }
  out.push_back(period);
  while (out.size() < trend_periods) out.push_back(before(out.back()));
  std::ranges::reverse(out);
  return out;
}

}  // namespace zhili::core
