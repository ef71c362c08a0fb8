// Walks every state that cases can reach by any command of anybody, and holds the invariants of the life of a
// case.
#include <algorithm>
#include <deque>
#include <iostream>
#include <map>
#include <set>
#include <tuple>

#include "respond/cases/case_test_kit.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {
namespace {

using namespace kit;

/// Beyond these, nothing new can be seen.
bool within_bounds(CaseState const& s) {
  return std::ranges::count(s.supervisions, false, &Supervision::replied) <= 1 && s.joint.size() <= 1;
}

/// What of a state decides about its future: neither dates and amounts (soon and
/// late are tried from each), nor how often something was
/// counted (but whether it was returned), nor what was only announced.
std::string abstraction(CaseState const& s) {
  std::string key(1, static_cast<char>('A' + static_cast<int>(s.stage)));
  for (bool flag : {s.recorded, s.disputed, s.returns > 0, s.rating > 0, s.dispatched_at.has_value()})
    key += flag ? '1' : '0';
  key += '|' + s.department + '|' + s.handler + '|' + s.verifier + '|' + s.closer;
  std::set<std::string> hands;
  for (auto const& hand : s.hands) hands.insert(hand.person + '@' + hand.department);
  for (auto const& hand : hands) key += ',' + hand;
  for (auto const& joint : s.joint) key += joint.done ? "j+" : "j-";
  if (std::ranges::count(s.supervisions, false, &Supervision::replied) > 0) key += "s-";
  if (s.request) key += (s.request->suspension ? "|S" : "|E") + s.request->by;
  if (s.appeal) key += "|A" + s.appeal->by + (s.appeal->upheld ? "!" : "?");
  std::set<std::string> clocks;
  for (auto const& clock : s.clocks) {
    auto const name = clock.name.substr(0, clock.name.find('/'));
    if (clock.running_since) clocks.insert(name + '>');
    if (clock.state == core::ClockState::paused) clocks.insert(name + '=');
  }
  for (auto const& clock : clocks) key += '|' + clock;
  return key;
}

/// Everybody who could try, in every relation to the case that matters.
std::vector<Actor> everybody() {
  Roles const judges{Role::acceptor, Role::dispatcher, Role::dispatcher_lead,
                     Role::verifier, Role::supervisor, Role::evaluator};
  Roles const works{Role::handler, Role::handler_lead};
  return {person("han", judges | works, "drainage"),  // handles, and would like to judge
          person("he", judges, "drainage"),           // same department
          person("vera", judges | works, "centre"),   // another department, that may help
          cai,
          eva,
          reporter,
          passer_by,
          clockwork,
          importer};
}

std::vector<Command> every_command(CaseState const& state, core::Instant now) {
  std::vector<Command> all;
  for (std::size_t i = 0; i < verb_count; ++i) {
    Command c;
    c.verb = static_cast<Verb>(i);
    c.reason = "because";
    c.department = c.verb == Verb::add_joint ? "centre" : "drainage";
    c.person = c.verb == Verb::hand_over ? "staff:han" : "";
    c.photos = both_photos;
    c.until = now + std::chrono::hours{24 * 20};
    c.score = 5;
    c.level = 1;
    c.number = static_cast<int>(state.supervisions.size());
    c.closing_condition_met = true;
    c.into = c.verb == Verb::join ? 99 : 0;
    c.opening = opening(now);
    if (c.verb != Verb::expire) {
      all.push_back(c);
      continue;
    }
    for (auto const& clock : state.clocks) {
      c.clock = clock.name;
      all.push_back(c);
    }
  }
  return all;
}

struct Walk {
  Play world;
  std::vector<Actor> people = everybody();
  std::map<std::string, CaseState> seen = {};
  std::deque<std::pair<CaseState, core::Instant>> ahead = {};
  std::set<std::tuple<Stage, Verb, Stage>> moves = {};
  std::size_t tried = 0;
  std::size_t done = 0;

  void run() {
    world.calendar = core::Calendar::always();
    world.policy.max_returns = 1;
    world.condition.clocks[3].budget = core::Budget::of(core::Unit::natural_days, 30'000);
    ahead.emplace_back(CaseState{}, at("2026-03-02T01:00:00Z"));
    while (!ahead.empty() && !::testing::Test::HasFailure()) {
      auto const [state, since] = std::move(ahead.front());
      ahead.pop_front();
      // Soon: nothing has run out. Late: everything that can run out has.
      for (auto const now : {since + std::chrono::minutes{1}, since + std::chrono::hours{24 * 800}})
        for (auto const& command : every_command(state, now)) {
          bool const in_stage = std::ranges::any_of(rows(), [&, stage = state.stage](Row const& row) {
            return row.subject == Subject::a_case && row.verb == command.verb && row.from.has(stage);
          });
          for (auto const& actor : people) {
            step(state, actor, command, now);
            if (!in_stage) break;  // refused by the stage, whoever asks and whenever
          }
        }
    }
  }

  void step(CaseState const& before, Actor const& actor, Command const& command, core::Instant now) {
    Context const context{actor, now, world.item, world.condition, world.calendar, world.policy};
    ++tried;
    auto const events = decide(before, command, context);
    if (!events) {
      EXPECT_FALSE(events.error().text.zh.empty() || events.error().text.en.empty() ||
                   events.error().key.empty());
      return;
    }
    ++done;
    auto after = before;
    for (auto const& event : *events) after = apply(after, event);
    hold(before, after, actor, command, context);
    moves.emplace(before.stage, command.verb, after.stage);
    if (!within_bounds(after)) return;
    if (seen.emplace(abstraction(after), after).second) ahead.emplace_back(std::move(after), now);
  }

  void hold(CaseState const& before, CaseState const& after, Actor const& actor, Command const& command,
            Context const& context) {
    auto const where = [&] {
      return std::string(name(before.stage)) + " " + std::string(name(command.verb)) + " by " + actor.ref;
    };
    EXPECT_EQ(after.version, before.version + 1) << where();
    for (auto const& clock : after.clocks) {
      bool const runs = clock.running_since.has_value();
      Stages const final{Stage::evaluated, Stage::archived};
      EXPECT_FALSE(runs && final.has(after.stage)) << where() << " leaves " << clock.name << " running";
      EXPECT_FALSE(runs && after.stage == Stage::closed && clock.name != "appeal") << where() << clock.name;
      EXPECT_FALSE(runs && after.recorded) << where();
      EXPECT_EQ(clock.used(context.now, context.calendar) + clock.left(context.now, context.calendar),
                clock.budget.amount)
          << where();
      core::Amount ran = 0;
      for (auto const& span : clock.spans)
        if (span.ran)
          ran += core::used(clock.budget.unit, span.from, span.to.value_or(context.now), context.calendar);
      EXPECT_EQ(clock.used(context.now, context.calendar), ran)
          << where() << ": pauses count in " << clock.name;
    }
    EXPECT_GE(after.returns, before.returns) << where();
    EXPECT_GE(after.reworks, before.reworks) << where();
    EXPECT_GE(after.reopens, before.reopens) << where();
    EXPECT_GE(after.extensions, before.extensions) << where();
    Set<Verb> const judging{Verb::pass, Verb::fail, Verb::unable, Verb::close, Verb::force_close};
    if (judging.has(command.verb))
      for (auto const& hand : before.hands) {
        EXPECT_NE(hand.person, actor.ref) << where() << ": own work judged";
        EXPECT_FALSE(!hand.department.empty() && hand.department == actor.department) << where();
      }
    if (command.verb == Verb::grant || command.verb == Verb::refuse) {
      EXPECT_NE(before.request->by, actor.ref);
    }
    hold_row(before, after, command, where());
  }

  /// What happened is a row of the table: same verb, same stages.
  void hold_row(CaseState const& before, CaseState const& after, Command const& command,
                std::string const& where) {
    bool in_table = false;
    for (auto const& row : rows()) {
      if (row.subject != Subject::a_case || row.verb != command.verb || !row.from.has(before.stage)) continue;
      auto const target = row.to == To::stage            ? row.stage
                          : row.to == To::same           ? before.stage
                          : row.to == To::as_source_says ? command.opening->stage
                                                         : Stage::registered;
      in_table = in_table || target == after.stage;
    }
    EXPECT_TRUE(in_table) << where << " went to " << name(after.stage);
  }
};

TEST(CaseExploration, EveryReachableStateHoldsWhatTheLifeOfACasePromises) {
  Walk walk;
  walk.run();
  std::set<Stage> stages;
  std::set<Verb> verbs;
  for (auto const& [from, verb, to] : walk.moves) {
    stages.insert(to);
    verbs.insert(verb);
  }
  std::cout << "  " << walk.seen.size() << " states, " << walk.tried << " commands tried, " << walk.done
            << " transitions, " << walk.moves.size() << " kinds of move\n";
  std::size_t verbs_of_cases = 0;
  for (std::size_t i = 0; i < verb_count; ++i)
    verbs_of_cases += std::ranges::any_of(rows(), [&](Row const& row) {
      return row.subject == Subject::a_case && row.verb == static_cast<Verb>(i);
    });
  EXPECT_EQ(verbs.size(), verbs_of_cases) << "a row can never be used";
  EXPECT_EQ(stages.size(), 11U);  // the ten of a case, and set aside by merging
}

}  // namespace
}  // namespace zhili::respond
