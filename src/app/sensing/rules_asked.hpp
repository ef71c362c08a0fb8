#pragma once
// What `zhili rules` asks of the serving process.

#include <functional>
#include <string>

#include "app/control.hpp"
#include "core/time.hpp"
#include "web/rules/rules.hpp"

namespace zhili::app {

/// What the verbs work on. Everything outlives them.
struct RuleDoor {
  respond::rules::Keeper& keeper;
  core::TimeSource const& time;
  core::Zone zone = core::Zone::utc();
  decltype(web::RuleParts::replay) replay = {};
  decltype(web::RuleParts::subject) subject = {};
  std::function<bool()> ends = {};  ///< the process is about to stop: a replay gives up. Null: never
};

/// Whether a request is for do_with_rules.
bool about_rules(ControlRequest const& request);
/// rule_list, rule_arm (rule, armed: "yes" or "no", reason), rule_replay (rule, from, to: days of the city or ISO 8601). All answer JSON. Errors: those of
/// the keeper and of the replay; invalid (from, to).
core::Result<std::string> do_with_rules(ControlRequest const& request, RuleDoor const& door);

}  // namespace zhili::app
