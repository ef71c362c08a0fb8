#pragma once
// One GeoJSON feature into one part of a city. Inside of places only.

#include <boost/json/fwd.hpp>

#include "sense/places/geojson.hpp"

namespace zhili::sense::places {

struct FeatureFault {
  std::string property;
  Text text;
};

/// Adds the feature to `into`, or says what is wrong with it.
std::optional<FeatureFault> read_feature(boost::json::value const& feature, GeoJsonOptions const& options,
                                         core::Datum datum, City& into);

}  // namespace zhili::sense::places
