// Random numbers, the bending of the sheet, and outlines that share their points.
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {
namespace {

constexpr LatLon centre{348'600'000, 1'175'500'000};
constexpr double lat_e7_per_m = 1e7 / 111'195.08;
double const lon_e7_per_m = lat_e7_per_m / std::cos(34.86 * std::numbers::pi / 180);
constexpr std::int32_t sample_dm = metres(60);

double wave(double at_m, double length_m, double phase) {
  return std::sin(2 * std::numbers::pi * at_m / length_m + phase);
}

}  // namespace

std::uint64_t Random::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

double Random::uniform(double low, double high) {
  return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1.0p-53);
}

std::size_t Random::below(std::size_t n) {
  return n == 0 ? 0 : next() % n;
}

Warp::Warp(std::uint64_t seed) {
  Random random(seed ^ 0x77617270);
  for (auto& p : phase_) p = random.uniform(0, 2 * std::numbers::pi);
}

LatLon Warp::operator()(Spot s) const {
  double const x = s.x / 10.0, y = s.y / 10.0;
  // The square sheet becomes a rounded town.
  double const nx = x / 4000, ny = y / 3000;
  double u = x * std::sqrt(1 - 0.40 * ny * ny);
  double v = y * std::sqrt(1 - 0.40 * nx * nx);
  // Old roads are never quite straight.
  u += 75 * wave(x + 0.6 * y, 4700, phase_[0]) + 42 * wave(y - 0.3 * x, 2300, phase_[1]) +
       13 * wave(y + 0.4 * x, 900, phase_[2]);
  v += 70 * wave(y - 0.5 * x, 4300, phase_[3]) + 38 * wave(x + 0.2 * y, 2500, phase_[4]) +
       13 * wave(x - 0.3 * y, 830, phase_[5]);
  // The river winds, and the streets near it with it.
  double const from_river = (y + 500) / 800;
  v += (190 * wave(x, 4600, phase_[6]) + 85 * wave(x, 2100, phase_[7])) * std::exp(-from_river * from_river);
  constexpr double turn = 7.5 * std::numbers::pi / 180;
  double const east = u * std::cos(turn) - v * std::sin(turn);
  double const north = u * std::sin(turn) + v * std::cos(turn);
  return {centre.lat_e7 + static_cast<std::int32_t>(std::lround(north * lat_e7_per_m)),
          centre.lon_e7 + static_cast<std::int32_t>(std::lround(east * lon_e7_per_m))};
}

std::string_view name(RoadClass c) {
  switch (c) {
    case RoadClass::none:
      return "none";
    case RoadClass::lane:
      return "lane";
    case RoadClass::minor:
      return "minor";
    case RoadClass::main:
      return "main";
    case RoadClass::ring:
      return "ring";
    case RoadClass::rail:
      return "rail";
  }
  return {};
}

double half_width_m(RoadClass c) {
  switch (c) {
    case RoadClass::none:
      return 0;
    case RoadClass::lane:
      return 4;
    case RoadClass::minor:
      return 8;
    case RoadClass::main:
      return 15;
    case RoadClass::ring:
      return 20;
    case RoadClass::rail:
      return 12;
  }
  return 0;
}

std::string_view name(Use u) {
  switch (u) {
    case Use::residential:
      return "residential";
    case Use::old_town:
      return "old_town";
    case Use::commercial:
      return "commercial";
    case Use::office:
      return "office";
    case Use::industrial:
      return "industrial";
    case Use::education:
      return "education";
    case Use::health:
      return "health";
    case Use::civic:
      return "civic";
    case Use::park:
      return "park";
    case Use::green:
      return "green";
    case Use::square:
      return "square";
    case Use::farm:
      return "farm";
  }
  return {};
}

Mesh::Mesh(std::vector<GridPlot> const& grids, Warp const& warp) : warp_(warp) {
  for (auto const& g : grids) {
    auto const& [low, high] = std::pair(g.plot.low, g.plot.high);
    for (auto const s : {low, high, Spot{low.x, high.y}, Spot{high.x, low.y}}) {
      corners_by_x_.insert(s);
      corners_by_y_.insert({s.y, s.x});
    }
  }
}

/// The outline on the sheet, counter-clockwise: corners, the corners of others on the sides, and samples at
/// whole multiples of the step, so that both neighbours of a side take the same ones.
std::vector<Spot> Mesh::walk(Plot const& plot) const {
  auto const between = [](std::set<Spot> const& corners, std::int32_t line, std::int32_t a, std::int32_t b) {
    std::set<std::int32_t> at{a};
    for (auto it = corners.lower_bound({line, a}); it != corners.end() && it->x == line && it->y < b; ++it)
      at.insert(it->y);
    for (std::int32_t s = (a / sample_dm - 1) * sample_dm; s < b; s += sample_dm)
      if (s > a) at.insert(s);
    return std::vector<std::int32_t>(at.begin(), at.end());  // a included, b not
  };
  auto const [l, h] = std::pair(plot.low, plot.high);
  std::vector<Spot> out;
  for (auto x : between(corners_by_y_, l.y, l.x, h.x)) out.push_back({x, l.y});
  for (auto y : between(corners_by_x_, h.x, l.y, h.y)) out.push_back({h.x, y});
  auto const back = [&](auto stops, std::int32_t end, auto make) {
    stops.push_back(end);
    std::ranges::reverse(stops);
    stops.pop_back();
    for (auto s : stops) out.push_back(make(s));
  };
  back(between(corners_by_y_, h.y, l.x, h.x), h.x, [&](std::int32_t x) { return Spot{x, h.y}; });
  back(between(corners_by_x_, l.x, l.y, h.y), h.y, [&](std::int32_t y) { return Spot{l.x, y}; });
  return out;
}

places::Ring Mesh::ring(Plot const& plot) const {
  places::Ring out;
  for (auto s : walk(plot)) out.push_back(warp_(s));
  return out;
}

places::Shape Mesh::outline(std::span<Plot const* const> plots) const {
  std::set<std::pair<Spot, Spot>> edges;
  for (auto const* plot : plots) {
    auto const stops = walk(*plot);
    for (std::size_t i = 0; i < stops.size(); ++i) {
      auto const a = stops[i], b = stops[(i + 1) % stops.size()];
      if (edges.erase({b, a}) == 0) edges.insert({a, b});  // a side that two plots share is inside
    }
  }
  places::Shape shape;
  while (!edges.empty()) {
    auto [start, next] = *edges.begin();
    edges.erase(edges.begin());
    places::Ring ring{warp_(start)};
    while (next != start) {
      ring.push_back(warp_(next));
      auto const it = edges.lower_bound({next, Spot{INT32_MIN, INT32_MIN}});
      next = it->second;
      edges.erase(it);
    }
    shape.polygons.push_back({std::move(ring), {}});
  }
  return shape;
}

std::vector<LatLon> bend(std::span<Spot const> line, Warp const& warp, double step_m) {
  std::vector<LatLon> out{warp(line.front())};
  for (std::size_t i = 1; i < line.size(); ++i) {
    double const dx = line[i].x - line[i - 1].x, dy = line[i].y - line[i - 1].y;
    int const parts = std::max(1, static_cast<int>(std::hypot(dx, dy) / (step_m * 10)));
    for (int k = 1; k <= parts; ++k)
      out.push_back(warp({line[i - 1].x + static_cast<std::int32_t>(std::lround(dx * k / parts)),
                          line[i - 1].y + static_cast<std::int32_t>(std::lround(dy * k / parts))}));
  }
  return out;
}

places::Ring bend_ring(Plot const& p, Warp const& warp, double step_m) {
  std::array<Spot, 5> const corners{p.low, {p.high.x, p.low.y}, p.high, {p.low.x, p.high.y}, p.low};
  auto ring = bend(corners, warp, step_m);
  ring.pop_back();
  return ring;
}

}  // namespace zhili::app::demo
