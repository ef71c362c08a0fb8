#include "core/period.hpp"

#include <gtest/gtest.h>

namespace zhili::core {
namespace {

Period period(char const* text) {
  auto const found = period_from(text);
  EXPECT_TRUE(found) << text;
  return found.value_or(Period{});
}

TEST(Periods, AreReadAndWrittenAlike) {
  for (auto const* text : {"2026", "2026-Q1", "2026-Q4", "2026-02", "2026-12", "2026-W01", "2026-W53", "2025-W52", "2024-02-29", "2026-07-03/2026-07-12", "2026-07-03/2026-07-03"})
    EXPECT_EQ(to_text(period(text)), text);
  EXPECT_EQ(to_text(period("2026-Q3").from), "2026-07-01");
  EXPECT_EQ(to_text(period("2026-Q3").to), "2026-10-01");
  EXPECT_EQ(to_text(period("2026-W01").from), "2025-12-29") << "the week of 4 January, from Monday";
}

TEST(Periods, WhatIsNoPeriodIsRefused) {
  for (auto const* text : {"", "26", "2026-", "2026-Q5", "2026-Q0", "2026-13", "2026-1", "2025-W53", "2026-W00", "2026-02-29", "2026-02-1", "1969", "9999", "2026-07-12x", "2026-07-12/2026-07-03", "2026-07/2026-08", "2026-07-03/", "/", "2026-07-03/2026-07-04/2026-07-05", "２０２６"})
    EXPECT_FALSE(period_from(text)) << text;
}

TEST(Periods, HaveAPeriodBeforeAndOneAYearBefore) {
  auto const check = [](char const* text, char const* earlier, char const* a_year) {
    EXPECT_EQ(to_text(before(period(text))), earlier) << text;
    EXPECT_EQ(to_text(year_before(period(text))), a_year) << text;
  };
  check("2026", "2025", "2025");
  check("2026-Q1", "2025-Q4", "2025-Q1");
  check("2026-03", "2026-02", "2025-03");
  check("2026-W01", "2025-W52", "2025-W01");
  check("2026-W53", "2026-W52", "2025-W52");
  check("2024-02-29", "2024-02-28", "2023-02-28");
  check("2026-07-03/2026-07-12", "2026-06-23/2026-07-02", "2025-07-03/2025-07-12");
  check("2024-02-20/2024-02-29", "2024-02-10/2024-02-19", "2023-02-20/2023-02-28");
}

TEST(Periods, EachDayIsInOnePeriodOfEachKind) {
  for (Day day = period("2023").from; day < period("2028").to; ++day)
    for (auto const kind : {PeriodKind::day, PeriodKind::week, PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
      auto const in = holding(kind, day);
      EXPECT_TRUE(in.from <= day && day < in.to);
      EXPECT_EQ(holding(kind, in.to - 1), in);
      EXPECT_EQ(before(in).to, in.from);
      EXPECT_EQ(period_from(to_text(in)).value(), in) << to_text(in);
      EXPECT_EQ(period_between(in.from, in.to), in);
    }
}

TEST(Periods, DaysThatAreNoPeriodAreASpan) {
  auto const from = period("2026-07-03").from;
  EXPECT_EQ(to_text(period_between(from, from + 9)), "2026-07-03/2026-07-11");
}

TEST(Periods, ADayIsTheCitys) {
  auto const shanghai = Zone::find("Asia/Shanghai").value();
  auto const at = from_iso("2025-12-31T16:00:00Z").value();
  EXPECT_EQ(to_text(day_of(at, shanghai)), "2026-01-01");
  EXPECT_EQ(to_text(day_of(at - std::chrono::milliseconds(1), shanghai)), "2025-12-31");
}

TEST(Periods, ATrendOfAYearHasItsMonths) {
  auto const months = trend_of(period("2026"));
  ASSERT_EQ(months.size(), 12U);
  EXPECT_EQ(to_text(months.front()), "2026-01");
  EXPECT_EQ(to_text(months.back()), "2026-12");
  auto const quarters = trend_of(period("2026-Q2"));
  ASSERT_EQ(quarters.size(), 12U);
  EXPECT_EQ(to_text(quarters.front()), "2023-Q3");
  EXPECT_EQ(to_text(quarters.back()), "2026-Q2");
}

}  // namespace
}  // namespace zhili::core
