#include "app/mqtt/message_pump.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "app/mqtt/nats_server.hpp"
#include "sense/ingest/ingest_test_kit.hpp"

namespace zhili::app {
namespace {

using sense::ingest::test::Bench;
using sense::ingest::test::noon_ms;

/// A real nats-server with its MQTT endpoint, and the intake behind it.
struct Line {
  Line() {
    auto started = NatsServer::start({.folder = folder.path() / "nats"});
    if (!started) throw std::runtime_error(started.error().text.en + started.error().detail);
    server = std::move(*started);
    open();
  }
  void open() {
    pump.reset();
    stream = std::make_unique<bus::JetStream>(bus::JetStreamOptions{.url = server->url(), .acknowledge = std::chrono::milliseconds(500)});
    pump = std::make_unique<MessagePump>(*stream, *bench.intake, bench.db.time, bench.db.time);
    pump->step();  // makes the stream
  }
  /// One message for each line, by an MQTT client of somebody else.
  int publish(std::string const& topic, std::string const& lines, int qos = 1, std::string const& user = "devices") {
    auto const file = folder.path() / "lines";
    std::ofstream(file) << lines;
    return std::system(("mosquitto_pub -h 127.0.0.1 -p " + std::to_string(server->mqtt_port()) + " -u " + user + " -P " + server->device_password() + " -q " + std::to_string(qos) + " -t " + topic +
                        " -l < " + file.string() + " > /dev/null 2>&1")
                           .c_str());
  }
  static std::string readings(int from, int to) {
    std::string out;
    for (int i = from; i < to; ++i) out += "{\"t\":" + std::to_string(noon_ms + i) + ",\"v\":" + std::to_string(i) + "}\n";
    return out;
  }
  /// Until so many are stored; steps are bounded, so that a loss ends the test.
  std::size_t step_until(std::size_t stored) {
    for (int i = 0; i < 60 && bench.sink.all().size() < stored; ++i) pump->step();
    return bench.sink.all().size();
  }

  zhili::test::TempFolder folder;
  Bench bench;
  std::unique_ptr<NatsServer> server;
  std::unique_ptr<bus::JetStream> stream;
  std::unique_ptr<MessagePump> pump;
};

TEST(MessagePump, Subjects) {
  EXPECT_EQ(topic_of_subject("devices.G-7.level"), "devices/G-7/level");
  EXPECT_EQ(topic_of_subject("v1//1.Datastreams(5).Observations"), "v1.1/Datastreams(5)/Observations");
  EXPECT_EQ(topic_of_subject(""), "");
}

TEST(MessagePump, WhatDevicesPublishIsStoredInOrderAndAcknowledged) {
  Line line;
  EXPECT_EQ(line.publish("devices/G-7/level", Line::readings(0, 300)), 0);
  EXPECT_EQ(line.publish("devices/G-8", "[\"level\",1763712000000,3]\nnonsense\n", 0), 0);
  EXPECT_EQ(line.step_until(301), 301U);
  std::int64_t last = 0;
  for (auto const& one : line.bench.sink.order) {
    if (one.datastream != 31) continue;
    EXPECT_LT(last, one.at_ms);
    last = one.at_ms;
  }
  line.pump->step();
  EXPECT_EQ((*line.bench.quarantine.counts())["ingest.json"], 1) << "poison is kept aside and acknowledged";
  auto const health = line.stream->health();
  EXPECT_TRUE(health.connected);
  EXPECT_EQ(health.pending, 0U);
  EXPECT_EQ(health.unacknowledged, 0U);
  line.open();
  line.pump->step();
  EXPECT_EQ(line.bench.intake->counters().of(sense::ingest::Way::mqtt_device).duplicates, 0U) << "nothing comes twice that was acknowledged";
}

TEST(MessagePump, OnlyUnderDevicesAndOnlyWithThePassword) {
  Line line;
  line.publish("elsewhere/x", "1\n");
  EXPECT_NE(line.publish("devices/G-7/level", "1\n", 1, "nobody"), 0);
  line.publish("devices/G-7/level", Line::readings(0, 1));
  EXPECT_EQ(line.step_until(1), 1U);
  EXPECT_TRUE(line.bench.quarantine.counts()->empty());
}

TEST(MessagePump, WhatCannotBeStoredIsNotAcknowledgedAndComesInItsOrder) {
  Line line;
  line.publish("devices/G-7/level", Line::readings(0, 50));
  line.bench.sink.broken = true;
  auto pause = line.pump->step();
  EXPECT_EQ(pause, pump_pause_min);
  EXPECT_EQ(line.pump->step(), 2 * pump_pause_min);
  line.publish("devices/G-7/level", Line::readings(50, 100));
  line.bench.sink.broken = false;
  EXPECT_EQ(line.step_until(100), 100U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(line.bench.sink.order[i].at_ms, noon_ms + static_cast<std::int64_t>(i));
}

/// What the store refuses for good is left out alone: what came with it is stored, and what comes after it too.
TEST(MessagePump, WhatIsRefusedForGoodStandsInNobodysWay) {
  for (auto const& refusal : {core::Error{core::Errc::invalid, "test.refused", {"不收", "refused"}}, core::Error{core::Errc::limit, "observations.numbers", {"编满号", "no numbers are left"}}}) {
    Line line;
    line.bench.sink.refuses = {noon_ms + 33, refusal};
    line.publish("devices/G-7/level", Line::readings(0, 50));
    EXPECT_EQ(line.step_until(49), 49U) << refusal.key;
    EXPECT_FALSE(line.bench.sink.all().contains({31, noon_ms + 33, "33.000000"}));
    line.publish("devices/G-7/level", Line::readings(50, 60));
    EXPECT_EQ(line.step_until(59), 59U) << refusal.key;
    for (std::size_t i = 1; i < line.bench.sink.order.size(); ++i) EXPECT_LT(line.bench.sink.order[i - 1].at_ms, line.bench.sink.order[i].at_ms);
    line.pump->step();
    EXPECT_EQ(line.stream->health().unacknowledged, 0U);
  }
}

TEST(MessagePump, AProcessThatDiesBeforeItAcknowledgesLosesNothing) {
  Line line;
  line.publish("devices/G-7/level", Line::readings(0, 20));
  line.bench.sink.broken = true;
  line.pump->step();
  line.pump.reset();
  line.stream.reset();  // gone, with what it had fetched
  line.bench.sink.broken = false;
  line.open();
  EXPECT_EQ(line.step_until(20), 20U);
}

TEST(MessagePump, WhatAKilledProcessHadFetchedComesFirst) {
  Line line;
  bus::JetStream killed({.url = line.server->url()});  // it acknowledges nothing, and gives nothing back for half a minute
  line.publish("devices/G-7/level", Line::readings(0, 20));
  auto fetched = killed.fetch(100, pump_wait);
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_EQ(fetched->messages().size(), 20U);
  line.publish("devices/G-7/level", Line::readings(20, 40));
  line.open();
  ASSERT_EQ(line.step_until(40), 40U);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(line.bench.sink.order[i].at_ms, noon_ms + static_cast<std::int64_t>(i));
  // It only stood still: it gets nothing more, and takes nothing away.
  fetched->acknowledge();
  auto const more = killed.fetch(100, pump_wait);
  EXPECT_TRUE(!more || more->messages().empty());
  line.publish("devices/G-7/level", Line::readings(40, 50));
  EXPECT_EQ(line.step_until(50), 50U);
  EXPECT_EQ(line.bench.intake->counters().of(sense::ingest::Way::mqtt_device).duplicates, 0U);
}

TEST(MessagePump, SaysWhenNothingOldWaitsAnyMore) {
  Line line;
  EXPECT_TRUE(line.pump->is_caught_up());
  line.bench.sink.broken = true;
  line.publish("devices/G-7/level", Line::readings(0, 20));
  line.pump->step();
  EXPECT_FALSE(line.pump->is_caught_up());
  line.bench.sink.broken = false;
  line.step_until(20);
  EXPECT_TRUE(line.pump->is_caught_up());
  line.server->kill();
  line.pump->step();
  EXPECT_FALSE(line.pump->is_caught_up());
}

/// A connection that is there is no proof: only an answer is.
TEST(MessagePump, AServerThatSaysNothingHasNotSaidThatNothingWaits) {
  Line line;
  auto const name = line.pump->broker();
  ASSERT_TRUE(name) << name.error().detail;
  line.server->stand_still(true);
  line.pump->step();
  EXPECT_FALSE(line.pump->is_caught_up());
  line.server->stand_still(false);
  for (int i = 0; i < 60 && !line.pump->is_caught_up(); ++i) line.pump->step();
  EXPECT_TRUE(line.pump->is_caught_up());
  EXPECT_EQ(line.pump->broker().value(), *name) << "whichever connection leads to it";
}

TEST(MessagePump, WhoeverLetsGoLeavesTheRestToTheNext) {
  Line line;
  line.publish("devices/G-7/level", Line::readings(0, 20));
  line.bench.sink.broken = true;
  line.pump->step();
  line.pump->let_go();
  EXPECT_FALSE(line.stream->health().connected);
  line.bench.sink.broken = false;
  bus::JetStream next({.url = line.server->url()});
  MessagePump pump(next, *line.bench.intake, line.bench.db.time, line.bench.db.time);
  for (int i = 0; i < 10 && line.bench.sink.all().size() < 20; ++i) pump.step();
  EXPECT_EQ(line.bench.sink.all().size(), 20U);
}

TEST(MessagePump, WhatWasOnItsWayWhenTheConnectionBrokeComesFirst) {
  Line line;
  bus::JetStream stream({.url = line.server->url()});
  (void)stream.fetch(1, std::chrono::milliseconds(10));
  line.publish("devices/G-7/level", Line::readings(0, 20));
  auto const lost = stream.fetch(100, pump_wait);
  ASSERT_TRUE(lost) << lost.error().detail;
  EXPECT_EQ(lost->messages().size(), 20U);
  line.server->kill();
  ASSERT_TRUE(line.server->restart());
  line.publish("devices/G-7/level", Line::readings(20, 40));
  std::string first;
  for (int i = 0; i < 60 && first.empty(); ++i)
    if (auto const again = stream.fetch(100, pump_wait); again && !again->messages().empty()) first = again->messages()[0].bytes;
  EXPECT_EQ(first + "\n", Line::readings(0, 1));
}

TEST(MessagePump, AServerThatIsKilledAndComesBackHasEverything) {
  Line line;
  line.publish("devices/G-7/level", Line::readings(0, 200));
  line.server->kill();
  EXPECT_FALSE(line.server->runs());
  for (int i = 0; i < 3; ++i) line.pump->step();  // nobody answers
  EXPECT_FALSE(line.stream->health().connected);
  ASSERT_TRUE(line.server->restart());
  EXPECT_EQ(line.publish("devices/G-7/level", Line::readings(200, 250)), 0);
  EXPECT_EQ(line.step_until(250), 250U);
}

/// The city of a demonstration lives at another time than the server: what is ahead of its clock is ahead, whatever the server's says.
TEST(MessagePump, WhatIsAheadOfTheCitysTimeIsNotOfItsFuture) {
  Line line;
  core::SystemTime const wall;
  line.pump = std::make_unique<MessagePump>(*line.stream, *line.bench.intake, line.bench.db.time, wall);
  line.bench.db.time.set(wall.now() + std::chrono::hours(24 * 30));
  auto const reading = [&](std::chrono::minutes ahead) { return "{\"t\":" + std::to_string(core::to_ms(line.bench.db.time.now() + ahead)) + ",\"v\":1}\n"; };
  line.publish("devices/G-7/level", reading(std::chrono::minutes(-1)) + reading(std::chrono::minutes(10)));
  EXPECT_EQ(line.step_until(1), 1U);
  line.pump->step();
  EXPECT_EQ((*line.bench.quarantine.counts())["ingest.future"], 1);
}

TEST(MessagePump, AServerThatLostItsFilesIsSetUpAgain) {
  Line line;
  line.server->kill();
  for (int i = 0; i < 3; ++i) line.pump->step();  // nobody answers
  std::filesystem::remove_all(line.folder.path() / "nats/messages");
  ASSERT_TRUE(line.server->restart());
  // What is published before there is a stream again is in none: a device goes on sending.
  std::size_t got = 0;
  for (int i = 0; i < 60 && got == 0; ++i) {
    line.publish("devices/G-7/level", Line::readings(i, i + 1));
    line.pump->step();
    got = line.bench.sink.all().size();
  }
  EXPECT_GT(got, 0U);
}

}  // namespace
}  // namespace zhili::app
