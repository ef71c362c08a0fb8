#include "core/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/clock.hpp"

namespace zhili::core {
namespace {

Instant at(char const* iso) {
  return from_iso(iso).value();
}
std::vector<HourSpan> const office{{9 * 3600, 12 * 3600}, {13 * 3600, 18 * 3600}};  // 8 hours

// Spring Festival 2026 as the State Council set it: free from 15 to 23 February, worked on the 14th and the
// 28th.
CalendarSpec china() {
  CalendarSpec spec{.code = "cn", .version = "2026", .zone = Zone::find("Asia/Shanghai").value()};
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = office;
  for (unsigned day = 15; day <= 23; ++day) spec.dates.push_back({2026, 2, day, DateRule::Kind::holiday});
  spec.dates.push_back({2026, 2, 14, DateRule::Kind::workday});
  spec.dates.push_back({2026, 2, 28, DateRule::Kind::workday});
  return spec;
}

CalendarSpec boston() {
  CalendarSpec spec{.code = "us", .version = "2015", .zone = Zone::find("America/New_York").value()};
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 3600, 17 * 3600}};
  return spec;
}

Calendar made(CalendarSpec spec) {
  return Calendar::make(std::move(spec)).value();
}

std::string due_cn(Unit unit, std::int64_t thousandths, char const* start) {
  auto const calendar = made(china());
  return to_iso(due(Budget::of(unit, thousandths), at(start), calendar).value(), calendar.zone());
}

TEST(Due, HoursRunWithinWorkTime) {
  EXPECT_EQ(due_cn(Unit::work_hours, 4000, "2026-03-02T09:00:00+08:00"), "2026-03-02T14:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_hours, 4000, "2026-03-02T16:30:00+08:00"), "2026-03-03T11:30:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_hours, 8000, "2026-03-02T09:00:00+08:00"), "2026-03-02T18:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_hours, 500, "2026-03-06T17:45:00+08:00"), "2026-03-09T09:15:00+08:00");
  EXPECT_EQ(due_cn(Unit::urgent_hours, 2000, "2026-02-16T23:30:00+08:00"), "2026-02-17T01:30:00+08:00");
}

TEST(Due, WorkDaysEndAtTheSameTimeOfTheNthWorkDay) {
  EXPECT_EQ(due_cn(Unit::work_days, 1000, "2026-03-02T10:00:00+08:00"), "2026-03-03T10:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_days, 1000, "2026-03-02T09:00:00+08:00"), "2026-03-03T09:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_days, 2000, "2026-03-05T18:00:00+08:00"), "2026-03-09T18:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_days, 500, "2026-03-02T10:00:00+08:00"), "2026-03-02T15:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::natural_days, 3000, "2026-02-14T10:00:00+08:00"), "2026-02-17T10:00:00+08:00");
}

TEST(Due, AMakeUpWorkdayCountsAndAHolidayDoesNot) {
  // Friday 13th, then 14th is worked, then nine days free.
  EXPECT_EQ(due_cn(Unit::work_days, 1000, "2026-02-13T10:00:00+08:00"), "2026-02-14T10:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_days, 2000, "2026-02-13T10:00:00+08:00"), "2026-02-24T10:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_days, 6000, "2026-02-14T10:00:00+08:00"), "2026-03-02T10:00:00+08:00");
  EXPECT_EQ(due_cn(Unit::work_hours, 10000, "2026-02-13T17:00:00+08:00"), "2026-02-24T10:00:00+08:00");
}

TEST(Due, AStartOutsideWorkTimeCountsFromTheNextOpening) {
  for (auto const* start : {"2026-03-06T20:00:00+08:00", "2026-03-07T10:00:00+08:00",
                            "2026-03-09T03:00:00+08:00", "2026-03-09T09:00:00+08:00"}) {
    EXPECT_EQ(due_cn(Unit::work_days, 1000, start), "2026-03-10T09:00:00+08:00") << start;
    EXPECT_EQ(due_cn(Unit::work_hours, 1000, start), "2026-03-09T10:00:00+08:00") << start;
  }
  EXPECT_EQ(due_cn(Unit::work_days, 1000, "2026-03-09T12:30:00+08:00"), "2026-03-10T13:00:00+08:00");
}

TEST(Due, AnEndOutsideTheHoursOfItsDayRollsForward) {
  auto spec = china();
  spec.dates.push_back({2026, 3, 3, DateRule::Kind::hours, {{9 * 3600, 12 * 3600}}});
  auto const calendar = made(spec);
  auto const end = due(Budget::of(Unit::work_days, 1000), at("2026-03-02T16:00:00+08:00"), calendar).value();
  EXPECT_EQ(to_iso(end, calendar.zone()), "2026-03-04T09:00:00+08:00");
}

TEST(Due, DaylightSavingKeepsTheTimeOfDayAndCountsRealHours) {
  auto const calendar = made(boston());
  auto const due_us = [&](Unit unit, std::int64_t n, char const* start) {
    return to_iso(due(Budget::of(unit, n), at(start), calendar).value(), calendar.zone());
  };
  EXPECT_EQ(due_us(Unit::work_days, 1000, "2015-03-06T10:00:00-05:00"), "2015-03-09T10:00:00-04:00");
  EXPECT_EQ(due_us(Unit::work_days, 1000, "2015-10-30T10:00:00-04:00"), "2015-11-02T10:00:00-05:00");
  EXPECT_EQ(due_us(Unit::natural_days, 1000, "2015-03-07T10:00:00-05:00"), "2015-03-08T10:00:00-04:00");
  EXPECT_EQ(due_us(Unit::natural_days, 1000, "2015-03-07T02:30:00-05:00"), "2015-03-08T03:00:00-04:00");
  EXPECT_EQ(due_us(Unit::urgent_hours, 24000, "2015-03-07T10:00:00-05:00"), "2015-03-08T11:00:00-04:00");
  EXPECT_EQ(due_us(Unit::urgent_hours, 24000, "2015-10-31T10:00:00-04:00"), "2015-11-01T09:00:00-05:00");
  // Work on the night of the change: the night has 7 hours in spring and 9 in autumn.
  auto night = boston();
  night.week[6] = {{0, 8 * 3600}};
  auto const nights = made(night);
  auto const hours = [&](char const* from, char const* to) {
    return used(Unit::work_hours, at(from), at(to), nights) / parts_of_one(Unit::work_hours);
  };
  EXPECT_EQ(hours("2015-03-08T00:00:00-05:00", "2015-03-08T12:00:00-04:00"), 7);
  EXPECT_EQ(hours("2015-11-01T00:00:00-04:00", "2015-11-01T12:00:00-05:00"), 9);
}

TEST(Due, FlagsOverrideAUnit) {
  auto spec = china();
  auto& days = spec.rules[static_cast<std::size_t>(Unit::work_days)];
  auto const one_day = [&] {
    auto const calendar = made(spec);
    auto const end =
        due(Budget::of(Unit::work_days, 1000), at("2026-02-14T10:00:00+08:00"), calendar).value();
    return to_iso(end, calendar.zone());
  };
  days.count_weekends = true;
  EXPECT_EQ(one_day(), "2026-02-24T10:00:00+08:00");
  days.count_holidays = true;
  EXPECT_EQ(one_day(), "2026-02-15T10:00:00+08:00");
  spec.rules[1] = {.continuous = true};
  EXPECT_EQ(used(Unit::work_hours, at("2026-02-15T00:00:00Z"), at("2026-02-15T05:00:00Z"), made(spec)),
            18'000'000);
}

TEST(Due, ABudgetThatCanNeverBeUsedUpIsSaid) {
  CalendarSpec spec{.code = "idle", .version = "1"};
  for (auto unit : {Unit::work_hours, Unit::work_days}) {
    auto const end = due(Budget::of(unit, 1000), at("2026-01-01T00:00:00Z"), made(spec));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().key, "calendar.no_time");
  }
  spec.dates = {{2026, 5, 1, DateRule::Kind::hours, {{0, 3600}}}};  // one hour in all eternity
  EXPECT_TRUE(due(Budget::of(Unit::work_hours, 1000), at("2026-01-01T00:00:00Z"), made(spec)));
  EXPECT_FALSE(due(Budget::of(Unit::work_hours, 1001), at("2026-01-01T00:00:00Z"), made(spec)));
  EXPECT_EQ(used(Unit::work_days, at("2027-01-01T00:00:00Z"), at("2037-01-01T00:00:00Z"), made(spec)), 0);
}

TEST(Calendar, RefusesWhatContradictsItselfAndNamesThePlace) {
  auto const refused = [](auto change) {
    auto spec = china();
    change(spec);
    auto const result = Calendar::make(spec);
    return result ? std::string("accepted") : result.error().key + " " + result.error().field;
  };
  EXPECT_EQ(refused([](auto& s) { s.week[2] = {{10, 5}}; }), "calendar.span wed");
  EXPECT_EQ(refused([](auto& s) { s.week[0] = {{0, 100}, {50, 200}}; }), "calendar.span mon");
  EXPECT_EQ(refused([](auto& s) { s.week[6] = {{0, 86'401}}; }), "calendar.span sun");
  EXPECT_EQ(refused([](auto& s) { s.dates.push_back({2026, 2, 30}); }), "calendar.date 2026-02-30");
  EXPECT_EQ(refused([](auto& s) { s.dates.push_back({2026, 2, 14}); }), "calendar.twice 2026-02-14");
  EXPECT_EQ(refused([](auto& s) { s.dates.push_back({2026, 6, 1, DateRule::Kind::hours}); }),
            "calendar.hours 2026-06-01");
}

TEST(Unit, WordsAreExact) {
  EXPECT_EQ(words(Unit::work_hours, Budget::of(Unit::work_hours, 4000).amount),
            (Text{"4 工作时", "4 work hours"}));
  EXPECT_EQ(words(Unit::work_days, Budget::of(Unit::work_days, 1000).amount),
            (Text{"1 工作日", "1 work day"}));
  EXPECT_EQ(words(Unit::natural_days, Budget::of(Unit::natural_days, -1250).amount).en, "-1.25 natural days");
  EXPECT_EQ(unit_from("fortnights").error().key, "unit.unknown");
}

// What the fast way must equal: walk the minutes.
Amount walked_ms(CalendarSpec const& spec, Calendar const& calendar, Instant from, Instant to) {
  Amount sum = 0;
  for (auto t = from; t < to; t += Duration{60'000}) {
    auto const civil = spec.zone.civil(t);
    for (auto const& span : calendar.hours(civil))
      if (civil.second >= span.from_s && civil.second < span.to_s) sum += 60'000;
  }
  return sum;
}

struct Draw {
  std::mt19937_64 random{20260214};
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
  }
  Instant minute_near(char const* iso, std::int64_t days) {
    return at(iso) + Duration{60'000 * below(days * 1440)};
  }
};

TEST(CalendarProperty, WorkHoursEqualTheWalkMinuteByMinute) {
  Draw draw;
  auto night = boston();
  night.week[6] = {{0, 8 * 3600}};
  for (auto const& [spec, around] : {std::pair{china(), "2026-02-05T00:00:00Z"},
                                     {night, "2015-03-01T00:00:00Z"},
                                     {night, "2015-10-25T00:00:00Z"}}) {
    auto const calendar = made(spec);
    for (int i = 0; i < 60; ++i) {
      auto const from = draw.minute_near(around, 14);
      auto const to = from + Duration{60'000 * draw.below(10 * 1440)};
      EXPECT_EQ(used(Unit::work_hours, from, to, calendar), walked_ms(spec, calendar, from, to))
          << to_iso(from);
    }
  }
}

TEST(CalendarProperty, DueIsTheFirstMomentAtWhichTheBudgetIsReached) {
  Draw draw;
  for (auto const& [spec, around] : {std::pair{china(), "2026-02-01T00:00:00Z"},
                                     {boston(), "2015-02-20T00:00:00Z"},
                                     {boston(), "2015-10-15T00:00:00Z"}}) {
    auto const calendar = made(spec);
    for (int i = 0; i < 2000; ++i) {
      auto const unit = all_units[static_cast<std::size_t>(draw.below(4))];
      auto const start = draw.minute_near(around, 40) + Duration{draw.below(60'000)};
      auto const whole = draw.below(2) == 0;
      auto const budget = Budget::of(unit, whole ? 1000 * (1 + draw.below(20)) : 1 + draw.below(20'000));
      auto const end = due(budget, start, calendar).value();
      ASSERT_GE(used(unit, start, end, calendar), budget.amount) << name(unit) << to_iso(start);
      ASSERT_LT(used(unit, start, end - Duration{1}, calendar), budget.amount + parts_of_one(unit))
          << to_iso(start);
      auto const later = due(budget, start + Duration{draw.below(86'400'000)}, calendar).value();
      ASSERT_GE(later, end) << "who starts later is due earlier: " << name(unit) << to_iso(start);
      ASSERT_LE(used(unit, start, end - Duration{1}, calendar), used(unit, start, end, calendar));
    }
  }
}

TEST(CalendarProperty, WorkDaysEqualTheWalkDayByDay) {
  Draw draw;
  auto const calendar = made(china());
  for (int i = 0; i < 500; ++i) {
    auto const start = draw.minute_near("2026-01-20T00:00:00Z", 60);
    auto const civil = calendar.zone().civil(start);
    auto const open = calendar.hours(civil);
    bool const inside = std::ranges::any_of(
        open, [&](auto const& s) { return civil.second >= s.from_s && civil.second <= s.to_s; });
    if (!inside) continue;
    auto n = 1 + draw.below(15);
    auto const end = due(Budget::of(Unit::work_days, n * 1000), start, calendar).value();
    auto day = start;
    while (n > 0) {
      day += Duration{86'400'000};
      if (!calendar.hours(calendar.zone().civil(day)).empty()) --n;
    }
    EXPECT_EQ(to_iso(end), to_iso(day));
  }
}

TEST(Calendar, TenYearsAreCheap) {
  auto const calendar = made(china());
  Amount sum = 0;
  for (int i = 0; i < 20'000; ++i)
    for (auto unit : all_units)
      sum +=
          used(unit, at("2020-01-01T00:00:00Z") + Duration{i * 1000}, at("2030-01-01T00:00:00Z"), calendar);
  EXPECT_GT(sum, 0);  // 80,000 spans of ten years; walking the days would take minutes
}

}  // namespace
}  // namespace zhili::core
