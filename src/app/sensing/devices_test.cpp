// Devices with the real store of things and of observations: what is registered can be found in SensorThings, and what is heard is seen.

#include "app/sensing/devices.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "app/sensing/stream_facts.hpp"
#include "sense/devices/device_test_kit.hpp"

namespace zhili::app {
namespace {

using namespace std::chrono_literals;
namespace devices = sense::devices;
using boost::json::value;
using devices::test::point;

class DeviceHouse : public testing::TestWithParam<test::Engine> {
 protected:
  DeviceHouse() { open(); }
  void open() {
    observations_db = store::Db::open_observations(db.options(), db.time).value();
    store = sense::observations::ObservationStore::open(*observations_db, db.time).value();
    vault = store::Vault::open(*db, {db.options().url, db.folder() / "master.key"}, db.time).value();
    things = std::make_unique<sense::things::Things>(*db);
    auto opened = Devices::open({*db, *vault, db.time, devices::test::small_catalogue(), places, *things, *store, core::Zone::utc()});
    ASSERT_TRUE(opened) << opened.error().text.en;
    house = std::move(*opened);
  }
  void close() {
    house.reset();
    things.reset();
    vault.reset();
    store.reset();
    observations_db.reset();
    db.close();
    db.open();
  }
  devices::Device gauge(std::string const& serial = "G-1") {
    auto const made = house->desk().add({.type = "gauge", .serial = serial, .place = {.at = point(0.5, 0.5)}}, "staff:dora");
    EXPECT_TRUE(made) << made.error().text.en;
    return made.value_or(devices::Device{});
  }
  std::int64_t stream(devices::Device const& device, std::string_view name) { return house->gate().datastream(device.id, name); }
  /// Stored, and read along as the program does it.
  void say(std::int64_t datastream, double number, sense::observations::Flags flags = 0) {
    sense::observations::Batch batch;
    batch.add(datastream, db.time.now(), number).flags = flags;
    auto const before = store->position();
    ASSERT_TRUE(store->append(std::move(batch)));
    auto const delivered = store->batches(before, 100);
    for (auto const& one : *delivered) house->heard(one);
  }
  value control(ControlRequest const& request) {
    auto const said = house->do_control(request);
    EXPECT_TRUE(said) << said.error().text.en;
    return said ? boost::json::parse(*said) : value();
  }

  test::TempDb db{GetParam()};
  sense::places::LivePlaces places{sense::places::PlaceIndex::build(devices::test::small_town())};
  std::unique_ptr<store::Db> observations_db;
  std::unique_ptr<sense::observations::ObservationStore> store;
  std::unique_ptr<store::Vault> vault;
  std::unique_ptr<sense::things::Things> things;
  std::unique_ptr<Devices> house;
};
INSTANTIATE_TEST_SUITE_P(Engines, DeviceHouse, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(DeviceHouse, MakesAThingThatSensorThingsKnows) {
  auto const device = gauge();
  gauge("G-2");
  auto const facts = db->read([&](store::Reader& r) { return sense::things::Things::datastream(r, stream(device, "level")); }).value();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->thing, device.thing);
  EXPECT_EQ(facts->unit_code, "cm");
  EXPECT_EQ(facts->device_type, "gauge");
  EXPECT_EQ(facts->stream, "level");
  EXPECT_FALSE(facts->is_private);
  auto const count = [&](char const* sql) { return db->read([&](store::Reader& r) { return *r.value<std::int64_t>(sql); }).value(); };
  EXPECT_EQ(count("SELECT COUNT(*) FROM sensor"), 1) << "one for the type";
  EXPECT_EQ(count("SELECT COUNT(*) FROM observed_property"), 3);
  EXPECT_EQ(count("SELECT COUNT(*) FROM datastream"), 6);
  ASSERT_TRUE(house->desk().change(device.id, {.name = "东桥", .place = devices::WantedPlace{.at = point(1.5, 0.5)}}, "staff:dora"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM historical_location"), 3) << "where it stood is not forgotten";
  auto const bed = house->desk().add({.type = "bed", .serial = "B-1", .place = {.at = point(0.5, 0.5)}}, "staff:dora");
  ASSERT_TRUE(bed);
  EXPECT_TRUE(db->read([&](store::Reader& r) { return sense::things::Things::datastream(r, stream(*bed, "breath")); }).value()->is_private);
}

TEST_P(DeviceHouse, TellsTheIntakeWhatToExpect) {
  auto const device = gauge();
  auto const fact = house->stream_fact(stream(device, "level"));
  ASSERT_TRUE(fact);
  EXPECT_EQ(fact->device, device.id);
  EXPECT_EQ(fact->name, "level");
  EXPECT_EQ(fact->most, 300);
  EXPECT_EQ(fact->every, 1min);
  EXPECT_FALSE(house->stream_fact(999'999));
  ASSERT_TRUE(house->desk().change(device.id, {.disabled = true}, "staff:dora"));
  EXPECT_TRUE(house->device_fact(*house->gate().find(device.id)).disabled);
}

TEST_P(DeviceHouse, GivesTheIntakeEveryStreamAndDevice) {
  auto const device = gauge();
  gauge("G-2");
  say(stream(device, "level"), 7);
  SensingFacts facts(*db, *house, *store);
  std::map<std::string, int> streams;
  std::vector<std::string> serials;
  ASSERT_TRUE(facts.visit([&](sense::ingest::StreamFact const& fact) { ++streams[fact.name]; }, [&](sense::ingest::DeviceFact const& fact) { serials.push_back(fact.serial); }));
  EXPECT_EQ(streams, (std::map<std::string, int>{{"level", 2}, {"battery", 2}, {"signal", 2}}));
  EXPECT_EQ(serials, (std::vector<std::string>{"G-1", "G-2"}));
  EXPECT_EQ((*facts.stream(stream(device, "level")))->unit, "cm");
  EXPECT_FALSE(*facts.stream(999'999));
  EXPECT_EQ(facts.last(stream(device, "level"))->number, 7);
  EXPECT_FALSE(facts.last(stream(device, "battery")));
}

TEST_P(DeviceHouse, SeesWhatWasHeardAlsoAfterARestart) {
  auto const device = gauge();
  auto const level = stream(device, "level");
  say(stream(device, "battery"), 87);
  say(level, 12);
  db.time.advance(1min);
  auto const since = db.time.now();
  say(level, 12, 2);  // stuck
  db.time.advance(1min);
  say(level, 12, 2);
  auto const check = [&] {
    EXPECT_EQ(house->watch().sight(device.id)->battery, 87);
    auto const condition = *house->watch().condition(device.id);
    EXPECT_EQ(condition.state, devices::State::fault);
    ASSERT_EQ(condition.faults.size(), 1u);
    EXPECT_EQ(condition.faults[0].code, devices::FaultCode::stuck);
    EXPECT_EQ(condition.faults[0].since, since);
  };
  check();
  close();
  open();
  check();
  auto const parts = house->web_parts({});
  auto const last = parts.readings->last(level);
  EXPECT_EQ((*last)->quality, std::vector<std::string>{"stuck"});
  auto const curve = parts.readings->series(level, db.time.now() - 1h, db.time.now() + 1s, 500);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->points.size(), 3u);
  EXPECT_EQ(curve->points[0].mean, 12);
}

TEST_P(DeviceHouse, KnowsItsSecretsAfterARestart) {
  auto const device = gauge();
  auto const secret = house->desk().issue(device.id, {}, "staff:dora")->secret;
  close();
  open();
  ASSERT_TRUE(house->gate().who(secret));
  EXPECT_EQ(house->gate().who(secret)->device, device.id);
}

TEST_P(DeviceHouse, DoesWhatTheCommandLineAsks) {
  auto const added = control({"device_add", {{"type", "gauge"}, {"serial", "G-1"}, {"lat", "34.8605"}, {"lon", "117.5505"}}});
  EXPECT_EQ(added.at("area"), value("370402001001"));
  auto const listed = control({"device_list", {{"state", "active"}}});
  ASSERT_EQ(listed.as_array().size(), 1u);
  EXPECT_EQ(listed.as_array()[0].at("serial"), value("G-1"));
  std::string const token(control({"device_token", {{"serial", "G-1"}}}).at("secret").as_string());
  EXPECT_TRUE(house->gate().who(token));
  EXPECT_EQ(house->do_control({"device_token", {{"serial", "G-9"}}}).error().code, core::Errc::not_found);
  EXPECT_EQ(house->do_control({"device_add", {{"type", "gauge"}, {"serial", "G-3"}, {"lat", "north"}}}).error().field, "lat");

  test::TempFolder folder;
  auto const file = (folder.path() / "devices.csv").string(), result = (folder.path() / "result.csv").string();
  std::ofstream(file) << "type,serial,area\ngauge,A-1,370402001001\ngauge,A-2,370402001009\n";
  EXPECT_EQ(control({"device_import", {{"file", file}}}).at("fits"), value(1));
  EXPECT_EQ(house->do_control({"device_import", {{"file", file}, {"mode", "good_lines"}, {"credentials", "token"}}}).error().field, "--result");
  auto const done = control({"device_import", {{"file", file}, {"mode", "good_lines"}, {"credentials", "token"}, {"result", result}}});
  EXPECT_EQ(done.at("wrong").as_array()[0].at("line"), value(3));
  EXPECT_EQ(test::files_with(folder.path(), "zd_"), 1);
  EXPECT_EQ(house->do_control({"device_import", {{"file", file}, {"result", result}}}).error().code, core::Errc::conflict) << "a file of secrets is not overwritten";
  EXPECT_EQ(house->do_control({"device_import", {{"file", file + "x"}}}).error().code, core::Errc::not_found);
}

}  // namespace
}  // namespace zhili::app
