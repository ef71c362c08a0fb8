#include "assure/reports/periods.hpp"

#include <fmt/format.h>

#include <array>

namespace zhili::assure::reports {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months_en{"January", "February", "March",     "April",   "May",      "June",
                                                     "July",    "August",   "September", "October", "November", "December"};

sys_days date(core::Instant at, core::Zone const& zone) {
  auto const c = zone.civil(at);
  return sys_days(year(c.year) / month(c.month) / day(c.day));
}

core::Instant begin_of(sys_days day, core::Zone const& zone, int second = 0) {
  year_month_day const d(day);
  return zone.instant({int(d.year()), unsigned(d.month()), unsigned(d.day()), second});
}

core::PeriodKind kind_of(ReportPeriod period) {
  switch (period) {
    case ReportPeriod::week: return core::PeriodKind::week;
    case ReportPeriod::month: return core::PeriodKind::month;
    case ReportPeriod::day:
    case ReportPeriod::special: break;
  }
  return core::PeriodKind::day;
}

std::string zh_date(year_month_day d) { return fmt::format("{}年{}月{}日", int(d.year()), unsigned(d.month()), unsigned(d.day())); }
std::string en_date(year_month_day d) { return fmt::format("{} {} {}", unsigned(d.day()), months_en[unsigned(d.month()) - 1], int(d.year())); }

}  // namespace

core::Period period_of(Span span, core::Zone const& zone) {
  return core::period_between(core::day_of(span.from, zone), core::day_of(span.to - milliseconds(1), zone) + 1);
}
Span span_of(core::Period const& period, core::Zone const& zone) {
  return {begin_of(sys_days(days(period.from)), zone), begin_of(sys_days(days(period.to)), zone)};
}

Span period_at(ReportPeriod period, core::Instant at, core::Zone const& zone) {
  return span_of(core::holding(kind_of(period), core::day_of(at, zone)), zone);
}
Span before(Span span, core::Zone const& zone) { return span_of(core::before(period_of(span, zone)), zone); }
Span year_before(Span span, core::Zone const& zone) { return span_of(core::year_before(period_of(span, zone)), zone); }

core::Instant due(Span span, int minute, core::Zone const& zone) { return begin_of(date(span.to, zone), zone, minute * 60); }

Span last_due(ReportPeriod period, int minute, core::Instant now, core::Zone const& zone) {
  auto span = before(period_at(period, now, zone), zone);
  if (due(span, minute, zone) > now) span = before(span, zone);
  return span;
}

std::vector<Span> days_of(Span span, core::Zone const& zone) {
  std::vector<Span> out;
  for (auto day = date(span.from, zone); begin_of(day, zone) < span.to; day += days(1))
    out.push_back({std::max(begin_of(day, zone), span.from), std::min(begin_of(day + days(1), zone), span.to)});
  return out;
}

Text shown(ReportPeriod period, Span span, core::Zone const& zone) {
  year_month_day const from(date(span.from, zone));
  year_month_day const to(date(span.to - milliseconds(1), zone));
  if (period == ReportPeriod::month) return {fmt::format("{}年{}月", int(from.year()), unsigned(from.month())), fmt::format("{} {}", months_en[unsigned(from.month()) - 1], int(from.year()))};
  if (from == to) return {zh_date(from), en_date(from)};
  if (from.year() == to.year() && from.month() == to.month())
    return {fmt::format("{}至{}日", zh_date(from), unsigned(to.day())), fmt::format("{}–{}", unsigned(from.day()), en_date(to))};
  return {fmt::format("{}至{}", zh_date(from), zh_date(to)), fmt::format("{} – {}", en_date(from), en_date(to))};
}

Text moment_shown(core::Instant at, core::Zone const& zone) {
  auto const c = zone.civil(at);
  year_month_day const d(date(at, zone));
  auto const time = fmt::format("{:02}:{:02}", c.second / 3600, c.second / 60 % 60);
  return {zh_date(d) + " " + time, en_date(d) + ", " + time};
}

Text day_shown(core::Instant at, core::Zone const& zone) {
  auto const c = zone.civil(at);
  return {fmt::format("{}/{}", c.month, c.day), fmt::format("{} {}", c.day, months_en[c.month - 1].substr(0, 3))};
}

std::string date_of(core::Instant at, core::Zone const& zone) {
  auto const c = zone.civil(at);
  return fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
}

}  // namespace zhili::assure::reports
