#pragma once
// A GeoJSON geometry into a shape. Inside of places only.

#include <boost/json/fwd.hpp>

#include "core/datum.hpp"
#include "sense/places/geojson_feature.hpp"

namespace zhili::sense::places {

/// Outer rings come out counter-clockwise, holes clockwise, the closing point left out. `original` gets the
/// first point as it stood in the file, "117.55,34.86".
std::optional<FeatureFault> read_geometry(boost::json::value const& geometry, core::Datum datum, Shape& into,
                                          std::string& original);

}  // namespace zhili::sense::places
