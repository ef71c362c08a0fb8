#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "sense/places/near_index.hpp"
#include "sense/places/places.hpp"
#include "sense/places/shape_index.hpp"

namespace zhili::sense::places {
namespace {

/// Slices of one flat array: what belongs to number i.
template <class T>
struct Slices {
  std::vector<T> all;
  std::vector<std::size_t> first{0};
  std::span<T const> of(std::size_t i) const {
    return std::span(all).subspan(first[i], first[i + 1] - first[i]);
  }
  void close() { first.push_back(all.size()); }
};

template <class T, class Key>
T const* find_sorted(std::vector<T> const& sorted, Key const& key, auto projection) {
  auto const it = std::ranges::lower_bound(sorted, key, {}, projection);
  return it != sorted.end() && std::invoke(projection, *it) == key ? &*it : nullptr;
}

constexpr auto thing_key = [](Thing const& t) { return std::pair(t.kind, std::string_view(t.code)); };
constexpr auto code_key = [](auto const& t) { return std::string_view(t.code); };

template <class T>
std::vector<Shape const*> shapes_of(std::vector<T> const& of) {
  std::vector<Shape const*> out;
  for (auto const& each : of) out.push_back(&each.shape);
  return out;
}

template <class Visit>
void each_point(Shape const& shape, Visit&& visit) {
  if (shape.point) visit(*shape.point);
  for (auto const& line : shape.lines) std::ranges::for_each(line, visit);
  for (auto const& polygon : shape.polygons) std::ranges::for_each(polygon.outer, visit);
}

Box bounds_of(City const& city) {
  constexpr auto high = std::numeric_limits<std::int32_t>::max();
  constexpr auto low = std::numeric_limits<std::int32_t>::min();
  Box b{{high, high}, {low, low}};
  auto const add = [&](LatLon p) {
    b.min = {std::min(b.min.lat_e7, p.lat_e7), std::min(b.min.lon_e7, p.lon_e7)};
    b.max = {std::max(b.max.lat_e7, p.lat_e7), std::max(b.max.lon_e7, p.lon_e7)};
  };
  for (auto const& a : city.areas) each_point(a.shape, add);
  for (auto const& g : city.grids) each_point(g.shape, add);
  for (auto const& t : city.things) each_point(t.shape, add);
  return b.min.lat_e7 == high ? Box{} : b;
}

LatLon middle(Box const& b) {
  return {static_cast<std::int32_t>((std::int64_t{b.min.lat_e7} + b.max.lat_e7) / 2),
          static_cast<std::int32_t>((std::int64_t{b.min.lon_e7} + b.max.lon_e7) / 2)};
}

City sorted(City city) {
  std::ranges::sort(city.areas, {}, code_key);
  std::ranges::sort(city.grids, {}, code_key);
  std::ranges::sort(city.duties, {}, code_key);
  std::ranges::sort(city.things, {}, thing_key);
  return city;
}

}  // namespace

struct PlaceIndex::Parts {
  City const city;
  Box const bounds;
  std::vector<std::string> functions;
  Slices<Area const*> area_chain;  // by number of area: itself, its parent, …
  Slices<Area const*> grid_chain;  // by number of grid
  Slices<Duty> grid_duties;        // by number of grid
  std::unordered_map<std::int64_t, Area const*> area_by_id;
  std::vector<Area const*> deepest_first;  // the order of `areas`
  std::unique_ptr<ShapeIndex> grids, areas;
  NearIndex near;

  explicit Parts(City c)
      : city(sorted(std::move(c))), bounds(bounds_of(city)), near(city.things, middle(bounds)) {
    chain_areas();
    assign_duties();
    grids = std::make_unique<ShapeIndex>(shapes_of(city.grids));
    for (auto const& a : city.areas) deepest_first.push_back(&a);
    std::ranges::stable_sort(deepest_first, std::greater{}, [](Area const* a) { return a->code.size(); });
    std::vector<Shape const*> shapes;
    for (auto const* a : deepest_first) shapes.push_back(&a->shape);
    areas = std::make_unique<ShapeIndex>(shapes);
  }

  Area const* area(std::string_view code) const { return find_sorted(city.areas, code, code_key); }

  void chain(Slices<Area const*>& into, std::string_view code) const {
    for (std::size_t depth = 0; !code.empty() && depth < city.scheme.areas.size(); ++depth) {
      auto const* a = area(code);
      if (a) into.all.push_back(a);
      code = a && !a->parent.empty() ? std::string_view(a->parent) : city.scheme.parent(code);
    }
    into.close();
  }

  void chain_areas() {
    for (auto const& a : city.areas) {
      if (a.id != 0) area_by_id.emplace(a.id, &a);
      chain(area_chain, a.code);
    }
    for (auto const& g : city.grids) chain(grid_chain, city.scheme.parent(g.code));
  }

  void assign_duties() {
    for (auto const& d : city.duties) functions.push_back(d.function);
    std::ranges::sort(functions);
    functions.erase(std::ranges::unique(functions).begin(), functions.end());
    std::vector<std::vector<Duty>> by_grid(city.grids.size());
    for (std::uint32_t i = 0; i < city.duties.size(); ++i) {
      auto const& duty = city.duties[i];
      auto const function = std::ranges::lower_bound(functions, duty.function) - functions.begin();
      for (auto const& code : duty.grids) {
        auto const* g = find_sorted(city.grids, std::string_view(code), code_key);
        if (!g) continue;
        auto& own = by_grid[static_cast<std::size_t>(g - city.grids.data())];
        auto const number = static_cast<std::uint32_t>(function);
        if (std::ranges::find(own, number, &Duty::function) == own.end()) own.push_back({number, i});
      }
    }
    for (auto& own : by_grid) {
      std::ranges::sort(own, {}, &Duty::function);
      grid_duties.all.insert(grid_duties.all.end(), own.begin(), own.end());
      grid_duties.close();
    }
  }
};

PlaceIndex::PlaceIndex(std::unique_ptr<Parts const> parts) : parts_(std::move(parts)) {}
PlaceIndex::~PlaceIndex() = default;

std::shared_ptr<PlaceIndex const> PlaceIndex::build(City city) {
  return std::make_shared<PlaceIndex const>(std::make_unique<Parts const>(std::move(city)));
}

Found PlaceIndex::find(LatLon at) const {
  auto const& p = *parts_;
  if (auto const n = p.grids->find(at); n != ShapeIndex::none)
    return {&p.city.grids[n], p.grid_chain.of(n), p.grid_duties.of(n)};
  if (auto const n = p.areas->find(at); n != ShapeIndex::none) {
    auto const number = static_cast<std::size_t>(p.deepest_first[n] - p.city.areas.data());
    return {nullptr, p.area_chain.of(number), {}};
  }
  return {};
}

DutyGrid const* PlaceIndex::duty(Found const& found, std::string_view function) const {
  for (auto const& d : found.duties)
    if (parts_->functions[d.function] == function) return &parts_->city.duties[d.duty_grid];
  return nullptr;
}

std::optional<Near> PlaceIndex::near(LatLon at, double limit_m) const {
  return parts_->near.place(at, limit_m);
}

std::optional<Near> PlaceIndex::nearest_component(LatLon at, std::string_view klass, double limit_m) const {
  return parts_->near.component(at, klass, limit_m);
}

City const& PlaceIndex::city() const {
  return parts_->city;
}
Box PlaceIndex::bounds() const {
  return parts_->bounds;
}
std::span<std::string const> PlaceIndex::functions() const {
  return parts_->functions;
}

Area const* PlaceIndex::area(std::string_view code) const {
  return parts_->area(code);
}

Area const* PlaceIndex::area(std::int64_t id) const {
  auto const it = parts_->area_by_id.find(id);
  return it == parts_->area_by_id.end() ? nullptr : it->second;
}

UnitGrid const* PlaceIndex::grid(std::string_view code) const {
  return find_sorted(parts_->city.grids, code, code_key);
}

Thing const* PlaceIndex::thing(Kind kind, std::string_view code) const {
  return find_sorted(parts_->city.things, std::pair(kind, code), thing_key);
}

}  // namespace zhili::sense::places
