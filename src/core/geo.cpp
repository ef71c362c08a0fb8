#include "core/geo.hpp"

#include <cmath>
#include <numbers>

namespace zhili::core {

LatLon LatLon::of(double lat_degrees, double lon_degrees) {
  return {static_cast<std::int32_t>(std::llround(lat_degrees * 1e7)),
          static_cast<std::int32_t>(std::llround(lon_degrees * 1e7))};
}

double distance_m(LatLon a, LatLon b) {
  constexpr double mean_radius_m = 6'371'008.8;
  constexpr double radian = std::numbers::pi / 180;
  double const dlat = (b.lat() - a.lat()) * radian;
  double const dlon = (b.lon() - a.lon()) * radian;
  double const h = std::pow(std::sin(dlat / 2), 2) +
                   std::cos(a.lat() * radian) * std::cos(b.lat() * radian) * std::pow(std::sin(dlon / 2), 2);
  return 2 * mean_radius_m * std::asin(std::fmin(1.0, std::sqrt(h)));
}

}  // namespace zhili::core
