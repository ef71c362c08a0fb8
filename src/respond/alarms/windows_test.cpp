// Alarms in maintenance windows: kept and counted, and given back at the end.
#include <thread>

#include "respond/alarms/alarm_test_kit.hpp"

namespace zhili::respond::alarms {
namespace {

using namespace std::chrono_literals;
using kit::at;
using rules::TransitionKind;
using testing::ElementsAre;
using testing::HasSubstr;

class AlarmWindows : public kit::AlarmTest {};
INSTANTIATE_TEST_SUITE_P(Engines, AlarmWindows, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(AlarmWindows, InAWindowAlarmsAreKeptAndCountedAndStillStandingAtItsEndAreRaisedThen) {
  raise(3);  // before
  auto const before = alarm_of("thing:3");
  auto const its_case = case_of(before);
  set_window({.device_type = "water-gauge"}, 1h, 3h);
  EXPECT_EQ(state(before).state, State::raised) << "not yet";
  later(1h);
  EXPECT_EQ(state(before).state, State::suppressed);
  raise(1);
  raise(2);
  auto const one = alarm_of("thing:1"), two = alarm_of("thing:2");
  EXPECT_EQ(state(one).state, State::suppressed);
  EXPECT_EQ(state(one).times, 1);
  EXPECT_EQ(case_of(one), 0) << "no case";
  auto const counts = db_->read([](store::Reader& r) { return count_alarms(r, {.sights = {{}}}); }).value();
  EXPECT_EQ(counts.of(State::suppressed), 3) << "counted";
  EXPECT_EQ(counts.of(Severity::major), 0) << "and nobody is bothered";
  clear(2);
  later(2h);
  EXPECT_EQ(state(two).state, State::cleared);
  EXPECT_EQ(case_of(two), 0) << "it came and went";
  EXPECT_EQ(state(one).state, State::raised);
  EXPECT_NE(case_of(one), 0);
  EXPECT_EQ(state(before).state, State::raised);
  EXPECT_EQ(case_of(before), its_case);
  EXPECT_EQ(number("SELECT count(*) FROM maintenance WHERE finished = 0"), 0);
  EXPECT_THAT(story(one), ElementsAre(HasSubstr("in a maintenance window, suppressed until"), "Suppression is over, and it stands", "Reported; a case is open"));
}

TEST_P(AlarmWindows, AWindowThatEndsEarlyOrIsFollowedByAnother) {
  auto const first = set_window({.thing = 1}, 0h, 5h);
  raise(1);
  auto const alarm = alarm_of("thing:1");
  EXPECT_EQ(state(alarm).suppression->window, first);
  auto const second = set_window({.rule = "ponding-deep", .area = "370402001"}, 0h, 2h);
  EXPECT_EQ(state(alarm).suppression->window, first) << "the one that ends last holds";
  auto const ended = db_->write([&](store::Writer& w) { return city_->desk.end_window(w, first, "done", "staff:lin"); });
  ASSERT_TRUE(ended);
  run();
  EXPECT_EQ(state(alarm).suppression->window, second) << "another one goes on";
  EXPECT_EQ(db_->write([&](store::Writer& w) { return city_->desk.end_window(w, first, "", "staff:lin"); }).error().key, "maintenance.over");
  later(2h);
  EXPECT_EQ(state(alarm).state, State::raised);
  auto const never = set_window({.place = "U"}, 1h, 2h);
  ASSERT_TRUE(db_->write([&](store::Writer& w) { return city_->desk.end_window(w, never, "not needed", "staff:lin"); }));
  later(90min);
  EXPECT_EQ(state(alarm).state, State::raised);
}

TEST_P(AlarmWindows, WhatAWindowSuppressedBeforeItsBeginningWasSeenToIsGivenBack) {
  auto const window = set_window({.thing = 1}, 1h, 3h);
  db_.time.advance(90min);  // it is open by the clock, and run_due() was not called since
  take({says(TransitionKind::raise, 1)});
  auto const alarm = alarm_of("thing:1");
  EXPECT_EQ(state(alarm).state, State::suppressed);
  ASSERT_TRUE(db_->write([&](store::Writer& w) { return city_->desk.end_window(w, window, "rained off", "staff:lin"); }));
  run();
  EXPECT_EQ(state(alarm).state, State::raised);
  EXPECT_NE(case_of(alarm), 0);
  EXPECT_EQ(number("SELECT count(*) FROM maintenance WHERE finished = 0"), 0);
}

TEST_P(AlarmWindows, AProgramThatWasDownForAWholeWindowLeavesNothingSuppressed) {
  raise(1);
  set_window({.thing = 1}, 1h, 3h);
  db_.time.advance(2h);
  take({says(TransitionKind::raise, 3)});
  take({says(TransitionKind::fault, 1)});
  later(2h);
  EXPECT_EQ(state("thing:1").state, State::raised);
  EXPECT_EQ(state("thing:1", std::string(fault_rule)).state, State::raised);
  EXPECT_EQ(number("SELECT count(*) FROM alarm WHERE state = 3"), 0);
}

TEST_P(AlarmWindows, AnAlarmThatCannotBeReadDoesNotStopTheOthers) {
  raise(1);
  take({says(TransitionKind::raise, 3)});
  ASSERT_TRUE(db_->write([&](store::Writer& w) { w.exec("UPDATE alarm SET finding = '[' WHERE subject = 'thing:1'"); }));
  ASSERT_TRUE(db_->write([&](store::Writer& w) { return city_->desk.set_window(w, {.scope = {.thing = 7}, .begins = w.now(), .ends = w.now() + 1h, .reason = "x", .by = "staff:lin"}); }));
  EXPECT_FALSE(city_->desk.run_due(db_.time.now(), 100)) << "it is said";
  EXPECT_NE(case_of(alarm_of("thing:3")), 0) << "and the others follow";
}

TEST_P(AlarmWindows, OneThatSomebodySuppressedIsRaisedAtTheEnd) {
  raise(1);
  auto const alarm = alarm_of("thing:1");
  auto const until = [&](core::Duration from_now) { return Command{.verb = Verb::suppress, .reason = "the road is closed", .suppression = Suppression{db_.time.now() + from_now, 0}}; };
  EXPECT_EQ(does(alarm, until(-1h)), "alarm.until");
  EXPECT_EQ(does(alarm, until(24h * 365)), "alarm.until");
  EXPECT_EQ(does(alarm, until(1h)), "");
  later(30min);
  EXPECT_EQ(state(alarm).state, State::suppressed);
  EXPECT_EQ(does(alarm, until(1h)), "") << "longer";
  later(40min);
  EXPECT_EQ(state(alarm).state, State::suppressed);
  later(30min);
  EXPECT_EQ(state(alarm).state, State::raised);
  EXPECT_EQ(number("SELECT count(*) FROM alarm_due"), 0);
}

TEST_P(AlarmWindows, AWindowSaysWhatIsWrongWithIt) {
  auto const refused = [&](Window wanted) {
    wanted.by = "staff:lin";
    auto const done = db_->write([&](store::Writer& w) { return city_->desk.set_window(w, wanted); });
    return done ? std::string() : done.error().key + " " + done.error().field;
  };
  auto const now = db_.time.now();
  EXPECT_EQ(refused({.scope = {.area = "37"}, .begins = now, .ends = now + 1h, .reason = "x"}), "maintenance.scope thing");
  EXPECT_EQ(refused({.scope = {.thing = 1}, .begins = now, .ends = now, .reason = "x"}), "maintenance.ends ends");
  EXPECT_EQ(refused({.scope = {.thing = 1}, .begins = now - 2h, .ends = now - 1h, .reason = "x"}), "maintenance.ends ends");
  EXPECT_EQ(refused({.scope = {.thing = 1}, .begins = now, .ends = now + 24h * 100, .reason = "x"}), "maintenance.ends ends");
  EXPECT_EQ(refused({.scope = {.thing = 1}, .begins = now, .ends = now + 1h}), "maintenance.reason reason");
  EXPECT_EQ(db_->write([&](store::Writer& w) { return city_->desk.end_window(w, 12345, "", "staff:lin"); }).error().key, "maintenance.unknown");
}

}  // namespace
}  // namespace zhili::respond::alarms
