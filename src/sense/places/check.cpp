// What is wrong with the shapes of a city: codes, parents, self-crossing rings, overlaps, gaps.
#include <fmt/format.h>
#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "sense/places/code_check.hpp"
#include "sense/places/places.hpp"

namespace zhili::sense::places {
namespace {

namespace bg = boost::geometry;
using FlatPoint = bg::model::d2::point_xy<double>;  // metres east and north of the first point of the city
using FlatPolygon = bg::model::polygon<FlatPoint, /*ClockWise=*/false>;
using Flat = bg::model::multi_polygon<FlatPolygon>;

class Sheet {
 public:
  explicit Sheet(LatLon origin) : origin_(origin) {}
  Flat lay(Shape const& shape) const {
    Flat out;
    for (auto const& p : shape.polygons) {
      FlatPolygon flat;
      lay(p.outer, flat.outer());
      for (auto const& hole : p.holes) lay(hole, flat.inners().emplace_back());
      out.push_back(std::move(flat));
    }
    return out;
  }
  LatLon back(FlatPoint const& p) const {
    return {origin_.lat_e7 + static_cast<std::int32_t>(std::lround(p.y() / north_)),
            origin_.lon_e7 + static_cast<std::int32_t>(std::lround(p.x() / east_))};
  }

 private:
  template <class FlatRing>
  void lay(Ring const& ring, FlatRing& out) const {
    for (auto const p : ring)
      out.push_back({(p.lon_e7 - static_cast<double>(origin_.lon_e7)) * east_,
                     (p.lat_e7 - static_cast<double>(origin_.lat_e7)) * north_});
    if (!ring.empty()) out.push_back(out.front());
  }
  LatLon origin_;
  double north_ = 6'371'008.8 * std::numbers::pi / 180 * 1e-7;
  double east_ = north_ * std::cos(origin_.lat() * std::numbers::pi / 180);
};

class Checker {
 public:
  Checker(City const& city, double tolerance_m2, std::size_t limit)
      : city_(city), tolerance_m2_(tolerance_m2), limit_(limit), sheet_(first_point(city)) {}

  std::vector<Finding> run() {
    for (auto const& a : city_.areas) look_at(a, a.parent);
    for (auto const& g : city_.grids) look_at(g, std::string(city_.scheme.parent(g.code)));
    duties();
    overlaps();
    for (auto const& a : city_.areas) gaps(a);
    return std::move(findings_);
  }

 private:
  static LatLon first_point(City const& city) {
    for (auto const& g : city.grids)
      if (!g.shape.empty()) return PlaceIndex::centre(g.shape);
    for (auto const& a : city.areas)
      if (!a.shape.empty()) return PlaceIndex::centre(a.shape);
    return {};
  }

  void report(Finding f) {
    if (findings_.size() < limit_) findings_.push_back(std::move(f));
  }

  template <class T>
  void look_at(T const& each, std::string const& parent) {
    if (auto fault = code_fault(city_.scheme, each))
      report({Finding::What::code, each.code, {}, 0, {}, std::move(*fault)});
    if (!parent.empty() && std::ranges::find(city_.areas, parent, &Area::code) == city_.areas.end())
      report(
          {Finding::What::orphan,
           each.code,
           parent,
           0,
           {},
           {fmt::format("{} 的上级 {} 不存在。请先导入上级区域，或改编码。", each.code, parent),
            fmt::format("The parent {1} of {0} does not exist. Import the parent first, or change the code.",
                        each.code, parent)}});
    auto flat = sheet_.lay(each.shape);
    std::string why;
    if (!bg::is_valid(flat, why)) {
      report({Finding::What::invalid,
              each.code,
              {},
              0,
              PlaceIndex::centre(each.shape),
              {fmt::format("{} 的边界不成立（{}）。请在制图软件里修好自相交、重复的边后再导入。", each.code,
                           why),
               fmt::format("The outline of {} is not valid ({}). Mend crossings and doubled edges in the map "
                           "editor, and "
                           "import again.",
                           each.code, why)}});
      return;
    }
    flat_.emplace(each.code, std::move(flat));
  }

  void duties() {
    std::map<std::pair<std::string, std::string>, std::string> taken;
    for (auto const& d : city_.duties) {
      if (auto fault = code_fault(city_.scheme, d))
        report({Finding::What::code, d.code, {}, 0, {}, std::move(*fault)});
      for (auto const& grid : d.grids) {
        auto const [it, fresh] = taken.try_emplace({d.function, grid}, d.code);
        if (fresh) continue;
        report({Finding::What::overlap,
                d.code,
                it->second,
                0,
                {},
                {fmt::format("网格 {} 的“{}”职责同时在责任网格 {} 和 {} 里。请只留一个。", grid, d.function,
                             it->second, d.code),
                 fmt::format("Grid {} has two duty grids for {}: {} and {}. Keep one.", grid, d.function,
                             it->second, d.code)}});
      }
    }
  }

  void overlaps() {
    using Entry = std::pair<bg::model::box<FlatPoint>, UnitGrid const*>;
    std::vector<Entry> entries;
    for (auto const& g : city_.grids)
      if (auto const it = flat_.find(g.code); it != flat_.end() && !it->second.empty())
        entries.emplace_back(bg::return_envelope<bg::model::box<FlatPoint>>(it->second), &g);
    bg::index::rtree<Entry, bg::index::linear<16>> const tree(entries);
    for (auto const& [box, g] : entries)
      tree.query(bg::index::intersects(box),
                 boost::make_function_output_iterator([&, grid = g](Entry const& other) {
                   if (grid->code < other.second->code) overlap(*grid, *other.second);
                 }));
  }

  void overlap(UnitGrid const& a, UnitGrid const& b) {
    Flat common;
    bg::intersection(flat_.at(a.code), flat_.at(b.code), common);
    double const area = bg::area(common);
    if (area <= tolerance_m2_) return;
    report({Finding::What::overlap,
            a.code,
            b.code,
            area,
            point_in(common.front()),
            {fmt::format("网格 {} 和 {} 重叠 {:.0f} 平方米。请把公共边改成同一条线。", a.code, b.code, area),
             fmt::format("Grids {} and {} overlap by {:.0f} m². Draw their common border as one line.",
                         a.code, b.code, area)}});
  }

  /// What an area covers and its children do not. Without an outline of its own: the holes between the
  /// children.
  void gaps(Area const& a) {
    Flat covered;
    auto const cover = [&](std::string const& code) {
      auto const it = flat_.find(code);
      if (it == flat_.end() || it->second.empty()) return;
      Flat merged;
      bg::union_(covered, it->second, merged);
      covered = std::move(merged);
    };
    for (auto const& child : city_.areas)
      if (child.parent == a.code) cover(child.code);
    for (auto const& g : city_.grids)
      if (city_.scheme.parent(g.code) == a.code) cover(g.code);
    if (covered.empty()) return;
    Flat missing;
    if (auto const own = flat_.find(a.code); own != flat_.end() && !own->second.empty()) {
      bg::difference(own->second, covered, missing);
    } else {
      for (auto const& p : covered)
        for (auto const& hole : p.inners()) {
          FlatPolygon gap;
          gap.outer().assign(hole.rbegin(), hole.rend());
          missing.push_back(std::move(gap));
        }
    }
    for (auto const& gap : missing) {
      double const area = bg::area(gap);
      if (area <= tolerance_m2_) continue;
      report({Finding::What::gap,
              a.code,
              {},
              area,
              point_in(gap),
              {fmt::format("{} 里有 {:.0f} 平方米不属于任何下级。请补上，或移动相邻网格的边。", a.code, area),
               fmt::format(
                   "{:.0f} m² of {} belong to none of its parts. Add what is missing, or move a neighbour's "
                   "border.",
                   area, a.code)}});
    }
  }

  LatLon point_in(FlatPolygon const& polygon) const {
    Shape shape;
    auto& outer = shape.polygons.emplace_back().outer;
    for (auto const& p : polygon.outer()) outer.push_back(sheet_.back(p));
    return PlaceIndex::centre(shape);
  }

  City const& city_;
  double tolerance_m2_;
  std::size_t limit_;
  Sheet sheet_;
  std::map<std::string, Flat> flat_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check(City const& city, double tolerance_m2, std::size_t limit) {
  return Checker(city, tolerance_m2, limit).run();
}

}  // namespace zhili::sense::places
