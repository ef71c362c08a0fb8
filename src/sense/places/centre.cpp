// The point that stands for a shape.
#include <algorithm>
#include <cmath>

#include "sense/places/places.hpp"

namespace zhili::sense::places {
namespace {

/// Longitudes at which the rings of a polygon cross a latitude, sorted.
std::vector<double> crossings(Polygon const& polygon, double lat_e7) {
  std::vector<double> out;
  auto const ring = [&](Ring const& r) {
    for (std::size_t i = 0; i < r.size(); ++i) {
      auto const& a = r[i];
      auto const& b = r[(i + 1) % r.size()];
      if ((a.lat_e7 > lat_e7) == (b.lat_e7 > lat_e7)) continue;
      double const t = (lat_e7 - a.lat_e7) / (static_cast<double>(b.lat_e7) - a.lat_e7);
      out.push_back(a.lon_e7 + t * (static_cast<double>(b.lon_e7) - a.lon_e7));
    }
  };
  ring(polygon.outer);
  std::ranges::for_each(polygon.holes, ring);
  std::ranges::sort(out);
  return out;
}

struct Moments {
  double area = 0, lat = 0, lon = 0;
};

Moments moments(Ring const& r) {
  Moments m;
  for (std::size_t i = 0; i < r.size(); ++i) {
    auto const lat = [&](std::size_t k) { return static_cast<double>(r[k % r.size()].lat_e7) - r[0].lat_e7; };
    auto const lon = [&](std::size_t k) { return static_cast<double>(r[k % r.size()].lon_e7) - r[0].lon_e7; };
    double const cross = lon(i) * lat(i + 1) - lon(i + 1) * lat(i);
    m.area += cross / 2;
    m.lat += (lat(i) + lat(i + 1)) * cross / 6;
    m.lon += (lon(i) + lon(i + 1)) * cross / 6;
  }
  return m;
}

/// The centre of gravity where it lies inside; else the middle of the widest part on its latitude.
LatLon inside(Polygon const& polygon) {
  auto const m = moments(polygon.outer);
  if (m.area == 0) return polygon.outer.front();
  auto const& base = polygon.outer.front();
  double const lat = base.lat_e7 + m.lat / m.area;
  double lon = base.lon_e7 + m.lon / m.area;
  auto const xs = crossings(polygon, lat);
  bool held = false;
  double widest = 0, middle = lon;
  for (std::size_t i = 0; i + 1 < xs.size(); i += 2) {
    held = held || (lon > xs[i] && lon < xs[i + 1]);
    if (xs[i + 1] - xs[i] > widest) {
      widest = xs[i + 1] - xs[i];
      middle = (xs[i] + xs[i + 1]) / 2;
    }
  }
  if (!held) lon = middle;
  return {static_cast<std::int32_t>(std::lround(lat)), static_cast<std::int32_t>(std::lround(lon))};
}

}  // namespace

LatLon PlaceIndex::centre(Shape const& shape) {
  if (shape.point) return *shape.point;
  if (!shape.polygons.empty()) {
    auto const size = [](Polygon const& p) { return std::fabs(moments(p.outer).area); };
    auto const& largest = *std::ranges::max_element(shape.polygons, {}, size);
    return largest.outer.empty() ? LatLon{} : inside(largest);
  }
  if (!shape.lines.empty() && !shape.lines[0].empty()) return shape.lines[0][shape.lines[0].size() / 2];
  return {};
}

}  // namespace zhili::sense::places
