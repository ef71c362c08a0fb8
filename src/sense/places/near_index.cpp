#include "sense/places/near_index.hpp"

#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/geometries/segment.hpp>
#include <boost/geometry/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/iterator/function_output_iterator.hpp>

#include <cmath>
#include <map>
#include <numbers>
#include <utility>

namespace zhili::sense::places {
namespace {

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;
using PlanePoint = bg::model::point<double, 2, bg::cs::cartesian>;  // metres east, metres north
using Segment = bg::model::segment<PlanePoint>;
template <class Where>
using Tree = bgi::rtree<std::pair<Where, Thing const*>, bgi::linear<16>>;

/// An address closer than this is named before a road: the road in front of a house is always nearer than the
/// house.
constexpr double address_limit_m = 60;

struct Plane {
  LatLon origin;
  double metres_per_lat_e7 = 6'371'008.8 * std::numbers::pi / 180 * 1e-7;
  double metres_per_lon_e7 = metres_per_lat_e7 * std::cos(origin.lat() * std::numbers::pi / 180);

  PlanePoint operator()(LatLon p) const {
    return {(p.lon_e7 - static_cast<double>(origin.lon_e7)) * metres_per_lon_e7,
            (p.lat_e7 - static_cast<double>(origin.lat_e7)) * metres_per_lat_e7};
  }
};

}  // namespace

struct NearIndex::Trees {
  Plane plane;
  std::map<std::string_view, Thing const*> roads;
  Tree<PlanePoint> addresses;
  Tree<Segment> streets;
  Tree<PlanePoint> components;

  template <class Where, class Wanted>
  std::optional<Near> nearest(Tree<Where> const& tree, LatLon at, double limit_m, Wanted&& wanted) const {
    std::optional<Near> out;
    auto const here = plane(at);
    auto const take = [&](std::pair<Where, Thing const*> const& e) {
      double const d = bg::distance(here, e.first);
      if (d <= limit_m) out = Near{e.second, {}, d};
    };
    tree.query(bgi::nearest(here, 1) && bgi::satisfies(wanted),
               boost::make_function_output_iterator(std::cref(take)));
    return out;
  }

  Text address(Thing const& building) const {
    auto const number = std::string(building.field("number"));
    auto const road = roads.find(building.field("road"));
    if (road == roads.end()) return {"近：" + building.name.zh, "near " + building.name.en};
    return {"近：" + road->second->name.zh + " " + number + " 号",
            "near " + number + " " + road->second->name.en};
  }
};

NearIndex::NearIndex(std::vector<Thing> const& things, LatLon origin) {
  auto trees = std::make_unique<Trees>();
  trees->plane = Plane{origin};
  std::vector<std::pair<PlanePoint, Thing const*>> addresses, components;
  std::vector<std::pair<Segment, Thing const*>> streets;
  for (auto const& thing : things) {
    auto const at = [&] { return trees->plane(PlaceIndex::centre(thing.shape)); };
    if (thing.shape.empty()) continue;
    if (thing.kind == Kind::component) components.emplace_back(at(), &thing);
    if (thing.kind == Kind::building && !thing.field("number").empty()) addresses.emplace_back(at(), &thing);
    if (thing.kind != Kind::road) continue;
    trees->roads.emplace(thing.code, &thing);
    for (auto const& line : thing.shape.lines)
      for (std::size_t i = 1; i < line.size(); ++i)
        streets.emplace_back(Segment(trees->plane(line[i - 1]), trees->plane(line[i])), &thing);
  }
  trees->addresses = decltype(trees->addresses)(addresses);
  trees->streets = decltype(trees->streets)(streets);
  trees->components = decltype(trees->components)(components);
  trees_ = std::move(trees);
}

NearIndex::~NearIndex() = default;

std::optional<Near> NearIndex::place(LatLon at, double limit_m) const {
  auto const all = [](auto const&) { return true; };
  auto house = trees_->nearest(trees_->addresses, at, limit_m, all);
  auto road = trees_->nearest(trees_->streets, at, limit_m, all);
  if (road && !(house && house->distance_m <= address_limit_m)) {
    road->words = {"近：" + road->thing->name.zh, "near " + road->thing->name.en};
    return road;
  }
  if (house) house->words = trees_->address(*house->thing);
  return house;
}

std::optional<Near> NearIndex::component(LatLon at, std::string_view klass, double limit_m) const {
  auto found = trees_->nearest(trees_->components, at, limit_m,
                               [&](auto const& e) { return klass.empty() || e.second->klass == klass; });
  if (found) found->words = {"近：" + found->thing->name.zh, "near " + found->thing->name.en};
  return found;
}

}  // namespace zhili::sense::places
