// Walks every state that a signal can reach by any command of anybody, and holds what its life promises.
#include <gtest/gtest.h>

#include <deque>
#include <iostream>
#include <map>
#include <set>
#include <tuple>

#include "respond/cases/case_test_kit.hpp"
#include "respond/cases/table.hpp"
#include "respond/signals/signal.hpp"

namespace zhili::respond {
namespace {

using namespace kit;
using core::EventKind;

constexpr Id own_case = 7;
constexpr Id other_case = 9;
constexpr Id other_report = 5;

catalogue::Item checked_item() {
  auto out = item();
  auto& condition = out.conditions.front();
  condition.check.before = catalogue::Occasion::citizen_reports;
  condition.clocks.push_back(
      {catalogue::Phase::check, "check", {"核实", "Check"}, core::Budget::of(core::Unit::work_hours, 4000)});
  return out;
}

/// What of a state decides about its future; dates and amounts are tried soon and late.
auto abstraction(SignalState const& s) {
  bool const runs = std::ranges::any_of(s.clocks, [](core::Clock const& c) { return c.running_since.has_value(); });
  return std::tuple(s.stage, s.checked, s.released, s.stood.empty() ? Stage::none : s.stood.front().stage, s.stood.size(), s.case_id,
                    s.apart.empty(), s.rejected_by, s.appeal ? s.appeal->by : "", s.appeal ? s.appeal->upheld : std::nullopt, s.withheld.empty(),
                    s.released_by, s.release_appeal ? s.release_appeal->by : "", s.release_appeal ? s.release_appeal->upheld : std::nullopt, runs,
                    !s.clocks.expired.empty());
}

std::vector<Actor> everybody() {
  Roles const centre{Role::collector, Role::acceptor, Role::dispatcher, Role::supervisor, Role::evaluator};
  return {person("amy", centre, "centre"), person("eve", centre, "supervision"),
          person("han", {Role::handler, Role::handler_lead}, "drainage"),
          reporter, passer_by, clockwork, importer};
}

std::vector<SignalCommand> every_command() {
  std::vector<SignalCommand> all;
  for (std::size_t i = 0; i < verb_count; ++i)
    for (auto const found : {Found::found, Found::not_found, Found::unable})
      for (bool const upheld : {false, true}) {
        SignalCommand c{.verb = static_cast<Verb>(i), .found = found, .upheld = upheld, .reason = "because"};
        if (c.verb != Verb::check && found != Found::found) continue;
        if (c.verb != Verb::decide_rejection && c.verb != Verb::decide_release && c.verb != Verb::release && upheld) continue;
        if (c.verb == Verb::release && upheld) c.withheld = {"words"};
        c.photos = both_photos;
        c.into = c.verb == Verb::join ? other_case : 0;
        c.clock = "check";
        c.rule = "a pack's rule";
        c.other = c.verb == Verb::tell_apart ? other_report : 0;
        all.push_back(c);
      }
  return all;
}

struct Walk {
  catalogue::Item item = checked_item();
  core::Calendar calendar = core::Calendar::always();
  Policy policy = {};
  std::vector<Actor> people = everybody();
  std::vector<SignalCommand> commands = every_command();
  std::set<decltype(abstraction(SignalState{}))> seen = {};
  std::deque<std::pair<SignalState, core::Instant>> ahead = {};
  std::set<std::pair<Verb, Stage>> moves = {};
  std::set<Verb> verbs = {};

  SignalState begin(core::Instant at) const {
    SignalEvent const received{.kind = EventKind::signal_received, .at = at, .actor = "citizen", .item = item.code};
    return apply(SignalState{.id = 1}, received);
  }

  void run() {
    auto const start = at("2026-03-02T01:00:00Z");
    ahead.emplace_back(begin(start), start);
    while (!ahead.empty() && !::testing::Test::HasFailure()) {
      auto const [state, since] = std::move(ahead.front());
      ahead.pop_front();
      for (auto const now : {since + std::chrono::minutes{1}, since + std::chrono::hours{24 * 800}})
        for (auto const& command : commands)
          for (auto const& actor : people) step(state, command, actor, now);
    }
  }

  void step(SignalState const& before, SignalCommand const& command, Actor const& actor, core::Instant now) {
    SignalContext const context{.actor = actor, .now = now, .item = item, .calendar = calendar, .policy = policy,
                                .own_case_untouched = true, .case_to_join = command.into != before.case_id};
    auto event = decide(before, command, context);
    if (!event) {
      EXPECT_FALSE(event.error().text.zh.empty() || event.error().text.en.empty());
      return;
    }
    if (command.verb == Verb::register_case) event->case_id = own_case;
    auto const back = decode_signal(event->kind, event->at, event->actor, encode(*event));
    EXPECT_TRUE(back && *back == *event) << encode(*event);
    auto after = apply(before, *event);
    hold(before, after, command, actor, context);
    verbs.insert(command.verb);
    if (seen.insert(abstraction(after)).second) ahead.emplace_back(std::move(after), now);
  }

  void hold(SignalState const& before, SignalState const& after, SignalCommand const& command, Actor const& actor,
            SignalContext const& context) {
    auto const where = std::string(name(before.stage)) + " " + std::string(name(command.verb)) + " by " + actor.ref;
    EXPECT_EQ(after.version, before.version + 1) << where;
    for (auto const& clock : after.clocks) {
      EXPECT_EQ(clock.running_since.has_value(), after.stage == Stage::checking) << where;
      EXPECT_EQ(clock.used(context.now, context.calendar) + clock.left(context.now, context.calendar), clock.budget.amount);
    }
    EXPECT_EQ(after.stage == Stage::merged, !after.stood.empty()) << where;
    if (command.verb == Verb::split) {
      EXPECT_EQ(after.stage, before.stood.front().stage) << where;
      EXPECT_EQ(after.case_id, before.stood.front().case_id) << where;
    }
    if (command.verb == Verb::decide_rejection) {
      EXPECT_NE(before.rejected_by, actor.ref) << where;
      EXPECT_NE(before.appeal->by, actor.ref) << where;
    }
    if (command.verb == Verb::decide_release) {
      EXPECT_NE(before.released_by, actor.ref) << where;
      EXPECT_NE(before.release_appeal->by, actor.ref) << where;
    }
    if (before.released) {
      EXPECT_TRUE(after.released) << where << ": what was public is not public any more";
    }
    if (after.stage == Stage::archived) {
      EXPECT_FALSE(after.appeal && !after.appeal->upheld) << where;
    }
    // What can only end by itself has a timer for it.
    auto const due = timers_of(after, context);
    if (after.stage == Stage::rejected && !(after.appeal && !after.appeal->upheld)) {
      EXPECT_EQ(std::ranges::count(due, TimerKind::signal_archive, &Due::kind), 1) << where;
    }
    if (after.stage == Stage::checking && after.clocks.expired.empty()) {
      EXPECT_EQ(std::ranges::count(due, TimerKind::signal_clock, &Due::kind), 1) << where;
    }
    bool const in_table = std::ranges::any_of(rows(), [&](Row const& row) {
      return row.subject == Subject::signal && row.verb == command.verb && row.from.has(before.stage) &&
             row.who.meets(actor.roles) && (row.to != To::stage || row.stage == after.stage);
    });
    EXPECT_TRUE(in_table) << where << " went to " << name(after.stage);
  }
};

TEST(SignalExploration, EveryReachableStateHoldsWhatTheLifeOfASignalPromises) {
  Walk walk;
  walk.run();
  std::set<Verb> of_signals;
  for (auto const& row : rows())
    if (row.subject == Subject::signal && row.verb != Verb::collect) of_signals.insert(row.verb);
  EXPECT_EQ(walk.verbs, of_signals) << "a row can never be used";
  std::cout << "  " << walk.seen.size() << " states\n";
}

/// A department that lost work by a rejection may object as well as the reporter; a stranger may not.
TEST(SignalAppeal, IsForTheReporterAndForDepartments) {
  Walk const walk;
  auto const now = at("2026-03-02T02:00:00Z");
  auto state = walk.begin(now);
  auto const amy = person("amy", Role::acceptor, "centre");
  auto const does = [&](SignalCommand command, Actor const& actor) {
    SignalContext const context{.actor = actor, .now = now, .item = walk.item, .calendar = walk.calendar, .policy = walk.policy};
    auto const event = decide(state, command, context);
    if (!event) return event.error().key;
    state = apply(state, *event);
    return std::string();
  };
  ASSERT_EQ(does({.verb = Verb::reject, .reason = "private ground"}, amy), "");
  SignalCommand const objection{.verb = Verb::appeal_rejection, .reason = "it is ours"};
  EXPECT_EQ(does(objection, passer_by), "case.appeal_rejection.token");
  EXPECT_EQ(does(objection, amy), "case.appeal_rejection.role");
  EXPECT_EQ(does(objection, person("han", Role::handler_lead, "drainage")), "");
  EXPECT_EQ(state.appeal->department, "drainage");
  SignalCommand const decision{.verb = Verb::decide_rejection, .upheld = true, .reason = "so it is"};
  EXPECT_EQ(does(decision, person("he", Role::supervisor, "drainage")), "case.decide_rejection.actor");
  EXPECT_EQ(does(decision, person("eve", Role::supervisor, "supervision")), "");
  EXPECT_EQ(state.stage, Stage::collected);
}

}  // namespace
}  // namespace zhili::respond
