#include "respond/incidents/alike.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace zhili::respond {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr double metres_per_degree = 111'195.08;

/// A lamp that is dark, so many metres to the north and so long before or after noon.
Told dark_lamp(double north_m = 0, core::Duration later = {}) {
  static auto const noon = core::from_iso("2026-07-13T12:00:00+08:00").value();
  return {.item = "C0115", .group = "component-01", .place = core::LatLon::of(34.86 + north_m / metres_per_degree, 117.55), .at = noon + later};
}

catalogue::SameThing rule() {
  return {.within_m = 110, .within_time = 10h, .weights = {.place = 4, .time = 2, .item = 3, .asset = 4, .text = 2},
          .kin = {"0406"}, .join = catalogue::JoinRule{.within_m = 30, .within_time = 60min, .score_percent = 85}};
}

std::int32_t part(Alike const& alike, Part part) {
  auto const* found = alike.find(part);
  return found ? found->score : -1;
}

TEST(Alike, TheSamePlaceTimeAndItemIsAHundred) {
  auto const alike = compare(dark_lamp(), dark_lamp(), rule());
  ASSERT_TRUE(alike);
  EXPECT_EQ(alike->score, 100);
  EXPECT_EQ(alike->parts.size(), 3U) << "neither asset nor words are known";
}

/// By hand: place 100·(1 − (60−10)/(110−10)) = 50, time 100·(1 − 1 h/10 h) = 90, item 100; (4·50 + 2·90 + 3·100) / 9 = 75.6.
TEST(Alike, IsTheMeanOfItsPartsByWeight) {
  auto const alike = compare(dark_lamp(), dark_lamp(60, -1h), rule());
  ASSERT_TRUE(alike);
  EXPECT_EQ(part(*alike, Part::place), 50);
  EXPECT_EQ(part(*alike, Part::time), 90);
  EXPECT_EQ(part(*alike, Part::item), 100);
  EXPECT_EQ(alike->score, 76);
  EXPECT_EQ(reason(*alike).en, "60 m away, 60 minutes earlier, the same item");
  EXPECT_EQ(reason(*alike).zh, "相距 60 米，早 60 分钟，事项相同");
}

TEST(Alike, WhatLiesWithinTheErrorOfATelephoneIsTheSamePlace) {
  auto const alike = compare(dark_lamp(), dark_lamp(9), rule());
  EXPECT_EQ(part(*alike, Part::place), 100);
  EXPECT_THAT(reason(*alike).zh, HasSubstr("在同一处"));
}

TEST(Alike, WhatIsOutOfReachIsNotCompared) {
  EXPECT_TRUE(compare(dark_lamp(), dark_lamp(109), rule()));
  EXPECT_FALSE(compare(dark_lamp(), dark_lamp(111), rule()));
  EXPECT_TRUE(compare(dark_lamp(), dark_lamp(0, 10h), rule()));
  EXPECT_FALSE(compare(dark_lamp(), dark_lamp(0, 10h + 1ms), rule()));
  EXPECT_FALSE(compare(dark_lamp(), dark_lamp(0, -10h - 1ms), rule()));
  auto nowhere = dark_lamp();
  nowhere.place.reset();
  EXPECT_FALSE(compare(dark_lamp(), nowhere, rule()));
  EXPECT_FALSE(compare(nowhere, dark_lamp(), rule()));
}

TEST(Alike, ItemsAreTheSameKinOrOfOneGroup) {
  auto other = dark_lamp();
  other.item = "0406";
  other.group = "event-04";
  EXPECT_EQ(part(*compare(dark_lamp(), other, rule()), Part::item), 70);
  other.item = "C0116";
  other.group = "component-01";
  EXPECT_EQ(part(*compare(dark_lamp(), other, rule()), Part::item), 40);
  other.group = "component-02";
  EXPECT_FALSE(compare(dark_lamp(), other, rule()));
}

TEST(Alike, AnotherComponentSpeaksAgainstIt) {
  auto one = dark_lamp();
  auto other = dark_lamp(12);
  auto const unknown = compare(one, other, rule())->score;
  one.asset = "370402-L-7";
  other.asset = "370402-L-7";
  EXPECT_EQ(part(*compare(one, other, rule()), Part::asset), 100);
  other.asset = "370402-L-8";
  auto const alike = compare(one, other, rule());
  EXPECT_EQ(part(*alike, Part::asset), 0);
  EXPECT_LT(alike->score, unknown);
  EXPECT_THAT(reason(*alike).en, HasSubstr("another component"));
}

TEST(Alike, WordsAreComparedInBothLanguages) {
  auto const words = [](char const* one, char const* other) {
    auto a = dark_lamp();
    auto b = dark_lamp();
    a.words = catalogue::grams(one);
    b.words = catalogue::grams(other);
    return part(*compare(a, b, rule()), Part::text);
  };
  EXPECT_EQ(words("学校门口的路灯不亮", "路灯不亮，晚上学校门口很黑"), 75) << "of eight pairs of characters 口的 and 的路 are missing";
  EXPECT_EQ(words("The street lamp outside is dark", "street lamp dark again, outside number 9"), 80) << "of the, street, lamp, outside, dark all but the";
  EXPECT_EQ(words("路灯不亮了", "垃圾没有人收"), 0);
  EXPECT_EQ(words("灯坏", "灯坏了很多天"), -1) << "so few words say nothing";
}

TEST(Alike, JoinsByItselfOnlyWithinTheRulesOwnLimits) {
  auto const joins = [](double north_m, core::Duration later, catalogue::SameThing const& by) {
    return joins_by_itself(*compare(dark_lamp(), dark_lamp(north_m, later), by), by);
  };
  EXPECT_TRUE(joins(20, 30min, rule()));
  EXPECT_FALSE(joins(40, 0min, rule())) << "too far, although it scores enough";
  EXPECT_FALSE(joins(0, 61min, rule()));
  EXPECT_FALSE(joins(0, -61min, rule()));
  auto strict = rule();
  strict.join->score_percent = 99;
  EXPECT_FALSE(joins(20, 30min, strict));
  auto by_a_person = rule();
  by_a_person.join.reset();
  EXPECT_FALSE(joins(0, 0min, by_a_person));
  auto related = dark_lamp();
  related.item = "0406";
  EXPECT_FALSE(joins_by_itself(*compare(dark_lamp(), related, rule()), rule())) << "kin is for a person to say";
}

/// From distances to the reports of others their places could be found out: everybody reads no number.
TEST(Alike, EverybodyReadsNoNumbers) {
  for (double const north_m : {0.0, 37.0, 99.0})
    for (auto const later : {core::Duration(0), core::Duration(3h), core::Duration(-9h)}) {
      auto const text = public_reason(*compare(dark_lamp(), dark_lamp(north_m, later), rule()));
      EXPECT_EQ(text.zh.find_first_of("0123456789"), std::string::npos) << text.zh;
      EXPECT_EQ(text.en.find_first_of("0123456789"), std::string::npos) << text.en;
    }
}

/// Whoever looks from the other side sees the same score; nearer, sooner or more alike never scores less.
TEST(AlikeProperty, IsSymmetricBoundedAndMonotone) {
  std::mt19937 random(20260713);
  std::uniform_real_distribution<double> metres(-60, 60);
  std::uniform_int_distribution<int> minutes(-250, 250);
  for (int i = 0; i < 2'000; ++i) {
    auto const a = dark_lamp(metres(random), std::chrono::minutes(minutes(random)));
    auto const b = dark_lamp(metres(random), std::chrono::minutes(minutes(random)));
    auto const one = compare(a, b, rule());
    auto const other = compare(b, a, rule());
    ASSERT_EQ(one.has_value(), other.has_value());
    if (!one) continue;
    EXPECT_EQ(one->score, other->score);
    EXPECT_GE(one->score, 0);
    EXPECT_LE(one->score, 100);
    auto nearer = b;
    nearer.place = core::LatLon{(a.place->lat_e7 + b.place->lat_e7) / 2, b.place->lon_e7};
    nearer.at = a.at + (b.at - a.at) / 2;
    EXPECT_GE(compare(a, nearer, rule())->score, one->score);
  }
}

}  // namespace
}  // namespace zhili::respond
