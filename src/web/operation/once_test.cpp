#include "web/operation/once.hpp"

#include <gtest/gtest.h>

#include "support/temp_db.hpp"

namespace zhili::web {
namespace {

struct OnceTest : testing::TestWithParam<zhili::test::Engine> {
  zhili::test::TempDb db{GetParam()};

  static Request request(std::string key, std::string body = "{}") {
    Request out{.method = Method::post, .body = std::move(body)};
    if (!key.empty()) out.headers.add(std::string(once_header), std::move(key));
    return out;
  }
  /// Appends one entry; the answer names it.
  core::Result<Response> send(Request const& request, std::string_view who = "staff:ann") {
    ZHILI_TRY(auto const once, Once::of(request, who, "make"));
    return once.write(*db, [](store::Writer& w) -> core::Result<Response> {
      return Response::json(std::to_string(w.append({.kind = core::EventKind::absence_set, .actor = "staff:ann", .payload = "{}"})), 201);
    });
  }
  std::int64_t entries() {
    return db->read([](store::Reader& r) { return r.value<std::int64_t>("SELECT COUNT(*) FROM ledger").value_or(-1); }).value();
  }
};

TEST_P(OnceTest, TheSameAgainIsDoneOnceAndAnsweredAlike) {
  auto const first = send(request("k1")).value();
  EXPECT_EQ(first.status, 201);
  EXPECT_FALSE(first.headers.has("Idempotency-Replayed"));
  auto const before = entries();
  auto const again = send(request("k1")).value();
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.get("Idempotency-Replayed"), "true");
  EXPECT_EQ(entries(), before);
}

TEST_P(OnceTest, IsStillKnownAfterAnEnd) {
  auto const first = send(request("k1")).value();
  db.close();
  db.open();
  EXPECT_EQ(send(request("k1")).value().body, first.body);
}

TEST_P(OnceTest, SomethingElseUnderTheKeyIsRefusedAndNotDone) {
  ASSERT_TRUE(send(request("k1")));
  auto const before = entries();
  auto const other = send(request("k1", R"({"a":1})"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().key, "once.other");
  EXPECT_EQ(other.error().code, core::Errc::conflict);
  EXPECT_EQ(entries(), before);
}

TEST_P(OnceTest, KeysOfDifferentPeopleNeverMeet) {
  auto const first = send(request("k1"), "staff:ann").value();
  EXPECT_NE(send(request("k1"), "staff:ben").value().body, first.body);
}

TEST_P(OnceTest, WithoutAKeyEverythingIsDone) {
  EXPECT_NE(send(request("")).value().body, send(request("")).value().body);
}

TEST_P(OnceTest, WhatWasRefusedMayBeSentAgain) {
  auto const once = Once::of(request("k1"), "staff:ann", "make").value();
  auto const refused = once.write(*db, [](store::Writer& w) -> core::Result<Response> {
    w.append({.kind = core::EventKind::absence_set, .actor = "staff:ann", .payload = "{}"});
    return core::fail(core::Errc::conflict, "no", {"不行", "no"});
  });
  EXPECT_FALSE(refused);
  EXPECT_EQ(entries(), 0) << "what it wrote is undone";
  EXPECT_TRUE(send(request("k1")));
}

TEST_P(OnceTest, IsForgottenWhenItsTimeIsOver) {
  auto const first = send(request("k1")).value();
  db.time.advance(once_kept);
  EXPECT_EQ(send(request("k1")).value().body, first.body);
  db.time.advance(std::chrono::milliseconds(1));
  EXPECT_NE(send(request("k1", "other")).value().body, first.body);
  db.time.advance(once_kept + std::chrono::milliseconds(1));
  EXPECT_EQ(sweep_once(*db).value(), 1);
  EXPECT_EQ(sweep_once(*db).value(), 0);
}

TEST_P(OnceTest, AKeyIsShortAndPrintable) {
  EXPECT_TRUE(send(request(std::string(once_key_characters_max, 'k'))));
  for (auto const& key : {std::string(once_key_characters_max + 1, 'k'), std::string("a b"), std::string("钥匙")}) {
    auto const refused = send(request(key));
    ASSERT_FALSE(refused) << key;
    EXPECT_EQ(refused.error().field, once_header);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, OnceTest, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql), [](auto const& one) { return zhili::test::name_of(one.param); });

}  // namespace
}  // namespace zhili::web
