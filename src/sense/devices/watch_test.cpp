// How devices are now, and after the program was killed, on both databases.

#include "sense/devices/watch.hpp"

#include <gtest/gtest.h>

#include <random>

#include "sense/devices/device_test_kit.hpp"

namespace zhili::sense::devices {
namespace {

using namespace std::chrono_literals;
using test::point;

class WatchTest : public test::DeviceBench {
 protected:
  /// A reading is stored, and the watch is told, as the program does it.
  void hear(std::int64_t datastream, double number, Blemishes blemishes = 0, core::Duration ago = 0ms) {
    Heard const reading{.datastream = datastream, .at = db.time.now() - ago, .number = number, .blemishes = blemishes};
    auto kept = reading;
    kept.device = one->gate->owner(datastream);
    readings.keep(kept);
    one->watch->heard(std::span(&reading, 1), db.time.now());
  }
  State state(Id device) { return one->watch->sight(device)->state; }
  /// Everything that can be seen of all devices.
  std::string picture() {
    std::string out;
    for (auto const id : one->watch->find({.with_private = true}, 0, 1'000)) {
      auto const sight = *one->watch->sight(id);
      out += std::to_string(id) + " " + std::string(name(sight.state)) + " " + (sight.last_seen ? core::to_iso(*sight.last_seen) : "-") + " " +
             (sight.battery ? std::to_string(*sight.battery) : "-") + " " + (sight.signal ? std::to_string(*sight.signal) : "-");
      auto const condition = *one->watch->condition(id);
      for (auto const& fault : condition.faults) out += " " + std::string(name(fault.code)) + ":" + fault.stream + "@" + core::to_iso(fault.since);
      out += "\n";
    }
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, WatchTest, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& engine) { return zhili::test::name_of(engine.param); });

TEST_P(WatchTest, SeesADeviceComeAndGo) {
  auto const device = gauge().id;
  auto const streams = datastreams(device);
  EXPECT_FALSE(one->watch->sight(device)->last_seen);
  hear(streams[0], 12.5);
  hear(streams[1], 87);
  hear(streams[2], -97);
  EXPECT_EQ(one->watch->sight(device)->last_seen, db.time.now());
  EXPECT_EQ(one->watch->sight(device)->battery, 87);
  EXPECT_EQ(one->watch->sight(device)->signal, -97);
  db.time.advance(3min + 1ms);
  EXPECT_EQ(state(device), State::silent);
  hear(streams[0], 12.5);
  EXPECT_EQ(state(device), State::active);
}

TEST_P(WatchTest, IsAliveWhileItSendsOldReadings) {
  auto const device = gauge().id;
  auto const streams = datastreams(device);
  hear(streams[0], 1);
  db.time.advance(4min);
  hear(streams[0], 2, 0, 10min);
  EXPECT_EQ(one->watch->sight(device)->last_seen, db.time.now());
  EXPECT_EQ(one->watch->condition(device)->faults.front().code, FaultCode::stream_silent) << "it speaks, but nobody knows the level of now";
}

TEST_P(WatchTest, WritesARowForADeviceAndNotForAReading) {
  auto const a = gauge("G-1").id, b = gauge("G-2").id;
  for (int i = 0; i < 1'000; ++i) {
    db.time.advance(10ms);
    hear(datastreams(a)[0], i);
  }
  hear(datastreams(b)[1], 50);
  EXPECT_EQ(*one->watch->write_back(), 2u);
  db.time.advance(1min);
  hear(datastreams(a)[0], 5);
  EXPECT_EQ(*one->watch->write_back(), 0u) << "the history knows when it was last seen";
  hear(datastreams(b)[1], 49);
  EXPECT_EQ(*one->watch->write_back(), 1u) << "its battery has changed";
  db.time.advance(seen_written_every);
  hear(datastreams(a)[0], 5);
  EXPECT_EQ(*one->watch->write_back(), 1u);
}

TEST_P(WatchTest, KeepsWhatADeviceSaysOfItself) {
  auto const device = gauge().id;
  ASSERT_TRUE(one->watch->says(device, {{"version", "1.2.3"}}, db.time.now()));
  EXPECT_EQ(one->watch->sight(device)->firmware, R"({"version":"1.2.3"})");
  EXPECT_EQ(one->watch->says(device, {{"colour", "red"}}, db.time.now()).error().field, "firmware.colour");
  EXPECT_FALSE(one->watch->says(device, {{"version", std::string(101, 'a')}}, db.time.now()));
  EXPECT_FALSE(one->watch->says(device + 1'000, {}, db.time.now()));
  ASSERT_TRUE(one->watch->write_back());
  kill_and_restart();
  EXPECT_EQ(one->watch->sight(device)->firmware, R"({"version":"1.2.3"})");
}

TEST_P(WatchTest, FindsByTypeStateAreaAndBox) {
  auto const west = gauge("G-1").id;
  auto const lamp = one->desk.add({.type = "lamp", .serial = "L-1", .place = {.at = point(1.5, 0.5)}}, "staff:dora")->id;
  auto const bed = one->desk.add({.type = "bed", .serial = "B-1", .place = {.at = point(0.2, 0.2)}}, "staff:dora")->id;
  db.time.advance(1h);
  auto const found = [&](WatchFilter const& filter) { return one->watch->find(filter, 0, 10); };
  using Ids = std::vector<Id>;
  EXPECT_EQ(found({}), (Ids{west, lamp})) << "nobody finds what stands in a home unless they ask for it";
  EXPECT_EQ(found({.with_private = true}), (Ids{west, lamp, bed}));
  EXPECT_EQ(found({.type = "lamp"}), Ids{lamp});
  EXPECT_EQ(found({.type = "boat"}), Ids{});
  EXPECT_EQ(found({.state = State::silent}), Ids{west});
  EXPECT_EQ(found({.state = State::silent, .with_private = true}), (Ids{west, bed}));
  EXPECT_EQ(found({.area = "370402001002"}), Ids{lamp});
  EXPECT_EQ(found({.area = "370402"}), (Ids{west, lamp}));
  EXPECT_EQ(found({.box = places::Box{point(0, 0), point(1, 1)}, .with_private = true}), Ids{west}) << "a map shows no home";
  EXPECT_EQ(one->watch->find({}, west, 10), Ids{lamp});
  EXPECT_EQ(one->watch->find({}, 0, 1), Ids{west});
  auto const counts = one->watch->counts({});
  EXPECT_EQ(counts.by_state[static_cast<std::size_t>(State::silent)], 1);
  EXPECT_EQ(counts.by_type.at("lamp")[static_cast<std::size_t>(State::active)], 1);
  EXPECT_FALSE(counts.by_type.contains("bed"));
}

TEST_P(WatchTest, FollowsADeviceThatIsMovedDisabledOrClaimed) {
  auto const box = (*one->desk.make_tickets({.type = "gauge", .serials = {"G-7"}}, "staff:dora"))[0];
  auto const device = one->desk.announce("G-7", box.secret)->device;
  gauge("G-8");  // its streams stand between
  EXPECT_EQ(state(device), State::unclaimed);
  ASSERT_TRUE(one->desk.claim({.code = box.code, .place = {.at = point(0.5, 0.5)}}, "staff:wang"));
  EXPECT_EQ(state(device), State::active);
  hear(datastreams(device)[1], 33);
  EXPECT_EQ(one->watch->sight(device)->battery, 33);
  db.time.advance(24h);
  ASSERT_TRUE(one->desk.change(device, {.disabled = true}, "staff:dora"));
  EXPECT_EQ(state(device), State::disabled);
  ASSERT_TRUE(one->desk.change(device, {.disabled = false}, "staff:dora"));
  EXPECT_EQ(state(device), State::active) << "it is expected to speak from now on";
  db.time.advance(3min + 1ms);
  EXPECT_EQ(state(device), State::silent);
}

// Whatever was heard, and whenever the program is killed: afterwards everything is as it would have been.
TEST_P(WatchTest, IsTheSameAfterAKillAtAnyMoment) {
  std::mt19937 random(20251121);
  std::vector<std::vector<std::int64_t>> streams;
  for (int i = 0; i < 6; ++i) streams.push_back(datastreams(gauge("G-" + std::to_string(i)).id));
  for (int round = 0; round < 6; ++round) {
    for (int step = 0; step < 40; ++step) {
      db.time.advance(core::Duration(random() % 40'000));
      auto const& of = streams[random() % streams.size()];
      hear(of[random() % 3], static_cast<double>(random() % 100), static_cast<Blemishes>(random() % 3 == 0 ? random() % 4 : 0));
      if (random() % 16 == 0) {
        EXPECT_TRUE(one->watch->write_back());
      }
    }
    auto const before = picture();
    kill_and_restart();
    EXPECT_EQ(picture(), before);
  }
}

TEST_P(WatchTest, WritesEverythingAtAQuietEnd) {
  auto const device = gauge().id;
  hear(datastreams(device)[0], 1, 0, 2min);  // late: only the watch knows that it is alive now
  ASSERT_TRUE(one->watch->write_back());
  db.time.advance(1min);
  hear(datastreams(device)[0], 1, 0, 2min);
  auto const before = picture();
  ASSERT_TRUE(one->watch->write_all());
  kill_and_restart();
  EXPECT_EQ(picture(), before);
}

TEST(WatchMemory, HoldsAHundredThousandDevicesInThirtyMebibytes) {
  zhili::test::TempDb db;
  test::NumberedThings things;
  test::MemoryReadings readings;
  ASSERT_TRUE(db->write([](store::Writer& w) {
    for (std::int64_t i = 1; i <= 100'000; ++i) {
      w.exec("INSERT INTO device (id, type, name, serial, life, thing, area, place, component, is_private, made_at, active_since, words) VALUES (?, 'gauge', 'n', ?, 1, ?, '370402001001', '', '', 0, 1, 1, 'n')", i,
             std::to_string(i), i);
      for (std::int64_t k = 0; k < 4; ++k) w.exec("INSERT INTO device_stream (datastream, device, stream) VALUES (?, ?, ?)", 200'000 + 4 * i + k, i, k == 0 ? "level" : k == 1 ? "battery" : k == 2 ? "signal" : "old");
    }
  }));
  test::Process process(*db, db.time, things, readings);
  EXPECT_EQ(process.watch->find({}, 99'999, 10), std::vector<Id>{100'000});
  EXPECT_LE(process.watch->bytes(), 30u << 20u);
}

}  // namespace
}  // namespace zhili::sense::devices
