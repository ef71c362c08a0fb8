#include "assure/reports/periods.hpp"

#include <gtest/gtest.h>

#include "assure/reports/report_test_kit.hpp"

namespace zhili::assure::reports {
namespace {

using namespace kit;

core::Zone const shanghai = core::Zone::find("Asia/Shanghai").value();
core::Zone const boston = core::Zone::find("America/New_York").value();

TEST(Periods, AreThoseOfTheCitysOwnCalendar) {
  auto const now = at("2026-04-22T03:00:00+08:00");
  EXPECT_EQ(period_at(ReportPeriod::day, now, shanghai), (Span{at("2026-04-22T00:00:00+08:00"), at("2026-04-23T00:00:00+08:00")}));
  EXPECT_EQ(period_at(ReportPeriod::week, now, shanghai), (Span{at("2026-04-20T00:00:00+08:00"), at("2026-04-27T00:00:00+08:00")}));
  EXPECT_EQ(period_at(ReportPeriod::month, now, shanghai), (Span{at("2026-04-01T00:00:00+08:00"), at("2026-05-01T00:00:00+08:00")}));
  EXPECT_EQ(before(period_at(ReportPeriod::month, at("2026-01-31T12:00:00+08:00"), shanghai), shanghai),
            (Span{at("2025-12-01T00:00:00+08:00"), at("2026-01-01T00:00:00+08:00")}));
  EXPECT_EQ(year_before(period_at(ReportPeriod::month, now, shanghai), shanghai), (Span{at("2025-04-01T00:00:00+08:00"), at("2025-05-01T00:00:00+08:00")}));
}

TEST(Periods, OfADayOnWhichTheClockIsChangedHaveTwentyThreeHours) {
  auto const day = period_at(ReportPeriod::day, at("2026-03-08T12:00:00-04:00"), boston);
  EXPECT_EQ(day.to - day.from, std::chrono::hours(23));
  EXPECT_EQ(days_of({day.from, day.to}, boston).size(), 1U);
}

TEST(Periods, AreDueAtTheirMinuteOfTheDayAfter) {
  auto const eight = 8 * 60;
  EXPECT_EQ(last_due(ReportPeriod::day, eight, at("2026-04-22T07:59:00+08:00"), shanghai).to, at("2026-04-21T00:00:00+08:00"));
  EXPECT_EQ(last_due(ReportPeriod::day, eight, at("2026-04-22T08:00:00+08:00"), shanghai).to, at("2026-04-22T00:00:00+08:00"));
  EXPECT_EQ(last_due(ReportPeriod::month, eight, at("2026-05-01T08:00:00+08:00"), shanghai).from, at("2026-04-01T00:00:00+08:00"));
  EXPECT_EQ(last_due(ReportPeriod::week, eight, at("2026-04-27T07:00:00+08:00"), shanghai).from, at("2026-04-13T00:00:00+08:00"));
}

TEST(Periods, AreSaidInBothLanguages) {
  EXPECT_EQ(shown(ReportPeriod::month, period_at(ReportPeriod::month, at("2026-04-10T00:00:00+08:00"), shanghai), shanghai), (Text{"2026年4月", "April 2026"}));
  EXPECT_EQ(shown(ReportPeriod::week, period_at(ReportPeriod::week, at("2026-04-22T00:00:00+08:00"), shanghai), shanghai), (Text{"2026年4月20日至26日", "20–26 April 2026"}));
  EXPECT_EQ(shown(ReportPeriod::week, period_at(ReportPeriod::week, at("2026-04-29T00:00:00+08:00"), shanghai), shanghai), (Text{"2026年4月27日至2026年5月3日", "27 April 2026 – 3 May 2026"}));
  EXPECT_EQ(shown(ReportPeriod::day, period_at(ReportPeriod::day, at("2026-04-22T00:00:00+08:00"), shanghai), shanghai), (Text{"2026年4月22日", "22 April 2026"}));
}

}  // namespace
}  // namespace zhili::assure::reports
