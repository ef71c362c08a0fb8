#include "web/mqtt/feed.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "sense/ingest/ingest_test_kit.hpp"
#include "web/mqtt/mqtt_test_kit.hpp"

namespace zhili::web::mqtt {
namespace {

using sense::ingest::Batch;
using sense::ingest::test::Bench;
using sense::ingest::test::noon_ms;
using test::MqttClient;

TEST(MqttFeed, AnObservationAsSensorThingsWritesIt) {
  Batch batch;
  auto& row = batch.add(31, noon_ms + 250, 400);
  row.flags = sense::ingest::bit(sense::ingest::Flag::out_of_range) | sense::ingest::bit(sense::ingest::Flag::late);
  batch.more_of(row) = {.phenomenon_end = core::from_ms(noon_ms + 1'000), .extra = R"({"parameters":{"gain":2}})"};
  auto const entity = boost::json::parse(observation_entity(batch, batch.rows[0], 7, "http://city/sensorthings/v1.1")).as_object();
  EXPECT_EQ(entity.at("@iot.id"), 7);
  EXPECT_EQ(entity.at("@iot.selfLink"), "http://city/sensorthings/v1.1/Observations(7)");
  EXPECT_EQ(entity.at("phenomenonTime"), "2025-11-21T08:00:00.250Z/2025-11-21T08:00:01Z");
  EXPECT_TRUE(entity.at("resultTime").is_null());
  EXPECT_EQ(entity.at("result").to_number<double>(), 400);
  EXPECT_EQ(entity.at("resultQuality"), (boost::json::array{"out_of_range", "late"}));
  EXPECT_EQ(entity.at("parameters").at("gain"), 2);
  EXPECT_EQ(entity.at("Datastream@iot.navigationLink"), "http://city/sensorthings/v1.1/Observations(7)/Datastream");
}

TEST(MqttFeed, WhatIsStoredIsToldOnceItIsDurableAndWhatIsPrivateNever) {
  Bench bench;
  auto door = std::move(*Door::open({.port = 0}, *bench.intake, bench.db.time, [](std::string_view, std::string_view) { return Who{.source = {.device = 7}, .serial = "G-7"}; }));
  Feed feed(*door, "http://city/sensorthings/v1.1", [](std::int64_t datastream) { return datastream != 32; });
  bench.intake->on_stored([&] { return feed.wants(); }, [&](Batch const& batch, std::vector<std::int64_t> const& ids) { feed.stored(batch, ids); });
  MqttClient client(door->port());
  client.send(test::connect("c", "G-7", "good"));
  EXPECT_EQ(client.next(), test::welcome);
  client.send(test::subscribe("v1.1/Datastreams(31)/Observations") + test::subscribe("v1.1/Datastreams(32)/Observations", 2) + test::subscribe("v1.1/Things(5)/name", 3));
  for (int i = 0; i < 3; ++i) client.next();

  client.send(test::publish("v1.1/Datastreams(32)/Observations", "{\"result\":true}", 8));  // a private one
  EXPECT_EQ(client.next(), test::puback(8));
  client.send(test::publish("v1.1/Datastreams(31)/Observations", "{\"result\":12.5,\"phenomenonTime\":\"2025-11-21T08:00:00Z\"}", 9));
  std::string told = client.next();
  if (told == test::puback(9)) told = client.next();
  auto const packet = next_packet(told);
  auto const publish = read_publish(**packet);
  ASSERT_TRUE(publish);
  EXPECT_EQ(publish->topic, "v1.1/Datastreams(31)/Observations");
  auto const entity = boost::json::parse(publish->payload).as_object();
  EXPECT_EQ(entity.at("result").to_number<double>(), 12.5);
  EXPECT_EQ(entity.at("@iot.id"), 2);

  feed.entity("Things", 5, R"({"@iot.id":5,"name":"gauge","description":"d"})", {"name"});
  std::string changed = client.next();
  if (changed == test::puback(9)) changed = client.next();
  EXPECT_EQ(changed, test::publish("v1.1/Things(5)/name", R"({"name":"gauge"})", 0));
}

}  // namespace
}  // namespace zhili::web::mqtt
