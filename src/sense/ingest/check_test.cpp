#include "sense/ingest/check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace zhili::sense::ingest {
namespace {

constexpr std::int64_t check_noon = 1'763'712'000'000;

struct Stand {
  StreamFact fact{.datastream = 31, .device = 7, .unit = "cm", .least = 0, .most = 300};
  StreamState state = {};
  Source source{.way = Way::lines, .device = 7};

  Incoming row(std::int64_t at_ms, double value) {
    Incoming out;
    out.datastream = 31;
    out.phenomenon_ms = at_ms;
    out.number = value;
    return out;
  }
  Wrong judge(Incoming& row, More const* more = nullptr, Linear const* unit = nullptr, std::string_view text = {}) {
    return check(row, more, text, unit, fact, state, {.source = source, .came_ms = check_noon});
  }
  Flags reading(std::int64_t at_ms, double value) {
    auto one = row(at_ms, value);
    EXPECT_EQ(judge(one), Wrong::nothing);
    return one.flags;
  }
};

TEST(Check, OnlyItsDeviceAndProgramsWriteAStream) {
  Stand stand;
  auto row = stand.row(check_noon, 3);
  EXPECT_EQ(stand.judge(row), Wrong::nothing);
  stand.source.device = 8;
  EXPECT_EQ(stand.judge(row), Wrong::foreign_stream);
  stand.source = {.way = Way::sensorthings};
  EXPECT_EQ(stand.judge(row), Wrong::foreign_stream);
  stand.source.any_stream = true;
  EXPECT_EQ(stand.judge(row), Wrong::nothing);
  stand.fact.device = 0;  // nobody's own, and a sender without a device is not "device 0"
  stand.source = {.way = Way::sensorthings};
  EXPECT_EQ(stand.judge(row), Wrong::foreign_stream);
}

struct ClockCase {
  std::int64_t at_ms;
  Wrong expected;
};

TEST(Check, ClocksThatAreWrong) {
  for (auto const& [at, expected] : {ClockCase{check_noon + clock_ahead_max_ms, Wrong::nothing}, ClockCase{check_noon + clock_ahead_max_ms + 1, Wrong::future}, ClockCase{0, Wrong::before_2000},
                                     ClockCase{-1, Wrong::before_2000}, ClockCase{phenomenon_min_ms - 1, Wrong::before_2000}, ClockCase{phenomenon_min_ms, Wrong::nothing}}) {
    Stand stand;
    auto row = stand.row(at, 3);
    EXPECT_EQ(stand.judge(row), expected) << at;
    EXPECT_EQ(is_for_quarantine(expected), expected != Wrong::nothing);
    EXPECT_EQ(stand.state.last_ms, expected == Wrong::nothing ? at : time_absent) << "what is not taken leaves no trace";
    stand.source.believed = true;
    EXPECT_EQ(stand.judge(row), Wrong::nothing) << "somebody looked at it";
  }
}

TEST(Check, AnIntervalIsJudgedByItsEnd) {
  Stand stand;
  auto row = stand.row(check_noon, 3);
  More more{.phenomenon_end = core::from_ms(check_noon - 1)};
  EXPECT_EQ(stand.judge(row, &more), Wrong::interval);
  more.phenomenon_end = core::from_ms(check_noon + clock_ahead_max_ms + 1);
  EXPECT_EQ(stand.judge(row, &more), Wrong::future);
  more = {.result_time = core::from_ms(check_noon + clock_ahead_max_ms + 1)};
  EXPECT_EQ(stand.judge(row, &more), Wrong::future);
}

TEST(Check, ATimeThatIsMissingIsTheTimeAtWhichItCame) {
  Stand stand;
  auto row = stand.row(time_absent, 3);
  EXPECT_EQ(stand.judge(row), Wrong::nothing);
  EXPECT_EQ(row.phenomenon_ms, check_noon);
}

struct KindCase {
  ValueKind stream;
  ValueKind said;
  double number;
  std::int64_t integer;
  Wrong expected;
};

TEST(Check, KindsThatMeanTheSameAndThoseThatDoNot) {
  using enum ValueKind;
  KindCase const cases[] = {
      {number, number, 12.5, 0, Wrong::nothing},   {number, count, 0, 12, Wrong::nothing},  {number, truth, 0, 1, Wrong::kind},        {number, text, 0, 0, Wrong::kind},
      {count, number, 3, 0, Wrong::nothing},       {count, number, 3.5, 0, Wrong::not_a_count}, {count, number, 1e300, 0, Wrong::not_a_count}, {count, count, 0, count_max + 1, Wrong::not_a_count},
      {truth, truth, 0, 1, Wrong::nothing},        {truth, number, 1, 0, Wrong::nothing},   {truth, number, 0, 0, Wrong::nothing},     {truth, number, 2, 0, Wrong::kind},
      {text, text, 0, 0, Wrong::nothing},          {text, number, 1, 0, Wrong::kind},       {json, text, 0, 0, Wrong::kind},           {number, json, 0, 0, Wrong::kind},
      {number, number, std::numeric_limits<double>::infinity(), 0, Wrong::not_finite},      {number, number, std::numeric_limits<double>::quiet_NaN(), 0, Wrong::not_finite}};
  for (auto const& one : cases) {
    Stand stand;
    stand.fact.kind = one.stream;
    auto row = stand.row(check_noon, one.number);
    row.kind = one.said;
    row.integer = one.integer;
    EXPECT_EQ(stand.judge(row), one.expected) << name(one.stream) << " said as " << name(one.said) << ' ' << one.number;
    EXPECT_EQ(row.kind, one.expected == Wrong::nothing ? one.stream : one.said);
    EXPECT_EQ(row.number == one.number || std::isnan(one.number) || one.expected == Wrong::nothing, true);
    if (one.expected == Wrong::nothing) continue;
    auto const problem = problem_of(one.expected, row, &stand.fact, stand.source);
    EXPECT_FALSE(problem.text.zh.empty() || problem.text.en.empty() || problem.key.empty());
    EXPECT_EQ(problem.field, "v");
  }
}

TEST(Check, NumbersAreKeptInTheUnitOfTheStream) {
  Stand stand;
  stand.fact.from_device = {.divisor = 10};  // the device says millimetres
  auto row = stand.row(check_noon, 123);
  row.device_words = true;
  EXPECT_EQ(stand.judge(row), Wrong::nothing);
  EXPECT_EQ(row.number, 12.3);
  row = stand.row(check_noon + 1, 123);  // named by its number: in the stream's unit
  EXPECT_EQ(stand.judge(row), Wrong::nothing);
  EXPECT_EQ(row.number, 123);
  Linear const metres{.factor = 100};
  row = stand.row(check_noon + 2, 4);
  row.device_words = true;
  EXPECT_EQ(stand.judge(row, nullptr, &metres), Wrong::nothing);
  EXPECT_EQ(row.number, 400);
  EXPECT_TRUE(has(row.flags, Flag::out_of_range)) << "the range is in the stream's unit";
}

TEST(Check, TheRangeIncludesItsEnds) {
  Stand stand;
  EXPECT_FALSE(has(stand.reading(check_noon, 0), Flag::out_of_range));
  EXPECT_FALSE(has(stand.reading(check_noon + 1, 300), Flag::out_of_range));
  EXPECT_TRUE(has(stand.reading(check_noon + 2, 300.01), Flag::out_of_range));
  EXPECT_TRUE(has(stand.reading(check_noon + 3, -0.01), Flag::out_of_range));
}

TEST(Check, TheSameValueForTooManyReadingsIsStuck) {
  Stand stand;
  stand.fact.stuck_readings = 3;
  std::vector<bool> stuck;
  for (double const value : {5.0, 5.0, 5.0, 5.0, 6.0, 5.0, 5.0, 5.0}) stuck.push_back(has(stand.reading(check_noon + static_cast<std::int64_t>(stuck.size()), value), Flag::stuck));
  EXPECT_EQ(stuck, (std::vector<bool>{false, false, true, true, false, false, false, true}));
}

TEST(Check, TheSameValueForTooLongIsStuck) {
  Stand stand;
  stand.fact.stuck_for = core::Duration(1'000);
  EXPECT_FALSE(has(stand.reading(check_noon, 5), Flag::stuck));
  EXPECT_FALSE(has(stand.reading(check_noon + 999, 5), Flag::stuck));
  EXPECT_TRUE(has(stand.reading(check_noon + 1'000, 5), Flag::stuck));
  EXPECT_FALSE(has(stand.reading(check_noon + 1'001, 5.1), Flag::stuck));
}

TEST(Check, AJumpIsASpikeUnlessThereWasAGap) {
  Stand stand;
  stand.fact.jump_max = 10;
  stand.fact.every = core::Duration(100);
  EXPECT_EQ(stand.reading(check_noon, 5), 0);
  EXPECT_EQ(stand.reading(check_noon + 100, 15), 0);
  EXPECT_EQ(stand.reading(check_noon + 200, 25.1), bit(Flag::spike));
  EXPECT_EQ(stand.reading(check_noon + 501, 80), bit(Flag::gap_before)) << "three intervals and a bit: water had time to rise";
  EXPECT_EQ(stand.reading(check_noon + 801, 85), 0) << "three intervals are no gap yet";
}

TEST(Check, ValuesFarFromTheRecentOnesAreSpikesByTheRobustScore) {
  Stand stand;
  stand.fact.robust_z_max = 3.5;
  std::int64_t at = check_noon;
  for (double const value : {20.0, 20.2, 19.9, 20.1, 20.3, 19.8}) EXPECT_EQ(stand.reading(++at, value), 0);
  EXPECT_EQ(stand.reading(++at, 60), 0) << "six are too few to know";
  EXPECT_EQ(stand.reading(++at, 20.1), 0);
  EXPECT_EQ(stand.reading(++at, 59), 0) << "inside of what was seen";
  EXPECT_EQ(stand.reading(++at, 90), bit(Flag::spike));
  EXPECT_EQ(stand.reading(++at, 20.0), 0);
}

TEST(Check, AFloodAfterADryWeekIsNotCalledBroken) {
  Stand stand;
  stand.fact.robust_z_max = 3.5;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(stand.reading(check_noon + i, 3), 0);
  EXPECT_EQ(stand.reading(check_noon + 20, 22), 0);
}

TEST(Check, LateOnesAreFlaggedAndLeaveTheRestAlone) {
  Stand stand;
  stand.fact.jump_max = 1;
  stand.reading(check_noon, 5);
  auto const before = stand.state;
  EXPECT_EQ(stand.reading(check_noon - 1, 50), bit(Flag::late));
  EXPECT_EQ(stand.reading(check_noon, 6), bit(Flag::duplicate)) << "another value for the same time";
  EXPECT_EQ(stand.reading(check_noon, 5), 0) << "all the same: the store knows";
  EXPECT_EQ(before, stand.state);
}

TEST(Check, TextsAreComparedByTheirBytes) {
  Stand stand;
  stand.fact.kind = ValueKind::text;
  stand.fact.stuck_readings = 2;
  auto const say = [&](std::int64_t at, std::string_view text) {
    auto row = stand.row(at, 0);
    row.kind = ValueKind::text;
    row.text_bytes = static_cast<std::uint32_t>(text.size());
    EXPECT_EQ(stand.judge(row, nullptr, nullptr, text), Wrong::nothing);
    return row.flags;
  };
  EXPECT_EQ(say(check_noon, "open"), 0);
  EXPECT_EQ(say(check_noon + 1, "shut"), 0);
  EXPECT_EQ(say(check_noon + 2, "shut"), bit(Flag::stuck));
  std::string const long_text(result_bytes_max + 1, 'x');
  auto row = stand.row(check_noon, 0);
  row.kind = ValueKind::text;
  row.text_bytes = static_cast<std::uint32_t>(long_text.size());
  EXPECT_EQ(stand.judge(row, nullptr, nullptr, long_text), Wrong::text_length);
}

// However a stream is interleaved with wrong ones, those that are accepted are judged as if the wrong ones had never come.
TEST(Check, WhatIsNotTakenNeverMatters) {
  std::mt19937 random(20'260'712);
  for (int round = 0; round < 200; ++round) {
    Stand with, without;
    for (auto* stand : {&with, &without}) {
      stand->fact.jump_max = 5;
      stand->fact.stuck_readings = 3;
      stand->fact.every = core::Duration(10);
      stand->fact.robust_z_max = 3.5;
    }
    std::int64_t at = check_noon - 10'000;
    for (int i = 0; i < 40; ++i) {
      at += static_cast<std::int64_t>(random() % 50) - 5;
      double const value = static_cast<double>(random() % 8);
      if (random() % 3 == 0) {
        auto wrong = with.row(random() % 2 == 0 ? 0 : check_noon + 1'000'000, value);
        EXPECT_NE(with.judge(wrong), Wrong::nothing);
      }
      EXPECT_EQ(with.reading(at, value), without.reading(at, value));
    }
  }
}

}  // namespace
}  // namespace zhili::sense::ingest
