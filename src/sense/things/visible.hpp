#pragma once
// Who may see which row: decided in SQL, wherever rows are read, also inside of filters and counts.

#include <string>
#include <string_view>

#include "sense/things/query.hpp"

namespace zhili::sense::things {

/// A condition on the row with this alias; empty: everybody sees all of them. Private are a Thing that says so of itself, all that hangs
/// on it, and whatever else is there for private Things only.
std::string visible_sql(EntityType type, std::string_view alias, Viewer const& viewer);

}  // namespace zhili::sense::things
