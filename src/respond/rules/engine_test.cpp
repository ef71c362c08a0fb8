// What rules find in readings that somebody could have drawn on a board.

#include <gtest/gtest.h>

#include "respond/rules/engine_test_kit.hpp"

namespace zhili::respond::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Town;

std::string seen(std::string const& keys, std::vector<std::string> const& lanes, core::Duration after = core::Duration(0), core::Duration step = minutes(1)) {
  return Town(keys).see(lanes, after, step);
}

// ---- thresholds ------------------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, AnAlarmStandsFromTheFirstReadingOverTheLimitToTheFirstBelow) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm", {"water-level: 5 15 16 30 15 16"}), "2R 4C 5R");
}

TEST(RuleEngine, BetweenTwoLimitsNothingChanges) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm\nclear: value < 5 cm", {"water-level: 10 16 10 6 4 10 16"}), "1R 4C 6R");
}

TEST(RuleEngine, ForCountsFromTheFirstReadingAndIsJudgedWithoutAnother) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm for 3 min", {"water-level: 5 20 20 5 20 20 20 20 5"}), "7R 8C");
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm for 3 min", {"water-level: 20"}, minutes(10)), "3R");
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm for 3 min", {"water-level: 20"}, minutes(2)), "");
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm\nclear: value < 5 cm for 2 min", {"water-level: 20 4 4 6 4"}, minutes(5)), "0R 6C");
}

TEST(RuleEngine, TheReadingAtTheLastMomentOfForCountsFirst) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm for 3 min", {"water-level: 20 . . 5"}), "");
}

TEST(RuleEngine, SoManyTimesOneAfterTheOther) {
  EXPECT_EQ(seen("watch: filling\nraise: value > 90 % 3 times", {"filling: 95 95 80 95 95 95 95 50"}), "5R 7C");
  EXPECT_EQ(seen("watch: filling\nraise: value > 90 % 3 times", {"filling: 95 95"}, hours(5)), "") << "time alone is no reading";
}

TEST(RuleEngine, AReadingOutOfRangeSaysNothingButThatTheDeviceLives) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm\nfault: no data for 3 min", {"water-level: 5 900! . 900! . 900! 20"}), "6R");
}

// ---- windows ---------------------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, WindowsOverReadings) {
  EXPECT_EQ(seen("watch: rainfall\nraise: sum(rainfall, 5 min) > 10 mm", {"rainfall: 3 3 3 3 0 0 0 0 0"}), "3R 5C");
  EXPECT_EQ(seen("watch: water-level\nraise: max(water-level, 3 min) > 15 cm", {"water-level: 5 20 5 5 5 5"}), "1R 4C");
  EXPECT_EQ(seen("watch: water-level\nraise: min(water-level, 3 min) > 15 cm", {"water-level: 5 20 20 20 20 5"}), "3R 5C");
  EXPECT_EQ(seen("watch: sound-level\nraise: mean(sound-level, 3 min) > 70 dB(A)", {"sound-level: 60 80 80 80 60 60 60"}), "3R 5C") << "not before it was watched for three minutes";
  EXPECT_EQ(seen("watch: water-level\nraise: rise(water-level, 3 min) > 5 cm", {"water-level: 1 2 3 8 8 8 8"}), "3R 5C");
  EXPECT_EQ(seen("watch: water-level\nraise: rate(water-level, 2 min) > 100 cm/h", {"water-level: 1 2 6 6 6 6"}), "2R 4C");
  EXPECT_EQ(seen("watch: motion\nraise: count(motion, 3 min) > 2", {"motion: y . . y y y . . . ."}, minutes(5)), "5R 363sC") << "time alone takes away whole panes";
}

TEST(RuleEngine, AWindowEmptiesWithoutReadings) {
  EXPECT_EQ(seen("watch: rainfall\nraise: sum(rainfall, 5 min) > 5 mm", {"rainfall: 6"}, hours(1)), "0R 305sC");
}

TEST(RuleEngine, TemperatureFallsInKelvin) {
  EXPECT_EQ(seen("watch: air-temperature\nraise: value < 4 Cel and rise(air-temperature, 3 h) < -3 K", {"air-temperature: 9 6 3 3 3 3 3"}, core::Duration(0), hours(1)), "120R 240C");
}

// ---- silence ---------------------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, SilenceIsAFaultOfTheDeviceAndLeavesTheAlarmAsItWas) {
  auto const keys = "watch: water-level\nraise: value > 15 cm\nfault: no data for 5 min";
  EXPECT_EQ(seen(keys, {"water-level: 3"}, minutes(30)), "5F");
  EXPECT_EQ(seen(keys, {"water-level: 3 . . . . . . . 3"}), "5F 8O");
  EXPECT_EQ(seen(keys, {"water-level: 20 . . . . . . . 20 3"}), "0R 5F 8O 9C");
}

TEST(RuleEngine, AValueThatNeverChangesIsAFaultToo) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm\nfault: no change for 3 min", {"water-level: 5 5 5 5 5 6"}), "3F 5O");
}

TEST(RuleEngine, NoMotionIsAnAlarmOnlyWhileTheSensorSpeaks) {
  auto const keys = "watch: motion\nraise: no motion for 12 h\nfault: no data for 3 h";
  EXPECT_EQ(seen(keys, {"motion: y n n n n n n n n n n n n n y"}, core::Duration(0), hours(1)), "720R 840C");
  EXPECT_EQ(seen(keys, {"motion: y n"}, hours(20), hours(1)), "240F") << "silence: nothing is said of the person";
}

// ---- sequences -------------------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, OneAfterTheOtherWithinATime) {
  auto const keys = "watch: [door-open, motion]\nraise: door-open then motion within 3 min";
  EXPECT_EQ(seen(keys, {"door-open: n y n n n n", "motion: n n n y n n"}), "3R 4C");
  EXPECT_EQ(seen(keys, {"door-open: n y n n n n n", "motion: n n n n n y n"}), "") << "too late";
  EXPECT_EQ(seen(keys, {"door-open: n n n y n", "motion: n y n n n"}), "") << "the wrong way round";
}

TEST(RuleEngine, OneWithoutTheOtherWithinATime) {
  auto const keys = "watch: [lamp-wanted, lamp-lit]\nraise: lamp-wanted and not lamp-lit within 3 min";
  EXPECT_EQ(seen(keys, {"lamp-wanted: n y y y y y y", "lamp-lit: n n n n n n y"}), "4R 6C");
  EXPECT_EQ(seen(keys, {"lamp-wanted: n y y y y y y", "lamp-lit: n n n y y y y"}), "");
}

// ---- several sensors -------------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, SensorsOfOnePlaceTogether) {
  EXPECT_EQ(seen("scope: place\nwatch: smoke-alarm\nraise: count of (smoke-alarm) >= 2", {"smoke-alarm: n y y n", "smoke-alarm: n n y y", "smoke-alarm: n n n n"}), "2R 3C");
  EXPECT_EQ(seen("scope: place\nwatch: water-level\nraise: any of (value > 15 cm)", {"water-level: 5 20 20 5 5", "water-level: 5 5 20 20 5"}), "1R 4C");
  EXPECT_EQ(seen("scope: place\nwatch: water-level\nraise: all of (value > 15 cm)", {"water-level: 5 20 20 5", "water-level: 5 5 20 20"}), "2R 3C");
}

TEST(RuleEngine, APumpThatRunsWhileWaterRises) {
  auto const keys = "of: [water-gauge, pump]\nwatch: [water-level, pump-running]\nraise: rise(water-level, 10 min) > 3 cm and last(pump-running) for 2 min\nclear: rise(water-level, 10 min) <= 0 cm";
  Town town(keys);
  EXPECT_EQ(town.rule.scope, catalogue::rules::Scope::place);
  town.rule.of.clear();
  EXPECT_EQ(town.see({"water-level: 6 7 8 9 10 11 12 12 12", "pump-running: n n y y y y y y y"}, minutes(0)), "6R");
}

TEST(RuleEngine, APlaceWithoutTheSensorsThatARuleNeedsIsNotJudged) {
  Town town("of: [water-gauge, pump]\nwatch: [water-level, pump-running]\nraise: pump-running and water-level > 5 cm");
  town.begin({"water-level: 9"});
  EXPECT_TRUE(town.instances.empty());
}

// ---- hours, parameters, what is usual --------------------------------------------------------------------------------------------------

TEST(RuleEngine, OnlyDuringItsHours) {
  Town night("watch: door-open\nraise: value\nduring: 22:00-06:00");
  EXPECT_EQ(night.see({"door-open: y y y y y y y y n y"}, core::Duration(0), hours(1)), "0R 480C") << "it stands until the door is shut, and by day it is not raised";
  night.start_ms = test::monday_ms + 20 * 3'600'000;
  EXPECT_EQ(night.see({"door-open: y"}, hours(5), hours(1)), "120R") << "the door still stands open when the night begins";
}

TEST(RuleEngine, OnlyOnWorkdays) {
  Town office("watch: sound-level\nraise: value > 70 dB(A) and on workdays");
  EXPECT_EQ(office.see({"sound-level: 80"}, core::Duration(0)), "0R");
  office.start_ms = test::monday_ms - 86'400'000;  // Sunday
  EXPECT_EQ(office.see({"sound-level: 80"}, hours(20)), "");
  EXPECT_EQ(office.see({"sound-level: 80"}, hours(30)), "1440R") << "Monday has come";
}

TEST(RuleEngine, APlaceMayHaveItsOwnLimit) {
  auto const keys = "watch: water-level\nraise: value > param(limit)\nparams: {limit: {name: {zh: 上限, en: Limit}, standard: 15 cm}}";
  EXPECT_EQ(seen(keys, {"water-level: 14 16"}), "1R");
  Town low(keys, {.parameter = [](Rule const&, Subject const& subject, std::string_view id) { return subject.id == "1" && id == "limit" ? std::optional(3.0) : std::nullopt; }});
  EXPECT_EQ(low.see({"water-level: 2 4"}), "1R");
}

TEST(RuleEngine, WhatIsUsualAtThisHour) {
  auto const keys = "watch: sound-level\nraise: value > usual(sound-level, 95 %) + 5 dB(A)";
  EXPECT_EQ(seen(keys, {"sound-level: 120"}), "") << "nothing is known of that place";
  Knowledge known{.usual = [](Subject const&, std::string_view, double) {
    std::array<double, 24> out{};
    out.fill(50);
    out[1] = 70;  // at one o'clock a train goes by
    return std::optional(out);
  }};
  EXPECT_EQ(Town(keys, known).see({"sound-level: 54 60 60 54"}, core::Duration(0), minutes(30)), "30R 60C");
}

// ---- how an alarm goes on --------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, ItBecomesGraverAndNeverLessGrave) {
  Town town("watch: water-level\nseverity: major\nraise: value > 15 cm\nescalate: to critical when value > 27 cm for 2 min");
  EXPECT_EQ(town.see({"water-level: 20 30 30 30 20 20 5"}), "0R 3E 6C");
  EXPECT_EQ(town.engine->found()[0].severity, catalogue::rules::Severity::major);
  EXPECT_EQ(town.engine->found()[1].severity, catalogue::rules::Severity::critical);
  EXPECT_EQ(town.engine->found()[2].severity, catalogue::rules::Severity::critical);
}

TEST(RuleEngine, ItKeepsFiringForAWhile) {
  EXPECT_EQ(seen("watch: water-level\nraise: value > 15 cm\nkeep_firing: 3 min", {"water-level: 20 5 20 5 5"}, minutes(10)), "0R 6C");
}

TEST(RuleEngine, WhatFluttersStaysUntilItIsCalm) {
  auto const keys = "watch: water-level\nraise: value > 15 cm\nflap: {times: 3, within: 1 h, calm: 10 min}";
  EXPECT_EQ(seen(keys, {"water-level: 20 5 20 5 20 5 20 5"}, minutes(30)), "0R 1C 2R 3C 4R~ 17C");
}

TEST(RuleEngine, TheSeverityAndTheValueAreThoseThatDecided) {
  Town town("watch: [water-level, pump-running]\nscope: place\nraise: pump-running and water-level > 5 cm");
  town.see({"water-level: 3 9", "pump-running: y y"});
  auto const& one = town.engine->found()[0];
  EXPECT_EQ(one.value, 9);
  EXPECT_TRUE(one.has_value);
  EXPECT_EQ(town.engine->unit(one.unit), "cm");
  EXPECT_EQ(one.sequence, 1U);
}

// ---- what goes wrong -------------------------------------------------------------------------------------------------------------------

TEST(RuleEngine, DividingByZeroStopsThisPlaceAlone) {
  Town town("watch: [people-entered, people-left]\nraise: people-entered / people-left > 2");
  town.begin({"people-entered: 1", "people-left: 1"});
  std::vector<StreamOf> const streams{{1, 1, "", "people-entered", ""}, {2, 1, "", "people-left", ""}, {3, 2, "", "people-entered", ""}, {4, 2, "", "people-left", ""}};
  auto engine = Engine::make({town.rule}, instances_of(std::span(&town.rule, 1), streams), {}).value();
  Batch batch{.position = 1, .received = core::from_ms(1000)};
  for (std::int64_t stream = 1; stream <= 4; ++stream) batch.readings.push_back({.stream = stream, .at_ms = 1000, .value = stream == 2 ? 0.0 : stream == 3 ? 9.0 : 2.0});
  engine->take(batch);
  EXPECT_EQ(engine->broken(0), Broken::division_by_zero);
  EXPECT_EQ(engine->broken(1), Broken::no);
  ASSERT_EQ(engine->found().size(), 1U);
  EXPECT_EQ(engine->found()[0].instance, 1U);
  EXPECT_FALSE(words(Broken::division_by_zero).zh.empty());
  engine->mend(0);
  EXPECT_EQ(engine->broken(0), Broken::no);
}

TEST(RuleEngine, AReadingOfAnotherKindStopsIt) {
  Town town("watch: water-level\nraise: value > 15 cm");
  town.begin({"water-level: 5"});
  town.engine->take({.position = 1, .received = core::from_ms(test::monday_ms), .readings = {{.stream = 1, .at_ms = test::monday_ms, .value = 1, .type = ValueType::text}}});
  EXPECT_EQ(town.engine->broken(0), Broken::wrong_type);
}

TEST(RuleEngine, HistoryAndWhatComesTwiceRunNoRule) {
  Town town("watch: water-level\nraise: value > 15 cm");
  town.begin({"water-level: 5"});
  auto const now = test::monday_ms;
  town.engine->take({.position = 1, .received = core::from_ms(now), .readings = {{.stream = 1, .at_ms = now - 25 * 3'600'000, .value = 90}}});
  town.engine->take({.position = 2, .received = core::from_ms(now), .readings = {{.stream = 1, .at_ms = now, .value = 5}, {.stream = 1, .at_ms = now, .value = 90}, {.stream = 1, .at_ms = now - 5, .value = 90}, {.stream = 77, .at_ms = now, .value = 90}}});
  EXPECT_EQ(town.told(), "");
  EXPECT_EQ(town.engine->counts().history, 1U);
  EXPECT_EQ(town.engine->counts().late, 2U);
  EXPECT_EQ(town.engine->counts().unwatched, 1U);
}

TEST(RuleEngine, WhereTimeIsPutForwardAnHourANightIsShorter) {
  auto const zone = core::Zone::find("Europe/Berlin").value();
  auto const rule = test::rule_of("watch: door-open\nraise: value and between 01:00 and 04:00");
  std::vector<StreamOf> const streams{{1, 1, "", "door-open", ""}};
  auto engine = Engine::make({rule}, instances_of(std::span(&rule, 1), streams), {.zone = zone}).value();
  constexpr std::int64_t midnight = 1'774'738'800'000;  // 2026-03-29 00:00 in Berlin; at two it is three
  engine->take({.position = 1, .received = core::from_ms(midnight), .readings = {{.stream = 1, .at_ms = midnight, .value = 1, .type = ValueType::truth}}});
  engine->advance(core::from_ms(midnight + 6 * 3'600'000));
  ASSERT_EQ(engine->found().size(), 2U);
  EXPECT_EQ(engine->found()[0].at_ms, midnight + 1 * 3'600'000);
  EXPECT_EQ(engine->found()[1].at_ms, midnight + 3 * 3'600'000);
}

/// 2026-10-25 in Berlin: at three it is two again. A night from one to four takes four hours; one that begins at two begins with the first.
TEST(RuleEngine, WhereTimeIsPutBackAnHourANightIsLonger) {
  auto const zone = core::Zone::find("Europe/Berlin").value();
  constexpr std::int64_t midnight = 1'792'879'200'000, hour = 3'600'000;
  std::vector<StreamOf> const streams{{1, 1, "", "door-open", ""}};
  for (auto const& [between, from, until] : {std::tuple{"01:00 and 04:00", 1, 5}, std::tuple{"02:00 and 02:30", 2, 0}}) {
    auto const rule = test::rule_of(std::string("watch: door-open\nraise: value and between ") + between);
    auto engine = Engine::make({rule}, instances_of(std::span(&rule, 1), streams), {.zone = zone}).value();
    engine->take({.position = 1, .received = core::from_ms(midnight), .readings = {{.stream = 1, .at_ms = midnight, .value = 1, .type = ValueType::truth}}});
    engine->advance(core::from_ms(midnight + 7 * hour));
    ASSERT_GE(engine->found().size(), 2U) << between;
    EXPECT_EQ(engine->found()[0].at_ms, midnight + from * hour) << between;
    if (until > 0) {
      EXPECT_EQ(engine->found()[1].at_ms, midnight + until * hour) << between;
    }
  }
}

TEST(RuleEngine, ADeviceWhoseClockIsSlowIsJudgedByItsOwnTime) {
  Town town("watch: water-level\nraise: value > 15 cm\nfault: no data for 5 min");
  town.begin({"water-level: 5"});
  auto const behind = 7 * 60'000;
  for (int minute = 0; minute < 10; ++minute)
    town.engine->take({.position = minute + 1, .received = core::from_ms(town.start_ms + minute * 60'000 + behind), .readings = {{.stream = 1, .at_ms = town.start_ms + minute * 60'000, .value = 5.0 + minute}}});
  EXPECT_EQ(town.told(), "") << "it speaks every minute, though all it says is seven minutes old";
}

}  // namespace
}  // namespace zhili::respond::rules
