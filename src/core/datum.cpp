#include "core/datum.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace zhili::core {
namespace {

constexpr double pi = std::numbers::pi;

struct Degrees {
  double lat;
  double lon;
};

constexpr std::array<std::pair<Datum, std::string_view>, 4> names{
    {{Datum::wgs84, "wgs84"}, {Datum::cgcs2000, "cgcs2000"}, {Datum::gcj02, "gcj02"}, {Datum::bd09, "bd09"}}};

bool shifted_here(Degrees p) {
  return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271;
}

// The published shift: a polynomial with three waves for each axis, in metres of a local plane around 35° N
// 105° E, laid onto the ellipsoid of Krasovsky.
double wave(double x, double a, double b, double c, double weight_a, double weight_b, double weight_c) {
  return (weight_a * std::sin(a * x * pi) + weight_b * std::sin(b * x * pi) +
          weight_c * std::sin(c * x * pi)) *
         2.0 / 3.0;
}

Degrees shift(Degrees p) {
  constexpr double semi_major_axis_m = 6'378'245.0;
  constexpr double eccentricity_squared = 0.00669342162296594323;
  double const x = p.lon - 105.0;
  double const y = p.lat - 35.0;
  double const common = 20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi);
  double const root = std::sqrt(std::fabs(x));
  double const north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
                         common * 2.0 / 3.0 + wave(y, 1.0, 1.0 / 3.0, 1.0 / 12.0, 20.0, 40.0, 160.0) +
                         320.0 * std::sin(y * pi / 30.0) * 2.0 / 3.0;
  double const east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common * 2.0 / 3.0 +
                        wave(x, 1.0, 1.0 / 3.0, 1.0 / 12.0, 20.0, 40.0, 150.0) +
                        300.0 * std::sin(x / 30.0 * pi) * 2.0 / 3.0;
  double const lat_rad = p.lat * pi / 180.0;
  double const magic = 1.0 - eccentricity_squared * std::sin(lat_rad) * std::sin(lat_rad);
  double const meridian_m = semi_major_axis_m * (1.0 - eccentricity_squared) / (magic * std::sqrt(magic));
  double const parallel_m = semi_major_axis_m / std::sqrt(magic) * std::cos(lat_rad);
  return {north_m * 180.0 / (meridian_m * pi), east_m * 180.0 / (parallel_m * pi)};
}

Degrees gcj02_of(Degrees wgs) {
  if (!shifted_here(wgs)) return wgs;
  Degrees const d = shift(wgs);
  return {wgs.lat + d.lat, wgs.lon + d.lon};
}

// The shift has no closed inverse; it changes slowly, so a few corrections reach far below 1e-7 degree.
Degrees wgs84_of_gcj02(Degrees gcj) {
  if (!shifted_here(gcj)) return gcj;
  Degrees guess = gcj;
  for (int round = 0; round < 8; ++round) {
    Degrees const d = shift(guess);
    guess = {gcj.lat - d.lat, gcj.lon - d.lon};
  }
  return guess;
}

constexpr double bd_turn = pi * 3000.0 / 180.0;
constexpr double bd_lat_offset = 0.006;
constexpr double bd_lon_offset = 0.0065;

Degrees bd09_of(Degrees gcj) {
  double const radius = std::hypot(gcj.lon, gcj.lat) + 0.00002 * std::sin(gcj.lat * bd_turn);
  double const angle = std::atan2(gcj.lat, gcj.lon) + 0.000003 * std::cos(gcj.lon * bd_turn);
  return {radius * std::sin(angle) + bd_lat_offset, radius * std::cos(angle) + bd_lon_offset};
}

Degrees gcj02_of_bd09(Degrees bd) {
  Degrees guess{bd.lat - bd_lat_offset, bd.lon - bd_lon_offset};
  for (int round = 0; round < 6; ++round) {
    Degrees const there = bd09_of(guess);
    guess = {guess.lat + bd.lat - there.lat, guess.lon + bd.lon - there.lon};
  }
  return guess;
}

Degrees degrees(LatLon p) {
  return {p.lat(), p.lon()};
}
LatLon rounded(Degrees p) {
  return LatLon::of(p.lat, p.lon);
}

}  // namespace

std::string_view name(Datum datum) {
  for (auto const& [d, text] : names)
    if (d == datum) return text;
  return {};
}

Result<Datum> datum_of(std::string_view text) {
  for (auto const& [d, known] : names)
    if (known == text) return d;
  return fail(Errc::invalid, "datum.unknown",
              {"不认识的坐标系。请写 wgs84、cgcs2000、gcj02 或 bd09。",
               "This datum is not known. Write wgs84, cgcs2000, gcj02 or bd09."},
              "datum", std::string(text));
}

LatLon to_wgs84(Datum from, LatLon at) {
  switch (from) {
    case Datum::wgs84:
    case Datum::cgcs2000:
      return at;
    case Datum::gcj02:
      return rounded(wgs84_of_gcj02(degrees(at)));
    case Datum::bd09:
      return rounded(wgs84_of_gcj02(gcj02_of_bd09(degrees(at))));
  }
  return at;
}

LatLon from_wgs84(Datum to, LatLon at) {
  switch (to) {
    case Datum::wgs84:
    case Datum::cgcs2000:
      return at;
    case Datum::gcj02:
      return rounded(gcj02_of(degrees(at)));
    case Datum::bd09:
      return rounded(bd09_of(gcj02_of(degrees(at))));
  }
  return at;
}

}  // namespace zhili::core
