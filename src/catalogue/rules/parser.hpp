#pragma once
// Inside of rules: from the words of a condition to its tree.

#include <string_view>

#include "catalogue/rules/rule.hpp"
#include "catalogue/rules/token.hpp"

namespace zhili::catalogue::rules {

/// Reads a condition by the grammar of docs/reference/rules.md. The tree has names where the meaning is not looked up yet: `text` of last,
/// window, usual, no_… is a property ("value": the only one; empty: each), of parameter a parameter, of number a unit. Spans are worked
/// out. Bounded by the limits of rule.hpp; never throws. Fuzzed.
Checked<Expr> parse_condition(std::string_view text, Spot begin);

/// "to critical when value > 27 cm for 3 min".
Checked<Escalation> parse_escalation(std::string_view text, Spot begin);

/// "22:00-06:00", or a condition.
Checked<Expr> parse_hours(std::string_view text, Spot begin);

/// A length of time as a token says it. Errors: no unit of time, over the limits.
Checked<core::Duration> duration_of(Token const& token);

}  // namespace zhili::catalogue::rules
