#include "web/tiles/layers.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace zhili::web::tile {
namespace {

namespace places = sense::places;
using core::LatLon;
using places::Kind;

Vertex mercator(LatLon p) {
  constexpr double pole = 85.05112878;  // where the square of the projection ends
  double const lat = std::clamp(p.lat(), -pole, pole) * std::numbers::pi / 180;
  return {p.lon() / 360 + 0.5,
          0.5 - std::log(std::tan(std::numbers::pi / 4 + lat / 2)) / (2 * std::numbers::pi)};
}

/// Twice the signed area; positive where the ring runs clockwise on a screen (y to the south).
double turn(std::span<Vertex const> ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    auto const &a = ring[i], &b = ring[(i + 1) % ring.size()];
    sum += (a.x - ring[0].x) * (b.y - ring[0].y) - (b.x - ring[0].x) * (a.y - ring[0].y);
  }
  return sum;
}

class LayerMaker {
 public:
  LayerMaker(std::string name, Geometry geometry, std::vector<std::string> keys) {
    layer_.name = std::move(name);
    layer_.geometry = geometry;
    layer_.keys = std::move(keys);
  }

  /// `values` stand in the order of the keys; empty ones are left out.
  void add(places::Shape const& shape, std::uint32_t zoom_min,
           std::initializer_list<std::string_view> values) {
    Feature f;
    f.zoom_min = zoom_min;
    f.first_path = static_cast<std::uint32_t>(layer_.paths.size());
    add_paths(shape);
    f.last_path = static_cast<std::uint32_t>(layer_.paths.size());
    if (f.first_path == f.last_path) return;
    for (auto i = layer_.paths[f.first_path].first; i < layer_.vertices.size(); ++i) {
      auto const& v = layer_.vertices[i];
      f.extent = {std::min(f.extent.min_x, v.x), std::min(f.extent.min_y, v.y), std::max(f.extent.max_x, v.x),
                  std::max(f.extent.max_y, v.y)};
    }
    f.first_property = static_cast<std::uint32_t>(layer_.properties.size());
    std::uint32_t key = 0;
    for (auto const value : values) {
      if (!value.empty()) layer_.properties.push_back({key, value});
      ++key;
    }
    f.last_property = static_cast<std::uint32_t>(layer_.properties.size());
    layer_.widest = std::max(layer_.widest, f.extent.max_x - f.extent.min_x);
    layer_.features.push_back(f);
  }

  Layer take() {
    std::ranges::stable_sort(layer_.features, {}, [](Feature const& f) { return f.extent.min_x; });
    return std::move(layer_);
  }

 private:
  void add_paths(places::Shape const& shape) {
    switch (layer_.geometry) {
      case Geometry::point:
        if (!shape.empty()) add_path(std::array{places::PlaceIndex::centre(shape)}, false);
        return;
      case Geometry::line:
        for (auto const& line : shape.lines) add_path(line, false);
        return;
      case Geometry::polygon:
        for (auto const& polygon : shape.polygons) {
          add_ring(polygon.outer, false);
          for (auto const& hole : polygon.holes) add_ring(hole, true);
        }
        return;
    }
  }

  void add_path(std::span<LatLon const> points, bool hole) {
    auto const first = static_cast<std::uint32_t>(layer_.vertices.size());
    for (auto const p : points) layer_.vertices.push_back(mercator(p));
    layer_.paths.push_back({first, static_cast<std::uint32_t>(layer_.vertices.size()), hole});
  }

  /// Outer rings clockwise on the screen, holes the other way: the tile format tells them apart by that.
  void add_ring(places::Ring const& ring, bool hole) {
    if (ring.size() < 3) return;
    add_path(ring, hole);
    auto const own = std::span(layer_.vertices).subspan(layer_.paths.back().first);
    if ((turn(own) < 0) != hole) std::ranges::reverse(own);
  }

  Layer layer_;
};

std::uint32_t road_zoom(std::string_view klass) {
  return klass == "lane" ? 15 : klass == "minor" ? 13 : 9;
}

/// Deeper levels come later, so that the map is not full of borders.
std::uint32_t area_zoom(places::CodeScheme const& scheme, std::string_view level) {
  std::size_t depth = 0;
  while (depth < scheme.areas.size() && scheme.areas[depth].code != level) ++depth;
  return depth + 1 >= scheme.areas.size() ? 12 : depth + 2 == scheme.areas.size() ? 9 : 0;
}

}  // namespace

std::span<Feature const> Layer::near(double min_x, double max_x) const {
  auto const west = [](Feature const& f) { return f.extent.min_x; };
  auto const from = std::ranges::lower_bound(features, min_x - widest, {}, west);
  auto const to = std::ranges::upper_bound(features, max_x, {}, west);
  return from < to ? std::span<Feature const>(from, to) : std::span<Feature const>();
}

Prepared prepare(std::shared_ptr<places::PlaceIndex const> index) {
  auto const& city = index->city();
  LayerMaker area("area", Geometry::polygon, {"level", "code", "name_zh", "name_en"});
  LayerMaker area_label("area_label", Geometry::point, {"level", "code", "name_zh", "name_en"});
  LayerMaker grid("grid", Geometry::polygon, {"code", "use"});
  LayerMaker block("block", Geometry::polygon, {"use"});
  LayerMaker water("water", Geometry::polygon, {"class", "name_zh", "name_en"});
  LayerMaker road("road", Geometry::line, {"class", "name_zh", "name_en"});
  LayerMaker building("building", Geometry::polygon, {"use", "floors", "number"});
  LayerMaker component("component", Geometry::point, {"class", "code", "name_zh", "name_en"});
  for (auto const& a : city.areas) {
    auto const zoom = area_zoom(city.scheme, a.level);
    area.add(a.shape, zoom, {a.level, a.code, a.name.zh, a.name.en});
    area_label.add(a.shape, zoom, {a.level, a.code, a.name.zh, a.name.en});
  }
  for (auto const& g : city.grids) grid.add(g.shape, 13, {g.code, g.land_use});
  for (auto const& t : city.things) {
    switch (t.kind) {
      case Kind::block:
        block.add(t.shape, 11, {t.klass});
        break;
      case Kind::water:
        water.add(t.shape, 0, {t.klass, t.name.zh, t.name.en});
        break;
      case Kind::road:
        road.add(t.shape, road_zoom(t.klass), {t.klass, t.name.zh, t.name.en});
        break;
      case Kind::building:
        building.add(t.shape, 14, {t.klass, t.field("floors"), t.field("number")});
        break;
      case Kind::component:
        component.add(t.shape, 16, {t.klass, t.code, t.name.zh, t.name.en});
        break;
      case Kind::estate:
      case Kind::organisation:
        break;
    }
  }
  Prepared out{std::move(index), {}};
  for (auto* maker : {&area, &block, &water, &grid, &building, &road, &component, &area_label})
    out.layers.push_back(maker->take());
  return out;
}

}  // namespace zhili::web::tile
