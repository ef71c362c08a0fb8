#include "web/mqtt/packets.hpp"

#include <gtest/gtest.h>

#include <random>

#include "web/mqtt/filters.hpp"
#include "web/mqtt/mqtt_test_kit.hpp"

namespace zhili::web::mqtt {
namespace {

using test::packet;
using test::text;

core::Result<Connect> connect_from(std::string const& bytes) {
  auto const found = next_packet(bytes);
  EXPECT_TRUE(found && *found);
  return read_connect(**found);
}

TEST(MqttPackets, AConnect) {
  auto const bytes = test::connect("c1", "G-7", "secret", 60);
  auto const all = connect_from(bytes);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->client, "c1");
  EXPECT_EQ(all->user, "G-7");
  EXPECT_EQ(all->password, "secret");
  EXPECT_EQ(all->keep_alive_s, 60);
  auto const will = connect_from(packet(0x10, text("MQTT") + std::string("\x04\x0e\0\0", 4) + text("c") + text("t") + text("gone")));
  ASSERT_TRUE(will);
  EXPECT_TRUE(will->has_will);
  EXPECT_FALSE(connect_from(packet(0x10, text("MQTT") + std::string("\x05\x02\0\0", 4) + text("c")))->level_known) << "MQTT 5";
  EXPECT_FALSE(connect_from(packet(0x10, text("MQIsdp") + std::string("\x03\x02\0\0", 4) + text("c")))->level_known);
  for (auto const& bad : {packet(0x10, ""), packet(0x10, text("HTTP") + std::string("\x04\x02\0\0", 4) + text("c")), packet(0x11, text("MQTT") + std::string("\x04\x02\0\0", 4) + text("c")),
                          packet(0x10, text("MQTT") + std::string("\x04\x03\0\0", 4) + text("c")),                // the reserved flag
                          packet(0x10, text("MQTT") + std::string("\x04\x42\0\0", 4) + text("c") + text("p")),   // a password without a user
                          packet(0x10, text("MQTT") + std::string("\x04\x0a\0\0", 4) + text("c")),                // QoS of a will that is not there
                          packet(0x10, text("MQTT") + std::string("\x04\x02\0\0", 4) + text("c") + "more"), packet(0x10, text("MQTT") + std::string("\x04\x02\0\0", 4) + std::string("\0\x09" "c", 3))})
    EXPECT_FALSE(connect_from(bad));
}

TEST(MqttPackets, APublish) {
  auto const read = [](std::string const& bytes) { return read_publish(**next_packet(bytes)); };
  std::string const bytes = test::publish("devices/G-7/level", "12.5", 7);
  auto const publish = read(bytes);
  ASSERT_TRUE(publish);
  EXPECT_EQ(publish->topic, "devices/G-7/level");
  EXPECT_EQ(publish->payload, "12.5");
  EXPECT_EQ(publish->id, 7);
  EXPECT_EQ(publish->qos, 1);
  for (auto const& bad : {packet(0x34, text("t") + std::string("\0\1x", 3)), packet(0x36, text("t")), packet(0x38, text("t")), packet(0x30, text("")), packet(0x30, text("a/+")), packet(0x30, text("a\xff")),
                          packet(0x32, text("t") + std::string("\0\0", 2)), packet(0x32, text("t")), packet(0x30, "")})
    EXPECT_FALSE(read(bad));
}

TEST(MqttPackets, WhatAClientWrites) {
  std::string out;
  write_connect(out, {.client = "c1", .user = "G-7", .password = std::string(200, 's'), .keep_alive_s = 60});
  EXPECT_EQ(out, test::connect("c1", "G-7", std::string(200, 's'), 60));
  out.clear();
  write_publish(out, "devices/G-7", "12.5", 300);
  write_publish(out, "devices/G-7", "12.5");
  EXPECT_EQ(out, test::publish("devices/G-7", "12.5", 300) + test::publish("devices/G-7", "12.5", 0));
}

TEST(MqttPackets, TheHead) {
  EXPECT_FALSE(*next_packet(""));
  EXPECT_FALSE(*next_packet("\x30"));
  EXPECT_FALSE(*next_packet("\x30\x80"));
  EXPECT_FALSE(next_packet("\x30\x80\x80\x80\x80\x01")) << "a length of five bytes";
  EXPECT_EQ(next_packet(std::string("\x30\x80\x80\x80\x01", 5)).error().code, core::Errc::limit) << "refused before it is read";
  EXPECT_FALSE(next_packet("\x0f"));
  EXPECT_FALSE(next_packet(std::string("\xf0\0", 2)));
  std::string const long_one = test::publish("t", std::string(200'000, 'x'), 0);
  EXPECT_FALSE(*next_packet(std::string_view(long_one).substr(0, long_one.size() - 1)));
  EXPECT_EQ((*next_packet(long_one))->bytes, long_one.size());
}

TEST(MqttPackets, WhatWeWriteReadsBack) {
  std::mt19937 random(20'260'712);
  for (int i = 0; i < 500; ++i) {
    std::string const topic(1 + random() % 200, 'a'), payload(random() % 40'000, 'b');
    std::string bytes;
    write_publish(bytes, topic, payload);
    auto const found = next_packet(bytes);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->bytes, bytes.size());
    auto const publish = read_publish(**found);
    ASSERT_TRUE(publish);
    EXPECT_EQ(publish->topic, topic);
    EXPECT_EQ(publish->payload, payload);
  }
}

TEST(MqttFilters, Matching) {
  struct {
    char const *filter, *topic;
    bool matches;
  } const cases[] = {{"a/b", "a/b", true},   {"a/b", "a", false},     {"a", "a/b", false},    {"a/+", "a/b", true},    {"a/+", "a/b/c", false}, {"a/+", "a", false},      {"a/+", "a/", true},
                     {"+/+", "/a", true},    {"/+", "/a", true},      {"+", "/a", false},     {"#", "a/b/c", true},    {"a/#", "a", true},       {"a/#", "a/b/c", true},   {"a/#", "b", false},
                     {"a/+/c", "a/b/c", true}, {"a/+/c", "a/b/d", false}, {"+/#", "a", true},  {"#", "$SYS/x", false},  {"+/x", "$SYS/x", false}, {"$SYS/#", "$SYS/x", true}, {"a/b/#", "a", false},
                     {"v1.1/+/Observations", "v1.1/Datastreams(1)/Observations", true}};
  for (auto const& one : cases) EXPECT_EQ(matches(one.filter, one.topic), one.matches) << one.filter << ' ' << one.topic;
}

TEST(MqttFilters, Subscriptions) {
  EXPECT_EQ(subscription_from("v1.1/Observations?$select=result,phenomenonTime")->select, (std::vector<std::string>{"result", "phenomenonTime"}));
  EXPECT_EQ(subscription_from("v1.1/Observations?$select=result")->filter, "v1.1/Observations");
  EXPECT_TRUE(subscription_from("a/+/b/#")->has_wildcards());
  for (auto const* bad : {"", "a+", "a/b#", "#/a", "a/#/b", "a?$filter=x", "a?$select=", "a?$select=,b", "a/+?$select=b"}) EXPECT_FALSE(subscription_from(bad)) << bad;
  EXPECT_FALSE(subscription_from(std::string(filter_bytes_max + 1, 'a')));
  EXPECT_EQ(selected(R"({"@iot.id":5,"result":1,"x":2})", {"result", "id"}), R"({"@iot.id":5,"result":1})");
  EXPECT_EQ(selected("plain", {"result"}), "plain");
}

}  // namespace
}  // namespace zhili::web::mqtt
