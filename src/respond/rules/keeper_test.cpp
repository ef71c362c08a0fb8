// The keeper over real databases: what is found is found once, whatever stops in between.

#include "respond/rules/keeper.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "respond/rules/keeper_test_kit.hpp"

namespace zhili::respond::rules {
namespace {

using test::DbEngine;
using test::Place;
using zhili::test::name_of;

class KeeperTest : public testing::TestWithParam<DbEngine> {};
INSTANTIATE_TEST_SUITE_P(Databases, KeeperTest, testing::Values(DbEngine::sqlite, DbEngine::postgresql), [](auto const& one) { return name_of(one.param); });

constexpr char const* deep = "watch: water-level\nraise: value > 15 cm\nclear: value < 5 cm\nsays: {zh: \"{place}水深 {value} 厘米\", en: \"{place}: {value} cm\"}";

TEST_P(KeeperTest, ReadingsAreFoundAndSaidInWords) {
  Place place(GetParam());
  place.rule(deep);
  place.gauges(2);
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 20.5}, {2, 3}});
  place.reads({{1, 4}, {2, 3}});
  Place::settle(*keeper);
  EXPECT_EQ(place.found(), (std::vector<std::string>{"deep thing:1 1 raise " + place.minute(1) + " reading Bridge 1: 20.5 cm", "deep thing:1 2 clear " + place.minute(2) + " reading Bridge 1: 4 cm"}));
  auto const status = keeper->status().value();
  ASSERT_EQ(status.size(), 1U);
  EXPECT_EQ(status[0].fired_30d, 1);
  for (int i = 0; i < 2; ++i) {  // two looks without a new device
    place.db.time.advance(std::chrono::seconds(2));
    Place::settle(*keeper);
  }
  ASSERT_TRUE(keeper->stop());
  EXPECT_EQ(keeper->status().value()[0].subjects, 2U);
  EXPECT_EQ(place.stored.kept_after, 3);
}

TEST_P(KeeperTest, WhatWasThereBeforeTheFirstStartIsHistory) {
  Place place(GetParam());
  place.rule(deep);
  place.gauges(1);
  place.reads({{1, 90}});
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_EQ(place.found(), std::vector<std::string>{});
  EXPECT_EQ(Keeper::needed_after(*place.db).value(), std::optional<std::int64_t>(2));
}

TEST_P(KeeperTest, WhatCameWhenThereWasNothingToJudgeIsNotSkippedByTheNextStart) {
  Place place(GetParam());
  place.stored.batches.clear();
  place.rule(deep);
  ASSERT_TRUE(place.keeper()->step());  // the first start, with no device
  place.gauges(1);
  place.reads({{1, 90}});
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_EQ(place.found().size(), 1U);
}

TEST_P(KeeperTest, WhatANewDeviceSaysBeforeTheRulesKnowItIsJudgedAndNothingElseTwice) {
  Place place(GetParam());
  place.rule(deep);
  place.rule("watch: water-level\nraise: value > 15 cm 3 times", "times");
  place.gauges(1);
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 20}});
  Place::settle(*keeper);
  place.streets.streams.push_back({7, 7, "place-7", "water-level", "water-gauge"});
  place.reads({{1, 21}, {7, 30}}, std::chrono::milliseconds(500));
  Place::settle(*keeper);
  ASSERT_TRUE(keeper->changed());
  place.db.time.advance(std::chrono::seconds(2));
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 2U);
  EXPECT_TRUE(place.found()[0].starts_with("deep thing:1 1 raise"));
  EXPECT_TRUE(place.found()[1].starts_with("deep thing:7 1 raise"));
}

/// A day of readings of some gauges, and rules that remember much.
void a_wet_day(Place& place) {
  place.rule(deep, "deep");
  place.rule("watch: water-level\nraise: value > 15 cm for 3 min\nclear: value < 10 cm for 2 min\nfault: no data for 6 min", "lasting");
  place.rule("watch: water-level\nraise: value > 12 cm 3 times\nflap: {times: 3, within: 1 h, calm: 5 min}", "times");
  place.rule("watch: water-level\nraise: mean(water-level, 5 min) > 14 cm\nkeep_firing: 2 min", "mean");
  place.gauges(6);
}

void rain(Place& place, std::mt19937& random) {
  std::vector<std::pair<std::int64_t, double>> values;
  for (std::int64_t stream = 1; stream <= 6; ++stream)
    if (random() % 3 != 0) values.emplace_back(stream, static_cast<double>(random() % 25));
  place.reads(values, std::chrono::seconds(20 + random() % 60));
}

TEST_P(KeeperTest, WhateverStopsInBetweenTheSameIsFoundOnce) {
  std::vector<std::vector<std::string>> runs;
  for (bool const stops : {false, true}) {
    Place place(GetParam());
    a_wet_day(place);
    std::mt19937 random(11), fate(5);
    auto keeper = place.keeper();
    Place::settle(*keeper);
    for (int step = 0; step < 150; ++step) {
      rain(place, random);
      if (stops && fate() % 3 == 0) place.book.busy_next = static_cast<int>(1 + fate() % 2);
      (void)keeper->step();
      if (stops && fate() % 4 == 0) keeper = place.keeper();  // as if it had been killed
    }
    place.book.busy_next = 0;
    place.db.time.advance(std::chrono::minutes(30));
    Place::settle(*keeper);
    runs.push_back(place.found());
  }
  EXPECT_GT(runs[0].size(), 100U);
  EXPECT_EQ(runs[0], runs[1]);
}

TEST_P(KeeperTest, ARuleThatIsDisarmedEndsItsAlarmsAndCountsOnLater) {
  Place place(GetParam());
  place.rule(deep);
  place.gauges(1);
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 20}});
  Place::settle(*keeper);
  EXPECT_FALSE(keeper->arm("deep", false, "", "staff:dora"));
  EXPECT_FALSE(keeper->arm("none", false, "x", "staff:dora"));
  ASSERT_TRUE(keeper->arm("deep", false, "误报太多", "staff:dora"));
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 2U);
  EXPECT_EQ(place.found()[1], "deep thing:1 2 clear " + place.minute(2) + " rule_gone ");
  EXPECT_FALSE(keeper->status().value()[0].armed);
  EXPECT_EQ(keeper->status().value()[0].reason, "误报太多");
  place.reads({{1, 30}});
  Place::settle(*keeper);
  EXPECT_EQ(place.found().size(), 2U);
  ASSERT_TRUE(keeper->arm("deep", true, "好了", "staff:dora"));
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  place.reads({{1, 30}});
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 3U);
  EXPECT_TRUE(place.found()[2].starts_with("deep thing:1 3 raise"));
}

TEST_P(KeeperTest, ARuleThatAPackDoesNotArmWaitsForSomebody) {
  Place place(GetParam());
  place.rule(std::string(deep) + "\narmed: false");
  place.gauges(1);
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 20}});
  Place::settle(*keeper);
  EXPECT_TRUE(place.found().empty());
  EXPECT_FALSE(keeper->status().value()[0].armed);
  ASSERT_TRUE(keeper->arm("deep", true, "一个月里会告警 3 次，都是真的", "staff:dora"));
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  EXPECT_TRUE(keeper->status().value()[0].armed);
  place.reads({{1, 20}});
  Place::settle(*keeper);
  EXPECT_EQ(place.found().size(), 1U);
}

TEST_P(KeeperTest, AThingThatIsGoneEndsItsAlarm) {
  Place place(GetParam());
  place.rule(deep);
  place.gauges(2);
  auto keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 20}, {2, 20}});
  Place::settle(*keeper);
  place.streets.streams.pop_back();
  ASSERT_TRUE(keeper->changed());
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 3U);
  EXPECT_EQ(place.found()[2], "deep thing:2 2 clear " + place.minute(2) + " subject_gone ");
  keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_EQ(place.found().size(), 3U) << "once";
}

TEST_P(KeeperTest, WhoeverIsRefusedStopsAlone) {
  Place place(GetParam());
  place.rule(deep);
  place.gauges(3);
  place.book.refused = "2";
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 20}, {2, 20}, {3, 20}});
  Place::settle(*keeper);
  EXPECT_EQ(place.found().size(), 2U);
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  auto const status = keeper->status().value()[0];
  EXPECT_EQ(status.broken, 1U);
  EXPECT_EQ(status.raised, 3U) << "the one that stopped found it too, and nobody kept it";
  EXPECT_EQ(status.broken_why->en, words(Broken::refused).en);
}

TEST_P(KeeperTest, APlaceGetsItsOwnLimit) {
  Place place(GetParam());
  place.rule("watch: water-level\nraise: value > param(limit)\nparams: {limit: {name: {zh: 上限, en: Limit}, standard: 15 cm}}");
  place.gauges(2);
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_FALSE(keeper->set_parameter("deep", {.id = "1"}, "none", 3, "staff:dora"));
  EXPECT_FALSE(keeper->set_parameter("deep", {.id = "1"}, "limit", std::nan(""), "staff:dora"));
  ASSERT_TRUE(keeper->set_parameter("deep", {.id = "1"}, "limit", 3, "staff:dora"));
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  place.reads({{1, 4}, {2, 4}});
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 1U);
  EXPECT_TRUE(place.found()[0].starts_with("deep thing:1 1 raise"));
}

TEST_P(KeeperTest, WhatIsUsualIsLearnedOnceADay) {
  Place place(GetParam());
  place.rule("watch: water-level\nraise: value > usual(water-level, 95 %) + 5 cm");
  place.gauges(1);
  int lessons = 0;
  place.learn = [&](std::span<std::int64_t const> streams, double share) -> core::Result<std::array<double, 24>> {
    EXPECT_EQ(streams.size(), 1U);
    EXPECT_EQ(share, 0.95);
    ++lessons;
    std::array<double, 24> out{};
    out.fill(10);
    return out;
  };
  auto keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_EQ(lessons, 1);
  place.reads({{1, 14}});
  Place::settle(*keeper);
  EXPECT_TRUE(place.found().empty());
  place.reads({{1, 16}});
  Place::settle(*keeper);
  EXPECT_EQ(place.found().size(), 1U);
  keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_EQ(lessons, 1) << "it is remembered";
  place.db.time.advance(std::chrono::hours(24));
  Place::settle(*keeper);
  EXPECT_EQ(lessons, 2);
}

TEST_P(KeeperTest, WhatCannotBeLearnedStopsNothing) {
  Place place(GetParam());
  place.rule("watch: water-level\nraise: value > usual(water-level, 95 %) + 5 cm");
  place.gauges(2);
  int asked = 0;
  place.learn = [&](std::span<std::int64_t const> streams, double) -> core::Result<std::array<double, 24>> {
    ++asked;
    if (streams[0] == 1) return core::fail(core::Errc::corrupt, "test.damaged", {"坏了", "damaged"});
    std::array<double, 24> out{};
    out.fill(10);
    return out;
  };
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  EXPECT_EQ(asked, 2);
  place.reads({{1, 90}, {2, 90}});
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 1U);
  EXPECT_TRUE(place.found()[0].starts_with("deep thing:2"));
  EXPECT_EQ(asked, 2) << "tomorrow again";
}

TEST_P(KeeperTest, AChangeThatCannotBeWrittenIsMadeLaterAndLosesNobody) {
  Place place(GetParam());
  place.rule(deep);
  constexpr int gauges = 300;
  place.gauges(gauges);
  auto keeper = place.keeper();
  Place::settle(*keeper);
  std::vector<std::pair<std::int64_t, double>> high;
  for (int i = 1; i <= gauges; ++i) high.emplace_back(i, 20);
  place.reads(high);
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), static_cast<std::size_t>(gauges));
  // The first is gone, so every group has others in it; and the alarms cannot be told.
  place.streets.streams.erase(place.streets.streams.begin());
  ASSERT_TRUE(keeper->changed());
  place.book.busy_next = 1;
  place.db.time.advance(std::chrono::minutes(1));
  EXPECT_FALSE(keeper->step());
  // It goes on, is killed, and another begins.
  for (int round = 0; round < 4; ++round) {
    place.reads({{2, 21}}, std::chrono::milliseconds(600));
    (void)keeper->step();
    if (round == 1) keeper = place.keeper();
  }
  place.db.time.advance(std::chrono::minutes(1));
  Place::settle(*keeper);
  auto const found = place.found();
  ASSERT_EQ(found.size(), static_cast<std::size_t>(gauges) + 1) << "nobody is raised twice";
  EXPECT_EQ(std::ranges::count_if(found, [](auto const& one) { return one.find("subject_gone") != std::string::npos; }), 1);
  EXPECT_EQ(keeper->status().value()[0].raised, static_cast<std::size_t>(gauges) - 1);
}

TEST_P(KeeperTest, ARuleThatKnowsNoFaultAnyMoreEndsTheOldOne) {
  Place place(GetParam());
  place.rule("watch: water-level\nraise: value > 15 cm\nfault: no data for 5 min");
  place.gauges(1);
  auto keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 3}});
  Place::settle(*keeper);
  place.db.time.advance(std::chrono::minutes(10));
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 1U);
  EXPECT_TRUE(place.found()[0].starts_with("deep thing:1 1 fault"));
  place.rules.clear();
  place.rule("watch: water-level\nraise: value > 15 cm");
  keeper = place.keeper();
  Place::settle(*keeper);
  place.reads({{1, 3}});
  Place::settle(*keeper);
  ASSERT_EQ(place.found().size(), 2U);
  EXPECT_TRUE(place.found()[1].starts_with("deep thing:1 2 fault_over"));
}

TEST_P(KeeperTest, WhatHasStoppedBeginsAnewWhenItsRuleIsArmedAgain) {
  for (bool const restarts : {false, true}) {
    Place place(GetParam());
    place.rule("watch: water-level\nraise: 100 cm / value > 5");
    place.gauges(2);
    auto keeper = place.keeper();
    Place::settle(*keeper);
    place.reads({{1, 0}, {2, 50}});
    Place::settle(*keeper);
    place.reads({{1, 10}, {2, 50}});
    Place::settle(*keeper);
    EXPECT_TRUE(place.found().empty()) << "it has stopped";
    EXPECT_EQ(keeper->status().value()[0].broken, 1U);
    if (restarts) {
      ASSERT_TRUE(keeper->stop());
      keeper = place.keeper();
    }
    ASSERT_TRUE(keeper->arm("deep", true, "除数改好了", "staff:dora"));
    EXPECT_TRUE(keeper->status().value()[0].armed);
    place.db.time.advance(std::chrono::minutes(1));
    Place::settle(*keeper);
    place.reads({{1, 10}, {2, 50}});
    Place::settle(*keeper);
    ASSERT_EQ(place.found().size(), 1U);
    EXPECT_TRUE(place.found()[0].starts_with("deep thing:1 1 raise"));
    place.reads({{1, 0}});
    Place::settle(*keeper);
    keeper = place.keeper();
    Place::settle(*keeper);
    place.db.time.advance(std::chrono::minutes(1));
    Place::settle(*keeper);
    EXPECT_EQ(keeper->status().value()[0].broken, 1U) << "once mended is not mended for ever";
  }
}

}  // namespace
}  // namespace zhili::respond::rules
