// How the keeper reads along: more than a step takes in, many small batches, two processes.

#include <gtest/gtest.h>

#include "respond/rules/keeper.hpp"
#include "respond/rules/keeper_test_kit.hpp"

namespace zhili::respond::rules {
namespace {

using test::DbEngine;
using test::Place;
using zhili::test::name_of;

class KeeperReads : public testing::TestWithParam<DbEngine> {};
INSTANTIATE_TEST_SUITE_P(Databases, KeeperReads, testing::Values(DbEngine::sqlite, DbEngine::postgresql), [](auto const& one) { return name_of(one.param); });

constexpr char const* with_a_limit = "watch: water-level\nraise: value > 15 cm\nclear: value < 5 cm";

TEST_P(KeeperReads, WhatIsFetchedAndNotTakenInYetCountsOnce) {
  Place place(GetParam());
  place.rule(with_a_limit);
  place.gauges(3);
  auto keeper = place.keeper();
  Place::settle(*keeper);
  // More than a step takes in, in fewer batches than it fetches.
  constexpr std::size_t batches = 20, in_each = 6'000;
  for (std::size_t i = 0; i < batches; ++i) {
    std::vector<std::pair<std::int64_t, double>> values(in_each, {4, 1});  // no rule looks at this one
    values.emplace_back(1, i % 2 == 0 ? 20 : 4);
    place.reads(values, std::chrono::minutes(20));  // so seldom that it does not flap
  }
  EXPECT_TRUE(keeper->step().value());
  EXPECT_LT(keeper->position(), place.stored.position());
  Place::settle(*keeper);
  EXPECT_EQ(keeper->position(), place.stored.position());
  EXPECT_EQ(keeper->counts().readings, batches * (in_each + 1));
  EXPECT_EQ(place.found().size(), batches);
}

/// A device that speaks for itself sends one reading in a batch. Each transaction costs a write to the disk, so they are not to be as many as the batches.
TEST_P(KeeperReads, WhatManySmallBatchesSayIsWrittenTogether) {
  Place place(GetParam());
  place.rule("watch: water-level\nraise: value > 15 cm");
  constexpr int many = 200;
  place.gauges(many);
  auto const keeper = place.keeper();
  Place::settle(*keeper);
  for (int i = 1; i <= many; ++i) place.reads({{i, 20}}, std::chrono::milliseconds(1));
  ASSERT_TRUE(keeper->step());
  EXPECT_EQ(place.found().size(), std::size_t{many});
  EXPECT_EQ(place.db->read([](store::Reader& r) { return r.value<std::int64_t>("SELECT count(*) FROM rule_journal"); }).value(), 1);
}

/// Killed while water stood for a minute; ten minutes later the broker still holds what the gauge said a minute after that. Another gauge, which sends by
/// another way, is there at once, and before the last message of the broker is: none of them lets time pass for the first.
TEST_P(KeeperReads, WhatWaitsAtABrokerIsReadBeforeTimePasses) {
  for (bool const waits : {true, false}) {
    Place place(GetParam());
    place.rule("watch: water-level\nraise: value > 15 cm for 3 min\nclear: value < 5 cm\nfault: no data for 20 min");
    place.gauges(2);
    place.all_is_here = [&] { return !waits; };
    auto const keeper = place.keeper();
    Place::settle(*keeper);
    place.reads({{1, 20}, {2, 1}});
    Place::settle(*keeper);
    place.db.time.advance(std::chrono::minutes(10));
    place.reads({{2, 1}}, std::chrono::milliseconds(1));
    Place::settle(*keeper);
    EXPECT_EQ(place.found().size(), waits ? 0U : 1U) << "the alarm, or not yet";
    if (!waits) continue;
    EXPECT_GT(keeper->wait(), core::Duration(1)) << "it does not turn in circles";
    place.stored.batches.push_back({.position = place.stored.position() + 1, .received = place.db.time.now() - std::chrono::minutes(9), .readings = {{.stream = 1, .at_ms = core::to_ms(place.db.time.now()) - 9 * 60'000, .value = 2}}});
    place.reads({{2, 1}}, std::chrono::milliseconds(1));
    place.all_is_here = [asked = 0]() mutable { return asked++ > 0; };
    auto const next = place.keeper();
    ASSERT_TRUE(keeper->stop());
    Place::settle(*next);
    Place::settle(*next);
    for (auto const& found : place.found()) EXPECT_EQ(found.find("raised"), std::string::npos) << found;
  }
}

TEST(KeeperOfTwo, OneProcessRunsTheRulesAndTheOtherTakesOver) {
  Place place(DbEngine::postgresql);
  place.rule(with_a_limit);
  place.gauges(2);
  auto const first = place.keeper("first"), second = place.keeper("second");
  Place::settle(*first);
  Place::settle(*second);
  EXPECT_TRUE(first->is_running());
  EXPECT_FALSE(second->is_running());
  place.reads({{1, 20}}, std::chrono::seconds(1));
  Place::settle(*first);
  place.reads({{2, 20}}, std::chrono::seconds(10));  // the first stands still
  Place::settle(*second);
  EXPECT_TRUE(second->is_running());
  EXPECT_EQ(place.found().size(), 2U);
  place.reads({{1, 2}}, std::chrono::seconds(1));
  EXPECT_EQ(first->step().value(), false);
  EXPECT_FALSE(first->is_running()) << "what it would have written is not";
  Place::settle(*second);
  EXPECT_EQ(place.found().size(), 3U);
  ASSERT_TRUE(second->stop());
  Place::settle(*first);
  EXPECT_TRUE(first->is_running());
}

}  // namespace
}  // namespace zhili::respond::rules
