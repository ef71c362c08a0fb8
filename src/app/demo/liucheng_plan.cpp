// The plan of the town on the flat sheet: lines, super blocks, unit grids, blocks, streets.
#include "app/demo/liucheng_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace zhili::app::demo {
namespace {

// Lines of the sheet in metres. Denser in the centre.
constexpr std::array<double, 14> xs{-4000, -3150, -2450, -1850, -1320, -850, -420,
                                    20,    470,   960,   1520,  2180,  2950, 4000};
constexpr std::array<double, 14> ys{-3000, -2150, -1480, -950, -600, -500, -400,
                                    -30,   330,   720,   1180, 1730, 2330, 3000};
constexpr std::size_t columns = xs.size() - 1, rows = ys.size() - 1;
constexpr std::size_t river_line = 5;  // of ys: the middle of the river; rows 4 and 5 are its banks
constexpr std::size_t ring_west = 3, ring_east = 11, ring_south = 2, ring_north = 11;
constexpr bool bank_row(std::size_t row) {
  return row == river_line - 1 || row == river_line;
}

/// Super blocks that are one place, without streets inside.
struct Estate {
  std::size_t column, row, columns, rows;
  Use use;
};
constexpr std::array<Estate, 5> whole_places{{{8, 9, 2, 2, Use::park},       // the lake
                                              {1, 11, 2, 1, Use::park},      // the hill
                                              {1, 8, 1, 1, Use::education},  // the college
                                              {7, 8, 1, 1, Use::civic},      // the town hall and its square
                                              {5, 3, 1, 1, Use::park}}};     // the garden south of the river

Estate const* whole_place(std::size_t column, std::size_t row) {
  for (auto const& e : whole_places)
    if (column >= e.column && column < e.column + e.columns && row >= e.row && row < e.row + e.rows)
      return &e;
  return nullptr;
}

RoadClass class_of_vertical(std::size_t i) {
  if (i == 0 || i == columns) return RoadClass::none;
  return i % 2 == 1 ? RoadClass::main : RoadClass::minor;
}

RoadClass class_of_horizontal(std::size_t j) {
  if (j == 0 || j == rows || j == river_line) return RoadClass::none;
  for (std::size_t main : {std::size_t{1}, ring_south, std::size_t{7}, std::size_t{9}, ring_north})
    if (j == main) return RoadClass::main;
  return RoadClass::minor;
}

bool has_bridge(std::size_t vertical) {
  return vertical % 2 == 1 || vertical == 6;
}

/// What runs on the line `vertical` beside row `row`; nothing inside a place that is one.
RoadClass vertical_side(std::size_t vertical, std::size_t row) {
  auto const klass = class_of_vertical(vertical);
  if (klass == RoadClass::none) return klass;
  if (bank_row(row) && !has_bridge(vertical)) return RoadClass::none;
  auto const* west = whole_place(vertical - 1, row);
  if (west && west == whole_place(vertical, row)) return RoadClass::none;
  if ((vertical == ring_west || vertical == ring_east) && row > ring_south && row + 1 < ring_north)
    return RoadClass::ring;
  return klass;
}

RoadClass horizontal_side(std::size_t horizontal, std::size_t column) {
  auto const klass = class_of_horizontal(horizontal);
  if (klass == RoadClass::none) return klass;
  auto const* south = whole_place(column, horizontal - 1);
  if (south && south == whole_place(column, horizontal)) return RoadClass::none;
  if ((horizontal == ring_south || horizontal == ring_north) && column > ring_west && column + 1 < ring_east)
    return RoadClass::ring;
  return klass;
}

double from_centre_m(Spot s) {
  return std::hypot(s.x / 10.0 + 100, s.y / 10.0 - 250);
}

std::size_t street_of(std::size_t column, std::size_t row) {
  if (row < river_line) return column < 6 ? 4 : 5;
  if (column < 4) return 2;
  if (column > 8) return 3;
  return row < 9 ? 0 : 1;
}

/// Communities: the super blocks of a street, walked like a plough and cut into six pieces that hang
/// together.
std::array<std::size_t, columns * rows> communities() {
  std::array<std::size_t, columns * rows> out{};
  for (std::size_t street = 0; street < street_count; ++street) {
    std::vector<std::size_t> path;
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<std::size_t> line;
      for (std::size_t c = 0; c < columns; ++c)
        if (!bank_row(row) && street_of(c, row) == street) line.push_back(row * columns + c);
      if (row % 2 == 1) std::ranges::reverse(line);
      path.insert(path.end(), line.begin(), line.end());
    }
    for (std::size_t i = 0; i < path.size(); ++i)
      out[path[i]] = street * communities_per_street + i * communities_per_street / path.size();
  }
  for (std::size_t c = 0; c < columns; ++c) {  // a bank belongs to its side of the river
    out[(river_line - 1) * columns + c] = out[(river_line - 2) * columns + c];
    out[river_line * columns + c] = out[(river_line + 1) * columns + c];
  }
  return out;
}

class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : random_(seed) {}

  Plan draw() {
    macro_streets();
    auto const community = communities();
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t c = 0; c < columns; ++c) super_block(c, row, community[row * columns + c]);
    return std::move(plan_);
  }

 private:
  std::size_t new_line(RoadClass klass, bool along_x, std::size_t number, bool macro) {
    plan_.lines.push_back({klass, along_x, number, macro});
    return plan_.lines.size() - 1;
  }

  void macro_streets() {
    for (std::size_t i = 1; i < columns; ++i) {
      auto const line = new_line(class_of_vertical(i), false, i, true);
      for (std::size_t row = 0; row < rows; ++row) {
        auto const klass = vertical_side(i, row);
        if (klass == RoadClass::none || klass == RoadClass::ring) continue;  // the ring is drawn as a whole
        plan_.stretches.push_back(
            {{metres(xs[i]), metres(ys[row])}, {metres(xs[i]), metres(ys[row + 1])}, klass, line});
      }
    }
    for (std::size_t j = 1; j < rows; ++j) {
      if (j == river_line) continue;
      auto const line = new_line(class_of_horizontal(j), true, j, true);
      for (std::size_t c = 0; c < columns; ++c) {
        auto const klass = horizontal_side(j, c);
        if (klass == RoadClass::none || klass == RoadClass::ring) continue;
        plan_.stretches.push_back(
            {{metres(xs[c]), metres(ys[j])}, {metres(xs[c + 1]), metres(ys[j])}, klass, line});
      }
    }
  }

  void super_block(std::size_t column, std::size_t row, std::size_t community) {
    Plot plot{{metres(xs[column]), metres(ys[row])}, {metres(xs[column + 1]), metres(ys[row + 1])}, {}};
    plot.sides = {vertical_side(column, row), horizontal_side(row, column), vertical_side(column + 1, row),
                  horizontal_side(row + 1, column)};
    auto const* whole = whole_place(column, row);
    GridPlot const grid{plot, row * columns + column, community,
                        bank_row(row) ? Use::park
                        : whole       ? whole->use
                                      : Use::residential};
    if (bank_row(row)) return keep(grid);
    double const far = std::clamp(from_centre_m(plot.centre()) / 3500, 0.0, 1.0);
    double const hectares = 4.5 + 13.5 * far * far;
    split_grid(grid, hectares, whole ? RoadClass::none : RoadClass::minor, whole == nullptr);
  }

  /// Cuts along the longer side, never in the very middle: streets that do not line up make a town, not a
  /// board.
  std::optional<std::pair<Plot, Plot>> cut(Plot const& plot, RoadClass klass, double shortest_m) {
    bool const vertical = plot.width() >= plot.height();  // the cut runs north–south
    auto const length = vertical ? plot.width() : plot.height();
    if (length < 2 * metres(shortest_m)) return std::nullopt;
    auto const at = static_cast<std::int32_t>(length * random_.uniform(0.40, 0.60));
    Plot first = plot, second = plot;
    if (vertical) {
      first.high.x = second.low.x = plot.low.x + at;
      first.sides[2] = second.sides[0] = klass;
    } else {
      first.high.y = second.low.y = plot.low.y + at;
      first.sides[3] = second.sides[1] = klass;
    }
    if (klass == RoadClass::none) return std::pair(first, second);
    auto const line = new_line(klass, !vertical, plan_.lines.size(), false);
    Spot const from = second.low, to = vertical ? Spot{from.x, plot.high.y} : Spot{plot.high.x, from.y};
    plan_.stretches.push_back({from, to, klass, line});
    return std::pair(first, second);
  }

  void split_grid(GridPlot const& grid, double hectares, RoadClass klass, bool choose_use) {
    double const own = grid.plot.width() / 10.0 * (grid.plot.height() / 10.0) / 10'000;
    if (own > hectares * 1.35) {
      if (auto const halves = cut(grid.plot, klass, 130)) {
        GridPlot first = grid, second = grid;
        first.plot = halves->first;
        second.plot = halves->second;
        split_grid(first, hectares, klass, choose_use);
        split_grid(second, hectares, klass, choose_use);
        return;
      }
    }
    GridPlot chosen = grid;
    if (choose_use) chosen.use = use_of(grid.plot.centre());
    keep(chosen);
  }

  Use use_of(Spot at) {
    double const x = at.x / 10.0, y = at.y / 10.0;
    double const far = from_centre_m(at);
    double const dice = random_.uniform(0, 1);
    if (x > 1500 && y < -950)
      return dice < 0.75 ? Use::industrial : dice < 0.85 ? Use::farm : Use::residential;
    if (far < 560) return dice < 0.70 ? Use::old_town : dice < 0.92 ? Use::commercial : Use::park;
    if (far < 1200)
      return dice < 0.42   ? Use::residential
             : dice < 0.68 ? Use::commercial
             : dice < 0.86 ? Use::office
             : dice < 0.93 ? Use::education
             : dice < 0.96 ? Use::health
                           : Use::park;
    if (far < 2600)
      return dice < 0.70   ? Use::residential
             : dice < 0.78 ? Use::commercial
             : dice < 0.84 ? Use::office
             : dice < 0.91 ? Use::education
             : dice < 0.93 ? Use::health
                           : Use::park;
    return dice < 0.38   ? Use::farm
           : dice < 0.55 ? Use::green
           : dice < 0.64 ? Use::industrial
                         : Use::residential;
  }

  void keep(GridPlot const& grid) {
    plan_.grids.push_back(grid);
    bool const open = grid.use == Use::park || grid.use == Use::green || grid.use == Use::farm;
    double const far = std::clamp(from_centre_m(grid.plot.centre()) / 3500, 0.0, 1.0);
    double const hectares = open                          ? 100
                            : grid.use == Use::industrial ? 4
                            : grid.use == Use::civic      ? 3
                                                          : 0.9 + 2.2 * far;
    split_block(grid.plot, grid.use, plan_.grids.size() - 1, hectares);
  }

  void split_block(Plot const& plot, Use use, std::size_t grid, double hectares) {
    double const own = plot.width() / 10.0 * (plot.height() / 10.0) / 10'000;
    if (own > hectares * 1.4) {
      bool const campus = use == Use::education || use == Use::civic || use == Use::health;
      if (auto const halves = cut(plot, campus ? RoadClass::none : RoadClass::lane, 55)) {
        split_block(halves->first, use, grid, hectares);
        split_block(halves->second, use, grid, hectares);
        return;
      }
    }
    Use own_use = use;
    if (use == Use::residential && random_.chance(0.05)) own_use = Use::green;
    if (use == Use::civic && plot.low.y == metres(ys[8])) own_use = Use::square;
    plan_.blocks.push_back({plot, grid, own_use});
  }

  Random random_;
  Plan plan_;
};

Spot on(double x_m, double y_m) {
  return {metres(x_m), metres(y_m)};
}

/// The four parts of the ring road: straight between quarter turns across the corner blocks.
std::vector<std::vector<Spot>> ring_roads() {
  double const w = xs[ring_west], e = xs[ring_east], s = ys[ring_south], n = ys[ring_north];
  double const wi = xs[ring_west + 1], ei = xs[ring_east - 1], si = ys[ring_south + 1],
               ni = ys[ring_north - 1];
  auto const turn = [](std::vector<Spot>& out, double cx, double cy, double rx, double ry, double from,
                       double to) {
    for (int k = 0; k <= 6; ++k) {
      double const a = (from + (to - from) * k / 6) * std::numbers::pi / 180;
      out.push_back(on(cx + rx * std::cos(a), cy + ry * std::sin(a)));
    }
  };
  std::vector<std::vector<Spot>> r(4);
  turn(r[0], wi, si, wi - w, si - s, 225, 180);
  turn(r[0], wi, ni, wi - w, n - ni, 180, 135);
  turn(r[1], wi, si, wi - w, si - s, 225, 270);
  turn(r[1], ei, si, e - ei, si - s, 270, 315);
  turn(r[2], ei, si, e - ei, si - s, 315, 360);
  turn(r[2], ei, ni, e - ei, n - ni, 0, 45);
  turn(r[3], wi, ni, wi - w, n - ni, 135, 90);
  turn(r[3], ei, ni, e - ei, n - ni, 90, 45);
  return r;
}

/// A ring around a point whose radius wavers.
std::vector<Spot> pond(double x, double y, double rx, double ry, double phase) {
  std::vector<Spot> out;
  for (int k = 0; k < 72; ++k) {
    double const a = 2 * std::numbers::pi * k / 72;
    double const r =
        1 + 0.13 * std::sin(2 * a + phase) + 0.10 * std::sin(3 * a + 2 * phase) + 0.04 * std::sin(5 * a);
    out.push_back(on(x + rx * r * std::cos(a), y + ry * r * std::sin(a)));
  }
  return out;
}

std::vector<Spot> river() {
  std::vector<Spot> south, north;
  for (int x = -4000; x <= 4000; x += 50) {
    double const half = 38 + 9 * std::sin(x / 700.0) + 5 * std::sin(x / 260.0);
    double const drift = 8 * std::sin(x / 420.0);
    south.push_back(on(x, ys[river_line] + drift - half));
    north.push_back(on(x, ys[river_line] + drift + half));
  }
  south.insert(south.end(), north.rbegin(), north.rend());
  return south;
}

}  // namespace

Plan draw_plan(std::uint64_t seed) {
  Plan plan = Drawer(seed).draw();
  plan.ring_roads = ring_roads();
  for (auto const& part : plan.ring_roads) {  // its straight middle takes houses and lamps like any street
    auto const a = part[6], b = part[7];
    plan.stretches.push_back({std::min(a, b), std::max(a, b), RoadClass::ring, plan.lines.size()});
    plan.lines.push_back({RoadClass::ring, a.y == b.y, plan.lines.size(), true});
  }
  plan.river = river();
  plan.lake = pond(985, 1225, 415, 350, 0.7);
  plan.island = pond(1080, 1280, 70, 48, 2.1);
  for (int k = 0; k <= 30; ++k) {  // from the west into the north, outside the ring
    double const t = k / 30.0;
    plan.railway.push_back(on(-4000 + 5900 * t, 1000 + 2000 * std::pow(t, 0.62)));
  }
  return plan;
}

}  // namespace zhili::app::demo
