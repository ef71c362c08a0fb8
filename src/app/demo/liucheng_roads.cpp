// The streets of Liucheng: lines on the sheet become named roads.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>

#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {
namespace {

bool joins(Stretch const& a, Stretch const& b) {
  return a.to == b.from && a.klass == b.klass;
}

/// The stretches of each line, those that follow each other joined.
std::vector<std::vector<std::vector<Spot>>> runs_by_line(Plan const& plan) {
  std::vector<std::vector<std::vector<Spot>>> out(plan.lines.size());
  Stretch const* last = nullptr;
  for (auto const& s : plan.stretches) {
    if (s.klass == RoadClass::ring) continue;  // drawn whole, with its turns
    auto& runs = out[s.line];
    if (last && last->line == s.line && joins(*last, s))
      runs.back().push_back(s.to);
    else
      runs.push_back({s.from, s.to});
    last = &s;
  }
  return out;
}

/// The named street that a lane meets, or runs beside: the nearest of the streets around it.
std::optional<std::size_t> parent_of(Stretch const& lane, std::vector<Stretch const*> const& streets) {
  std::optional<std::size_t> best;
  std::int64_t least = metres(600);
  for (auto const* s : streets) {
    auto const gap = [](std::int32_t p, std::int32_t a, std::int32_t b) {
      return std::int64_t{std::max({0, std::min(a, b) - p, p - std::max(a, b)})};
    };
    for (auto const end : {lane.from, lane.to}) {
      auto const away = gap(end.x, s->from.x, s->to.x) + gap(end.y, s->from.y, s->to.y);
      if (away < least) {
        least = away;
        best = s->line;
      }
    }
  }
  return best;
}

std::vector<Text> name_lines(Plan const& plan) {
  std::vector<Text> out(plan.lines.size());
  std::vector<Stretch const*> streets;
  std::size_t minors = 0;
  for (auto const& s : plan.stretches)
    if (s.klass != RoadClass::lane) streets.push_back(&s);
  for (std::size_t i = 0; i < plan.lines.size(); ++i) {
    auto const& line = plan.lines[i];
    if (line.macro)
      out[i] = macro_road_name(line.along_x, line.number);
    else if (line.klass == RoadClass::minor)
      out[i] = minor_road_name(line.along_x, minors++);
  }
  std::map<std::size_t, std::size_t> lanes_of;
  for (auto const& s : plan.stretches) {
    if (s.klass != RoadClass::lane) continue;
    auto const parent = parent_of(s, streets).value_or(0);
    out[s.line] = lane_name(out[parent], ++lanes_of[parent]);
  }
  return out;
}

}  // namespace

void add_roads(Draft& d) {
  auto const runs = runs_by_line(d.plan);
  auto const line_names = name_lines(d.plan);
  d.road_codes.resize(d.plan.lines.size());
  std::size_t number = 0;
  auto const add = [&](std::string_view klass, Text name, std::vector<std::vector<LatLon>> lines) {
    auto code = fmt::format("R{:04}", ++number);
    d.add({places::Kind::road, code, std::string(klass), std::move(name), {{}, std::move(lines), {}}});
    return code;
  };
  for (std::size_t part = 0; part < d.plan.ring_roads.size(); ++part)
    d.road_codes[d.plan.lines.size() - d.plan.ring_roads.size() + part] =
        add(name(RoadClass::ring), ring_road_name(part), {bend(d.plan.ring_roads[part], d.warp)});
  add(name(RoadClass::rail), {"青檀铁路", "Qingtan Railway"}, {bend(d.plan.railway, d.warp)});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].empty()) continue;
    std::vector<std::vector<LatLon>> lines;
    for (auto const& run : runs[i]) lines.push_back(bend(run, d.warp));
    d.road_codes[i] = add(name(d.plan.lines[i].klass), line_names[i], std::move(lines));
  }
}

}  // namespace zhili::app::demo
