#include "sense/places/shape_index.hpp"

#include <algorithm>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/strategies.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <utility>
#include <vector>

namespace zhili::sense::places {
namespace {

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;

// Doubles hold 32-bit coordinates exactly, and the tree may add and halve them without overflow.
using TreePoint = bg::model::point<double, 2, bg::cs::cartesian>;
using TreeBox = bg::model::box<TreePoint>;
using Entry = std::pair<TreeBox, std::uint32_t>;

TreePoint tree_point(LatLon p) {
  return {static_cast<double>(p.lon_e7), static_cast<double>(p.lat_e7)};
}

struct Edge {
  LatLon from;
  LatLon to;
};

/// Twice the signed area of the triangle (from, to, at), as a comparison that cannot overflow: differences of
/// longitude stay below 3.6e9 and of latitude below 1.8e9, so each product stays below 2^63.
std::strong_ordering side(Edge const& e, LatLon at) {
  auto const dlat = std::int64_t{e.to.lat_e7} - e.from.lat_e7;
  auto const dlon = std::int64_t{e.to.lon_e7} - e.from.lon_e7;
  return dlon * (std::int64_t{at.lat_e7} - e.from.lat_e7) <=>
         dlat * (std::int64_t{at.lon_e7} - e.from.lon_e7);
}

/// Does a ray from the point to the east cross the edge? Half-open in latitude and strict in longitude: two
/// shapes that share an edge answer so that exactly one of them holds a point on it.
bool crosses(Edge const& e, LatLon at) {
  bool const from_above = e.from.lat_e7 > at.lat_e7;
  bool const to_above = e.to.lat_e7 > at.lat_e7;
  if (from_above == to_above) return false;
  return to_above ? side(e, at) > 0 : side(e, at) < 0;
}

bool touches(Edge const& e, LatLon at) {
  if (at.lat_e7 < std::min(e.from.lat_e7, e.to.lat_e7) || at.lat_e7 > std::max(e.from.lat_e7, e.to.lat_e7))
    return false;
  if (at.lon_e7 < std::min(e.from.lon_e7, e.to.lon_e7) || at.lon_e7 > std::max(e.from.lon_e7, e.to.lon_e7))
    return false;
  return side(e, at) == 0;
}

void append_ring(std::vector<Edge>& edges, Ring const& ring) {
  for (std::size_t i = 0; i < ring.size(); ++i) edges.push_back({ring[i], ring[(i + 1) % ring.size()]});
}

TreeBox box_of(std::span<Edge const> edges) {
  LatLon low = edges.front().from;
  LatLon high = low;
  for (auto const& e : edges) {
    low = {std::min(low.lat_e7, e.from.lat_e7), std::min(low.lon_e7, e.from.lon_e7)};
    high = {std::max(high.lat_e7, e.from.lat_e7), std::max(high.lon_e7, e.from.lon_e7)};
  }
  return {tree_point(low), tree_point(high)};
}

}  // namespace

struct ShapeIndex::Tree {
  std::vector<Edge> edges;  // of all shapes, one after the other: outer rings and holes alike (even–odd)
  std::vector<std::size_t> first{0};  // edges of shape i: first[i] … first[i + 1]
  bgi::rtree<Entry, bgi::linear<16>> boxes;

  std::span<Edge const> of(std::uint32_t shape) const {
    return std::span(edges).subspan(first[shape], first[shape + 1] - first[shape]);
  }
  bool holds(std::uint32_t shape, LatLon at) const {
    bool inside = false;
    for (auto const& e : of(shape)) inside ^= crosses(e, at);
    return inside;
  }
  template <class Test>
  std::uint32_t smallest(LatLon at, Test&& test) const {
    std::uint32_t best = none;
    auto const look = [&](Entry const& e) {
      if (e.second < best && test(e.second)) best = e.second;
    };
    boxes.query(bgi::intersects(tree_point(at)), boost::make_function_output_iterator(std::cref(look)));
    return best;
  }
};

ShapeIndex::ShapeIndex(std::span<Shape const* const> shapes) {
  auto tree = std::make_unique<Tree>();
  std::vector<Entry> entries;
  for (std::uint32_t i = 0; i < shapes.size(); ++i) {
    for (auto const& polygon : shapes[i]->polygons) {
      append_ring(tree->edges, polygon.outer);
      for (auto const& hole : polygon.holes) append_ring(tree->edges, hole);
    }
    tree->first.push_back(tree->edges.size());
    if (auto const own = tree->of(i); !own.empty()) entries.emplace_back(box_of(own), i);
  }
  tree->boxes = decltype(tree->boxes)(entries);  // packed: the whole set at once
  tree_ = std::move(tree);
}

ShapeIndex::~ShapeIndex() = default;

std::uint32_t ShapeIndex::find(LatLon at) const {
  auto const& tree = *tree_;
  auto const inside = tree.smallest(at, [&](std::uint32_t shape) { return tree.holds(shape, at); });
  if (inside != none) return inside;
  return tree.smallest(at, [&](std::uint32_t shape) {
    return std::ranges::any_of(tree.of(shape), [&](Edge const& e) { return touches(e, at); });
  });
}

}  // namespace zhili::sense::places
