#pragma once
// Inside of the language of rules: units whose scale has an offset, as that of temperature.

#include "catalogue/rules/parser.hpp"
#include "catalogue/rules/rule.hpp"

namespace zhili::catalogue::rules {

/// A rise, a rate or a difference of two values gets its own unit: 5 Cel more are 5 K; a rate is that by seconds. Errors: the unit has none.
Checked<Expr> difference(Expr expr);
/// Whether this is a point of a scale and no difference between two: 3 Cel of rise are 3 K, and not 276.15.
bool is_on_a_scale(Expr const& expr);

}  // namespace zhili::catalogue::rules
