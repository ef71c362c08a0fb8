#pragma once
// How Liucheng is drawn. Inside of demo only.
//
// The town is planned on a flat sheet in whole decimetres, where streets are straight and blocks are
// rectangles, and the sheet is then bent: the warp is smooth, and two shapes that share a point on the sheet
// share it on the earth. So the town looks grown and has neither gaps nor overlaps.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "app/demo/liucheng.hpp"

namespace zhili::app::demo {

namespace places = sense::places;
using core::LatLon;
using core::Text;

/// SplitMix64. The standard library's distributions differ between libraries; these do not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double uniform(double low, double high);
  std::size_t below(std::size_t n);
  bool chance(double p) { return uniform(0, 1) < p; }

 private:
  std::uint64_t state_;
};

/// A point of the sheet in decimetres, x to the east and y to the north, before it is bent.
struct Spot {
  std::int32_t x = 0;
  std::int32_t y = 0;
  auto operator<=>(Spot const&) const = default;
};
constexpr std::int32_t metres(double m) {
  return static_cast<std::int32_t>(m * 10);
}

/// Bends the sheet onto the earth.
class Warp {
 public:
  explicit Warp(std::uint64_t seed);
  LatLon operator()(Spot s) const;

 private:
  std::array<double, 10> phase_{};
};

enum class RoadClass : std::uint8_t { none, lane, minor, main, ring, rail };
std::string_view name(RoadClass c);
double half_width_m(RoadClass c);

/// A rectangle of the sheet and what runs along its sides.
struct Plot {
  Spot low, high;
  std::array<RoadClass, 4> sides{};  ///< west, south, east, north
  std::int32_t width() const { return high.x - low.x; }
  std::int32_t height() const { return high.y - low.y; }
  Spot centre() const { return {(low.x + high.x) / 2, (low.y + high.y) / 2}; }
};

/// A stretch of street on the sheet, straight, along one axis.
struct Stretch {
  Spot from, to;
  RoadClass klass = RoadClass::lane;
  std::size_t line = 0;  ///< stretches of one named street have the same number
};

enum class Use : std::uint8_t {
  residential,
  old_town,
  commercial,
  office,
  industrial,
  education,
  health,
  civic,
  park,
  green,
  square,
  farm
};
std::string_view name(Use u);

struct GridPlot {
  Plot plot;
  std::size_t super_block = 0;
  std::size_t community = 0;  ///< 0 … 35
  Use use = Use::residential;
};
struct BlockPlot {
  Plot plot;
  std::size_t grid = 0;
  Use use = Use::residential;
};

constexpr std::size_t street_count = 6;
constexpr std::size_t communities_per_street = 6;

/// A named street.
struct Line {
  RoadClass klass = RoadClass::lane;
  bool along_x = true;
  std::size_t number = 0;  ///< which macro line (main streets), else a running number
  bool macro = false;
};

/// A building or a lawn: a ring on the sheet.
using Footprint = std::vector<Spot>;

/// The whole sheet.
struct Plan {
  std::vector<GridPlot> grids;
  std::vector<BlockPlot> blocks;
  std::vector<Stretch> stretches;
  std::vector<Line> lines;
  std::vector<std::vector<Spot>> ring_roads;  ///< west, south, east, north; the last four of `lines`
  std::vector<Spot> river;                    ///< ring
  std::vector<Spot> lake;                     ///< ring
  std::vector<Spot> island;                   ///< ring, in the lake
  std::vector<Spot> railway;                  ///< line
};
Plan draw_plan(std::uint64_t seed);

/// Outlines with every corner of a neighbour that lies on them, so that shared borders have the same points.
class Mesh {
 public:
  Mesh(std::vector<GridPlot> const& grids, Warp const& warp);
  places::Ring ring(Plot const& plot) const;
  /// The outline of several plots together.
  places::Shape outline(std::span<Plot const* const> plots) const;

 private:
  std::vector<Spot> walk(Plot const& plot) const;
  Warp const& warp_;
  std::set<Spot> corners_by_x_, corners_by_y_;  // the second with x and y swapped
};

/// A line with points every `step_m`, bent.
std::vector<LatLon> bend(std::span<Spot const> line, Warp const& warp, double step_m = 40);
places::Ring bend_ring(Plot const& plot, Warp const& warp, double step_m = 60);

/// The parts of the city, each from the plan.
struct Draft {
  LiuchengOptions const& options;
  Plan plan;
  Warp warp;
  places::City city;
  std::vector<std::string> grid_codes;       ///< by number of GridPlot
  std::vector<std::string> community_codes;  ///< by number of community
  std::vector<std::string> road_codes;       ///< by number of line
  std::vector<std::size_t> houses;           ///< numbers of buildings in city.things
  std::vector<Spot> house_spots;             ///< a corner of each
  places::CodeScheme scheme = places::CodeScheme::standard();

  void add(places::Thing thing) { city.things.push_back(std::move(thing)); }
};
void add_areas_and_grids(Draft& draft);
void add_waters(Draft& draft);
void add_roads(Draft& draft);
void add_blocks_and_buildings(Draft& draft);
void number_houses(Draft& draft);
void add_organisations_and_duties(Draft& draft);
void add_components(Draft& draft);

struct Names {
  Text district, city;
  std::array<Text, street_count> streets;
  std::array<Text, street_count * communities_per_street> communities;
};
Names const& names();
Text macro_road_name(bool along_x, std::size_t number);
Text ring_road_name(std::size_t part);
Text minor_road_name(bool along_x, std::size_t number);
Text lane_name(Text const& parent, std::size_t number);  ///< number from 1
Text estate_name(std::size_t number);

}  // namespace zhili::app::demo
