// Passkeys from an authenticator in software, on both databases.

#include "organise/passkeys/passkeys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "organise/passkeys/cbor.hpp"
#include "organise/passkeys/soft_key.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

RelyingParty const city{"city.example.org", "https://city.example.org"};

class PasskeysTest : public testing::TestWithParam<test::Engine> {
 protected:
  PasskeysTest() {
    ann = accounts.make({.login = "ann", .password = "three wet boots"}, "staff:admin")->account;
    ben = accounts.make({.login = "ben", .password = "three wet boots"}, "staff:admin")->account;
  }
  std::string asked(PasskeyPurpose purpose, Account const& account) { return *passkeys.challenge(purpose, account.id); }
  std::string asked() { return *passkeys.challenge(PasskeyPurpose::sign_in, 0); }
  core::Result<std::int64_t> make(SoftKey const& with, Account const& account, std::string const& called = "phone") {
    return passkeys.make(account, with.make(asked(PasskeyPurpose::make, account)), called, "staff:" + account.login);
  }
  core::Result<SignedIn> enter(SoftKey& with) { return passkeys.sign_in(with.sign(asked())); }
  template <class T>
  std::string why(core::Result<T> const& done) {
    return done ? "done" : done.error().key + (done.error().detail.empty() ? "" : " " + done.error().detail);
  }

  test::TempDb db{GetParam()};
  catalogue::Installation const installation{};
  Accounts accounts{*db, installation, db.time};
  Sessions sessions{*db, accounts, db.time};
  Passkeys passkeys{*db, accounts, sessions, city};
  Account ann, ben;
  SoftKey key{city};
};
INSTANTIATE_TEST_SUITE_P(Engines, PasskeysTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(PasskeysTest, SignInWithoutALogin) {
  ASSERT_TRUE(make(key, ann)) << why(make(key, ann));
  key.user = user_handle(ann.id);
  auto const in = enter(key);
  ASSERT_TRUE(in) << why(in);
  EXPECT_EQ(in->account.login, "ann");
  auto const session = sessions.find(in->token);
  EXPECT_EQ(session->means, "passkey");
  EXPECT_TRUE(sessions.need_proof(*session));
  EXPECT_EQ(db->read([&](store::Reader& r) { return passkeys.of(r, ann.id); })->front().used_at, db.time.now());
}

TEST_P(PasskeysTest, AreTheFreshProofThatASensitiveActNeeds) {
  ASSERT_TRUE(make(key, ann));
  auto const in = sessions.sign_in("ann", "three wet boots", "192.0.2.7");
  EXPECT_TRUE(sessions.need_proof(*sessions.find(in->token)));
  db.time.advance(proof_fresh);
  auto const session = *sessions.find(in->token);
  EXPECT_EQ(sessions.need_proof(session).error().key, "session.proof");
  EXPECT_EQ(why(passkeys.prove(session, key.sign(asked(PasskeyPurpose::sign_in, ann)))), "passkey.challenge") << "asked for something else";
  ASSERT_TRUE(passkeys.prove(session, key.sign(asked(PasskeyPurpose::prove, ann))));
  EXPECT_TRUE(sessions.need_proof(*sessions.find(in->token)));
  db.time.advance(proof_fresh);
  EXPECT_EQ(sessions.prove(session, "not this one", "192.0.2.7").error().key, "sign_in.wrong");
  ASSERT_TRUE(sessions.prove(session, "three wet boots", "192.0.2.7")) << "or the password";
  EXPECT_TRUE(sessions.need_proof(*sessions.find(in->token)));
}

TEST_P(PasskeysTest, OfSomebodyElseProveNothing) {
  SoftKey bens(city, "credential-ben");
  ASSERT_TRUE(make(bens, ben));
  auto const session = *sessions.find(sessions.sign_in("ann", "three wet boots", "192.0.2.7")->token);
  EXPECT_EQ(why(passkeys.prove(session, bens.sign(asked(PasskeyPurpose::prove, ann)))), "passkey.unknown");
  EXPECT_EQ(why(passkeys.prove(session, bens.sign(asked(PasskeyPurpose::prove, ben)))), "passkey.challenge");
  bens.user = user_handle(ann.id);
  EXPECT_EQ(why(enter(bens)), "passkey.unknown") << "another's handle";
}

TEST_P(PasskeysTest, AChallengeIsGoodOnceAndForAWhile) {
  ASSERT_TRUE(make(key, ann));
  auto const answer = key.sign(asked());
  ASSERT_TRUE(passkeys.sign_in(answer));
  EXPECT_EQ(why(passkeys.sign_in(answer)), "passkey.challenge") << "replayed";
  auto const late = key.sign(asked());
  db.time.advance(passkey_challenge_within);
  EXPECT_EQ(why(passkeys.sign_in(late)), "passkey.challenge");
  EXPECT_EQ(why(passkeys.sign_in(key.sign("bWFkZSB1cA"))), "passkey.challenge");
  EXPECT_EQ(why(passkeys.sign_in({.credential = "x", .client_data = "{", .authenticator_data = "", .signature = ""})), "passkey.form");
}

TEST_P(PasskeysTest, AreRefusedForAnotherSiteOrWithoutTheirOwner) {
  auto const wrong = [&](auto&& change) {
    SoftKey thief = key;
    change(thief);
    return why(enter(thief));
  };
  ASSERT_TRUE(make(key, ann));
  EXPECT_EQ(wrong([](auto& k) { k.origin = "https://city.example.com"; }), "passkey.proof origin https://city.example.com");
  EXPECT_EQ(wrong([](auto& k) { k.origin = "http://city.example.org"; }), "passkey.proof origin http://city.example.org");
  EXPECT_EQ(wrong([](auto& k) { k.origin = "http://localhost:8080"; }), "passkey.proof origin http://localhost:8080");
  EXPECT_EQ(wrong([](auto& k) { k.cross = "true"; }), "passkey.proof origin https://city.example.org");
  EXPECT_EQ(wrong([](auto& k) { k.flags = 0x04; }), "passkey.proof nobody was present");
  EXPECT_EQ(wrong([](auto& k) { k.flags = 0x01; }), "passkey.proof the user was not verified");
  SoftKey elsewhere({"example.com", "https://city.example.org"}, "credential-0001");
  EXPECT_EQ(why(enter(elsewhere)), "passkey.proof party");
  SoftKey copy(city);  // the same name, another key
  EXPECT_EQ(why(enter(copy)), "passkey.proof signature");
  auto changed = key.sign(asked());
  changed.authenticator_data.back() = static_cast<char>(changed.authenticator_data.back() + 1);
  EXPECT_EQ(why(passkeys.sign_in(changed)), "passkey.proof signature");
  EXPECT_TRUE(enter(key)) << "and its owner still comes in";
}

TEST_P(PasskeysTest, ACopyShowsByItsCount) {
  ASSERT_TRUE(make(key, ann));
  auto copy = key;
  ASSERT_TRUE(enter(key));
  ASSERT_TRUE(enter(key));
  EXPECT_EQ(why(enter(copy)), "passkey.proof sign count went back");
  SoftKey silent(city, "credential-silent");
  ASSERT_TRUE(make(silent, ann));
  for (int i = 0; i < 2; ++i) {
    silent.count = static_cast<std::uint32_t>(-1);  // which becomes 0: one that does not count
    EXPECT_TRUE(enter(silent));
  }
}

TEST_P(PasskeysTest, AreMadeOnceForOneAccountAndTakenAway) {
  auto const id = make(key, ann);
  ASSERT_TRUE(id);
  EXPECT_EQ(why(make(key, ben)), "passkey.known");
  EXPECT_EQ(passkeys.make(ann, key.make(asked(PasskeyPurpose::make, ann)), "", "x").error().field, "name");
  EXPECT_EQ(why(passkeys.make(ben, key.make(asked(PasskeyPurpose::make, ann)), "phone", "x")), "passkey.challenge");
  auto unverified = SoftKey(city, "other");
  unverified.flags = 0x01;
  EXPECT_EQ(why(make(unverified, ann)), "passkey.proof the user was not verified");
  EXPECT_EQ(passkeys.remove(ben, *id, "staff:ben").error().code, Errc::not_found) << "another's";
  ASSERT_TRUE(passkeys.remove(ann, *id, "staff:ann"));
  EXPECT_EQ(why(enter(key)), "passkey.unknown");
  for (std::size_t i = 0; i < passkeys_of_account_max; ++i) ASSERT_TRUE(make(SoftKey(city, "credential-" + std::to_string(100 + i)), ann));
  EXPECT_EQ(why(make(SoftKey(city, "one more"), ann)), "passkey.many");
}

TEST_P(PasskeysTest, OfAClosedAccountOpenNothing) {
  ASSERT_TRUE(make(key, ann));
  ASSERT_TRUE(accounts.appoint({.login = "ben", .post = "administration"}, "cli"));
  ASSERT_TRUE(accounts.disable("ann", "staff:ben"));
  EXPECT_EQ(why(enter(key)), "passkey.unknown");
}

TEST_P(PasskeysTest, ASessionIsSeenAndEndedByItsOwnerAlone) {
  auto const one = sessions.sign_in("ann", "three wet boots", "192.0.2.7");
  auto const two = sessions.sign_in("ann", "three wet boots", "192.0.2.7");
  auto const open = *db->read([&](store::Reader& r) { return sessions.of(r, ann.id); });
  ASSERT_THAT(open, SizeIs(2));
  auto const id = sessions.find(two->token)->id;
  EXPECT_EQ(sessions.end(ben.id, id).error().code, Errc::not_found);
  ASSERT_TRUE(sessions.end(ann.id, id));
  EXPECT_FALSE(sessions.find(two->token));
  EXPECT_TRUE(sessions.find(one->token));
}

TEST(RelyingParties, OnThisMachineAnyPortWillDo) {
  RelyingParty const here{"localhost", "http://localhost"};
  SoftKey key(here);
  key.origin = "http://localhost:8102";
  EXPECT_TRUE(check_registration(key.make("abc"), here, "abc"));
  key.origin = "http://localhost.example.org";
  EXPECT_FALSE(check_registration(key.make("abc"), here, "abc"));
  key.origin = "";
  EXPECT_EQ(check_registration(key.make("abc"), here, "abd").error().detail, "challenge");
  auto as_assertion = key.make("abc");
  as_assertion.client_data = key.client_data("webauthn.get", "abc");
  EXPECT_EQ(check_registration(as_assertion, here, "abc").error().detail, "type webauthn.get");
  auto cut = key.make("abc");
  for (std::size_t size = 0; size < cut.authenticator_data.size(); size += 5)
    EXPECT_FALSE(check_registration({cut.client_data, cut.authenticator_data.substr(0, size)}, here, "abc")) << size;
}

std::size_t behind(std::string_view hex, std::uint64_t items = 1) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return behind_cbor(bytes, items);
}

TEST(Cbor, LengthsThatAreThere) {
  constexpr auto never = std::string_view::npos;
  EXPECT_EQ(behind("", 0), 0U);
  EXPECT_EQ(behind("01"), 1U);
  EXPECT_EQ(behind("190100" "02"), 3U);        // one item of two
  EXPECT_EQ(behind("a101420708"), 5U);         // {1: h'0708'}
  EXPECT_EQ(behind("818181f5"), 4U);           // four levels
  EXPECT_EQ(behind("81818181f5"), never);      // five
  EXPECT_EQ(behind("a101430708"), never);      // two bytes of three
  EXPECT_EQ(behind("9bffffffffffffffff01"), never);
  EXPECT_EQ(behind("bb007050000001020301"), never);  // what a fuzzer found: memory for 3 · 10^16 pairs
  EXPECT_EQ(behind("bf01f5ff"), never);        // no length
  EXPECT_EQ(behind("c101"), never);            // a tag
  EXPECT_EQ(behind("19"), never);
  EXPECT_EQ(behind("01", 2), never);
}

TEST_P(PasskeysTest, KeyThatClaimsMoreThanItHolds) {
  auto said = key.make(asked(PasskeyPurpose::make, ann));
  auto const map = said.authenticator_data.find(std::string("\xA5\x01\x02", 3));
  said.authenticator_data.replace(map, 1, std::string("\xBB\x00\x70\x50\x00\x00\x01\x02\x03", 9));
  auto const refused = passkeys.make(ann, said, "phone", "staff:ann");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "passkey.form");
}

}  // namespace
}  // namespace zhili::organise
