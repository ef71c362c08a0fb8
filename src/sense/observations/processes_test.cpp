// Several processes with one PostgreSQL, and a server that goes away.

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "sense/observations/store_test_kit.hpp"

namespace zhili::sense::observations::kit {
namespace {

class ObservationProcesses : public testing::Test {
 protected:
  store::Options const options_{.url = test::PostgresCluster::get().new_database()};
  core::ManualTime time_{dawn};
};

TEST_F(ObservationProcesses, NumbersGoOnAfterWhatAnotherPutIntoBlocks) {
  Program here(options_, time_), there(options_, time_);
  std::set<std::int64_t> names;
  std::size_t sent = 0;
  auto const append = [&](Program& program, double value) {
    auto const it = program->append(single(7, dawn + minutes(sent++), value), true);
    ASSERT_TRUE(it) << it.error().detail;
    EXPECT_TRUE(names.insert(it->ids[0]).second) << "a number was given twice";
  };
  for (int round = 0; round < 4; ++round) {
    append(here, 1);
    append(there, 2);
    append(there, 3);
    ASSERT_TRUE(there->compact());  // nothing is left that `here` could read along
    append(here, 4);
    ASSERT_TRUE(here->compact());
    EXPECT_EQ(read_of(*here.store, 7), sent);
    EXPECT_EQ(read_of(*there.store, 7), sent);
  }
}

TEST_F(ObservationProcesses, WhatAnotherPutIntoBlocksIsRecognised) {
  Program here(options_, time_), there(options_, time_);
  ASSERT_TRUE(here->append(single(7, dawn, 1)));
  auto const first = there->append(single(7, dawn + minutes(1), 2), true);
  ASSERT_TRUE(there->compact());
  auto const again = here->append(single(7, dawn + minutes(1), 2), true);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(again->duplicates, 1U);
  EXPECT_EQ(again->ids, first->ids);
}

TEST_F(ObservationProcesses, ARepetitionDoesNotHideWhatAnotherSaid) {
  Program here(options_, time_), there(options_, time_);
  ASSERT_TRUE(here->append(single(7, dawn, 1)));
  ASSERT_TRUE(there->append(single(7, dawn + minutes(1), 2)));
  ASSERT_EQ(here->append(single(7, dawn, 1))->duplicates, 1U);
  EXPECT_EQ(read_of(*here.store, 7), 2U);
}

TEST_F(ObservationProcesses, WhatOneTookAwayDoesNotComeBackFromTheMemoryOfTheOther) {
  Program here(options_, time_), there(options_, time_);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(there->append(single(7, dawn + minutes(i), i)));
  ASSERT_TRUE(there->append(single(8, dawn, 1)));
  ASSERT_EQ(read_of(*here.store, 7), 3U);
  ASSERT_TRUE(here->remove_all(7));
  ASSERT_TRUE(there->compact());
  EXPECT_EQ(read_of(*here.store, 7), 0U);
  EXPECT_EQ(read_of(*there.store, 7), 0U);
  EXPECT_EQ(read_of(*there.store, 8), 1U);
  ASSERT_TRUE(there->append(single(7, dawn + minutes(9), 9)));
  ASSERT_TRUE(there->compact());
  EXPECT_EQ(read_of(*here.store, 7), 1U) << "what is said after that is kept";
}

TEST_F(ObservationProcesses, WhatOneTookAwayIsNotReadFromTheMemoryOfTheOther) {
  Program here(options_, time_), there(options_, time_);
  ASSERT_TRUE(there->append(every_minute(7, dawn, 3)));
  ASSERT_EQ(read_of(*here.store, 7), 3U);
  ASSERT_TRUE(here->remove_all(7));
  EXPECT_EQ(read_of(*there.store, 7), 0U) << "also while nothing new comes";
  EXPECT_FALSE(there->last(7)->has_value());
}

/// What came late has the greater numbers, and goes first.
TEST_F(ObservationProcesses, WhatIsOverDoesNotComeBackFromTheMemoryOfTheOther) {
  Program here(options_, time_), there(options_, time_);
  ASSERT_TRUE(there->append(every_minute(7, dawn, 2)));
  ASSERT_TRUE(there->append(every_minute(7, dawn - days(9), 3)));
  ASSERT_EQ(read_of(*here.store, 7), 5U);
  ASSERT_TRUE(here->compact());
  ASSERT_TRUE(here->roll_up(dawn + days(2)));
  ASSERT_TRUE(here->expire(dawn + days(2), [](std::int64_t) { return Keeping{.raw = days(5)}; }));
  ASSERT_EQ(read_of(*here.store, 7), 2U);
  ASSERT_TRUE(there->compact());
  EXPECT_EQ(read_of(*here.store, 7), 2U);
  EXPECT_EQ(read_of(*Program(options_, time_).store, 7), 2U);
}

TEST_F(ObservationProcesses, WriteAndCompactTogether) {
  Program here(options_, time_), there(options_, time_);
  std::atomic<std::int64_t> next = 0;
  {
    std::vector<std::jthread> all;
    for (auto* program : {&here, &there}) {
      for (int i = 0; i < 2; ++i)
        all.emplace_back([&next, program] {
          for (auto number = next++; number < 80; number = next++) EXPECT_TRUE((*program)->append(known_batch(number)));
        });
      all.emplace_back([&next, program] {
        while (next < 80) EXPECT_TRUE((*program)->compact());
      });
    }
  }
  EXPECT_EQ(check_known(*here.store, 80), 80);
  EXPECT_EQ(check_known(*there.store, 80), 80);
  EXPECT_EQ(check_known(*Program(options_, time_).store, 80), 80);
}

TEST_F(ObservationProcesses, AServerThatGoesAwayLosesNothingAcknowledged) {
  Program program(options_, time_);
  for (std::int64_t number = 0; number < 30; ++number) {
    if (number % 10 == 5) test::PostgresCluster::get().crash_and_restart();
    for (;;) {
      auto const it = program->append(known_batch(number));
      if (it) break;  // sent again until it is acknowledged: what was stored without an answer is recognised
      ASSERT_EQ(it.error().code, core::Errc::unavailable) << it.error().detail;
      std::this_thread::yield();
    }
    if (number % 7 == 0) {
      ASSERT_TRUE(program->compact());
    }
  }
  EXPECT_EQ(check_known(*program.store, 30), 30);
}

}  // namespace
}  // namespace zhili::sense::observations::kit
