#pragma once
// What a draft becomes in the columns of its table: values, and what follows from them.

#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "sense/things/draft.hpp"
#include "store/db.hpp"

namespace zhili::sense::things {

using Columns = std::vector<std::pair<std::string, store::Value>>;

/// Checks all values of a draft: sizes, and that nothing needed is null. `whole`: and that nothing needed is missing.
/// Errors: invalid, `field` is the path in the draft; limit.
core::Result<> check_values(Draft const& draft, bool whole);

/// The columns of what the draft says and of what follows from it: box, privacy, unit code. `now`: columns as they are; empty for a new one.
/// Errors: invalid (a shape that is none).
core::Result<Columns> columns_of(Draft const& draft, Columns const& now);

/// All columns that columns_of() may give, in the order in which they are inserted.
std::vector<std::string> const& own_columns(EntityType type);

/// The UCUM code that a unitOfMeasurement names in its definition ("ucum:cm"); empty: none.
std::string unit_code(std::string_view unit_json);

/// "Datastreams.0.name" of where a draft stood and a name in it.
std::string field_in(Draft const& draft, std::string_view name);

}  // namespace zhili::sense::things
