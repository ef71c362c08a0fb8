#pragma once
// How much two reports are alike, as staff see it.

#include <boost/json/fwd.hpp>
#include <vector>

#include "respond/incidents/alike.hpp"
#include "web/operation/shape.hpp"

namespace zhili::web {

/// `{score, parts: [{part, name, weight, score, reason}], reason}`.
boost::json::object alike_json(respond::Alike const& alike);
/// What alike_json() makes: fields for a record that may have more.
std::vector<Field> alike_fields();

}  // namespace zhili::web
