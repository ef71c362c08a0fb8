// Every state that an alarm can come to, by every command of a source, of people, of windows and of time.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <queue>

#include "respond/alarms/alarm.hpp"

namespace zhili::respond::alarms {
namespace {

using namespace std::chrono_literals;
using K = core::EventKind;

core::Instant const start = core::from_ms(1'800'000'000'000);
/// Moments at which something is done: an hour apart. Suppressions and windows end between them.
constexpr int moments = 3;
core::Instant moment(int n) { return start + n * 1h; }

Finding finding(Severity severity, bool flapping) {
  Finding out{.severity = severity, .flapping = flapping, .thing = 12, .stream = 31, .property = "water-level", .value = {.known = true, .number = 23.5, .unit = "cm"}};
  out.says = {"桥下水深 23.5 厘米", "Underpass: water 23.5 cm deep"};
  out.opens = "0415/deep";
  out.where = {.place = "U", .name = {"桥下", "Underpass"}, .at = core::LatLon{348'600'000, 1'175'500'000}, .area_id = 9, .area = "370402001001", .device = 7, .device_type = "water-gauge"};
  out.keeper = {"drainage", "drainage-desk", false};
  return out;
}

std::vector<Command> commands() {
  std::vector<Command> out;
  std::vector<std::optional<Suppression>> const windows{std::nullopt, Suppression{moment(1) + 30min, 77}};
  for (auto const verb : {Verb::raise, Verb::escalate})
    for (auto const severity : {Severity::minor, Severity::critical})
      for (bool const flapping : {false, true})
        for (auto const& window : windows) {
          Command c{.verb = verb, .rule = "ponding-deep", .subject = "thing:12"};
          c.finding = finding(severity, flapping);
          c.suppression = window;
          out.push_back(c);
        }
  for (auto const cause : {Cause::reading, Cause::subject_gone}) out.push_back({.verb = Verb::settle, .cause = cause});
  for (auto const* reason : {"", "seen it"})
    for (auto const verb : {Verb::acknowledge, Verb::comment, Verb::clear, Verb::reopen}) out.push_back({.verb = verb, .reason = reason});
  for (auto const& to : {Assigned{}, Assigned{"drainage-desk", ""}, Assigned{"", "staff:han"}}) out.push_back({.verb = Verb::assign, .assigned = to});
  for (auto const until : {moment(0) + 30min, moment(2) + 30min})
    for (auto const* reason : {"", "painting"}) {
      out.push_back({.verb = Verb::suppress, .reason = reason, .suppression = Suppression{until, 0}});
      out.push_back({.verb = Verb::hush, .reason = reason, .suppression = Suppression{until, 78}});
    }
  for (bool const at_once : {false, true})
    for (auto const& window : windows) out.push_back({.verb = Verb::resume, .suppression = window, .at_once = at_once});
  out.push_back({.verb = Verb::signal, .signal = 5, .case_id = 6});
  out.push_back({.verb = Verb::signal, .waits = {"等", "waits"}});
  return out;
}

/// States that behave alike are one: versions and numbers beyond the second raising say nothing new.
std::string key_of(AlarmState const& s) {
  auto ms = [](std::optional<core::Instant> at) { return at ? std::to_string(core::to_ms(*at)) : std::string("-"); };
  return std::string(name(s.state)) + "|" + std::to_string(static_cast<int>(s.finding.severity)) + (s.finding.flapping ? "~" : "") + "|" + std::to_string(std::min<std::int64_t>(s.times, 2)) + "|" +
         s.acknowledged_by + "|" + s.assigned.post + s.assigned.person + "|" + (s.suppression ? ms(s.suppression->until) + "/" + std::to_string(s.suppression->window) : "") + "|" +
         s.cleared_by + "|" + std::to_string(s.signal) + "/" + std::to_string(s.signal_of == s.times) + s.waits.en;
}

struct Explored {
  AlarmState state;
  int at = 0;
};

TEST(AlarmExplored, EveryStateAndEveryCommand) {
  auto const all = commands();
  std::map<std::string, Explored> seen;
  std::queue<std::string> open;
  auto const visit = [&](AlarmState const& state, int at) {
    auto const key = key_of(state) + "@" + std::to_string(at);
    if (seen.emplace(key, Explored{state, at}).second) open.push(key);
  };
  visit({.id = 1}, 0);
  std::size_t tried = 0, done = 0, refused = 0;
  std::map<std::string, int> reached;
  while (!open.empty()) {
    auto const [state, at] = seen.at(open.front());
    open.pop();
    ++reached[std::string(name(state.state))];
    if (at + 1 < moments) visit(state, at + 1);
    bool can_be_cleared = false;
    for (auto const& command : all) {
      bool const person = by_people(command.verb);
      By const by{.actor = person ? "staff:dora" : "system", .department = person ? "command" : "", .now = moment(at), .happened = moment(at) - 2s};
      auto const events = decide(state, command, by);
      ++tried;
      if (!events) {
        ++refused;
        ASSERT_TRUE(person) << "only people are refused: " << name(command.verb) << " " << events.error().key;
        ASSERT_FALSE(events.error().text.zh.empty() || events.error().text.en.empty());
        ASSERT_TRUE(events.error().code == core::Errc::conflict || events.error().code == core::Errc::invalid) << events.error().key;
        continue;
      }
      ASSERT_LE(events->size(), 1u) << "one command, one step";
      auto next = state;
      for (auto const& event : *events) {
        auto const back = decode(event.kind, event.at, event.actor, encode(event));
        ASSERT_TRUE(back && *back == event) << encode(event);
        ASSERT_FALSE(core::name(event.kind).empty());
        next = apply(next, *back);
        ++done;
      }
      ASSERT_EQ(contradiction(next), "") << key_of(state) << " " << name(command.verb) << " -> " << key_of(next);
      ASSERT_EQ(next.version, state.version + static_cast<std::int64_t>(events->size()));
      ASSERT_TRUE(!person || !events->empty()) << "what somebody does leaves a step, or they are told why not";
      bool const first = command.verb == Verb::escalate && state.state == State::none;
      bool const again = command.verb == Verb::raise && !stands(state.state);
      ASSERT_EQ(next.times, state.times + (first || again ? 1 : 0)) << "raised again only when it was over";
      if (stands(state.state) && stands(next.state) && !person) { ASSERT_GE(next.finding.severity, state.finding.severity) << "it never becomes less grave while it stands"; }
      if (command.verb == Verb::acknowledge) { ASSERT_EQ(state.state, State::raised); }
      bool const graver = command.verb == Verb::escalate && state.state == State::acknowledged && next.finding.severity > state.finding.severity;
      ASSERT_TRUE(!graver || next.state == State::raised) << "it wants attention again";
      if (command.verb == Verb::settle) { ASSERT_FALSE(stands(next.state)); }
      if (command.suppression && next.state == State::suppressed && state.state != State::suppressed) { ASSERT_GT(next.suppression->until, by.now - 2h); }
      if (command.verb == Verb::comment || command.verb == Verb::signal) { ASSERT_EQ(next.state, state.state); }
      can_be_cleared = can_be_cleared || next.state == State::cleared;
      if (next.times <= 3) visit(next, at);
    }
    ASSERT_TRUE(can_be_cleared || state.state == State::none) << "no way out of " << key_of(state);
  }
  EXPECT_EQ(reached.size(), all_states.size());
  EXPECT_GT(seen.size(), 300u);
  EXPECT_GT(done, 10'000u);
  EXPECT_GT(refused, 2'000u);
  EXPECT_GT(tried, done + refused);
}

/// A command of a kind that finds nothing to object to, so that only the state decides.
Command sound(Verb verb) {
  Command out{.verb = verb, .reason = "because", .assigned = {"drainage-desk", ""}, .rule = "ponding-deep", .subject = "thing:12"};
  if (verb == Verb::raise) out.finding = finding(Severity::minor, false);
  if (verb == Verb::escalate) out.finding = finding(Severity::critical, false);
  if (verb == Verb::suppress || verb == Verb::hush) out.suppression = Suppression{moment(2), verb == Verb::hush ? 78 : 0};
  out.at_once = true;
  out.signal = 5;
  return out;
}

AlarmState in_state(State wanted) {
  AlarmState state{.id = 1};
  auto const go = [&](Verb verb) {
    auto const events = decide(state, sound(verb), {.actor = by_people(verb) ? "staff:dora" : "system", .now = moment(0), .happened = moment(0)}).value();
    for (auto const& event : events) state = apply(state, event);
  };
  if (wanted != State::none) go(Verb::raise);
  if (wanted == State::acknowledged) go(Verb::acknowledge);
  if (wanted == State::suppressed) {
    go(Verb::suppress);
    state.suppression->until = moment(1);
  }
  if (wanted == State::cleared) go(Verb::settle);
  return state;
}

std::string life_table() {
  std::string out = "| from | what | by | to | entry |\n|---|---|---|---|---|\n";
  for (auto const state : all_states)
    for (auto const verb : all_verbs) {
      auto const before = in_state(state);
      auto const events = decide(before, sound(verb), {.actor = by_people(verb) ? "staff:dora" : "system", .now = moment(1), .happened = moment(1)});
      if (!events || events->empty()) continue;
      auto after = before;
      for (auto const& event : *events) after = apply(after, event);
      auto const* by = by_people(verb) ? "people" : verb <= Verb::settle ? "its rule" : "time";
      auto const from = state == State::none ? "–" : std::string(name(state));
      out += "| " + from + " | `" + std::string(name(verb)) + "` | " + by + " | " + std::string(name(after.state)) + " | `" + std::string(core::name(events->front().kind)) + "` |\n";
    }
  return out;
}

TEST(AlarmExplored, ThePageHasTheLifeThatTheCodeHas) {
  std::ifstream file(ZHILI_SOURCE_DIR "/docs/reference/alarms.md");
  std::string const page(std::istreambuf_iterator<char>(file), {});
  auto const table = life_table();
  EXPECT_NE(page.find(table), std::string::npos) << "docs/reference/alarms.md is to have this table:\n" << table;
}

TEST(AlarmExplored, AClearedAlarmThatBecomesGraverIsReopened) {
  By const rule{.now = moment(0), .happened = moment(0)};
  By const dora{.actor = "staff:dora", .now = moment(0), .happened = moment(0)};
  AlarmState s{.id = 1};
  auto const go = [&](Command const& command, By const& by) {
    auto const events = decide(s, command, by);
    ASSERT_TRUE(events) << events.error().text.en;
    for (auto const& event : *events) s = apply(s, event);
  };
  Command raise{.verb = Verb::raise, .rule = "r", .subject = "thing:1"};
  raise.finding = finding(Severity::minor, false);
  go(raise, rule);
  go({.verb = Verb::clear, .reason = "a child with a bucket"}, dora);
  ASSERT_EQ(s.state, State::cleared);
  auto graver = raise;
  graver.verb = Verb::escalate;
  graver.finding = finding(Severity::critical, false);
  go(graver, rule);
  EXPECT_EQ(s.state, State::raised);
  EXPECT_EQ(s.times, 1) << "it was not over";
  EXPECT_EQ(s.finding.severity, Severity::critical);
}

TEST(AlarmExplored, AStaleVersionIsToldBothVersions) {
  AlarmState s{.id = 1};
  Command raise{.verb = Verb::raise, .rule = "r", .subject = "thing:1"};
  raise.finding = finding(Severity::minor, false);
  s = apply(s, decide(s, raise, {.now = moment(0), .happened = moment(0)})->front());
  auto const late = decide(s, {.verb = Verb::acknowledge, .expected_version = 7}, {.actor = "staff:dora", .now = moment(0)});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().key, "alarm.version");
  EXPECT_EQ(late.error().code, core::Errc::conflict);
}

}  // namespace
}  // namespace zhili::respond::alarms
