#pragma once
// What an expression is worth for one entity at hand. The same answers as the SQL that filter.cpp makes of it; for what SQL cannot
// decide (shapes, times inside of JSON) and for Observations.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sense/things/query.hpp"

namespace zhili::sense::things {

/// The value of a path for the entity at hand. Of an unknown or absent one: nothing.
using Values = std::function<Datum(Path const&)>;
/// Whether a condition holds, where somebody has found it out beforehand; nothing: nobody has.
using Known = std::function<std::optional<bool>(Expr const&)>;

/// Nothing is null. What cannot be computed (a number divided by zero, a text compared with a number) is null too, and conditions on
/// null are neither true nor false, as in SQL.
Datum evaluate(Expr const& expr, Values const& values, Known const& known = {});

/// Whether a condition is true.
bool holds(Expr const& condition, Values const& values, Known const& known = {});

/// A value inside of JSON text; of an array or object there: nothing.
Datum json_at(std::string_view json, std::vector<std::string> const& keys);

/// A condition that is not made of others by and, or, not.
bool is_leaf(Expr const& expr);
/// Visits every path in an expression.
void each_path(Expr const& expr, std::function<void(Path const&)> const& visit);

}  // namespace zhili::sense::things
