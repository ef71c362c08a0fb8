#include "web/client/range.hpp"

#include <gtest/gtest.h>

namespace zhili::web::client {
namespace {

bool is_public(char const* address) { return client::is_public(parse_range(address)->base); }

TEST(Ranges, AreReadStrictly) {
  for (auto const* good : {"10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1", "0.0.0.0/0", "::/0"}) EXPECT_TRUE(parse_range(good)) << good;
  for (auto const* bad : {"", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/8x", "::/129", "city.example", "10.0.0.0/-1", "256.1.1.1"})
    EXPECT_FALSE(parse_range(bad)) << bad;
}

TEST(Ranges, HoldTheAddressesOfTheirPrefix) {
  auto const range = parse_range("172.16.0.0/12").value();
  EXPECT_TRUE(range.holds(parse_range("172.16.0.0")->base));
  EXPECT_TRUE(range.holds(parse_range("172.31.255.255")->base));
  EXPECT_FALSE(range.holds(parse_range("172.32.0.0")->base));
  EXPECT_FALSE(range.holds(parse_range("172.15.255.255")->base));
  EXPECT_TRUE(parse_range("0.0.0.0/0")->holds(parse_range("8.8.8.8")->base));
  EXPECT_FALSE(parse_range("0.0.0.0/0")->holds(parse_range("2600::1")->base));
}

TEST(PublicAddress, IsNothingThatLeadsInside) {
  for (auto const* open : {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "223.255.255.255", "2606:4700::1111",
                           "240e::1", "64:ff9b::808:808"})
    EXPECT_TRUE(is_public(open)) << open;
  for (auto const* shut : {"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "192.168.1.1",
                           "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a00:1",
                           "64:ff9b:1::1", "2002:a00:1::", "fc00::1", "fd12::1", "fe80::1", "ff02::1", "2001:db8::1", "2001::1"})
    EXPECT_FALSE(is_public(shut)) << shut;
}

}  // namespace
}  // namespace zhili::web::client
