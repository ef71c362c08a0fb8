#include "core/calendar_table.hpp"

#include <algorithm>

namespace zhili::core {

namespace {

constexpr std::int64_t ms_per_second = 1'000;
constexpr DayNo epoch_weekday = 3;  // 1970-01-01 was a Thursday; Monday is 0

std::size_t weekday_of(DayNo day) {
  return static_cast<std::size_t>((day + epoch_weekday) % 7);
}

std::vector<HourSpan> const whole_day{{0, seconds_per_day}};

std::vector<HourSpan> const& usual_hours(CalendarSpec const& spec) {
  static std::vector<HourSpan> const none;
  for (auto const& hours : spec.week)
    if (!hours.empty()) return hours;
  return none;
}

std::vector<HourSpan> weekday_spans(CalendarSpec const& spec, UnitRule const& rule, std::size_t day) {
  if (rule.continuous) return whole_day;
  auto const& own = spec.week[day];
  if (own.empty() && !rule.count_weekends) return {};
  if (!rule.use_work_time) return whole_day;
  return own.empty() ? usual_hours(spec) : own;
}

std::vector<HourSpan> date_spans(CalendarSpec const& spec, UnitRule const& rule, DateRule const& date,
                                 std::size_t day) {
  if (rule.continuous) return whole_day;
  if (date.kind == DateRule::Kind::holiday)
    return rule.count_holidays ? weekday_spans(spec, rule, day) : std::vector<HourSpan>{};
  if (!rule.use_work_time) return whole_day;
  if (!date.hours.empty()) return date.hours;
  return spec.week[day].empty() ? usual_hours(spec) : spec.week[day];
}

}  // namespace

DayNo day_no(Civil const& date) {
  std::chrono::sys_days const day{std::chrono::year{date.year} / static_cast<int>(date.month) /
                                  static_cast<int>(date.day)};
  return static_cast<DayNo>(day.time_since_epoch().count());
}

Civil civil_of(DayNo day, int second) {
  std::chrono::year_month_day const date{std::chrono::sys_days{std::chrono::days{day}}};
  return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()}, second};
}

DayTable::DayTable(CalendarSpec const& spec, UnitRule const& rule) : zone_(spec.zone), rule_(rule) {
  for (std::size_t day = 0; day < 7; ++day) {
    week_[day] = weekday_spans(spec, rule, day);
    std::int64_t seconds = 0;
    for (auto const& span : week_[day]) seconds += span.to_s - span.from_s;
    week_ms_before_[day + 1] = week_ms_before_[day] + seconds * ms_per_second;
    week_days_before_[day + 1] = week_days_before_[day] + (week_[day].empty() ? 0 : 1);
  }
  for (auto const& date : spec.dates) {
    auto const day = day_no({date.year, date.month, date.day, 0});
    differences_.push_back({day, date_spans(spec, rule, date, weekday_of(day)), 0, 0, 0, 0});
  }
  auto at = from_ms(0);
  while (auto change = zone_.next_change(at)) {  // a day on which the clocks change is longer or shorter
    at = *change;
    for (auto day : {day_no(zone_.civil(at - Duration{1})), day_no(zone_.civil(at))})
      differences_.push_back({day, week_[weekday_of(day)], 0, 0, 0, 0});
  }
  std::ranges::stable_sort(differences_, {},
                           &Difference::day);  // a date rule stays before the change of its day
  auto const twice = std::ranges::unique(differences_, {}, &Difference::day);
  differences_.erase(twice.begin(), twice.end());
  std::int64_t ms = 0;
  std::int64_t days = 0;
  for (auto& d : differences_) {
    auto const w = weekday_of(d.day);
    d.ms_before = ms;
    d.days_before = days;
    d.ms = real_ms(d.day, d.spans) - (week_ms_before_[w + 1] - week_ms_before_[w]);
    d.days = (d.spans.empty() ? 0 : 1) - (week_[w].empty() ? 0 : 1);
    ms += d.ms;
    days += d.days;
  }
}

std::int64_t DayTable::real_ms(DayNo day, std::vector<HourSpan> const& spans) const {
  std::int64_t ms = 0;
  for (auto const& span : spans) ms += (at_time(day, span.to_s) - at_time(day, span.from_s)).count();
  return ms;
}

DayTable::Difference const* DayTable::difference(DayNo day) const {
  auto const it = std::ranges::lower_bound(differences_, day, {}, &Difference::day);
  return it != differences_.end() && it->day == day ? &*it : nullptr;
}

DayTable::Difference const* DayTable::last_before(DayNo day) const {
  auto const it = std::ranges::lower_bound(differences_, day, {}, &Difference::day);
  return it == differences_.begin() ? nullptr : &*std::prev(it);
}

std::vector<HourSpan> const& DayTable::spans(DayNo day) const {
  auto const* d = difference(day);
  return d ? d->spans : week_[weekday_of(day)];
}

std::int64_t DayTable::ms_before(DayNo day) const {
  auto const shifted = day + epoch_weekday;
  auto const* d = last_before(day);
  return shifted / 7 * week_ms_before_[7] + week_ms_before_[static_cast<std::size_t>(shifted % 7)] +
         (d ? d->ms_before + d->ms : 0);
}

std::int64_t DayTable::days_before(DayNo day) const {
  auto const shifted = day + epoch_weekday;
  auto const* d = last_before(day);
  return shifted / 7 * week_days_before_[7] + week_days_before_[static_cast<std::size_t>(shifted % 7)] +
         (d ? d->days_before + d->days : 0);
}

std::int64_t DayTable::position(Instant at) const {
  auto const day = std::clamp(day_no(zone_.civil(at)), first_day_no, last_day_no);
  auto ms = ms_before(day);
  for (auto const& span : spans(day)) {
    auto const from = at_time(day, span.from_s);
    auto const to = at_time(day, span.to_s);
    if (at <= from) break;
    ms += (std::min(at, to) - from).count();
  }
  return ms;
}

std::optional<Instant> DayTable::at_position(std::int64_t target) const {
  if (ms_before(last_day_no) < target) return std::nullopt;
  DayNo low = first_day_no;  // ms_before(low) < target ≤ ms_before(high)
  DayNo high = last_day_no;
  while (high - low > 1) {
    auto const middle = low + (high - low) / 2;
    (ms_before(middle) < target ? low : high) = middle;
  }
  auto rest = target - ms_before(low);
  for (auto const& span : spans(low)) {
    auto const from = at_time(low, span.from_s);
    auto const length = (at_time(low, span.to_s) - from).count();
    if (rest <= length) return from + Duration{rest};
    rest -= length;
  }
  return std::nullopt;
}

std::optional<DayNo> DayTable::nth_day_after(DayNo day, std::int64_t n) const {
  auto const target = days_before(day + 1) + n;
  if (days_before(last_day_no) < target) return std::nullopt;
  DayNo low = day;  // days_before(low) < target ≤ days_before(high): the day before `high` is the target-th
  DayNo high = last_day_no;
  while (high - low > 1) {
    auto const middle = low + (high - low) / 2;
    (days_before(middle) < target ? low : high) = middle;
  }
  return low;
}

std::optional<Instant> DayTable::roll(Instant at) const {
  auto const civil = zone_.civil(at);
  auto const day = std::clamp(day_no(civil), first_day_no, last_day_no);
  for (auto const& span : spans(day)) {
    auto const from = at_time(day, span.from_s);
    if (at < from) return from;
    if (at <= at_time(day, span.to_s)) return at;
  }
  auto const next = nth_day_after(day, 1);
  if (!next) return std::nullopt;
  return at_time(*next, spans(*next).front().from_s);
}

Instant DayTable::at_time(DayNo day, int second) const {
  return second < seconds_per_day ? zone_.instant(civil_of(day, second))
                                  : zone_.instant(civil_of(day + 1, 0));
}

}  // namespace zhili::core
