// Keys of other programs, on both databases.

#include "organise/people/api_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class KeysTest : public testing::TestWithParam<test::Engine> {
 protected:
  std::string issued(std::string const& holder, std::vector<Scope> scopes = {Scope::open311_write}, std::int64_t days = 30) {
    auto const out = keys.issue({.holder = holder, .scopes = std::move(scopes), .days = days}, "staff:dora");
    EXPECT_TRUE(out) << out.error().text.en;
    return out ? out->secret : "";
  }
  std::vector<ApiKey> all() {
    return *db->read([&](store::Reader& r) { return keys.list(r); });
  }
  core::Error why(NewApiKey const& wanted) { return keys.issue(wanted, "staff:dora").error(); }

  test::TempDb db{GetParam()};
  ApiKeys keys{*db, db.time};
};
INSTANTIATE_TEST_SUITE_P(Engines, KeysTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(KeysTest, AreKnownOnlyByTheirHash) {
  auto const secret = issued("榴城晚报");
  EXPECT_EQ(secret.size(), 46U);
  EXPECT_EQ(keys.find(secret)->holder, "榴城晚报");
  EXPECT_NE(issued("榴城晚报"), secret);
  for (auto const* wrong : {"", "zk_", "somebody", "zk_0123456789012345678901234567890123456789012"})
    EXPECT_EQ(keys.find(wrong).error().key, "api_key.unknown") << wrong;
  EXPECT_FALSE(keys.find(secret + "x"));
  auto const stored = db->read([](store::Reader& r) { return r.rows<std::string>("SELECT key_hash FROM api_key"); });
  for (auto const& [hash] : *stored) EXPECT_THAT(hash, Not(HasSubstr(secret.substr(3))));
  auto const ledger = db->read([](store::Reader& r) { return store::entries_after(r, 0, 100); });
  for (auto const& entry : *ledger) EXPECT_THAT(entry.payload, Not(HasSubstr(secret.substr(3))));
}

TEST_P(KeysTest, DoWhatTheirScopesSayAndNothingElse) {
  auto const secret = issued("app", {Scope::hotline_write});
  auto const key = keys.find(secret);
  EXPECT_TRUE(need_scope(*key, Scope::hotline_write));
  auto const refused = need_scope(*key, Scope::open311_write);
  EXPECT_EQ(refused.error().key, "api_key.scope_lacking");
  EXPECT_THAT(refused.error().text.en, HasSubstr("open311.write"));
  for (auto const scope : all_scopes) EXPECT_EQ(*scope_from(name(scope)), scope);
  EXPECT_EQ(scope_from("everything").error().field, "scopes");
}

TEST_P(KeysTest, EndOnTheirDayEvenWhileTheyAreRemembered) {
  auto const secret = issued("app", {Scope::open311_write}, 1);
  db.time.advance(std::chrono::hours(24) - std::chrono::seconds(1));
  EXPECT_TRUE(keys.find(secret));
  db.time.advance(std::chrono::seconds(1));
  EXPECT_EQ(keys.find(secret).error().key, "api_key.unknown");
}

TEST_P(KeysTest, AreRevokedAtOnceHereAndSoonElsewhere) {
  ApiKeys elsewhere(*db, db.time);
  auto const secret = issued("app");
  EXPECT_TRUE(elsewhere.find(secret));
  auto const id = keys.find(secret)->id;
  ASSERT_TRUE(keys.revoke(id, "staff:dora"));
  EXPECT_EQ(keys.revoke(id, "staff:dora").error().code, Errc::conflict);
  EXPECT_EQ(keys.revoke(id + 100, "staff:dora").error().code, Errc::not_found);
  EXPECT_FALSE(keys.find(secret));
  EXPECT_TRUE(elsewhere.find(secret)) << "another process remembers for a while";
  db.time.advance(key_remembered);
  EXPECT_FALSE(elsewhere.find(secret));
  EXPECT_TRUE(all().front().revoked_at);
}

TEST_P(KeysTest, SayWhenTheyWereLastUsed) {
  auto const secret = issued("app");
  EXPECT_FALSE(all().front().used_at);
  ASSERT_TRUE(keys.find(secret));
  ASSERT_TRUE(db->write([](store::Writer&) {}));  // what was written before it is on the disk now
  auto const first = all().front().used_at;
  EXPECT_EQ(first, db.time.now());
  db.time.advance(std::chrono::seconds(30));
  ASSERT_TRUE(keys.find(secret));
  ASSERT_TRUE(db->write([](store::Writer&) {}));
  EXPECT_EQ(all().front().used_at, first) << "to a minute";
  db.time.advance(std::chrono::seconds(30));
  ASSERT_TRUE(keys.find(secret));
  ASSERT_TRUE(db->write([](store::Writer&) {}));
  EXPECT_EQ(all().front().used_at, db.time.now());
}

TEST_P(KeysTest, WhatIsWrongIsSaidByField) {
  std::vector const one{Scope::open311_write};
  EXPECT_EQ(why({.holder = "", .scopes = one}).field, "holder");
  EXPECT_EQ(why({.holder = std::string(101, 'x'), .scopes = one}).field, "holder");
  EXPECT_EQ(why({.holder = "two\nlines", .scopes = one}).field, "holder");
  EXPECT_EQ(why({.holder = "app", .scopes = {}}).field, "scopes");
  EXPECT_EQ(why({.holder = "app", .scopes = one, .days = 0}).field, "days");
  EXPECT_EQ(why({.holder = "app", .scopes = one, .days = key_days_max + 1}).field, "days");
  EXPECT_TRUE(all().empty());
}

}  // namespace
}  // namespace zhili::organise
