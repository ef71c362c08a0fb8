#pragma once
// Inside of rules: what must hold between the parts of a rule; and a number for what it does.

#include "catalogue/report.hpp"
#include "catalogue/rule_source.hpp"
#include "catalogue/rules/rule.hpp"

namespace zhili::catalogue::rules {

/// Silence may never look like an event, properties of devices may raise no alarm of a place, limits of the whole.
void check_rule(Rule const& rule, RuleSource const& source, Report& report);

/// Rule::meaning.
std::uint64_t meaning_of(Rule const& rule);

}  // namespace zhili::catalogue::rules
