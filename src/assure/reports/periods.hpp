#pragma once
// Days, weeks and months of a city, and when a report of one is to be drafted. Pure.

#include <optional>

#include "assure/reports/figures.hpp"
#include "core/period.hpp"

namespace zhili::assure::reports {

using catalogue::ReportPeriod;

/// The day, week (from Monday) or month that holds the instant, in the zone's time. A special report has none: the day.
Span period_at(ReportPeriod period, core::Instant at, core::Zone const& zone);
/// The days of a span as a period (core/period.hpp), and back.
core::Period period_of(Span span, core::Zone const& zone);
Span span_of(core::Period const& period, core::Zone const& zone);
/// The one before it (环比) and the same a year earlier (同比), by the rules of core/period.hpp, which evaluation follows too.
Span before(Span span, core::Zone const& zone);
Span year_before(Span span, core::Zone const& zone);

/// When the report of a period is due: at that minute of the day on which the next one begins.
core::Instant due(Span span, int minute, core::Zone const& zone);
/// The youngest period whose report is due at `now`.
Span last_due(ReportPeriod period, int minute, core::Instant now, core::Zone const& zone);

/// The days of a span, in order.
std::vector<Span> days_of(Span span, core::Zone const& zone);

/// "2026年4月", "April 2026"; "2026年4月20日至26日", "20–26 April 2026".
Text shown(ReportPeriod period, Span span, core::Zone const& zone);
/// "2026年5月1日 08:00", "1 May 2026, 08:00".
Text moment_shown(core::Instant at, core::Zone const& zone);
/// "4/21".
Text day_shown(core::Instant at, core::Zone const& zone);
/// "2026-04-21", as the list of cases takes it.
std::string date_of(core::Instant at, core::Zone const& zone);

}  // namespace zhili::assure::reports
