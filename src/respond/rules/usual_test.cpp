#include "respond/rules/usual.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace zhili::respond::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

core::Zone city() { return core::Zone::find("Asia/Shanghai").value(); }
core::Instant const monday = core::from_ms(1'780'243'200'000);  // 00:00 in the city

TEST(RuleUsual, EachHourOfTheDayHasItsOwn) {
  UsualHours usual(city(), monday);
  for (int day = 0; day < 28; ++day)
    for (int minute = 0; minute < 24 * 60; minute += 10) usual.add(monday + hours(24 * day) + minutes(minute), minute / 60 + (minute % 60) / 100.0);
  auto const most = usual.below(0.99), half = usual.below(0.5), least = usual.below(0.01);
  for (std::size_t hour = 0; hour < 24; ++hour) {
    auto const of_hour = static_cast<double>(hour);
    EXPECT_DOUBLE_EQ(most[hour], of_hour + 0.5);
    EXPECT_DOUBLE_EQ(half[hour], of_hour + 0.2) << "half of 0, 10, 20, 30, 40, 50";
    EXPECT_DOUBLE_EQ(least[hour], of_hour);
  }
}

TEST(RuleUsual, FewDaysTellNothingHoweverManySensorsThereAre) {
  UsualHours usual(city(), monday);
  for (int sensor = 0; sensor < 5; ++sensor)
    for (int day = 0; day < 6; ++day) usual.add(monday + hours(24 * day + 8) + minutes(sensor), 5);
  EXPECT_TRUE(std::isnan(usual.below(0.9)[8]));
  usual.add(monday + hours(24 * 6 + 8), 5);
  EXPECT_EQ(usual.below(0.9)[8], 5);
  EXPECT_TRUE(std::isnan(usual.below(0.9)[9]));
  usual.add(monday - hours(16), 900);  // before
  usual.add(monday + hours(24 * 70 + 8), 900);
  usual.add(monday + hours(8), std::nan(""));
  EXPECT_EQ(usual.below(0.99)[8], 5);
}

TEST(RuleUsual, OfManyReadingsALotIsEnough) {
  UsualHours usual(city(), monday);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> any(0, 100);
  for (int i = 0; i < 280'000; ++i) usual.add(monday + hours(24 * (i % 28)), any(random));
  for (double const share : {0.05, 0.5, 0.95}) EXPECT_NEAR(usual.below(share)[0], 100 * share, 100 * 5 * std::sqrt(share * (1 - share) / usual_readings_max));
}

TEST(RuleUsual, TheHourIsThatOfTheWallClockAlsoWhereItIsPutForward) {
  auto const berlin = core::Zone::find("Europe/Berlin").value();
  auto const begin = berlin.instant({.year = 2026, .month = 3, .day = 20});
  UsualHours usual(berlin, begin);
  for (int day = 0; day < 20; ++day) usual.add(berlin.instant({.year = 2026, .month = day < 12 ? 3U : 4U, .day = day < 12 ? 20U + static_cast<unsigned>(day) : static_cast<unsigned>(day) - 11, .second = 7 * 3600}), day);
  auto const half = usual.below(0.5);
  EXPECT_EQ(half[7], 9);
  for (std::size_t hour = 0; hour < 24; ++hour) EXPECT_EQ(std::isnan(half[hour]), hour != 7);
}

}  // namespace
}  // namespace zhili::respond::rules
