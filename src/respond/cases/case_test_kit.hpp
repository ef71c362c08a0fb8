#pragma once
// For the tests of cases: a condition, people and a calendar to play with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "respond/cases/case.hpp"
#include "respond/cases/codec.hpp"

namespace zhili::respond::kit {

inline core::Instant at(char const* iso) {
  return core::from_iso(iso).value();
}

/// 8 work hours, Monday to Friday; 2026-05-01…05 free (Labour Day), 2026-05-09 (a Saturday) worked.
inline core::Calendar city_calendar() {
  core::CalendarSpec spec{.code = "cn", .version = "2026", .zone = core::Zone::find("Asia/Shanghai").value()};
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 3600, 12 * 3600}, {13 * 3600, 18 * 3600}};
  for (unsigned day = 1; day <= 5; ++day) spec.dates.push_back({2026, 5, day, core::DateRule::Kind::holiday});
  spec.dates.push_back({2026, 5, 9, core::DateRule::Kind::workday});
  return core::Calendar::make(spec).value();
}

inline catalogue::Condition condition(bool own_rework = false) {
  using catalogue::Phase;
  using core::Budget;
  using core::Unit;
  catalogue::Condition c;
  c.code = "usual";
  c.duty.function = "sanitation";
  c.clocks = {{Phase::dispatch, "dispatch", {"派遣", "Dispatch"}, Budget::of(Unit::urgent_hours, 1000)},
              {Phase::handle, "handle", {"处置", "Handling"}, Budget::of(Unit::work_hours, 8000)},
              {Phase::verify, "verify", {"核查", "Verification"}, Budget::of(Unit::work_hours, 4000)},
              {Phase::whole, "whole", {"全流程", "Whole"}, Budget::of(Unit::work_days, 5000)}};
  if (own_rework)
    c.clocks.push_back({Phase::rework, "rework", {"返工", "Rework"}, Budget::of(Unit::work_hours, 2000)});
  c.evidence.handle = {"before", "after"};
  c.evidence.verify = {"after"};
  return c;
}

inline catalogue::Item item() {
  catalogue::Item i;
  i.code = "0102";
  i.self_handle = true;
  i.pack = "city-appearance";
  i.pack_version = "2026.1";
  i.conditions = {condition()};
  return i;
}

inline Opening opening(core::Instant received_at) {
  Opening o;
  o.signal = 1;
  o.incident = 2;
  o.item = {"0102", "city-appearance", "2026.1"};
  o.condition = "usual";
  o.received_at = received_at;
  return o;
}

inline Actor person(char const* ref, Roles roles, char const* department = "") {
  return {std::string("staff:") + ref, roles, department, false};
}
inline Actor const acceptor = person("amy", Role::acceptor, "centre");
inline Actor const dispatcher = person("dora", Role::dispatcher, "command");
inline Actor const lead = person("lin", Role::dispatcher_lead, "command");
inline Actor const han = person("han", Role::handler, "drainage");
inline Actor const han_lead = person("hua", Role::handler_lead, "drainage");
inline Actor const gao = person("gao", Role::handler, "greening");
inline Actor const cai = person("cai", Role::collector, "centre");
inline Actor const vera = person("vera", Role::verifier, "centre");
inline Actor const sun = person("sun", Role::supervisor, "office");
inline Actor const eva = person("eva", Role::evaluator, "office");
inline Actor const clockwork{"system", Role::system};
inline Actor const importer{"import:boston311", Role::importer};
inline Actor const reporter{"citizen", Role::citizen, "", true};
inline Actor const passer_by{"citizen", Role::citizen, "", false};
inline std::vector<Photo> const both_photos{{"11.jpg", "before"}, {"12.jpg", "after"}};

inline Command doing(Verb verb, std::string reason = {}) {
  Command command;
  command.verb = verb;
  command.reason = std::move(reason);
  return command;
}
inline Command closing() {
  auto command = doing(Verb::close);
  command.closing_condition_met = true;
  return command;
}
inline Command photographed(Verb verb) {
  auto command = doing(verb);
  command.photos = both_photos;
  return command;
}

/// One case played step by step, every event through the codec and back.
struct Play {
  catalogue::Item item = kit::item();
  catalogue::Condition condition = kit::condition();
  core::Calendar calendar = city_calendar();
  Policy policy = {};
  core::Instant now = at("2026-04-27T09:00:00+08:00");  // a Monday
  CaseState state = {};
  std::vector<Event> story = {};

  core::Result<std::vector<Event>> ask(Actor const& actor, Command const& command) const {
    return decide(state, command, Context{actor, now, item, condition, calendar, policy});
  }
  /// Empty when it was done, else the English refusal.
  std::string does(Actor const& actor, Command const& command) {
    auto const events = ask(actor, command);
    if (!events) return events.error().text.en;
    for (auto const& event : *events) {
      auto const back = decode(event.kind, event.at, event.actor, encode(event));
      EXPECT_TRUE(back && *back == event) << encode(event);
      state = apply(state, event);
      story.push_back(event);
    }
    return {};
  }
  std::string does(char const* iso, Actor const& actor, Command const& command) {
    now = at(iso);
    return does(actor, command);
  }
  /// "1.5 of 8 work hours, paused": a clock in one line.
  std::string clock(std::string_view name) const {
    auto const* c = state.clocks.find(name);
    if (!c) return "none";
    auto const used = core::words(c->budget.unit, c->used(now, calendar)).en;
    auto const due = c->due(calendar);
    return used.substr(0, used.find(' ')) + " of " + core::words(c->budget.unit, c->budget.amount).en + ", " +
           std::string(core::name(c->state)) +
           (due && *due ? ", due " + core::to_iso(**due, calendar.zone()).substr(0, 16) : "");
  }
};

}  // namespace zhili::respond::kit
