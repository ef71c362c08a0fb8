// The gateway of the demonstration that speaks MQTT, with a real server.

#include "app/demo/mqtt_gateway.hpp"

#include <gtest/gtest.h>

#include <set>

#include "app/mqtt/nats_server.hpp"
#include "bus/jetstream/jetstream.hpp"
#include "support/temp_db.hpp"

namespace zhili::app::demo {
namespace {

std::vector<MqttGateway::Message> gateway_messages(int from, int to) {
  std::vector<MqttGateway::Message> out;
  for (int i = from; i < to; ++i) out.push_back({.topic = "devices/G-7", .payload = std::to_string(i)});
  return out;
}

TEST(MqttGatewayTest, WhatWaitedForTheServerIsSentWhenItIsBack) {
  test::TempFolder const folder;
  auto const server = NatsServer::start({.folder = folder.path() / "nats"}).value();
  bus::JetStream stream({.url = server->url()});
  std::set<std::string> stored;  // what was on its way when the server died may come twice
  auto const fetch_until = [&](std::size_t many) {
    for (int i = 0; i < 60 && stored.size() < many; ++i) {
      auto pulled = stream.fetch(1'000, std::chrono::milliseconds(500));
      if (!pulled) continue;
      for (auto const& one : pulled->messages()) stored.emplace(one.bytes);
      pulled->acknowledge();
    }
    return stored.size();
  };
  (void)stream.fetch(1, std::chrono::milliseconds(1));  // makes the stream
  MqttGateway gateway({.port = server->mqtt_port(), .user = "devices", .password = server->device_password()});
  ASSERT_TRUE(gateway.publish(gateway_messages(0, 1'000)));
  EXPECT_EQ(fetch_until(1'000), 1'000U);
  server->kill();
  EXPECT_FALSE(gateway.publish(gateway_messages(1'000, 1'300)));
  EXPECT_FALSE(gateway.publish({}));
  ASSERT_TRUE(server->restart());
  ASSERT_TRUE(gateway.publish(gateway_messages(1'300, 1'400)));
  EXPECT_EQ(fetch_until(1'400), 1'400U);

  MqttGateway stranger({.port = server->mqtt_port(), .user = "devices", .password = "wrong"});
  EXPECT_FALSE(stranger.publish(gateway_messages(0, 1)));
}

}  // namespace
}  // namespace zhili::app::demo
