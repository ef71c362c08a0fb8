#include "respond/rules/replay.hpp"

#include <gtest/gtest.h>

#include "respond/rules/engine_test_kit.hpp"

namespace zhili::respond::rules {
namespace {

constexpr auto start = core::from_ms;

/// Readings by stream, a minute apart.
class Written final : public Past {
 public:
  core::Result<> each(std::int64_t stream, core::Instant from, core::Instant until, std::function<bool(Reading const&)> const& visit) const override {
    for (auto const& one : readings)
      if (one.stream == stream && one.at_ms >= core::to_ms(from) && one.at_ms < core::to_ms(until) && !visit(one)) break;
    return {};
  }
  void add(std::int64_t stream, std::vector<double> const& values) {
    for (std::size_t i = 0; i < values.size(); ++i) readings.push_back({.stream = stream, .at_ms = test::monday_ms + static_cast<std::int64_t>(i) * 60'000, .value = values[i]});
  }
  std::vector<Reading> readings;
};

struct History {
  History() {
    past.add(1, {5, 20, 30, 4, 5, 20, 20});
    past.add(2, {5, 5, 5, 5});
    past.add(3, {5, 5, 99, 5});
  }
  core::Result<Replayed> run(std::string const& keys, core::Instant until = start(test::monday_ms + 10 * 60'000)) const {
    return replay(test::rule_of(keys), streams, {}, past, start(test::monday_ms), until);
  }
  std::vector<StreamOf> streams{{1, 11, "", "water-level", ""}, {2, 12, "", "water-level", ""}, {3, 13, "", "rainfall", ""}};
  Written past;
};

TEST(RuleReplay, SaysHowOftenItWouldHaveFiredAndWhen) {
  auto const out = History().run("watch: water-level\nseverity: minor\nraise: value > 15 cm\nescalate: to critical when value > 25 cm").value();
  EXPECT_EQ(out.subjects, 2U);
  EXPECT_EQ(out.concerned, 1U);
  EXPECT_EQ(out.fired, 2U);
  EXPECT_EQ(out.readings, 11U);
  ASSERT_EQ(out.times.size(), 2U);
  EXPECT_EQ(core::to_ms(out.times[0].at), test::monday_ms + 60'000);
  EXPECT_EQ(core::to_ms(*out.times[0].until), test::monday_ms + 180'000);
  EXPECT_EQ(out.times[0].severity, Severity::critical);
  EXPECT_EQ(out.times[0].value, 20);
  EXPECT_EQ(out.times[0].unit, "cm");
  EXPECT_EQ(out.times[0].thing, 11);
  EXPECT_FALSE(out.times[1].until) << "it stands at the end";
}

TEST(RuleReplay, NothingAfterTheEndCounts) {
  EXPECT_EQ(History().run("watch: water-level\nraise: value > 15 cm for 3 min", start(test::monday_ms + 7 * 60'000)).value().fired, 0U);
  EXPECT_EQ(History().run("watch: water-level\nraise: value > 15 cm for 3 min", start(test::monday_ms + 9 * 60'000)).value().fired, 1U);
}

/// A gauge that speaks a hundred times a second: over the limit for every ten seconds.
class Quick final : public Past {
 public:
  core::Result<> each(std::int64_t stream, core::Instant from, core::Instant until, std::function<bool(Reading const&)> const& visit) const override {
    std::size_t held = 0;
    for (auto at = core::to_ms(from); at < core::to_ms(until); at += 10) {
      most_held = std::max(most_held, ++held);
      if (!visit({.stream = stream, .at_ms = at, .value = at - test::monday_ms == 7'000'000 ? 20.0 : 5.0})) break;
    }
    return {};
  }
  mutable std::size_t most_held = 0;
};

TEST(RuleReplay, WhatIsTooMuchForMemoryIsReadPieceByPiece) {
  Quick const past;
  std::vector<StreamOf> const streams{{1, 11, "", "water-level", ""}};
  int asked = 0;
  auto const out = replay(test::rule_of("watch: water-level\nraise: max(water-level, 20 min) > 15 cm"), streams, {}, past, start(test::monday_ms), start(test::monday_ms + 3 * 3'600'000), [&](std::size_t, std::size_t) { return ++asked > 0; }).value();
  EXPECT_EQ(out.readings, 3U * 360'000);
  EXPECT_LE(past.most_held, replay_held_max + 1);
  EXPECT_GT(asked, 3) << "it can be ended between two pieces";
  ASSERT_EQ(out.fired, 1U);
  EXPECT_EQ(core::to_ms(out.times[0].at) - test::monday_ms, 7'000'000);
  EXPECT_EQ(core::to_ms(*out.times[0].until) - test::monday_ms, 7'000'000 + 20 * 60'000);
  EXPECT_EQ(out.concerned, 1U);
}

TEST(RuleReplay, ABadSpanIsRefused) {
  History const history;
  EXPECT_EQ(history.run("watch: water-level\nraise: value > 15 cm", start(test::monday_ms)).error().key, "replay.from");
  EXPECT_EQ(history.run("watch: water-level\nraise: value > 15 cm", start(test::monday_ms) + std::chrono::days(400)).error().key, "replay.span");
}

TEST(RuleReplay, CanBeEnded) {
  History const history;
  auto const out = replay(test::rule_of("watch: water-level\nraise: value > 15 cm"), history.streams, {}, history.past, start(test::monday_ms), start(test::monday_ms + 600'000), [](std::size_t done, std::size_t) { return done == 0; });
  EXPECT_EQ(out.error().key, "replay.ended");
}

TEST(RuleReplay, FaultsAndSubjectsThatStopAreCounted) {
  History history;
  EXPECT_EQ(history.run("watch: water-level\nraise: value > 150 cm\nfault: no data for 5 min", start(test::monday_ms + 30 * 60'000)).value().faults, 2U);
  history.past.readings.back().stream = 1;
  history.past.readings.back().at_ms += 6 * 60'000;
  history.past.readings.back().type = ValueType::text;
  auto const out = history.run("watch: water-level\nraise: value > 15 cm").value();
  EXPECT_EQ(out.broken, 1U);
  EXPECT_TRUE(out.broken_why);
}

}  // namespace
}  // namespace zhili::respond::rules
