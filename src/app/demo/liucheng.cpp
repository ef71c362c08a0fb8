#include "app/demo/liucheng.hpp"

#include <array>
#include <set>
#include <string_view>
#include <fmt/format.h>
#include <algorithm>

#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {

std::vector<ComponentClass> default_component_classes() {
  using Where = ComponentClass::Where;
  return {{"0101", {"上水井盖", "Water supply cover"}, 260, Where::roadway, "water-company"},
          {"0102", {"污水井盖", "Sewer manhole cover"}, 420, Where::roadway, "drainage-service"},
          {"0103", {"雨水井盖", "Storm drain cover"}, 360, Where::roadway, "drainage-service"},
          {"0104", {"雨水箅子", "Gully grate"}, 380, Where::kerb, "drainage-service"},
          {"0110", {"消火栓", "Fire hydrant"}, 260, Where::kerb, "water-company"},
          {"0115", {"路灯", "Street lamp"}, 1500, Where::kerb, "lighting-service"},
          {"0201", {"公交站亭", "Bus shelter"}, 120, Where::kerb, "public-transport"},
          {"0205", {"交通信号灯", "Traffic signal"}, 130, Where::crossing, "traffic-police-team"},
          {"0206", {"路名牌", "Street name sign"}, 130, Where::crossing, "civil-affairs-office"},
          {"0301", {"垃圾箱", "Litter bin"}, 480, Where::kerb, "sanitation-service"},
          {"0302", {"公共厕所", "Public toilet"}, 40, Where::park, "sanitation-service"},
          {"0401", {"行道树", "Street tree"}, 760, Where::kerb, "parks-service"},
          {"0403", {"休息座椅", "Bench"}, 120, Where::park, "parks-service"},
          {"0404", {"景观灯", "Decorative lighting"}, 40, Where::park, "lighting-service"}};
}

void add_areas_and_grids(Draft& d) {
  Mesh const mesh(d.plan.grids, d.warp);
  auto const& district = d.options.district_code;
  auto const outline = [&](auto&& wanted) {
    std::vector<Plot const*> plots;
    for (auto const& g : d.plan.grids)
      if (wanted(g)) plots.push_back(&g.plot);
    return mesh.outline(plots);
  };
  auto const whole = outline([](auto const&) { return true; });
  std::string const city = district.substr(0, d.scheme.areas[0].digits);
  d.city.areas.push_back({0, city, "city", names().city, "", whole});
  d.city.areas.push_back({0, district, "district", names().district, city, whole});
  for (std::size_t s = 0; s < street_count; ++s) {
    auto const street = fmt::format("{}{:03}", district, s + 1);
    d.city.areas.push_back(
        {0, street, "street", names().streets[s], district,
         outline([&](GridPlot const& g) { return g.community / communities_per_street == s; })});
    for (std::size_t c = 0; c < communities_per_street; ++c) {
      auto const number = s * communities_per_street + c;
      d.community_codes.push_back(fmt::format("{}{:03}", street, c + 1));
      d.city.areas.push_back({0, d.community_codes.back(), "community", names().communities[number], street,
                              outline([&](GridPlot const& g) { return g.community == number; })});
    }
  }
  // Numbered as the standard asks: from west to east, then from north to south.
  std::vector<std::size_t> order(d.plan.grids.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) {
    auto const c = d.plan.grids[i].plot.centre();
    return std::tuple(d.plan.grids[i].community, c.x / metres(250), -c.y, c.x);
  });
  d.grid_codes.resize(order.size());
  std::size_t sequence = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    auto const& g = d.plan.grids[order[k]];
    sequence = k > 0 && d.plan.grids[order[k - 1]].community == g.community ? sequence + 1 : 1;
    auto const code = fmt::format("{}{:03}", d.community_codes[g.community], sequence);
    d.grid_codes[order[k]] = code;
    bool const busy = g.use == Use::commercial || g.use == Use::old_town || g.use == Use::civic;
    bool const quiet = g.use == Use::farm || g.use == Use::green || g.use == Use::park;
    auto const area = std::int64_t{g.plot.width()} * g.plot.height() / 100;
    d.city.grids.push_back({code,
                            {{}, {}, {{mesh.ring(g.plot), {}}}},
                            area,
                            std::string(name(g.use)),
                            busy    ? 1
                            : quiet ? 3
                                    : 2,
                            "community-" + d.community_codes[g.community],
                            {},
                            {}});
  }
}

void add_waters(Draft& d) {
  auto const ring = [&](std::vector<Spot> const& spots) {
    places::Ring out;
    for (auto s : spots) out.push_back(d.warp(s));
    return out;
  };
  auto clockwise = ring(d.plan.island);
  std::ranges::reverse(clockwise);
  d.add({places::Kind::water,
         "W001",
         "river",
         {"承水河", "Chengshui River"},
         {{}, {}, {{ring(d.plan.river), {}}}}});
  d.add({places::Kind::water,
         "W002",
         "lake",
         {"榴湖", "Liuhu Lake"},
         {{}, {}, {{ring(d.plan.lake), {clockwise}}}}});
}

namespace {

/// Two lanes off two roads of one name would be called the same: the later one takes another word for a lane.
void tell_lanes_apart(sense::places::City& city) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words{
      {{"巷", "Lane"}, {"里", "Close"}, {"弄", "Alley"}, {"坊", "Court"}}};
  std::set<std::string> taken;
  for (auto& thing : city.things) {
    if (thing.kind != sense::places::Kind::road) continue;
    for (std::size_t i = 1; i < words.size() && taken.contains(thing.name.zh); ++i) {
      auto const replace = [](std::string& text, std::string_view from, std::string_view to) {
        if (auto const at = text.rfind(from); at != std::string::npos) text.replace(at, from.size(), to);
      };
      replace(thing.name.zh, words[i - 1].first, words[i].first);
      replace(thing.name.en, words[i - 1].second, words[i].second);
    }
    taken.insert(thing.name.zh);
  }
}

core::LatLon nearest_centre(sense::places::PlaceIndex const& index, core::LatLon from) {
  std::optional<core::LatLon> best;
  for (auto const& grid : index.city().grids) {
    auto const centre = sense::places::PlaceIndex::centre(grid.shape);
    if (!best || core::distance_m(from, centre) < core::distance_m(from, *best)) best = centre;
  }
  return best.value_or(from);
}

/// The bend moves what stands at a border: the register says the grid that a component really stands in, and what was
/// pushed out of the town comes back to the middle of the nearest grid.
void settle_components(sense::places::City& city) {
  auto const index = sense::places::PlaceIndex::build(city);
  for (auto& thing : city.things) {
    if (thing.kind != sense::places::Kind::component || !thing.shape.point) continue;
    if (!index->find(*thing.shape.point).grid) thing.shape.point = nearest_centre(*index, *thing.shape.point);
    if (auto const* grid = index->find(*thing.shape.point).grid) thing.grid = grid->code;
  }
}

}  // namespace

sense::places::City liucheng(LiuchengOptions const& options) {
  Draft draft{options, draw_plan(options.seed), Warp(options.seed), {}, {}, {}, {}, {}, {}};
  add_areas_and_grids(draft);
  add_waters(draft);
  add_roads(draft);
  add_blocks_and_buildings(draft);
  number_houses(draft);
  add_organisations_and_duties(draft);
  add_components(draft);
  tell_lanes_apart(draft.city);
  settle_components(draft.city);
  return std::move(draft.city);
}

}  // namespace zhili::app::demo
