#pragma once
// Shapes as short text for a database column. Inside of places only.

#include <string>
#include <string_view>

#include "sense/places/places.hpp"

namespace zhili::sense::places {

/// "" nothing; "p LAT LON"; "l" lines with ';' between them; "a" polygons with ';' between them and ','
/// between the rings of one. Whole 1e-7 degrees; in a ring or line the first point in full, then differences.
std::string encode(Shape const& shape);
/// Errors: corrupt.
core::Result<Shape> decode(std::string_view text);

}  // namespace zhili::sense::places
