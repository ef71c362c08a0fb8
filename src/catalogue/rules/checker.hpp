#pragma once
// Inside of rules: whether the tree of a condition makes sense, what kind each part is, and one unit on both sides.

#include <span>

#include "catalogue/device_type.hpp"
#include "catalogue/rules/rule.hpp"
#include "catalogue/rules/token.hpp"

namespace zhili::catalogue::rules {

/// Where a condition stands decides what it may say.
enum class Section : std::uint8_t { raise, clear, escalate, fault, during, shows };

/// What a condition may name. `properties`: one for each of rule.watch.
struct Names {
  Rule const& rule;
  std::span<ObservedPropertyDef const* const> properties;
};

/// Looks up names, gives kinds and units, adds conversions. `expr` as parse_condition gave it; it becomes what the engine understands.
Checked<Expr> check_condition(Expr expr, Section section, Names const& names);

/// What is left of a condition when its `for` and `times` are taken away.
Expr without_waiting(Expr expr);

}  // namespace zhili::catalogue::rules
