// What a clock has promised and used, and when it is due, through its whole life.
#include "respond/clocks.hpp"

#include <gtest/gtest.h>

#include <random>

namespace zhili::respond {
namespace {

using core::Budget;
using core::Clock;
using core::Duration;
using core::Instant;
using core::Unit;

Instant moment(char const* iso) { return core::from_iso(iso).value(); }

core::Calendar china() {
  core::CalendarSpec spec{.code = "cn", .version = "2026", .zone = core::Zone::find("Asia/Shanghai").value()};
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 3600, 12 * 3600}, {13 * 3600, 18 * 3600}};
  return core::Calendar::make(std::move(spec)).value();
}

Clock started(char const* when, Budget budget) {
  Clock clock;
  clock.name = "handle";
  clock.apply(clock.start_step(moment(when), budget));
  return clock;
}

TEST(ClockDue, OfOneThatHasStoppedIsWhenItWouldHaveRunOut) {
  auto const calendar = china();
  auto clock = started("2026-03-02T10:00:00+08:00", Budget::of(Unit::work_hours, 4'000));
  auto const due = due_of(clock, calendar);
  EXPECT_EQ(due, moment("2026-03-02T15:00:00+08:00"));
  clock.apply(clock.stop_step(moment("2026-03-02T11:30:00+08:00"), calendar));
  EXPECT_EQ(due_of(clock, calendar), due);
}

TEST(ClockDue, OfOneThatStopsInTheMomentOfItsStartIsKnownToo) {
  auto const calendar = china();
  auto clock = started("2026-03-02T10:00:00+08:00", Budget::of(Unit::work_hours, 4'000));
  clock.apply(clock.stop_step(moment("2026-03-02T10:00:00+08:00"), calendar));
  EXPECT_EQ(clock.used(moment("2026-03-09T10:00:00+08:00"), calendar), 0);
  EXPECT_EQ(due_of(clock, calendar), moment("2026-03-02T15:00:00+08:00"));
}

TEST(ClockDue, OfOneThatStandsStillIsNotKnown) {
  auto const calendar = china();
  auto clock = started("2026-03-02T10:00:00+08:00", Budget::of(Unit::work_hours, 4'000));
  clock.apply(clock.pause_step(moment("2026-03-02T10:00:00+08:00"), calendar, "rain", "staff:li"));
  EXPECT_FALSE(due_of(clock, calendar));
  clock.apply(clock.resume_step(moment("2026-03-03T09:00:00+08:00")));
  EXPECT_EQ(due_of(clock, calendar), moment("2026-03-03T14:00:00+08:00"));
}

/// Minutes that count, one by one, while it runs.
struct WalkedClock {
  core::Calendar const& calendar;
  Clock clock = {};
  Instant now = moment("2026-03-02T07:00:00+08:00");
  core::Amount counted = 0;

  void wait(std::int64_t minutes) {
    for (; minutes > 0; --minutes) {
      auto const next = now + std::chrono::minutes(1);
      if (clock.state == core::ClockState::running) counted += core::used(Unit::work_hours, now, next, calendar);
      now = next;
    }
  }
  void move(unsigned what) {
    switch (clock.state) {
      case core::ClockState::running:
        if (what == 0) return clock.apply(clock.pause_step(now, calendar, "rain", "staff:li"));
        if (what == 1) return clock.apply(clock.grow_step(now, Budget::of(Unit::work_hours, 1'000).amount, calendar));
        return clock.apply(clock.stop_step(now, calendar));
      case core::ClockState::paused:
        return clock.apply(what == 0 ? clock.stop_step(now, calendar) : clock.resume_step(now));
      default: return clock.apply(clock.resume_step(now));
    }
  }
};

TEST(ClockProperty, UsesWhatItRanAndIsDueWhenTheRestIsUsed) {
  auto const calendar = china();
  std::mt19937 draw(7);
  for (int round = 0; round < 200; ++round) {
    WalkedClock walk{calendar};
    walk.clock = started("2026-03-02T07:00:00+08:00", Budget::of(Unit::work_hours, 30'000));
    for (int step = 0; step < 12; ++step) {
      walk.wait(draw() % 3 == 0 ? 0 : draw() % 600);
      ASSERT_EQ(walk.clock.used(walk.now, calendar), walk.counted);
      ASSERT_EQ(walk.clock.used(walk.now, calendar) + walk.clock.left(walk.now, calendar), walk.clock.budget.amount);
      auto const ran = walk.clock.state == core::ClockState::running ? due_of(walk.clock, calendar) : std::nullopt;
      walk.move(static_cast<unsigned>(draw() % 3));
      if (ran && walk.clock.state == core::ClockState::stopped) {
        ASSERT_EQ(due_of(walk.clock, calendar), ran) << "stopping does not move the end";
      }
      ASSERT_EQ(walk.clock.reproject_step(walk.now, calendar).consumed, walk.clock.state == core::ClockState::running ? walk.clock.consumed : walk.counted);
    }
  }
}

}  // namespace
}  // namespace zhili::respond
