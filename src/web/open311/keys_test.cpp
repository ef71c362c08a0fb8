#include <filesystem>

#include "store/db.hpp"
#include "web/open311/api_keys.hpp"
#include "web/open311/request_digest.hpp"
#include "web/open311/test_city.hpp"

namespace zhili::web::open311::test {
namespace {

struct Keys : testing::Test {
  core::ManualTime time{at("2026-07-12T08:00:00Z")};
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("zhili_keys_" + std::to_string(::getpid()));
  std::unique_ptr<store::Db> db;
  Keys() {
    std::filesystem::remove_all(folder);
    auto opened = store::Db::open({.url = "sqlite:" + folder.string()}, time);
    EXPECT_TRUE(opened) << opened.error().detail;
    db = std::move(*opened);
  }
  ~Keys() override {
    db.reset();
    std::filesystem::remove_all(folder);
  }
};

TEST_F(Keys, AreKnownOnlyByTheirHash) {
  ApiKeys keys(*db, time);
  auto const key = keys.issue("榴城晚报", "staff:dora").value();
  EXPECT_EQ(key.size(), 46U);
  EXPECT_EQ(keys.holder(key).value(), "榴城晚报");
  EXPECT_EQ(keys.holder(key + "x").error().code, core::Errc::forbidden);
  EXPECT_EQ(keys.holder("").error().code, core::Errc::forbidden);
  EXPECT_NE(keys.issue("榴城晚报", "staff:dora").value(), key);
  auto const stored =
      db->read([](store::Reader& r) { return r.rows<std::string>("SELECT key_hash FROM api_key"); });
  for (auto const& [hash] : *stored) EXPECT_EQ(hash.find(key.substr(3)), std::string::npos);
}

TEST_F(Keys, AreRevoked) {
  ApiKeys keys(*db, time);
  ApiKeys elsewhere(*db, time);
  auto const key = keys.issue("app", "staff:dora").value();
  EXPECT_TRUE(elsewhere.holder(key));
  EXPECT_EQ(keys.revoke("app", "staff:dora").value(), 1);
  EXPECT_EQ(keys.revoke("app", "staff:dora").value(), 0);
  EXPECT_FALSE(keys.holder(key));
  EXPECT_TRUE(elsewhere.holder(key)) << "another process remembers for a while";
  time.advance(ApiKeys::remember_s);
  EXPECT_FALSE(elsewhere.holder(key));
}

TEST_F(Keys, NeedAHolder) {
  ApiKeys keys(*db, time);
  EXPECT_EQ(keys.issue("", "staff:dora").error().key, "api_key.holder");
  EXPECT_EQ(keys.issue(std::string(101, 'x'), "staff:dora").error().key, "api_key.holder");
}

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
