#pragma once
// For tests of devices: three types, a small town, Things that are only numbers, and a history in memory.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "sense/devices/commands.hpp"
#include "sense/devices/desk.hpp"
#include "sense/devices/watch.hpp"
#include "support/temp_db.hpp"

namespace zhili::sense::devices::test {

using namespace std::chrono_literals;

/// gauge: level (cm, each minute, silent after 3 min), battery (%, each hour), signal (dBm), when it changes. Commands: set(depth 0…10, mode
/// auto|manual), blink(). bed: private. lamp: lit, when it changes.
inline std::shared_ptr<catalogue::Catalogue const> small_catalogue() {
  using namespace catalogue;
  Pack pack;
  pack.pack = "p";
  pack.version = "1";
  pack.name = {"试", "Trial"};
  pack.digest = "0";
  auto const property = [&](char const* id, ValueKind kind, char const* unit, bool of_device) {
    pack.properties.push_back({.id = id, .name = {id, id}, .definition = "urn:test", .kind = kind, .unit = unit, .ucum = *core::UcumUnit::parse(unit), .of_device = of_device, .pack = "p"});
  };
  property("water-level", ValueKind::number, "cm", false);
  property("battery", ValueKind::number, "%", true);
  property("signal-strength", ValueKind::number, "dBm", true);
  property("lit", ValueKind::boolean, "", false);
  property("breath", ValueKind::number, "/min", false);
  auto const stream = [](char const* id, char const* of, core::Duration every, ValueKind kind = ValueKind::number, char const* unit = "") {
    return StreamType{.id = id, .name = {id, id}, .property = of, .kind = kind, .unit = unit, .every = every, .silent_after = 3 * every};
  };
  auto const level = [&] {
    auto out = stream("level", "water-level", 1min, ValueKind::number, "cm");
    out.range = ValueRange{0, 300};
    return out;
  }();
  CommandType set{.id = "set", .name = {"设定", "Set"}, .expires = 2min};
  set.parameters.push_back({.id = "depth", .name = {"深", "Depth"}, .kind = ValueKind::number, .unit = "cm", .range = ValueRange{0, 10}, .required = true});
  set.parameters.push_back({.id = "mode", .name = {"方式", "Mode"}, .kind = ValueKind::text, .choices = {{"auto", {"自动", "by itself"}}, {"manual", {"手动", "by hand"}}}});
  set.parameters.push_back({.id = "times", .name = {"次数", "Times"}, .kind = ValueKind::count, .range = ValueRange{0, 5}});
  CommandType blink{.id = "blink", .name = {"闪烁", "Blink"}};
  pack.device_types.push_back({.id = "gauge", .name = {"水位计", "Water gauge"}, .streams = {level, stream("battery", "battery", 1h, ValueKind::number, "%"), stream("signal", "signal-strength", 0min, ValueKind::number, "dBm")},
                               .firmware = {{"version", {"固件版本", "Firmware"}}}, .commands = {set, blink}, .pack = "p", .pack_version = "1"});
  pack.device_types.push_back({.id = "bed", .name = {"床垫", "Bed sensor"}, .is_private = true, .streams = {stream("breath", "breath", 1min, ValueKind::number, "/min")}, .commands = {blink}, .pack = "p", .pack_version = "1"});
  pack.device_types.push_back({.id = "lamp", .name = {"路灯", "Street lamp"}, .streams = {stream("lit", "lit", 0min, ValueKind::boolean)}, .commands = {blink}, .pack = "p", .pack_version = "1"});
  pack.dashboards.push_back({.id = "flood-duty", .name = {"防汛", "Flood"}, .functions = {"drainage"},
                             .panels = {{.show = PanelShow::map, .types = {"gauge"}}, {.show = PanelShow::latest, .streams = {{"gauge", "level"}, {"bed", "breath"}}}, {.show = PanelShow::alarms}}, .pack = "p"});
  pack.dashboards.push_back({.id = "light-duty", .name = {"照明", "Light"}, .functions = {"lighting"}, .pack = "p"});
  return std::move(*catalogue::Catalogue::make({std::move(pack)}));
}

inline constexpr std::int32_t corner_lat_e7 = 348'600'000, corner_lon_e7 = 1'175'500'000, town_unit_e7 = 10'000;
inline core::LatLon point(double x, double y) {
  return {corner_lat_e7 + static_cast<std::int32_t>(y * town_unit_e7), corner_lon_e7 + static_cast<std::int32_t>(x * town_unit_e7)};
}

/// Two communities side by side, 3704…01 from x 0 to 1 and 3704…02 from 1 to 2; a manhole at (0.5, 0.5).
inline places::City small_town() {
  places::City city;
  auto const box = [](double x0, double x1) { return places::Ring{point(x0, 0), point(x1, 0), point(x1, 1), point(x0, 1)}; };
  auto const area = [&](char const* code, char const* level, double x0, double x1) {
    places::Area out;
    out.id = static_cast<std::int64_t>(city.areas.size()) + 1;
    out.code = code;
    out.level = level;
    out.name = {code, code};
    out.shape.polygons.push_back({box(x0, x1), {}});
    city.areas.push_back(std::move(out));
  };
  area("3704", "city", 0, 2);
  area("370402", "district", 0, 2);
  area("370402001", "street", 0, 2);
  area("370402001001", "community", 0, 1);
  area("370402001002", "community", 1, 2);
  places::Thing manhole;
  manhole.code = "3704020101000001";
  manhole.klass = "0101";
  manhole.name = {"雨水井 1 号", "Manhole 1"};
  manhole.shape.point = point(0.5, 0.5);
  city.things.push_back(std::move(manhole));
  return city;
}

/// Things are numbers that only go up; what was told is remembered.
class NumberedThings final : public ThingMaker {
 public:
  core::Result<MadeThing> make(store::Writer&, WantedThing const& wanted, std::string const&) override {
    if (broken) return core::fail(core::Errc::unavailable, "test.things", {"坏了", "broken"});
    MadeThing out{.thing = ++last_};
    for (std::size_t i = 0; i < wanted.type->streams.size(); ++i) out.datastreams.push_back(++last_);
    made.push_back(wanted);
    return out;
  }
  core::Result<> change(store::Writer&, std::int64_t, WantedThing const& wanted, bool moved, std::string const&) override {
    changed.emplace_back(wanted.name, moved);
    return {};
  }
  void told(std::span<std::int64_t const> datastreams) override { told_of.insert(told_of.end(), datastreams.begin(), datastreams.end()); }

  std::vector<WantedThing> made;
  std::vector<std::pair<std::string, bool>> changed;
  std::vector<std::int64_t> told_of;
  bool broken = false;

 private:
  std::int64_t last_ = 1'000;
};

/// Every reading, in memory.
class MemoryReadings final : public LastReadings {
 public:
  core::Result<> newest(std::span<std::int64_t const> datastreams, std::function<void(Heard const&)> const& visit) override {
    for (auto const datastream : datastreams)
      if (auto const found = all.find(datastream); found != all.end()) visit(found->second.rbegin()->second);
    return {};
  }
  core::Result<std::optional<core::Instant>> blemished_since(std::int64_t datastream) override {
    std::optional<core::Instant> out;
    auto const& readings = all[datastream];
    for (auto at = readings.rbegin(); at != readings.rend() && at->second.blemishes != 0; ++at) out = at->second.at;
    return out;
  }
  void keep(Heard const& reading) { all[reading.datastream][reading.at] = reading; }

  std::map<std::int64_t, std::map<core::Instant, Heard>> all;
};

/// One process: everything that it keeps in memory, over a database that may be another's too.
class Process {
 public:
  Process(store::Db& db, core::TimeSource const& time, ThingMaker& things, LastReadings& readings)
      : places(places::PlaceIndex::build(small_town())),
        gate(std::move(*Gatekeeper::open(db, key, time))),
        watch(std::move(*DeviceWatch::open({db, time, catalogue, *gate, readings}))),
        desk({db, time, catalogue, places, things, *gate, key}),
        commands(db, time, catalogue) {}

  SecretKey key{7};
  std::shared_ptr<catalogue::Catalogue const> catalogue = small_catalogue();
  places::LivePlaces places;
  std::unique_ptr<Gatekeeper> gate;
  std::unique_ptr<DeviceWatch> watch;
  DeviceDesk desk;
  CommandDesk commands;
};

class DeviceBench : public testing::TestWithParam<zhili::test::Engine> {
 protected:
  Device gauge(std::string const& serial = "G-1") {
    auto made = one->desk.add({.type = "gauge", .serial = serial, .place = {.at = point(0.5, 0.5)}}, "staff:dora");
    EXPECT_TRUE(made) << made.error().text.en;
    return made ? *made : Device{};
  }
  std::vector<std::int64_t> datastreams(Id device) {
    std::vector<std::int64_t> out;
    auto const streams = db->read([&](store::Reader& r) { return DeviceDesk::streams(r, device); });
    for (auto const& stream : *streams) out.push_back(stream.datastream);
    return out;
  }
  std::vector<std::string> told() {  // kinds of the entries about devices
    return *db->read([](store::Reader& r) {
      std::vector<std::string> out;
      for (auto const& [kind] : r.rows<std::int64_t>("SELECT kind FROM ledger WHERE kind >= 610 AND kind < 640 ORDER BY seq")) out.emplace_back(core::name(static_cast<core::EventKind>(kind)));
      return out;
    });
  }
  /// The process is killed, and another one begins.
  void kill_and_restart() {
    one.reset();
    db.close();
    db.open();
    one = std::make_unique<Process>(*db, db.time, things, readings);
  }

  zhili::test::TempDb db{GetParam()};
  NumberedThings things;
  MemoryReadings readings;
  std::unique_ptr<Process> one = std::make_unique<Process>(*db, db.time, things, readings);
};

}  // namespace zhili::sense::devices::test
