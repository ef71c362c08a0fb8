#include "sense/places/shape_index.hpp"

#include <algorithm>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/strategies.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <iterator>
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

bool lies_on(Edge const& e, LatLon at) {
  if (at.lat_e7 < std::min(e.from.lat_e7, e.to.lat_e7) || at.lat_e7 > std::max(e.from.lat_e7, e.to.lat_e7))
    return false;
  if (at.lon_e7 < std::min(e.from.lon_e7, e.to.lon_e7) || at.lon_e7 > std::max(e.from.lon_e7, e.to.lon_e7))
    return false;
  return side(e, at) == 0;
}

void append_ring(std::vector<Edge>& edges, Ring const& ring) {
  for (std::size_t i = 0; i < ring.size(); ++i) edges.push_back({ring[i], ring[(i + 1) % ring.size()]});
}

/// The edges of one shape, outer rings and holes alike (even–odd), in bands of latitude, so that a point is
/// compared with the few edges at its height. Asked only about points in the box.
class BandedShape {
 public:
  explicit BandedShape(Shape const& shape) {
    std::vector<Edge> edges;
    for (auto const& polygon : shape.polygons) {
      append_ring(edges, polygon.outer);
      for (auto const& hole : polygon.holes) append_ring(edges, hole);
    }
    if (edges.empty()) return;
    measure(edges);
    auto const count = std::min<std::size_t>(edges.size() / 2 + 1, bands_max);
    height_ = (std::int64_t{high_.lat_e7} - low_.lat_e7) / static_cast<std::int64_t>(count) + 1;
    for (std::size_t band = 0; band < count; ++band) {
      std::ranges::copy_if(edges, std::back_inserter(edges_), [&](Edge const& e) {
        auto const [low, high] = std::minmax(e.from.lat_e7, e.to.lat_e7);
        return band_of(low) <= band && band <= band_of(high);
      });
      first_.push_back(edges_.size());
    }
  }
  bool empty() const { return edges_.empty(); }
  TreeBox box() const { return {tree_point(low_), tree_point(high_)}; }
  bool holds(LatLon at) const {
    bool inside = false;
    for (auto const& e : beside(at)) inside ^= crosses(e, at);
    return inside;
  }
  bool touches(LatLon at) const {
    return std::ranges::any_of(beside(at), [&](Edge const& e) { return lies_on(e, at); });
  }

 private:
  static constexpr std::size_t bands_max = 1'024;

  void measure(std::span<Edge const> edges) {
    low_ = high_ = edges.front().from;
    for (auto const& e : edges) {
      low_ = {std::min(low_.lat_e7, e.from.lat_e7), std::min(low_.lon_e7, e.from.lon_e7)};
      high_ = {std::max(high_.lat_e7, e.from.lat_e7), std::max(high_.lon_e7, e.from.lon_e7)};
    }
  }
  std::size_t band_of(std::int32_t lat_e7) const {
    return static_cast<std::size_t>((std::int64_t{lat_e7} - low_.lat_e7) / height_);
  }
  std::span<Edge const> beside(LatLon at) const {
    auto const band = band_of(at.lat_e7);
    return std::span(edges_).subspan(first_[band], first_[band + 1] - first_[band]);
  }
  LatLon low_, high_;
  std::int64_t height_ = 1;
  std::vector<Edge> edges_;            // by band; an edge stands in each that it meets
  std::vector<std::size_t> first_{0};  // edges of band i: first_[i] … first_[i + 1]
};

}  // namespace

struct ShapeIndex::Tree {
  std::vector<BandedShape> shapes;
  bgi::rtree<Entry, bgi::linear<8>> boxes;
};

ShapeIndex::ShapeIndex(std::span<Shape const* const> shapes) {
  auto tree = std::make_unique<Tree>();
  std::vector<Entry> entries;
  for (std::uint32_t i = 0; i < shapes.size(); ++i) {
    tree->shapes.emplace_back(*shapes[i]);
    if (auto const& own = tree->shapes.back(); !own.empty()) entries.emplace_back(own.box(), i);
  }
  tree->boxes = decltype(tree->boxes)(entries);  // packed: the whole set at once
  tree_ = std::move(tree);
}

ShapeIndex::~ShapeIndex() = default;

std::uint32_t ShapeIndex::find(LatLon at) const {
  auto const& tree = *tree_;
  std::uint32_t inside = none;
  std::uint32_t touched = none;
  auto const look = [&](Entry const& entry) {
    auto const number = entry.second;
    auto const& shape = tree.shapes[number];
    if (number < inside && shape.holds(at))
      inside = number;
    else if (inside == none && number < touched && shape.touches(at))
      touched = number;
  };
  tree.boxes.query(bgi::intersects(tree_point(at)), boost::make_function_output_iterator(std::cref(look)));
  return inside != none ? inside : touched;
}

}  // namespace zhili::sense::places
