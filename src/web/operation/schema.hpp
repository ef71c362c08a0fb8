#pragma once
// A shape as JSON Schema 2020-12.

#include <boost/json/fwd.hpp>

#include "web/operation/shape.hpp"

namespace zhili::web {

/// A shape with a name is put under it into `named`, once, and referred to. Throws std::logic_error if another shape has that name.
boost::json::value to_schema(Shape const& shape, boost::json::object& named);

}  // namespace zhili::web
