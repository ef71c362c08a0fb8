#include "core/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/calendar_table.hpp"

namespace zhili::core {

namespace {

constexpr std::array<std::string_view, 4> unit_names{"urgent_hours", "work_hours", "work_days",
                                                     "natural_days"};
constexpr std::array<std::string_view, 7> weekday_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int first_year = 1970;
constexpr int last_year = 2199;

Result<> check_hours(std::vector<HourSpan> const& hours, std::string const& field) {
  if (hours.size() > max_spans_per_day)
    return fail(Errc::limit, "calendar.too_many_spans",
                {fmt::format("“{}”有 {} 段工作时间，最多 {} 段。请合并相邻的时段。", field, hours.size(),
                             max_spans_per_day),
                 fmt::format("\"{}\" has {} spans of work time; {} is the limit. Join spans that touch.",
                             field, hours.size(), max_spans_per_day)},
                field);
  int end = 0;
  for (auto const& span : hours) {
    if (span.from_s < end || span.to_s <= span.from_s || span.to_s > seconds_per_day)
      return fail(
          Errc::invalid, "calendar.span",
          {fmt::format("“{}”的工作时段必须在 00:00 至 24:00 之间，按先后排列，互不重叠，且止晚于起。", field),
           fmt::format("The work spans of \"{}\" must lie between 00:00 and 24:00, in order, apart, and end "
                       "after they begin.",
                       field)},
          field);
    end = span.to_s;
  }
  return {};
}

Result<> check_date(DateRule const& rule, DateRule const* before) {
  auto const field = fmt::format("{:04}-{:02}-{:02}", rule.year, rule.month, rule.day);
  std::chrono::year_month_day const date{std::chrono::year{rule.year}, std::chrono::month{rule.month},
                                         std::chrono::day{rule.day}};
  if (!date.ok() || rule.year < first_year || rule.year > last_year)
    return fail(
        Errc::invalid, "calendar.date",
        {fmt::format("日历中没有“{}”这一天。请写 {} 至 {} 年间存在的日期。", field, first_year, last_year),
         fmt::format("There is no day \"{}\". Write a date that exists between {} and {}.", field, first_year,
                     last_year)},
        field);
  if (before && before->year == rule.year && before->month == rule.month && before->day == rule.day)
    return fail(Errc::invalid, "calendar.twice",
                {fmt::format("日期“{}”写了两次。请只留一条。", field),
                 fmt::format("The date \"{}\" is there twice. Keep one.", field)},
                field);
  bool const needs_hours = rule.kind == DateRule::Kind::hours;
  bool const no_hours = rule.kind == DateRule::Kind::holiday;
  if ((needs_hours && rule.hours.empty()) || (no_hours && !rule.hours.empty()))
    return fail(Errc::invalid, "calendar.hours",
                {fmt::format("“{}”：自定时间的日子要写工作时段，放假的日子不能写。", field),
                 fmt::format("\"{}\": a day with its own hours must give them, a holiday must not.", field)},
                field);
  return check_hours(rule.hours, field);
}

}  // namespace

std::string_view name(Unit unit) {
  return unit_names[static_cast<std::size_t>(unit)];
}

Text title(Unit unit) {
  switch (unit) {
    case Unit::urgent_hours:
      return {"紧急工作时", "urgent hours"};
    case Unit::work_hours:
      return {"工作时", "work hours"};
    case Unit::work_days:
      return {"工作日", "work days"};
    case Unit::natural_days:
      return {"自然日", "natural days"};
  }
  return {};
}

Result<Unit> unit_from(std::string_view text) {
  for (auto unit : all_units)
    if (name(unit) == text) return unit;
  return fail(
      Errc::invalid, "unit.unknown",
      {fmt::format("没有“{}”这种时限单位。可用：urgent_hours、work_hours、work_days、natural_days。", text),
       fmt::format("There is no unit \"{}\". Use urgent_hours, work_hours, work_days or natural_days.",
                   text)});
}

Text words(Unit unit, Amount amount) {
  auto const thousandths = amount / (parts_of_one(unit) / 1000);
  auto number = fmt::format("{}{}.{:03}", thousandths < 0 ? "-" : "", std::abs(thousandths) / 1000,
                            std::abs(thousandths) % 1000);
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
  auto const unit_title = title(unit);
  auto en = unit_title.en;
  if (number == "1") en.pop_back();
  return {fmt::format("{} {}", number, unit_title.zh), fmt::format("{} {}", number, en)};
}

UnitRule usual_rule(Unit unit) {
  return {.continuous = unit == Unit::urgent_hours || unit == Unit::natural_days};
}

Result<Calendar> Calendar::make(CalendarSpec spec) {
  for (std::size_t day = 0; day < spec.week.size(); ++day)
    ZHILI_CHECK(check_hours(spec.week[day], std::string(weekday_names[day])));
  if (spec.dates.size() > max_date_rules)
    return fail(Errc::limit, "calendar.too_many_dates",
                {fmt::format("日历有 {} 条日期规则，最多 {} 条。请删去过去年份的。", spec.dates.size(),
                             max_date_rules),
                 fmt::format("The calendar has {} date rules; {} is the limit. Remove those of past years.",
                             spec.dates.size(), max_date_rules)},
                "dates");
  std::ranges::sort(spec.dates, {}, [](DateRule const& d) { return std::tuple(d.year, d.month, d.day); });
  DateRule const* before = nullptr;
  for (auto const& date : spec.dates) {
    ZHILI_CHECK(check_date(date, before));
    before = &date;
  }
  auto const& r = spec.rules;
  std::array<DayTable, 4> tables{DayTable(spec, r[0]), DayTable(spec, r[1]), DayTable(spec, r[2]),
                                 DayTable(spec, r[3])};
  DayTable work(spec, usual_rule(Unit::work_hours));
  return Calendar(
      std::make_shared<Compiled const>(Compiled{std::move(spec), std::move(tables), std::move(work)}));
}

Calendar Calendar::always() {
  CalendarSpec spec{.code = "always", .version = "1"};
  for (auto& day : spec.week) day = {{0, seconds_per_day}};
  return make(std::move(spec)).value();
}

std::string const& Calendar::code() const {
  return compiled_->spec.code;
}
std::string const& Calendar::version() const {
  return compiled_->spec.version;
}
Zone const& Calendar::zone() const {
  return compiled_->spec.zone;
}
CalendarSpec const& Calendar::spec() const {
  return compiled_->spec;
}

std::vector<HourSpan> Calendar::hours(Civil const& date) const {
  return compiled_->work.spans(std::clamp(day_no(date), first_day_no, last_day_no));
}

}  // namespace zhili::core
