// The whole sign-on against a provider in memory that does as it is told: honest, changing its keys, lying, hanging.

#include "organise/sign_on/sign_on.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "organise/sign_on/test_provider.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using core::EventKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
namespace json = boost::json;

constexpr auto issuer = "https://id.example.org";

/// Answers what a provider would, and counts what it was asked.
struct FakeProvider {
  explicit FakeProvider(core::ManualTime& its_time) : time(its_time) {}
  core::ManualTime& time;
  std::vector<std::pair<std::string, forge::Key>> keys{{"k1", forge::new_key(Algorithm::es256)}};
  json::object claims;        ///< put over those of an honest token
  std::string signed_as = "k1";
  bool hangs = false;
  int status = 200;
  std::vector<std::string> asked;
  std::string form;

  json::object id_token(std::string_view for_nonce) const {
    auto const second = core::to_ms(time.now()) / 1000;
    json::object out{{"iss", issuer}, {"aud", "zhili"}, {"sub", "a-17"}, {"nonce", for_nonce}, {"iat", second}, {"exp", second + 300}, {"auth_time", second}, {"sid", "s-1"}, {"name", "ann"}};
    for (auto const& [name, value] : claims) out[name] = value;
    return out;
  }
  std::string sign(json::object const& payload) const {
    auto const key = std::ranges::find(keys, signed_as, &std::pair<std::string, forge::Key>::first);
    return forge::token({{"alg", "ES256"}, {"kid", signed_as}}, payload, key == keys.end() ? forge::new_key(Algorithm::es256) : key->second);
  }
  std::string nonce;

  core::Result<ProviderSaid> operator()(ProviderCall const& call) {
    asked.push_back(call.url.substr(std::string_view(issuer).size()));
    if (hangs) return core::fail(Errc::unavailable, "client.timeout", {"超时", "timed out"});
    if (call.url.ends_with("configuration"))
      return ProviderSaid{200, json::serialize(json::object{{"issuer", issuer}, {"authorization_endpoint", std::string(issuer) + "/auth"}, {"token_endpoint", std::string(issuer) + "/token"}, {"jwks_uri", std::string(issuer) + "/jwks"}, {"end_session_endpoint", std::string(issuer) + "/end"}, {"response_types_supported", {"code", "token"}}, {"id_token_signing_alg_values_supported", {"ES256", "RS256"}}})};
    if (call.url.ends_with("/jwks")) {
      std::vector<json::object> all;
      for (auto const& [kid, key] : keys) all.push_back(forge::jwk(key, Algorithm::es256, kid));
      return ProviderSaid{200, forge::jwks(all)};
    }
    form = call.form;
    return ProviderSaid{status, json::serialize(json::object{{"access_token", "x"}, {"id_token", sign(id_token(nonce))}})};
  }
};

std::string parameter(std::string const& url, std::string const& name) {
  auto const at = url.find(name + "=") + name.size() + 1;
  return url.substr(at, url.find('&', at) - at);
}

class SignOnTest : public testing::TestWithParam<test::Engine> {
 protected:
  SignOnTest() {
    for (auto const* login : {"ann", "ben"})
      EXPECT_TRUE(accounts.make({.login = login, .password = "three wet boots"}, "staff:admin"));
  }
  core::Result<SignedIn> finish(SignOn::Begun const& begun, SignOn::Answer answer = {.state = {}, .code = "c"}) {
    if (answer.state.empty()) answer.state = parameter(begun.url, "state");
    fake.nonce = parameter(begun.url, "nonce");
    return sign_on.finish(answer, begun.browser);
  }
  core::Result<SignedIn> sign_in() { return finish(*sign_on.begin("city", false)); }
  std::string why(core::Result<SignedIn> const& in) { return in ? "in" : in.error().key + " " + in.error().detail; }
  std::vector<std::string> logins(std::string const& kind) {
    std::vector<std::string> out;
    auto const all = *db->read([](store::Reader& r) { return store::entries_after(r, 0, 100); });
    for (auto const& e : all)
      if (name(e.kind) == kind) out.push_back(e.payload);
    return out;
  }

  test::TempDb db{GetParam()};
  catalogue::Installation const installation{};
  Accounts accounts{*db, installation, db.time};
  Sessions sessions{*db, accounts, db.time};
  FakeProvider fake{db.time};
  SignOn sign_on{*db, accounts, sessions,
                 {{.code = "city", .name = {"市认证", "City ID"}, .issuer = issuer, .client_id = "zhili", .client_secret = "s", .login_claim = "name"}},
                 "https://city.example.org", std::ref(fake)};
};
INSTANTIATE_TEST_SUITE_P(Engines, SignOnTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(SignOnTest, SomebodyWithAnAccountComesInAndIsLinkedToIt) {
  auto const in = sign_in();
  ASSERT_TRUE(in) << why(in);
  EXPECT_EQ(in->account.login, "ann");
  auto const session = sessions.find(in->token);
  EXPECT_EQ(session->means, "city");
  EXPECT_TRUE(sessions.need_proof(*session)) << "the provider asked for the password just now";
  EXPECT_THAT(fake.form, HasSubstr("code_verifier="));
  EXPECT_THAT(logins("account.linked"), ElementsAre(R"({"login":"ann","provider":"city"})"));
  fake.claims = {{"name", "ben"}};
  EXPECT_EQ(sign_in()->account.login, "ann") << "the subject counts from now on, whatever the name says";
  fake.claims = {{"name", "ann"}, {"sub", "b-18"}};
  EXPECT_THAT(why(sign_in()), HasSubstr("sign_on.nobody")) << "a name that was given to somebody else";
}

TEST_P(SignOnTest, NobodyGetsAnAccountByIt) {
  fake.claims = {{"name", "eve"}};
  auto const refused = sign_in();
  EXPECT_EQ(refused.error().key, "sign_on.nobody");
  EXPECT_THAT(refused.error().text.en, HasSubstr("city a-17")) << "what the administrator needs to link them";
  fake.claims = {{"name", nullptr}};
  EXPECT_EQ(sign_in().error().key, "sign_on.nobody");
  ASSERT_TRUE(sign_on.link("ben", "city", "a-17", "staff:admin"));
  EXPECT_EQ(sign_in()->account.login, "ben");
  ASSERT_TRUE(accounts.appoint({.login = "ann", .post = "administration"}, "cli"));
  ASSERT_TRUE(accounts.disable("ben", "staff:ann"));
  EXPECT_EQ(sign_in().error().key, "sign_on.nobody");
}

TEST_P(SignOnTest, LinksAreMadeAndTakenBackByHand) {
  EXPECT_EQ(sign_on.link("eve", "city", "x", "staff:admin").error().field, "login");
  EXPECT_EQ(sign_on.link("ann", "moon", "x", "staff:admin").error().field, "provider");
  EXPECT_EQ(sign_on.link("ann", "city", "", "staff:admin").error().field, "subject");
  auto const id = sign_on.link("ann", "city", "a-17", "staff:admin");
  EXPECT_EQ(sign_on.link("ben", "city", "a-17", "staff:admin").error().code, Errc::conflict);
  auto const in = sign_in();
  ASSERT_TRUE(sign_on.unlink(*id, "staff:admin"));
  EXPECT_FALSE(sessions.find(in->token)) << "what the provider began for it ends";
  EXPECT_EQ(sign_on.unlink(*id, "staff:admin").error().code, Errc::not_found);
  EXPECT_THAT(*db->read([&](store::Reader& r) { return sign_on.links(r); }), IsEmpty());
}

TEST_P(SignOnTest, AnAnswerIsGoodOnceInTheSameBrowserAndInTime) {
  auto const begun = *sign_on.begin("city", false);
  ASSERT_TRUE(finish(begun));
  EXPECT_THAT(why(finish(begun)), HasSubstr("sign_on.state")) << "replayed";
  auto other = *sign_on.begin("city", false);
  auto stolen = other;
  stolen.browser = begun.browser;
  EXPECT_THAT(why(finish(stolen)), HasSubstr("sign_on.state")) << "another browser";
  EXPECT_THAT(why(finish(other)), HasSubstr("sign_on.state")) << "and with that it is used up";
  auto const late = *sign_on.begin("city", false);
  db.time.advance(sign_on_answer_within);
  EXPECT_THAT(why(finish(late)), HasSubstr("sign_on.state"));
  EXPECT_THAT(why(finish(late, {.state = "made-up", .code = "c"})), HasSubstr("sign_on.state"));
  EXPECT_THAT(why(finish(*sign_on.begin("city", false), {.state = {}, .error = "access_denied"})), HasSubstr("sign_on.denied"));
  EXPECT_THAT(why(finish(*sign_on.begin("city", false), {.state = {}, .code = "c", .issuer = "https://evil.example"})), HasSubstr("iss of the answer"));
}

TEST_P(SignOnTest, ALyingProviderIsNotBelieved) {
  auto const with = [&](json::object claims) {
    fake.claims = std::move(claims);
    return why(sign_in());
  };
  EXPECT_EQ(with({{"iss", "https://id.example.com"}}), "sign_on.token iss");
  EXPECT_EQ(with({{"aud", "another"}}), "sign_on.token aud");
  EXPECT_EQ(with({{"nonce", "of yesterday"}}), "sign_on.token nonce");
  EXPECT_EQ(with({{"exp", 1}}), "sign_on.token exp");
  EXPECT_EQ(with({{"sub", ""}}), "sign_on.token sub");
  fake.claims = {};
  fake.signed_as = "forged";
  EXPECT_EQ(why(sign_in()), "sign_on.token signature");
  fake.signed_as = "k1";
  fake.status = 500;
  EXPECT_THAT(why(sign_in()), HasSubstr("sign_on.unreachable"));
  fake.hangs = true;
  EXPECT_THAT(why(finish(*sign_on.begin("city", false))), HasSubstr("sign_on.unreachable"));
  EXPECT_THAT(*db->read([](store::Reader& r) { return r.rows<std::string>("SELECT token_hash FROM session"); }), IsEmpty());
}

TEST_P(SignOnTest, AProviderMayChangeItsKeysAndAMadeUpKeyCostsOneCall) {
  auto const fetched = [&] { return std::ranges::count(fake.asked, "/jwks"); };
  ASSERT_TRUE(sign_in());
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(fetched(), 1);
  fake.keys = {{"k2", forge::new_key(Algorithm::es256)}};
  fake.signed_as = "k2";
  ASSERT_TRUE(sign_in()) << "followed at once";
  EXPECT_EQ(fetched(), 2);
  fake.signed_as = "k9";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(why(sign_in()), "sign_on.token signature");
  EXPECT_EQ(fetched(), 2) << "not again within a minute";
  db.time.advance(keys_fetched_again_after);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(why(sign_in()), "sign_on.token signature");
  EXPECT_EQ(fetched(), 3);
  fake.signed_as = "k1";
  EXPECT_EQ(why(sign_in()), "sign_on.token signature") << "the old key is over";
}

TEST_P(SignOnTest, AKeyThatIsTakenBackIsForgottenWithinAnHour) {
  auto const old = fake.keys.front();
  ASSERT_TRUE(sign_in());
  fake.keys = {{"k2", forge::new_key(Algorithm::es256)}};
  db.time.advance(discovery_kept);
  auto const begun = *sign_on.begin("city", false);
  fake.nonce = parameter(begun.url, "nonce");
  auto const body = forge::token({{"alg", "ES256"}, {"kid", "k1"}}, fake.id_token(fake.nonce), old.second);
  fake.signed_as = "k1";
  EXPECT_EQ(why(finish(begun)), "sign_on.token signature");
}

TEST_P(SignOnTest, SigningOutAtTheProviderEndsTheSessionsHere) {
  auto const in = sign_in();
  EXPECT_EQ(sign_on.logout_url("city", ""), "https://id.example.org/end?client_id=zhili&post_logout_redirect_uri=https%3A%2F%2Fcity.example.org%2F");
  EXPECT_THAT(sign_on.logout_url("city", "e30.e30.x"), HasSubstr("&id_token_hint=e30.e30.x")) << "so that the provider knows whom";
  EXPECT_EQ(sign_on.logout_url("password", ""), "");
  auto const by_password = sessions.sign_in("ann", "three wet boots", "192.0.2.7");
  auto const second = core::to_ms(db.time.now()) / 1000;
  json::object const said{{"iss", issuer}, {"aud", "zhili"}, {"sid", "s-1"}, {"sub", "a-17"}, {"jti", "once"}, {"iat", second}, {"exp", second + 100},
                          {"events", json::object{{"http://schemas.openid.net/event/backchannel-logout", json::object{}}}}};
  auto forged = said;
  forged["iss"] = "https://id.example.com";
  EXPECT_EQ(sign_on.logged_out(fake.sign(forged)).error().key, "sign_on.token");
  EXPECT_EQ(sign_on.logged_out(fake.sign(fake.id_token("n"))).error().key, "sign_on.token") << "an ID token is none";
  EXPECT_TRUE(sessions.find(in->token));
  ASSERT_TRUE(sign_on.logged_out(fake.sign(said)));
  EXPECT_FALSE(sessions.find(in->token));
  EXPECT_TRUE(sessions.find(by_password->token)) << "which the provider did not begin";
  EXPECT_EQ(sign_on.logged_out(fake.sign(said)).error().detail, "jti was seen before");
}

TEST_P(SignOnTest, WhoSignedInThereLongAgoProvesItOnceMoreForASensitiveAct) {
  fake.claims = {{"auth_time", core::to_ms(db.time.now()) / 1000 - 3'600}};
  EXPECT_EQ(sessions.need_proof(*sessions.find(sign_in()->token)).error().key, "session.proof");
  fake.claims = {{"auth_time", core::to_ms(db.time.now()) / 1000 + 86'400}};
  auto const ahead = sign_in();
  EXPECT_TRUE(sessions.need_proof(*sessions.find(ahead->token)));
  db.time.advance(proof_fresh);
  EXPECT_EQ(sessions.need_proof(*sessions.find(ahead->token)).error().key, "session.proof") << "no provider proves anything for tomorrow";
  fake.claims = {{"auth_time", nullptr}};
  EXPECT_EQ(sessions.need_proof(*sessions.find(sign_in()->token)).error().key, "session.proof");
  EXPECT_THAT(sign_on.begin("city", true)->url, HasSubstr("prompt=login"));
  EXPECT_EQ(sign_on.begin("moon", false).error().code, Errc::not_found);
}

}  // namespace
}  // namespace zhili::organise
