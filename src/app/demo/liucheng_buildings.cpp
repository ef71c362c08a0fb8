// Blocks, buildings, estates and house numbers of Liucheng.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>

#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {
namespace {

struct House {
  Footprint footprint;
  int floors = 1;
};

Footprint rectangle(double x0, double y0, double x1, double y1) {
  return {
      {metres(x0), metres(y0)}, {metres(x1), metres(y0)}, {metres(x1), metres(y1)}, {metres(x0), metres(y1)}};
}

/// Two wings around a yard, open to one of four corners.
Footprint angle(double x0, double y0, double x1, double y1, double deep, std::size_t corner) {
  double const w = x1 - x0, h = y1 - y0;
  std::array<std::array<double, 2>, 6> const shape{
      {{0, 0}, {w, 0}, {w, deep}, {deep, deep}, {deep, h}, {0, h}}};
  Footprint out;
  for (auto const& [x, y] : shape)
    out.push_back({metres(x0 + (corner & 1 ? w - x : x)), metres(y0 + (corner & 2 ? h - y : y))});
  if (corner == 1 || corner == 2) std::ranges::reverse(out);  // mirrored once: turn it back counter-clockwise
  return out;
}

/// The ground that may be built on: the plot less half of each street and a yard.
struct Ground {
  double x0, y0, x1, y1;
  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
};

Plot inset(Plot plot, double extra_m) {
  auto const by = [&](std::size_t side) {
    return plot.sides[side] == RoadClass::none ? 0 : metres(half_width_m(plot.sides[side]) + extra_m);
  };
  plot.low = {plot.low.x + by(0), plot.low.y + by(1)};
  plot.high = {plot.high.x - by(2), plot.high.y - by(3)};
  return plot;
}

Ground ground(Plot const& plot, double yard_m) {
  return {plot.low.x / 10.0 + yard_m, plot.low.y / 10.0 + yard_m, plot.high.x / 10.0 - yard_m,
          plot.high.y / 10.0 - yard_m};
}

class Builder {
 public:
  explicit Builder(std::uint64_t seed) : random_(seed ^ 0x686f757365) {}

  std::vector<House> build(Plot const& plot, Use use) {
    houses_.clear();
    switch (use) {
      case Use::residential:
        rows_of_slabs(ground(plot, 7));
        break;
      case Use::old_town:
        courtyards(ground(plot, 2.5));
        break;
      case Use::commercial:
        towers(ground(plot, 6), 34, 62, 3, 28);
        break;
      case Use::office:
        towers(ground(plot, 9), 26, 44, 6, 24);
        break;
      case Use::industrial:
        halls(ground(plot, 14));
        break;
      case Use::education:
        halls_around_a_yard(ground(plot, 16), 15, 5);
        break;
      case Use::health:
        halls_around_a_yard(ground(plot, 12), 20, 12);
        break;
      case Use::civic:
        hall(ground(plot, 30));
        break;
      case Use::farm:
        hamlet(ground(plot, 20));
        break;
      case Use::park:
      case Use::green:
      case Use::square:
        break;
    }
    return std::move(houses_);
  }

 private:
  int floors(double low, double high) { return static_cast<int>(random_.uniform(low, high)); }

  /// 行列式: rows that face south, as estates are built.
  void rows_of_slabs(Ground g) {
    if (g.width() < 22 || g.height() < 13) return;
    bool const tall = random_.chance(0.25);
    double const deep = tall ? 16 : 12.5, gap = tall ? random_.uniform(30, 38) : random_.uniform(18, 24);
    double const length = tall ? random_.uniform(24, 32) : random_.uniform(36, 58);
    auto const rows = std::max(1, static_cast<int>((g.height() + gap) / (deep + gap)));
    auto const columns = std::max(1, static_cast<int>((g.width() + 10) / (length + 10)));
    double const step_y = rows > 1 ? (g.height() - deep) / (rows - 1) : 0;
    double const own = std::min(length, (g.width() - (columns - 1) * 9.0) / columns);
    double const step_x = columns > 1 ? (g.width() - own) / (columns - 1) : 0;
    int const high = tall ? floors(17, 30) : floors(5, 8);
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) {
        if (random_.chance(0.06)) continue;  // a yard for children, a kindergarten
        double const x = g.x0 + c * step_x,
                     y = g.y0 + r * step_y + (c % 2 == 1 ? 0.0 : random_.uniform(0, 2));
        houses_.push_back({rectangle(x, y, x + own, y + deep), high});
      }
    }
  }

  void courtyards(Ground g) {
    double const step_x = random_.uniform(23, 29), step_y = random_.uniform(20, 25);
    auto const columns = static_cast<int>(g.width() / step_x), rows = static_cast<int>(g.height() / step_y);
    if (columns < 1 || rows < 1) return;
    double const w = g.width() / columns, h = g.height() / rows;
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) {
        if (random_.chance(0.07)) continue;
        double const x0 = g.x0 + c * w + random_.uniform(0.5, 2), y0 = g.y0 + r * h + random_.uniform(0.5, 2);
        double const x1 = g.x0 + (c + 1) * w - random_.uniform(0.5, 3),
                     y1 = g.y0 + (r + 1) * h - random_.uniform(1, 3);
        if (random_.chance(0.6))
          houses_.push_back({angle(x0, y0, x1, y1, 7, random_.below(4)), floors(1, 3)});
        else
          houses_.push_back(
              {rectangle(x0, y0, x1, y0 + (y1 - y0) * random_.uniform(0.45, 0.8)), floors(1, 4)});
      }
    }
  }

  void towers(Ground g, double least, double most, double low, double high) {
    double const step = random_.uniform(least, most) + 16;
    auto const columns = std::max(1, static_cast<int>(g.width() / step));
    auto const rows = std::max(1, static_cast<int>(g.height() / step));
    double const w = g.width() / columns, h = g.height() / rows;
    if (w < 18 || h < 18) return;
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) {
        if (random_.chance(0.08)) continue;
        double const x0 = g.x0 + c * w + random_.uniform(0, 5), y0 = g.y0 + r * h + random_.uniform(0, 5);
        double const x1 = g.x0 + (c + 1) * w - random_.uniform(6, 14),
                     y1 = g.y0 + (r + 1) * h - random_.uniform(6, 14);
        bool const bent = random_.chance(0.35) && x1 - x0 > 30 && y1 - y0 > 30;
        houses_.push_back({bent ? angle(x0, y0, x1, y1, 15, random_.below(4)) : rectangle(x0, y0, x1, y1),
                           floors(low, high)});
      }
    }
  }

  void halls(Ground g) {
    auto const rows = std::max(1, static_cast<int>(g.height() / random_.uniform(55, 80)));
    auto const columns = std::max(1, static_cast<int>(g.width() / random_.uniform(90, 140)));
    double const w = g.width() / columns, h = g.height() / rows;
    if (w < 30 || h < 25) return;
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c)
        if (!random_.chance(0.12))
          houses_.push_back(
              {rectangle(g.x0 + c * w, g.y0 + r * h, g.x0 + (c + 1) * w - random_.uniform(12, 30),
                         g.y0 + (r + 1) * h - random_.uniform(14, 22)),
               floors(1, 3)});
  }

  void halls_around_a_yard(Ground g, double deep, double high) {
    if (g.width() < 50 || g.height() < 45) return rows_of_slabs(g);
    houses_.push_back({angle(g.x0, g.y0, g.x0 + g.width() * 0.62, g.y1, deep, random_.below(2) * 2),
                       floors(high - 2, high + 2)});
    if (g.width() > 80)
      houses_.push_back({rectangle(g.x1 - deep * 1.4, g.y0 + g.height() * 0.2, g.x1, g.y0 + g.height() * 0.7),
                         floors(2, high)});
  }

  void hall(Ground g) {
    double const cx = (g.x0 + g.x1) / 2, cy = (g.y0 + g.y1) / 2;
    double const w = std::min(150.0, g.width() * 0.8) / 2, h = std::min(40.0, g.height() * 0.5) / 2;
    houses_.push_back({rectangle(cx - w, cy - h, cx + w, cy + h), 9});
  }

  void hamlet(Ground g) {
    if (g.width() < 150 || g.height() < 120 || random_.chance(0.35)) return;
    double const x = g.x0 + random_.uniform(0, g.width() - 130),
                 y = g.y0 + random_.uniform(0, g.height() - 100);
    courtyards({x, y, x + 120, y + 90});
  }

  Random random_;
  std::vector<House> houses_;
};

/// Where nothing may be built: the railway and the turns of the ring road, which cross plots.
bool in_the_way(Footprint const& house, std::vector<Spot> const& line, double clear_m) {
  for (auto const& s : house) {
    for (std::size_t i = 1; i < line.size(); ++i) {
      double const dx = line[i].x - line[i - 1].x, dy = line[i].y - line[i - 1].y;
      double const px = s.x - line[i - 1].x, py = s.y - line[i - 1].y;
      double const t = std::clamp((px * dx + py * dy) / (dx * dx + dy * dy), 0.0, 1.0);
      if (std::hypot(px - t * dx, py - t * dy) < clear_m * 10) return true;
    }
  }
  return false;
}

bool is_free(Plan const& plan, Footprint const& house) {
  if (in_the_way(house, plan.railway, 22)) return false;
  return std::ranges::none_of(plan.ring_roads, [&](auto const& ring) { return in_the_way(house, ring, 27); });
}

places::Shape bent(Footprint const& f, Warp const& warp) {
  places::Ring ring;
  for (auto s : f) ring.push_back(warp(s));
  return {{}, {}, {{std::move(ring), {}}}};
}

}  // namespace

void add_blocks_and_buildings(Draft& d) {
  Builder builder(d.options.seed);
  std::map<std::size_t, std::string> estate_of_grid;
  std::size_t houses = 0, estates = 0;
  for (std::size_t i = 0; i < d.plan.blocks.size(); ++i) {
    auto const& block = d.plan.blocks[i];
    auto const plot = inset(block.plot, 1);
    auto const& grid = d.grid_codes[block.grid];
    auto const shape = places::Shape{{}, {}, {{bend_ring(plot, d.warp), {}}}};
    d.add({places::Kind::block, fmt::format("K{:05}", i + 1), std::string(name(block.use)), {}, shape, grid});
    if (block.use == Use::residential && !estate_of_grid.contains(block.grid)) {
      auto const code = fmt::format("E{:04}", ++estates);
      auto const& whole = inset(d.plan.grids[block.grid].plot, 1);
      d.add({places::Kind::estate,
             code,
             "residential",
             estate_name(estates - 1),
             {{}, {}, {{bend_ring(whole, d.warp), {}}}},
             grid,
             {{"manager", fmt::format("property-{}", 1 + estates % 6)}}});
      estate_of_grid.emplace(block.grid, code);
    }
    for (auto const& house : builder.build(plot, block.use)) {
      if (!is_free(d.plan, house.footprint)) continue;
      places::Thing t{places::Kind::building,
                      fmt::format("B{:05}", ++houses),
                      std::string(name(block.use)),
                      {},
                      bent(house.footprint, d.warp),
                      grid,
                      {}};
      if (block.use == Use::residential) t.fields.emplace_back("estate", estate_of_grid[block.grid]);
      t.fields.emplace_back("floors", std::to_string(house.floors));
      d.houses.push_back(d.city.things.size());
      d.house_spots.push_back(house.footprint.front());
      d.add(std::move(t));
    }
  }
}

/// Numbers run from west to east and from south to north; odd on the left of that direction, even on the
/// right.
void number_houses(Draft& d) {
  struct Address {
    bool even;
    std::int32_t along;
    std::size_t thing;
    auto operator<=>(Address const&) const = default;
  };
  std::map<std::size_t, std::vector<Address>> by_line;
  for (std::size_t i = 0; i < d.houses.size(); ++i) {
    auto const spot = d.house_spots[i];
    std::int64_t least = INT64_MAX;
    Stretch const* street = nullptr;
    for (auto const& s : d.plan.stretches) {
      std::int64_t const dx = std::max({0, s.from.x - spot.x, spot.x - s.to.x});
      std::int64_t const dy = std::max({0, s.from.y - spot.y, spot.y - s.to.y});
      if (dx + dy < least) {
        least = dx + dy;
        street = &s;
      }
    }
    if (!street) continue;
    bool const along_x = street->from.y == street->to.y;
    bool const left = along_x ? spot.y > street->from.y : spot.x < street->from.x;
    by_line[street->line].push_back({!left, along_x ? spot.x : spot.y, d.houses[i]});
  }
  for (auto& [line, addresses] : by_line) {
    std::ranges::sort(addresses);
    std::array<int, 2> next{1, 2};
    for (auto const& a : addresses) {
      auto& fields = d.city.things[a.thing].fields;
      fields.emplace_back("number", std::to_string(next[a.even]));
      fields.emplace_back("road", d.road_codes[line]);
      next[a.even] += 2;
    }
  }
}

}  // namespace zhili::app::demo
