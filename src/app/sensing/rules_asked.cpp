#include "app/sensing/rules_asked.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

namespace zhili::app {

namespace rules = respond::rules;
using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

namespace {

constexpr auto replay_days_default = std::chrono::days(30);
constexpr std::string_view who_asks_for_rules = "cli";  ///< whoever has the machine

object both_json(core::Text const& text) { return {{"zh", text.zh}, {"en", text.en}}; }

core::Result<std::string> list_for_verb(rules::Keeper& keeper) {
  ZHILI_TRY(auto const all, keeper.status());
  array out;
  for (auto const& one : all)
    out.push_back(object{{"id", one.rule.id}, {"armed", one.armed}, {"severity", catalogue::rules::name(one.rule.severity)}, {"subjects", one.subjects}, {"raised", one.raised}, {"at_fault", one.at_fault},
                         {"broken", one.broken}, {"fired_30d", one.fired_30d}, {"name", both_json(one.rule.name)}});
  return boost::json::serialize(out);
}

/// "2026-06-01" is the beginning of that day in the city.
core::Result<core::Instant> moment_of(ControlRequest const& request, std::string_view name, core::Instant otherwise, core::Zone const& zone) {
  auto const text = request.word(name);
  if (text.empty()) return otherwise;
  core::Civil day;
  int read = 0;
  constexpr std::size_t day_characters = 10;
  if (text.size() == day_characters && std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &day.year, &day.month, &day.day, &read) == 3 && read == static_cast<int>(day_characters)) {
    std::chrono::year_month_day const date{std::chrono::year(day.year), std::chrono::month(day.month), std::chrono::day(day.day)};
    if (date.ok()) return zone.instant(day);
  } else if (auto const at = core::from_iso(text)) {
    return *at;
  }
  return fail(Errc::invalid, "rules.time", {fmt::format("--{} 写一天（2026-06-01）或带时区的时刻（2026-06-01T08:00:00+08:00）。", name), fmt::format("--{} is a day (2026-06-01) or a time with its zone (2026-06-01T08:00:00+08:00).", name)},
              std::string("--").append(name));
}

object would_fire_line(rules::WouldFire const& one, RuleDoor const& door) {
  auto const where = door.subject ? door.subject(one.subject, one.thing) : web::RuleSubject{};
  object out{{"at", core::to_iso(one.at, door.zone)}, {"until", one.until ? core::to_iso(*one.until, door.zone) : std::string()}, {"severity", catalogue::rules::name(one.severity)}};
  out["subject"] = where.is_private ? std::string() : rules::text_of(one.subject);
  out["place"] = both_json(where.is_private ? core::Text{} : !where.place.zh.empty() ? where.place : where.thing);
  bool const shown = one.has_value && one.value_kind != catalogue::ValueKind::text && !where.is_private;
  out["value"] = shown ? fmt::format("{:.6g}{}{}", one.value, one.unit.empty() ? "" : " ", one.unit) : std::string();
  return out;
}

core::Result<std::string> replay_for_verb(ControlRequest const& request, RuleDoor const& door) {
  ZHILI_TRY(auto const until, moment_of(request, "to", door.time.now(), door.zone));
  ZHILI_TRY(auto const from, moment_of(request, "from", until - replay_days_default, door.zone));
  ZHILI_TRY(auto const done, door.replay(request.word("rule"), from, until, [&](std::size_t, std::size_t) { return !door.ends || !door.ends(); }));
  array times;
  for (auto const& one : done.times) times.push_back(would_fire_line(one, door));
  return boost::json::serialize(object{{"fired", done.fired}, {"subjects", done.subjects}, {"concerned", done.concerned}, {"readings", done.readings}, {"faults", done.faults}, {"broken", done.broken},
                                       {"broken_why", done.broken_why ? value(both_json(*done.broken_why)) : value(nullptr)}, {"from", core::to_iso(from, door.zone)}, {"to", core::to_iso(until, door.zone)},
                                       {"times", std::move(times)}});
}

core::Result<std::string> arm_for_verb(ControlRequest const& request, rules::Keeper& keeper) {
  bool const armed = request.word("armed") == "yes";
  ZHILI_CHECK(keeper.arm(request.word("rule"), armed, request.word("reason"), std::string(who_asks_for_rules)));
  return boost::json::serialize(object{{"id", request.word("rule")}, {"armed", armed}});
}

}  // namespace

bool about_rules(ControlRequest const& request) { return request.what.starts_with("rule_"); }

core::Result<std::string> do_with_rules(ControlRequest const& request, RuleDoor const& door) {
  if (request.what == "rule_list") return list_for_verb(door.keeper);
  if (request.what == "rule_arm") return arm_for_verb(request, door.keeper);
  if (request.what == "rule_replay" && door.replay) return replay_for_verb(request, door);
  return fail(Errc::invalid, "control.what", {"不认识的请求。", "An unknown request."}, "what");
}

}  // namespace zhili::app
