// What is left of readings whose time is over, and what counts when some were corrected, removed, or came too late.

#include <gtest/gtest.h>

#include "sense/observations/store_test_kit.hpp"

namespace zhili::sense::observations::kit {
namespace {

class ObservationExpiry : public OnEngine {};
INSTANTIATE_TEST_SUITE_P(Both, ObservationExpiry, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& it) { return test::name_of(it.param); });

TEST_P(ObservationExpiry, AnEmptiedStreamCountsFromNothing) {
  Program program(options(), time_);
  ASSERT_TRUE(program->append(every_minute(7, dawn, 3)));
  ASSERT_TRUE(program->remove_all(7));
  EXPECT_EQ(count_of(*program.store, 7), 0);
  ASSERT_TRUE(program->append(every_minute(7, dawn, 2)));
  EXPECT_EQ(count_of(*program.store, 7), 2);
  ASSERT_TRUE(program->compact());
  EXPECT_EQ(count_of(*program.store, 7), 2);
  EXPECT_EQ(read_of(*program.store, 7), 2U);
}

TEST_P(ObservationExpiry, CorrectionsAndRemovalsGoWhenTheirTimeIsOver) {
  Program program(options(), time_);
  auto const ids = program->append(every_minute(7, dawn, 10), true)->ids;
  ASSERT_TRUE(program->compact());
  auto corrected = **program->find(unpacked(ids[3]));
  corrected.value.number = 55;
  ASSERT_TRUE(program->amend(corrected));
  ASSERT_TRUE(program->remove(unpacked(ids[5])));
  ASSERT_TRUE(program->roll_up(dawn + days(3)));
  ASSERT_TRUE(program->expire(dawn + days(40), [](auto) { return Keeping{.raw = days(30)}; }));
  EXPECT_EQ(read_of(*program.store, 7), 0U);
  EXPECT_EQ(count_of(*program.store, 7), 0);
  EXPECT_FALSE(*program->find(corrected.id));
  auto const later = program->append(every_minute(7, dawn + days(40), 4), true);
  ASSERT_TRUE(later);
  EXPECT_GT(later->ids.front(), ids.back());
  EXPECT_EQ(count_of(*program.store, 7), 4);
  ASSERT_TRUE(program->compact());
  EXPECT_EQ(count_of(*program.store, 7), 4);
}

TEST_P(ObservationExpiry, WhatIsOverIsDrawnFromFiguresOfEveryStep) {
  Program program(options(), time_);
  constexpr int all = 3 * minutes_of_a_day;
  ASSERT_TRUE(program->append(every_minute(7, dawn, all)));
  ASSERT_TRUE(program->compact());
  ASSERT_EQ(*program->roll_up(dawn + days(5)), 3U);
  ASSERT_TRUE(program->expire(dawn + days(40), [](auto) { return Keeping{.raw = days(30), .minute = days(100), .hour = days(400)}; }));
  ASSERT_EQ(read_of(*program.store, 7), 0U);
  auto const until = dawn + days(3);
  EXPECT_EQ(drawn(*program.store, 7, dawn, until, 1, Step::day), all);
  EXPECT_EQ(drawn(*program.store, 7, dawn, until, 72, Step::hour), all);
  EXPECT_EQ(drawn(*program.store, 7, dawn, until, 5'000, Step::minute), all) << "figures of minutes are kept longer than readings";
}

TEST_P(ObservationExpiry, WhatComesAfterItsTimeIsOverErasesNoFigures) {
  Program program(options(), time_);
  ASSERT_TRUE(program->append(every_minute(7, dawn, minutes_of_a_day)));
  ASSERT_TRUE(program->compact());
  ASSERT_TRUE(program->roll_up(dawn + days(3)));
  auto const keeping = [](auto) { return Keeping{.raw = days(30)}; };
  ASSERT_TRUE(program->expire(dawn + days(40), keeping));
  ASSERT_TRUE(program->append(single(7, dawn + seconds(30), 1'000)));
  ASSERT_TRUE(program->compact());
  ASSERT_TRUE(program->roll_up(dawn + days(40)));
  ASSERT_TRUE(program->expire(dawn + days(41), keeping));
  EXPECT_GE(drawn(*program.store, 7, dawn, dawn + days(1), 12, Step::hour), std::int64_t{minutes_of_a_day});
}

TEST_P(ObservationExpiry, LateReadingsAreInFiguresAtOnce) {
  Program program(options(), time_);
  ASSERT_TRUE(program->append(every_minute(7, dawn, minutes_of_a_day)));
  ASSERT_TRUE(program->compact());
  ASSERT_TRUE(program->roll_up(dawn + days(3)));
  ASSERT_TRUE(program->append(single(7, dawn + seconds(30), 1'000)));
  EXPECT_EQ(drawn(*program.store, 7, dawn, dawn + days(1), 12, Step::hour), minutes_of_a_day + 1);
  ASSERT_TRUE(program->compact());
  EXPECT_EQ(drawn(*program.store, 7, dawn, dawn + days(1), 12, Step::hour), minutes_of_a_day + 1);
}

TEST_P(ObservationExpiry, WhatWasRemovedStaysSoWhileItsDayWaitsForFigures) {
  Program program(options(), time_);
  auto const ids = program->append(every_minute(7, dawn, 10), true)->ids;
  ASSERT_TRUE(program->compact());
  ASSERT_TRUE(program->remove(unpacked(ids[5])));
  auto const keeping = [](auto) { return Keeping{.raw = days(30)}; };
  ASSERT_TRUE(program->expire(dawn + days(40), keeping));  // before anybody made figures
  EXPECT_EQ(read_of(*program.store, 7), 9U);
  ASSERT_TRUE(program->roll_up(dawn + days(40)));
  ASSERT_TRUE(program->expire(dawn + days(40), keeping));
  EXPECT_EQ(read_of(*program.store, 7), 0U);
  EXPECT_EQ(drawn(*program.store, 7, dawn, dawn + days(1), 1, Step::day), 9);
}

TEST_P(ObservationExpiry, FiguresOfMinutesGoWhenTheirTimeIsOver) {
  Program program(options(), time_);
  ASSERT_TRUE(program->append(every_minute(7, dawn, 2 * minutes_of_a_day)));
  ASSERT_TRUE(program->compact());
  ASSERT_TRUE(program->roll_up(dawn + days(3)));
  auto const keeping = [](auto) { return Keeping{.raw = days(30), .minute = days(60), .hour = days(90)}; };
  auto const points = [&] { return program->series(7, dawn, dawn + days(2), 5'000, minutes(0))->points.size(); };
  ASSERT_TRUE(program->expire(dawn + days(40), keeping));
  EXPECT_EQ(points(), static_cast<std::size_t>(2 * minutes_of_a_day));
  ASSERT_TRUE(program->expire(dawn + days(70), keeping));
  EXPECT_EQ(points(), 48U) << "only the hours are left";
  ASSERT_TRUE(program->expire(dawn + days(100), keeping));
  EXPECT_EQ(points(), 0U);
}

}  // namespace
}  // namespace zhili::sense::observations::kit
