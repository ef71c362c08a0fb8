#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "assure/reports/canvas.hpp"

namespace zhili::assure::reports {

namespace {

constexpr double height_max = 235;
constexpr double legend_width = 132;
constexpr std::size_t steps = 5;

/// Degrees to the page: a rectangle is a rectangle on so small a piece of the earth.
struct Projection {
  double west = 0, north = 0, lon_scale = 1, lat_scale = 1, height = 0, left = 0;
  Point operator()(core::LatLon at) const { return {left + (at.lon() - west) * lon_scale, (north - at.lat()) * lat_scale}; }
};

Projection projection_of(Map const& map, double width) {
  double west = std::numeric_limits<double>::max(), south = west, east = -west, north = -west;
  for (auto const& region : map.regions)
    for (auto const& ring : region.rings)
      for (auto const at : ring) {
        west = std::min(west, at.lon()), east = std::max(east, at.lon());
        south = std::min(south, at.lat()), north = std::max(north, at.lat());
      }
  if (west >= east || south >= north) return {};
  auto const shrink = std::cos((south + north) / 2 * std::numbers::pi / 180);
  auto const scale = std::min(width / ((east - west) * shrink), height_max / (north - south));
  auto const used = (east - west) * shrink * scale;
  return {west, north, scale * shrink, scale, (north - south) * scale, (width - used) / 2};
}

/// Upper ends of the steps: equal parts of the largest value, rounded so that people can read them.
std::vector<double> ends_of(Map const& map) {
  double most = 0;
  for (auto const& region : map.regions) most = std::max(most, region.value);
  auto const rough = std::max(most / steps, 1.0);
  auto const power = std::pow(10, std::floor(std::log10(rough)));
  auto const unit = std::ceil(rough / power * 2) / 2 * power;
  std::vector<double> out;
  for (std::size_t i = 1; i <= steps; ++i) out.push_back(std::ceil(unit * static_cast<double>(i)));
  return out;
}

std::size_t step_of(double value, std::vector<double> const& ends) {
  std::size_t step = 0;
  while (step + 1 < ends.size() && value > ends[step]) ++step;
  return step;
}

/// The middle of the largest ring, by its area.
Point label_place(std::vector<std::vector<Point>> const& rings) {
  Point best;
  double largest = -1;
  for (auto const& ring : rings) {
    double twice = 0, x = 0, y = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      auto const& a = ring[i];
      auto const& b = ring[(i + 1) % ring.size()];
      auto const cross = a.x * b.y - b.x * a.y;
      twice += cross, x += (a.x + b.x) * cross, y += (a.y + b.y) * cross;
    }
    if (std::abs(twice) <= largest || twice == 0) continue;
    largest = std::abs(twice);
    best = {x / (3 * twice), y / (3 * twice)};
  }
  return best;
}

void legend(Map const& map, Lang lang, double x, std::vector<double> const& ends, Canvas& canvas) {
  double y = 12;
  canvas.text({x, y}, core::in(lang, map.legend), 9, Ink::ink, Anchor::start, true);
  double from = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    y += 16;
    canvas.rectangle({x, y - 8}, 14, 10, wash(i));
    canvas.text({x + 20, y}, fmt::format("{:.0f}–{:.0f}", from, ends[i]), 8.5, Ink::soft);
    from = ends[i] + 1;
  }
  if (map.marks.empty()) return;
  y += 20;
  canvas.dot({x + 7, y - 3}, 3, Ink::mark, Ink::paper);
  canvas.text({x + 20, y}, core::in(lang, map.marks_legend), 8.5, Ink::soft);
}

}  // namespace

double draw(Map const& map, Lang lang, double width, Canvas* canvas) {
  auto const project = projection_of(map, width - legend_width);
  auto const height = std::max(project.height, 150.0) + 6;
  if (!canvas) return height;
  auto const ends = ends_of(map);
  std::vector<Point> places;
  for (auto const& region : map.regions) {
    std::vector<std::vector<Point>> rings;
    for (auto const& ring : region.rings) {
      auto& points = rings.emplace_back();
      for (auto const at : ring) points.push_back(project(at));
    }
    canvas->begin_link(region.link, core::in(lang, region.name));
    canvas->polygon(rings, wash(step_of(region.value, ends)), Ink::paper, 1.2);
    canvas->end_link();
    places.push_back(label_place(rings));
  }
  for (auto const& mark : map.marks) canvas->dot(project(mark.at), 2.6, Ink::mark, Ink::paper);
  for (std::size_t i = 0; i < map.regions.size(); ++i) {
    auto const on_dark = step_of(map.regions[i].value, ends) >= 3;
    auto const ink = on_dark ? Ink::paper : Ink::ink;
    canvas->text({places[i].x, places[i].y - 1}, core::in(lang, map.regions[i].name), 8.5, ink, Anchor::middle, true);
    canvas->text({places[i].x, places[i].y + 10}, core::in(lang, map.regions[i].shown), 8.5, ink, Anchor::middle);
  }
  legend(map, lang, width - legend_width + 16, ends, *canvas);
  return height;
}

}  // namespace zhili::assure::reports
