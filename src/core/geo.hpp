#pragma once
// Points on the earth. WGS 84 is what is stored.

#include <compare>
#include <cstdint>

namespace zhili::core {

/// A place on WGS 84 in units of 1e-7 degree (about 1 cm): exact in every database and in JSON.
struct LatLon {
  std::int32_t lat_e7 = 0;  ///< −900,000,000 … 900,000,000
  std::int32_t lon_e7 = 0;  ///< −1,800,000,000 … 1,800,000,000
  auto operator<=>(LatLon const&) const = default;
  double lat() const { return lat_e7 * 1e-7; }
  double lon() const { return lon_e7 * 1e-7; }
  static LatLon of(double lat_degrees, double lon_degrees);
};

/// Great-circle distance in metres on a sphere of radius 6,371,008.8 m (haversine); error below 0.6 %.
double distance_m(LatLon a, LatLon b);

}  // namespace zhili::core
