// Where the devices of Liucheng stand.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/demo/device_town.hpp"
#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {

namespace {

struct Kind {
  std::string_view type, klass;  ///< class of the components that they stand at; empty: any
  std::size_t count;
};
constexpr std::array kinds{
    Kind{"lamp-controller", "0115", 900}, Kind{"lighting-cabinet", "0115", 36}, Kind{"daylight-sensor", "0115", 4}, Kind{"rain-gauge", "", 8},        Kind{"river-gauge", "", 4},
    Kind{"manhole-gauge", "", 110},       Kind{"smoke-detector", "", 230},      Kind{"heat-detector", "", 20},      Kind{"gas-detector", "", 70},     Kind{"electrical-fire-monitor", "", 60},
    Kind{"hydrant-monitor", "", 90},      Kind{"regulator-monitor", "", 12},    Kind{"air-station", "", 8},         Kind{"noise-monitor", "", 24},    Kind{"water-station", "", 4},
    Kind{"flow-detector", "", 40},        Kind{"queue-detector", "", 20},       Kind{"signal-controller", "", 44},  Kind{"parking-counter", "", 20},  Kind{"bin-sensor", "", 110},
    Kind{"toilet-monitor", "", 24},       Kind{"site-monitor", "", 10},         Kind{"soil-sensor", "", 30},        Kind{"field-weather", "", 6},     Kind{"greenhouse-monitor", "", 20},
    Kind{"irrigation-valve", "", 20},     Kind{"gate-counter", "", 14},         Kind{"door-sensor", "", 40},        Kind{"exit-monitor", "", 14},     Kind{"barrier-gate", "", 30}};
/// Two underpasses and some low spots; each has its gauge, the underpasses their pumps.
struct Basin {
  std::string_view name;
  bool has_pump;
};
constexpr std::array basins{Basin{"解放路铁路下穿", true}, Basin{"建设路铁路下穿", true}, Basin{"榴园路口低洼处", false}, Basin{"东湖巷口", false}, Basin{"老粮站门前", false}, Basin{"滨河路桥头", false}};

std::string quoted(std::string const& text) { return '"' + text + '"'; }

}  // namespace

std::vector<PlannedDevice> plan_devices(sense::places::City const& city, catalogue::Catalogue const& catalogue, std::uint64_t seed) {
  Random random(seed ^ 0xD341CE5ULL);
  std::vector<std::pair<sense::places::Thing const*, core::LatLon>> all;
  for (auto const& thing : city.things)
    if (thing.kind == sense::places::Kind::component)
      if (thing.shape.point) all.emplace_back(&thing, *thing.shape.point);
  std::vector<PlannedDevice> out;
  if (all.empty()) return out;
  auto const add = [&](std::string_view type, std::size_t number, std::string place, core::LatLon at) {
    auto const* known = catalogue.device_type(std::string(type));
    if (!known) return;
    out.push_back({.type = std::string(type), .serial = fmt::format("LC-{}-{:04}", type, number), .name = fmt::format("{} {}", known->name.zh, number), .place = std::move(place), .at = at});
  };
  for (std::size_t i = 0; i < basins.size(); ++i) {
    auto const at = all[random.below(all.size())].second;
    add("water-gauge", i + 1, std::string(basins[i].name), at);
    if (basins[i].has_pump) add("pump", i + 1, std::string(basins[i].name), at);
  }
  for (auto const& kind : kinds) {
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (kind.klass.empty() || all[i].first->klass == kind.klass) fitting.push_back(i);
    for (std::size_t n = 1; n <= kind.count && !fitting.empty(); ++n) {
      auto const pick = random.below(fitting.size());
      add(kind.type, n, {}, all[fitting[pick]].second);
      fitting[pick] = fitting.back();
      fitting.pop_back();
    }
  }
  return out;
}

std::string devices_csv(std::vector<PlannedDevice> const& devices) {
  std::string out = "type,serial,name,lat,lon,place\n";
  for (auto const& one : devices) out += fmt::format("{},{},{},{:.7f},{:.7f},{}\n", one.type, one.serial, quoted(one.name), one.at.lat(), one.at.lon(), quoted(one.place));
  return out;
}

}  // namespace zhili::app::demo
