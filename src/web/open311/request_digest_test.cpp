#include "web/open311/request_digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace zhili::web::open311::test {
namespace {

TEST(RequestDigest, TellsEveryFieldApart) {
  NewRequest const base{.service_code = "a", .key_holder = "k"};
  std::vector<NewRequest> others(9, base);
  others[0].service_code = "b";
  others[1].key_holder = "l";
  others[2].address = "x";
  others[3].address_id = "x";
  others[4].description = "x";
  others[5].at = core::LatLon{1, 2};
  others[6].media_urls = {"x"};
  others[7].attributes = {{"x", {"y"}}};
  others[8].email = "x";
  std::vector<std::string> seen{request_digest(base)};
  for (auto const& other : others) {
    auto const digest = request_digest(other);
    EXPECT_EQ(std::find(seen.begin(), seen.end(), digest), seen.end());
    seen.push_back(digest);
  }
}

}  // namespace
}  // namespace zhili::web::open311::test
