#pragma once
// Coordinates come in several datums; WGS 84 is what is stored. Convert once, at the edge, and keep the
// original.

#include <cstdint>
#include <string_view>

#include "core/geo.hpp"
#include "core/result.hpp"

namespace zhili::core {

enum class Datum : std::uint8_t {
  wgs84,     ///< GPS, GeoJSON
  cgcs2000,  ///< China's survey datum; within 0.1 m of WGS 84, which is less than a phone knows: taken as
             ///< equal
  gcj02,     ///< maps and phones sold in China: shifted by up to some 700 m inside China, WGS 84 elsewhere
  bd09       ///< Baidu: gcj02, shifted again
};

std::string_view name(Datum datum);

/// "wgs84", "cgcs2000", "gcj02", "bd09". Errors: invalid, with the names that are known.
Result<Datum> datum_of(std::string_view name);

/// The same place in WGS 84. The way back agrees within 0.5 m inside China. "Inside China" is the rectangle
/// that gcj02 software uses (72.004–137.8347° E, 0.8293–55.8271° N); outside it gcj02 is left as it is.
LatLon to_wgs84(Datum from, LatLon at);
LatLon from_wgs84(Datum to, LatLon at);

}  // namespace zhili::core
