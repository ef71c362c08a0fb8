#include "web/mqtt/door.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "sense/ingest/ingest_test_kit.hpp"
#include "web/mqtt/line.hpp"
#include "web/mqtt/mqtt_test_kit.hpp"
#include "web/transport/test_certificate.hpp"

namespace zhili::web::mqtt {
namespace {

using sense::ingest::DeviceFact;
using sense::ingest::Source;
using sense::ingest::test::Bench;
using sense::ingest::test::Kept;
using sense::ingest::test::noon_ms;
using test::MqttClient;

/// Devices 7 and 8 with the password "good", a program, and somebody who only listens.
/// Answers of devices, held back until the test lets them go.
struct Post final : CommandPost {
  void listens(std::string const& serial) override { add("listens " + serial); }
  void answered(std::string const& serial, std::int64_t command, std::string payload, std::function<void(bool)> done) override {
    add(serial + " " + std::to_string(command) + " " + payload);
    std::lock_guard const lock(mutex);
    waiting.push_back(std::move(done));
  }
  void add(std::string what) {
    std::lock_guard const lock(mutex);
    seen.push_back(std::move(what));
  }
  std::vector<std::string> all() {
    std::lock_guard const lock(mutex);
    return seen;
  }
  void let_go(bool good) {
    std::vector<std::function<void(bool)>> due;
    {
      std::lock_guard const lock(mutex);
      due.swap(waiting);
    }
    for (auto const& done : due) done(good);
  }
  std::mutex mutex;
  std::vector<std::string> seen;
  std::vector<std::function<void(bool)>> waiting;
};

struct Opened {
  explicit Opened(std::optional<TlsFiles> tls = {}) : bench(zhili::test::Engine::sqlite, {.own_thread = true}) {
    auto opened = Door::open({.port = 0, .tls = std::move(tls)}, *bench.intake, bench.db.time, [](std::string_view user, std::string_view password) -> std::optional<Who> {
      if (password != "good") return std::nullopt;
      if (user == "G-7") return Who{.source = {.device = 7}, .serial = "G-7"};
      if (user == "G-8") return Who{.source = {.device = 8}, .serial = "G-8"};
      if (user == "program") return Who{.source = {.any_stream = true}};
      if (user == "listener") return Who{};
      return std::nullopt;
    }, &post);
    if (!opened) throw std::runtime_error(opened.error().text.en + opened.error().detail);
    door = std::move(*opened);
  }
  std::unique_ptr<MqttClient> client(std::string_view user, std::string_view password = "good") {
    auto out = std::make_unique<MqttClient>(door->port());
    out->send(test::connect("c", user, password));
    EXPECT_EQ(out->next(), test::welcome);
    return out;
  }
  Bench bench;
  Post post;
  std::unique_ptr<Door> door;
};

TEST(MqttDoor, WhatADevicePublishesIsDurableWhenItIsAcknowledged) {
  Opened opened;
  auto const gauge = opened.client("G-7");
  gauge->send(test::publish("devices/G-7/level", "{\"t\":1763712000000,\"v\":12.5}", 1) + test::publish("devices/G-7", "[\"pump\",1763712000000,true]", 2) +
              test::publish("v1.1/Datastreams(33)/Observations", "{\"result\":4,\"phenomenonTime\":\"2025-11-21T08:00:00Z\"}", 3));
  for (unsigned id : {1U, 2U, 3U}) EXPECT_EQ(gauge->next(), test::puback(id));
  EXPECT_EQ(opened.bench.sink.all(), (std::set<Kept>{{31, noon_ms, "12.500000"}, {32, noon_ms, "true"}, {33, noon_ms, "4"}}));
}

TEST(MqttDoor, NothingIsAcknowledgedBeforeItIsDurable) {
  Opened opened;
  auto const gauge = opened.client("G-7");
  opened.bench.sink.hold();
  gauge->send(test::publish("devices/G-7/level", "1", 1) + test::packet(0xc0, ""));
  EXPECT_EQ(gauge->next(), test::packet(0xd0, "")) << "the ping is answered, the message is not";
  EXPECT_TRUE(opened.bench.sink.all().empty());
  opened.bench.sink.let_go();
  EXPECT_EQ(gauge->next(), test::puback(1));
}

TEST(MqttDoor, IfTheStoreFailsTheClientMustSendAgain) {
  Opened opened;
  opened.bench.sink.broken = true;
  auto const gauge = opened.client("G-7");
  EXPECT_TRUE(gauge->send(test::publish("devices/G-7/level", "1", 1)).ended()) << "no PUBACK, and the connection ends";
  opened.bench.sink.broken = false;
  auto const again = opened.client("G-7");
  EXPECT_EQ(again->send(test::publish("devices/G-7/level", "1", 1)).next(), test::puback(1));
}

TEST(MqttDoor, PoisonIsKeptAsideAndAcknowledged) {
  Opened opened;
  auto const gauge = opened.client("G-7");
  gauge->send(test::publish("devices/G-7/level", "\xff\xfe", 1) + test::publish("devices/G-8/level", "1", 2) + test::publish("v1.1/Datastreams(41)/Observations", "{\"result\":1}", 3) +
              test::publish("devices/G-7/level", "{\"t\":0,\"v\":1}", 4) + test::publish("devices/G-7/level", std::string(280'000, 'x'), 5));
  std::string lines;
  for (std::size_t i = 0; i <= sense::ingest::message_observations_max; ++i) lines += "1\n";
  gauge->send(test::publish("devices/G-7/level", lines, 6));
  for (unsigned id : {1U, 2U, 3U, 4U, 5U, 6U}) EXPECT_EQ(gauge->next(), test::puback(id));
  EXPECT_TRUE(opened.bench.sink.all().empty());
  EXPECT_EQ(*opened.bench.quarantine.counts(),
            (std::map<std::string, std::int64_t>{{"ingest.json", 1}, {"ingest.topic", 1}, {"ingest.stream", 1}, {"ingest.past", 1}, {"ingest.message_bytes", 1}, {"ingest.message_observations", 1}}));
}

/// A connection that the test looks at as the door does: with the time of the test.
struct Watched final : Line {
  using Line::heard;
  using Line::Line;
  void start() override {}
  void read() override {}
  void write(std::string const&) override {}
  void close() override { closed = true; }
  bool closed = false;
};

TEST(MqttDoor, WhoDoesNotSayWhoTheyAreIsSentAway) {
  Bench bench;
  asio::io_context io;
  House house{.io = io, .intake = *bench.intake, .time = bench.db.time, .who = [](std::string_view, std::string_view) { return std::optional(Who{.source = {.device = 7}, .serial = "G-7"}); }};
  auto const silent = std::make_shared<Watched>(house), dripping = std::make_shared<Watched>(house), known = std::make_shared<Watched>(house);
  dripping->heard(test::connect("c", "G-7", "good").substr(0, 3));
  known->heard(test::connect("c", "G-7", "good"));
  auto const now = std::chrono::steady_clock::now();
  for (auto const& one : {silent, dripping, known}) one->look_at_clock(now + connect_max / 2);
  EXPECT_FALSE(silent->closed || dripping->closed || known->closed);
  for (auto const& one : {silent, dripping}) one->look_at_clock(now + connect_max + std::chrono::seconds(1));
  EXPECT_TRUE(silent->closed && dripping->closed);
  known->look_at_clock(now + connect_max + std::chrono::seconds(1));
  EXPECT_FALSE(known->closed) << "who is known may be quiet";
}

TEST(MqttDoor, ADeviceThatSendsTooMuchWaitsAloneAndLosesNothing) {
  Opened opened;
  opened.bench.intake->put(DeviceFact{.device = 7, .serial = "G-7", .rate_per_s = 1'000, .burst = 10});
  auto const flood = opened.client("G-7");
  auto const other = opened.client("G-8");
  std::string many;
  for (unsigned i = 1; i <= 30; ++i) many += test::publish("devices/G-7/level", std::to_string(i), i);
  flood->send(test::publish("devices/G-7/level", "0", 1'000));
  EXPECT_EQ(flood->next(), test::puback(1'000));
  flood->send(many);
  for (unsigned i = 1; i <= 20; ++i) EXPECT_EQ(other->send(test::publish("devices/G-8/level", std::to_string(i), i)).next(), test::puback(i)) << "time stands still, and others are served";
  EXPECT_EQ(opened.bench.sink.all().size(), 21U);
  opened.bench.db.time.advance(std::chrono::seconds(1));
  for (unsigned i = 1; i <= 30; ++i) ASSERT_EQ(flood->next(), test::puback(i));
  EXPECT_EQ(opened.bench.sink.all().size(), 51U);
  EXPECT_GE(opened.door->health().held, 1U);
}

TEST(MqttDoor, WhoIsNotKnownOrDoesNotSpeakMqttIsSentAway) {
  Opened opened;
  MqttClient stranger(opened.door->port());
  stranger.send(test::connect("c", "G-7", "wrong"));
  EXPECT_EQ(stranger.next(), test::packet(0x20, std::string("\0\5", 2)));
  EXPECT_TRUE(stranger.ended());
  MqttClient other_version(opened.door->port());
  other_version.send(test::packet(0x10, test::text("MQTT") + std::string("\x05\x02\0\0\0", 5) + test::text("c")));
  EXPECT_EQ(other_version.next(), test::packet(0x20, std::string("\0\1", 2)));
  EXPECT_TRUE(MqttClient(opened.door->port()).send("GET / HTTP/1.1\r\n\r\n").ended());
  EXPECT_TRUE(MqttClient(opened.door->port()).send(test::publish("devices/G-7/level", "1", 1)).ended()) << "nothing before CONNECT";
  auto const twice = opened.client("G-7");
  EXPECT_TRUE(twice->send(test::connect("c", "G-7", "good")).ended());
  auto const qos2 = opened.client("G-7");
  EXPECT_TRUE(qos2->send(test::packet(0x34, test::text("devices/G-7/level") + test::number(1) + "1")).ended());
  auto const listener = opened.client("listener");
  EXPECT_TRUE(listener->send(test::publish("devices/G-7/level", "1", 1)).ended()) << "who only listens does not write";
  auto const disabled = opened.client("G-7");
  opened.bench.intake->put(DeviceFact{.device = 7, .serial = "G-7", .disabled = true});
  EXPECT_TRUE(disabled->send(test::publish("devices/G-7/level", "1", 1)).ended());
  EXPECT_TRUE(opened.bench.sink.all().empty());
}

TEST(MqttDoor, WhoListensHearsWhatIsPublished) {
  Opened opened;
  auto const listener = opened.client("listener");
  EXPECT_FALSE(opened.door->wants_anything());
  listener->send(test::subscribe("v1.1/Datastreams(31)/Observations", 5));
  EXPECT_EQ(listener->next(), test::packet(0x90, test::number(5) + std::string(1, '\0')));
  EXPECT_TRUE(opened.door->wants("v1.1/Datastreams(31)/Observations"));
  EXPECT_FALSE(opened.door->wants("v1.1/Datastreams(32)/Observations"));
  opened.door->publish("v1.1/Datastreams(32)/Observations", "{}");
  opened.door->publish("v1.1/Datastreams(31)/Observations", "{\"result\":1}");
  EXPECT_EQ(listener->next(), test::publish("v1.1/Datastreams(31)/Observations", "{\"result\":1}", 0));
  listener->send(test::subscribe("v1.1/Observations?$select=result", 6));
  listener->next();
  opened.door->publish("v1.1/Observations", "{\"@iot.id\":7,\"result\":2}");
  EXPECT_EQ(listener->next(), test::publish("v1.1/Observations?$select=result", "{\"result\":2}", 0));
  listener->send(test::unsubscribe("v1.1/Datastreams(31)/Observations", 7));
  EXPECT_EQ(listener->next(), test::packet(0xb0, test::number(7)));
  EXPECT_FALSE(opened.door->wants("v1.1/Datastreams(31)/Observations"));
  listener->send(test::subscribe("bad/#/filter", 8));
  EXPECT_EQ(listener->next(), test::packet(0x90, test::number(8) + "\x80"));
}

TEST(MqttDoor, WhatIsForADeviceIsHeardByItAndByPrograms) {
  Opened opened;
  auto const gauge = opened.client("G-7");
  auto const other = opened.client("G-8");
  auto const program = opened.client("program");
  for (auto const* one : {&gauge, &other, &program}) {
    (*one)->send(test::subscribe("#"));
    (*one)->next();
  }
  opened.door->publish("devices/G-7/commands", "on");
  auto const message = test::publish("devices/G-7/commands", "on", 0);
  EXPECT_EQ(gauge->next(), message);
  EXPECT_EQ(program->next(), message);
  opened.door->publish("v1.1/Observations", "{}");
  EXPECT_EQ(other->next(), test::publish("v1.1/Observations", "{}", 0)) << "the command was not for it";
}

TEST(MqttDoor, ADeviceHearsItsCommandsAndAnswersThem) {
  Opened opened;
  auto const gauge = opened.client("G-7");
  gauge->send(test::subscribe("devices/G-7/commands", 1) + test::subscribe("devices/G-8/commands", 2));
  for (int i = 0; i < 2; ++i) gauge->next();
  EXPECT_EQ(opened.post.all(), (std::vector<std::string>{"listens G-7"}));
  gauge->send(test::publish("devices/G-7/commands/12", "{\"done\":true}", 5) + test::publish("devices/G-7/level", "1", 6) + test::publish("devices/G-8/commands/12", "{}", 7) + test::packet(0xc0, ""));
  EXPECT_EQ(gauge->next(), test::packet(0xd0, "")) << "nothing is acknowledged before the answer is on the disk";
  EXPECT_EQ(opened.post.all().back(), "G-7 12 {\"done\":true}") << "and what is said for another is none";
  opened.post.let_go(true);
  for (unsigned id : {5U, 6U, 7U}) EXPECT_EQ(gauge->next(), test::puback(id));
  auto const program = opened.client("program");
  program->send(test::publish("devices/G-8/commands/13", "{}", 1) + test::packet(0xc0, ""));
  program->next();
  EXPECT_EQ(opened.post.all().back(), "G-8 13 {}");
  opened.post.let_go(false);
  EXPECT_TRUE(program->ended()) << "it is to be sent again";
}

TEST(MqttDoor, AFloodOfAnswersIsMeasuredLikeReadings) {
  Opened opened;
  opened.bench.intake->put(DeviceFact{.device = 7, .serial = "G-7", .rate_per_s = 1, .burst = 5});
  auto const gauge = opened.client("G-7");
  std::string flood;
  for (unsigned i = 1; i <= 40; ++i) flood += test::publish("devices/G-7/commands/" + std::to_string(i), "{\"done\":true}", i);
  gauge->send(flood + test::packet(0xc0, ""));
  EXPECT_EQ(gauge->next(), test::packet(0xd0, ""));
  EXPECT_EQ(opened.post.all().size(), 5U) << "the others wait here, and nothing more is read";
}

TEST(MqttDoor, WhenTheDoorClosesNobodyIsAcknowledgedWhoIsNotStored) {
  Opened opened;
  auto const gauge = opened.client("G-7");
  opened.bench.sink.hold();
  gauge->send(test::publish("devices/G-7/level", "1", 1) + test::packet(0xc0, ""));
  gauge->next();
  opened.door.reset();
  opened.bench.sink.let_go();
  EXPECT_TRUE(gauge->ended());
}

TEST(MqttDoor, ANewCertificateIsShownAndABadOneChangesNothing) {
  zhili::test::TempFolder const folder;
  TlsFiles const files{(folder.path() / "chain.pem").string(), (folder.path() / "key.pem").string()};
  web::test::make_certificate("first.example", files);
  Opened opened(files);
  auto const shown = [&] {
    auto const name = (folder.path() / "shown").string();
    auto const line = "openssl s_client -connect 127.0.0.1:" + std::to_string(opened.door->port()) + " < /dev/null 2> /dev/null | openssl x509 -noout -subject > " + name + " 2> /dev/null";
    if (std::system(line.c_str()) != 0) return std::string();
    std::ifstream in(name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_NE(shown().find("first.example"), std::string::npos);
  web::test::make_certificate("second.example", files);
  ASSERT_TRUE(opened.door->reload_tls());
  EXPECT_NE(shown().find("second.example"), std::string::npos);
  std::ofstream(files.key) << "no key";
  EXPECT_FALSE(opened.door->reload_tls());
  EXPECT_NE(shown().find("second.example"), std::string::npos);
}

TEST(MqttDoor, AClientOfSomebodyElseSpeaksToIt) {
  Opened opened;
  auto const port = std::to_string(opened.door->port());
  auto const line = "mosquitto_pub -h 127.0.0.1 -p " + port + " -u G-7 -P good -q 1 -t devices/G-7/level -m 12.5";
  EXPECT_EQ(std::system(line.c_str()), 0);
  EXPECT_EQ(opened.bench.sink.all().size(), 1U);
  EXPECT_NE(std::system(("mosquitto_pub -h 127.0.0.1 -p " + port + " -u G-7 -P bad -q 1 -t devices/G-7/level -m 12.5 2> /dev/null").c_str()), 0);
}

}  // namespace
}  // namespace zhili::web::mqtt
