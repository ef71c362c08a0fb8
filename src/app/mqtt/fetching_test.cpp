#include "app/mqtt/fetching.hpp"

#include <gtest/gtest.h>

#include "support/temp_db.hpp"

namespace zhili::app {
namespace {

using namespace std::chrono_literals;
using zhili::test::TempDb;

/// Two processes on one database.
struct Two {
  TempDb db{zhili::test::Engine::postgresql};
  Fetching a{*db, db.time}, b{*db, db.time};
};

TEST(Fetching, OneFetchesFromABrokerAndTheOtherWhenItIsNotHeardOf) {
  Two two;
  EXPECT_TRUE(two.a.take("north").value());
  EXPECT_FALSE(two.b.take("north").value());
  EXPECT_TRUE(two.b.take("south").value()) << "another broker is another's work";
  two.db.time.advance(fetching_lease);
  EXPECT_TRUE(two.b.take("north").value());
  EXPECT_FALSE(two.a.take("north").value());
  two.b.give_back("north");
  EXPECT_TRUE(two.a.take("north").value());
}

/// The rules run in `b`, and `a` fetches: after a power cut both begin, and ten minutes wait at the broker.
TEST(Fetching, WhatAnotherHasNotReadYetHoldsTheRulesHere) {
  Two two;
  two.b.is_elsewhere(false);
  EXPECT_FALSE(two.b.all_is_here()) << "who fetches is not known yet";
  ASSERT_TRUE(two.a.take("north").value());
  two.b.is_elsewhere(true);
  EXPECT_FALSE(two.b.all_is_here());
  two.a.says("north", false, 1'000);
  two.db.time.advance(fetching_renewed);
  EXPECT_FALSE(two.b.all_is_here());
  two.a.says("north", true, 0);
  two.db.time.advance(fetching_renewed);
  EXPECT_TRUE(two.b.all_is_here());
  EXPECT_TRUE(two.a.all_is_here());
  two.a.says("north", false, 5);
  two.db.time.advance(fetching_renewed);
  EXPECT_FALSE(two.b.all_is_here());
}

TEST(Fetching, WhoeverWasKilledHoldsTheRulesForAMinuteAtMost) {
  Two two;
  ASSERT_TRUE(two.a.take("north").value());
  two.a.says("north", true, 0);
  EXPECT_TRUE(two.b.all_is_here());
  two.db.time.advance(fetching_lease);
  EXPECT_FALSE(two.b.all_is_here()) << "nobody says any more that nothing waits";
  two.db.time.advance(backlog_waited_for);
  EXPECT_TRUE(two.b.all_is_here());
  ASSERT_TRUE(two.a.take("north").value());
  two.a.give_back("north");
  two.db.time.advance(backlog_waited_for + fetching_renewed);
  EXPECT_TRUE(two.b.all_is_here());
}

TEST(Fetching, ABrokerThatIsNotWaitedForAnyMoreHoldsNobody) {
  Two two;
  ASSERT_TRUE(two.a.take("north").value());
  two.b.is_elsewhere(true);
  two.a.says("north", false, 7);
  two.db.time.advance(backlog_waited_for + 1ms);
  ASSERT_TRUE(two.a.take("north").value());
  two.a.says("north", false, 7);
  EXPECT_TRUE(two.a.all_is_here());
  EXPECT_TRUE(two.b.all_is_here());
}

TEST(Fetching, WithOneFileEverythingIsOnesOwn) {
  TempDb db{zhili::test::Engine::sqlite};
  Fetching own(*db, db.time);
  EXPECT_TRUE(own.all_is_here()) << "there is no broker";
  own.is_elsewhere(false);
  EXPECT_FALSE(own.all_is_here());
  EXPECT_TRUE(own.take("north").value());
  own.says("north", true, 0);
  EXPECT_TRUE(own.all_is_here());
}

}  // namespace
}  // namespace zhili::app
