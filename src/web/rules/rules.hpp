#pragma once
// The interface of rules: what they say and how they stand, arming them, their parameters at a place, and what they would have found.

#include <functional>
#include <string>
#include <string_view>

#include "respond/rules/keeper.hpp"
#include "respond/rules/replay.hpp"
#include "web/metrics.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace rules = respond::rules;

inline constexpr std::size_t rule_code_characters_max = 100;
inline constexpr std::size_t rule_reason_characters_max = 2'000;
inline constexpr std::size_t rule_subject_characters_max = 300;

/// Where a subject is, for whoever reads of it.
struct RuleSubject {
  core::Text place = {}, thing = {};
  bool is_private = false;  ///< stands in a home: it is counted and not named
};

/// What the routes work on. Everything outlives the server.
struct RuleParts {
  PeopleParts people = {};
  rules::Keeper* keeper = nullptr;
  /// Runs a rule over [from, until) of history. Blocks. Errors: not_found, those of rules::replay().
  std::function<core::Result<rules::Replayed>(std::string const& rule, core::Instant from, core::Instant until, std::function<bool(std::size_t, std::size_t)> const& progress)> replay = {};
  std::function<RuleSubject(rules::Subject const&, std::int64_t thing)> subject = {};
};

void mount_rules(Operations& operations, RuleParts const& parts);

void mount_rule_lists(Operations& operations, RuleParts const& parts);    ///< lists, one rule
void mount_rule_choices(Operations& operations, RuleParts const& parts);  ///< arm, disarm, parameters
void mount_replays(Operations& operations, RuleParts const& parts);

/// Administrators and leads of dispatch, by a post for all areas: a rule is for the whole city.
Who rule_choosers();

/// Counters of readings and evaluations, and whether this process runs the rules. `keeper` outlives the metrics.
void add_rule_metrics(Metrics& metrics, rules::Keeper const& keeper);

}  // namespace zhili::web
