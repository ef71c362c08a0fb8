// Organisations, duty grids and components of Liucheng.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {
namespace {

/// Functions as the packs name them, departments as the installation of Liucheng does.
struct Centre {
  char const* function;
  char const* department;
  char const* zh;
  char const* en;
  std::size_t grids;  ///< duty grids: 36 by community, 6 by street, 2 by bank of the river, 1 for all
};
constexpr std::array<Centre, 13> services{
    {{"collector", "city-supervision", "城市管理监督中心", "City supervision centre", 36},
     {"neighbourhood", "neighbourhood-office", "街道社区事务中心", "Neighbourhood Affairs Centre", 36},
     {"urban-management", "urban-management-office", "城市管理局", "Urban Management Office", 6},
     {"sanitation", "sanitation-service", "环境卫生中心", "Sanitation Service", 6},
     {"parks", "parks-service", "园林绿化中心", "Parks Service", 2},
     {"drainage", "drainage-service", "排水管理所", "Drainage Service", 2},
     {"lighting", "lighting-service", "路灯管理所", "Street Lighting Service", 1},
     {"water-supply", "water-company", "榴城水务公司", "Liucheng Water Company", 1},
     {"roads", "road-service", "市政道路养护所", "Road Maintenance Service", 2},
     {"traffic-police", "traffic-police-team", "交警大队", "Traffic Police", 1},
     {"transport", "public-transport", "公交公司", "Bus Company", 1},
     {"civil-affairs", "civil-affairs-office", "民政局", "Civil Affairs Office", 1},
     {"housing", "construction-office", "住房和城乡建设局", "Housing and Construction Office", 6}}};

std::size_t part_of(std::size_t community, std::size_t parts) {
  auto const street = community / communities_per_street;
  if (parts == street_count * communities_per_street) return community;
  if (parts == street_count) return street;
  if (parts == 2) return street < 4 ? 0 : 1;
  return 0;
}

Text part_name(std::size_t part, std::size_t parts) {
  if (parts == 36) return names().communities[part];
  if (parts == street_count) return names().streets[part];
  if (parts == 2) return part == 0 ? Text{"河北片", "North bank"} : Text{"河南片", "South bank"};
  return {"全区", "Whole district"};
}

struct Stand {
  Spot at;
  std::size_t line;
};

/// Larger streets first, then from the centre outwards: what a survey would have reached first.
std::vector<Stretch> as_surveyed(Plan const& plan) {
  std::vector<Stretch> out;
  for (auto const& s : plan.stretches)
    if (s.klass != RoadClass::lane) out.push_back(s);
  std::ranges::stable_sort(out, {}, [](Stretch const& s) {
    auto const away = std::int64_t{std::abs(s.from.x + s.to.x)} + std::abs(s.from.y + s.to.y);
    return away / (s.klass == RoadClass::minor ? 1 : 3);
  });
  return out;
}

/// Stands along streets, clear of the crossings: at both kerbs in turn, or in the carriageway.
std::vector<Stand> along_streets(Plan const& plan, ComponentClass::Where where) {
  constexpr std::int32_t crossing = metres(24);
  bool const kerb = where == ComponentClass::Where::kerb;
  std::vector<Stand> out;
  for (auto const& s : as_surveyed(plan)) {
    auto const length = std::max(s.to.x - s.from.x, s.to.y - s.from.y);
    bool const along_x = s.from.y == s.to.y;
    std::int32_t side = 1;
    for (std::int32_t at = crossing; at <= length - crossing; at += metres(kerb ? 15 : 45)) {
      auto const off = side * metres(half_width_m(s.klass) * (kerb ? 1 : 0.35) - (kerb ? 2 : 0));
      out.push_back(
          {along_x ? Spot{s.from.x + at, s.from.y + off} : Spot{s.from.x + off, s.from.y + at}, s.line});
      side = -side;
    }
  }
  return out;
}

std::vector<Stand> crossings(Plan const& plan) {
  std::set<Spot> ends;
  std::vector<Stand> out;
  for (auto const& s : plan.stretches) {
    if (s.klass != RoadClass::main && s.klass != RoadClass::minor) continue;
    if (!plan.lines[s.line].macro || !ends.insert(s.from).second) continue;
    double const half = half_width_m(s.klass);
    out.push_back({{s.from.x + metres(half), s.from.y + metres(half)}, s.line});
    out.push_back({{s.from.x - metres(half), s.from.y - metres(half)}, s.line});
  }
  return out;
}

std::vector<Stand> in_parks(Plan const& plan, Random& random) {
  std::vector<Stand> out;
  for (auto const& b : plan.blocks) {
    if (b.use != Use::park && b.use != Use::square && b.use != Use::green) continue;
    bool const bank = b.plot.height() == metres(100);  // walks run on the landward half of a river bank
    for (int k = 0; k < 8; ++k) {
      double const x = random.uniform(0.08, 0.92), y = random.uniform(0.1, 0.35);
      bool const south_bank = plan.grids[b.grid].community >= 4 * communities_per_street;
      double const up = bank ? (south_bank ? y : 1 - y) : random.uniform(0.08, 0.92);
      out.push_back({{b.plot.low.x + static_cast<std::int32_t>(b.plot.width() * x),
                      b.plot.low.y + static_cast<std::int32_t>(b.plot.height() * up)},
                     0});
    }
  }
  return out;
}

bool in_lake(Plan const& plan, Spot s) {
  bool inside = false;
  auto const& ring = plan.lake;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    auto const &a = ring[i], &b = ring[(i + 1) % ring.size()];
    if ((a.y > s.y) == (b.y > s.y)) continue;
    if (s.x < a.x + (std::int64_t{b.x} - a.x) * (s.y - a.y) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}

std::string grid_at(Plan const& plan, std::vector<std::string> const& codes, Spot s) {
  for (std::size_t i = 0; i < plan.grids.size(); ++i) {
    auto const& p = plan.grids[i].plot;
    if (s.x >= p.low.x && s.x < p.high.x && s.y >= p.low.y && s.y < p.high.y) return codes[i];
  }
  return {};
}

/// Deals out the classes that share one kind of stand so that each comes evenly: lamp, tree, lamp, bin, …
std::vector<std::size_t> dealt(std::vector<ComponentClass> const& classes, ComponentClass::Where where) {
  std::vector<std::pair<double, std::size_t>> turns;
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (classes[c].where == where)
      for (std::size_t n = 0; n < classes[c].count; ++n)
        turns.emplace_back((static_cast<double>(n) + 0.5) / static_cast<double>(classes[c].count), c);
  std::ranges::sort(turns);
  std::vector<std::size_t> out;
  for (auto const& [when, c] : turns) out.push_back(c);
  return out;
}

}  // namespace

void add_organisations_and_duties(Draft& d) {
  for (auto const& s : services) {
    d.add({places::Kind::organisation,
           s.department,
           "service",
           {s.zh, s.en},
           {},
           {},
           {{"function", s.function}}});
    std::vector<places::DutyGrid> parts(s.grids);
    for (std::size_t g = 0; g < d.plan.grids.size(); ++g)
      parts[part_of(d.plan.grids[g].community, s.grids)].grids.push_back(d.grid_codes[g]);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto& p = parts[i];
      std::ranges::sort(p.grids);
      p.code = fmt::format("{}-{:02}", s.function, i + 1);
      p.function = s.function;
      p.post = s.department;
      auto const where = part_name(i, parts.size());
      p.name = {where.zh + "·" + s.zh, where.en + ": " + s.en};
      d.city.duties.push_back(std::move(p));
    }
  }
  constexpr std::array<std::pair<char const*, char const*>, 6> property{{{"安居物业", "Anju Property"},
                                                                         {"榴园物业", "Liuyuan Property"},
                                                                         {"和顺物业", "Heshun Property"},
                                                                         {"金桂物业", "Jingui Property"},
                                                                         {"万家物业", "Wanjia Property"},
                                                                         {"清泉物业", "Qingquan Property"}}};
  for (std::size_t i = 0; i < property.size(); ++i)
    d.add({places::Kind::organisation,
           fmt::format("property-{}", i + 1),
           "property",
           {property[i].first, property[i].second},
           {},
           {},
           {}});
}

void add_components(Draft& d) {
  using Where = ComponentClass::Where;
  Random random(d.options.seed ^ 0x636f6d70);
  auto const& classes = d.options.components;
  std::vector<std::size_t> sequence(classes.size());
  auto const place = [&](Where where, std::vector<Stand> stands) {
    std::erase_if(stands, [&](Stand const& each) { return in_lake(d.plan, each.at); });
    std::size_t next = 0;
    for (auto const c : dealt(classes, where)) {
      auto const& klass = classes[c];
      auto const& stand = stands[next++ % stands.size()];
      places::Thing t{places::Kind::component,
                      fmt::format("{}{}{:06}", d.options.district_code, klass.code, ++sequence[c]),
                      klass.code,
                      klass.name,
                      {d.warp(stand.at), {}, {}},
                      grid_at(d.plan, d.grid_codes, stand.at),
                      {}};
      t.fields = {{"keeper", klass.keeper}, {"maintainer", klass.keeper}, {"owner", klass.keeper}};
      if (where != Where::park) t.fields.emplace_back("road", d.road_codes[stand.line]);
      t.fields.emplace_back("state", random.chance(0.97) ? "sound" : "worn");
      d.add(std::move(t));
    }
  };
  place(Where::kerb, along_streets(d.plan, Where::kerb));
  place(Where::roadway, along_streets(d.plan, Where::roadway));
  place(Where::crossing, crossings(d.plan));
  place(Where::park, in_parks(d.plan, random));
}

}  // namespace zhili::app::demo
