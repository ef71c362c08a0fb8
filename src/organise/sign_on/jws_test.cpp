// Signed tokens: what is taken, and everything that looks nearly like it.

#include "organise/sign_on/jws.hpp"

#include <gtest/gtest.h>

#include "organise/sign_on/test_provider.hpp"

namespace zhili::organise {
namespace {

namespace json = boost::json;
using forge::jwk;
using forge::jwks;
using forge::new_key;

json::object const payload{{"sub", "ann"}};

json::object header(std::string_view algorithm, std::string_view kid = "k1") { return {{"alg", algorithm}, {"kid", kid}}; }

struct OfAlgorithm : testing::TestWithParam<Algorithm> {
  Algorithm algorithm = GetParam();
  std::string name = algorithm == Algorithm::es256 ? "ES256" : "RS256";
  forge::Key key = new_key(algorithm);
  std::vector<SigningKey> keys = *read_keys(jwks({jwk(key, algorithm, "k1")}));
};
INSTANTIATE_TEST_SUITE_P(Jws, OfAlgorithm, testing::Values(Algorithm::es256, Algorithm::rs256),
                         [](auto const& one) { return one.param == Algorithm::es256 ? "ES256" : "RS256"; });

TEST_P(OfAlgorithm, ATokenOfTheProviderIsTaken) {
  auto const token = read_jws(forge::token(header(name), payload, key));
  ASSERT_TRUE(token) << token.error().detail;
  EXPECT_EQ(token->payload, R"({"sub":"ann"})");
  EXPECT_TRUE(signed_by(*token, keys));
  auto const without_kid = read_jws(forge::token({{"alg", name}}, payload, key));
  EXPECT_TRUE(signed_by(*without_kid, keys));
}

TEST_P(OfAlgorithm, AnyBitThatIsChangedShows) {
  auto const good = forge::token(header(name), payload, key);
  auto const dot = good.find('.');
  for (std::size_t i = dot + 1; i < good.size(); i += 7) {
    auto changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    auto const token = read_jws(changed);
    EXPECT_FALSE(token && signed_by(*token, keys)) << i;
  }
}

TEST_P(OfAlgorithm, AnotherKeyOfTheSameNameDoesNotFit) {
  auto const forged = read_jws(forge::token(header(name), payload, new_key(algorithm)));
  EXPECT_FALSE(signed_by(*forged, keys));
  auto const unknown = read_jws(forge::token(header(name, "k2"), payload, key));
  EXPECT_FALSE(signed_by(*unknown, keys));
}

TEST_P(OfAlgorithm, AKeyIsNotUsedForTheOtherAlgorithm) {
  auto const other = algorithm == Algorithm::es256 ? "RS256" : "ES256";
  auto const token = read_jws(forge::token(header(other), payload, key));
  ASSERT_TRUE(token);
  EXPECT_FALSE(signed_by(*token, keys));
}

TEST(Jws, NoOtherAlgorithmIsEvenLookedAt) {
  auto const key = new_key(Algorithm::rs256);
  auto const body = forge::unsigned_token(header("none"), payload);
  for (auto const& token : {body + ".", body + ".AAAA", forge::token(header("RS512"), payload, key), forge::token(header("PS256"), payload, key),
                            forge::token(header("none"), payload, key), forge::token(header("NONE"), payload, key),
                            forge::token({{"kid", "k1"}}, payload, key),
                            forge::hmac_token(header("HS256"), payload, json::serialize(jwk(key, Algorithm::rs256, "k1")))})
    EXPECT_EQ(read_jws(token).error().key, "sign_on.token") << token;
}

TEST(Jws, AKeyThatTheTokenBringsAlongIsNotBelieved) {
  auto const liar = new_key(Algorithm::es256);
  auto const token = read_jws(forge::token({{"alg", "ES256"}, {"jwk", jwk(liar, Algorithm::es256, "k1")}}, payload, liar));
  auto const keys = read_keys(jwks({jwk(new_key(Algorithm::es256), Algorithm::es256, "k1")}));
  EXPECT_FALSE(signed_by(*token, *keys));
}

TEST(Jws, ASignatureInDerIsNoSignature) {
  auto const key = new_key(Algorithm::es256);
  auto const body = forge::unsigned_token(header("ES256"), payload);
  auto const token = read_jws(body + "." + to_base64url(forge::signature_of(key, body, true)));
  EXPECT_FALSE(signed_by(*token, *read_keys(jwks({jwk(key, Algorithm::es256, "k1")}))));
}

TEST(Jws, WhatIsNotOfTheFormIsRefused) {
  auto const key = new_key(Algorithm::es256);
  auto const good = forge::token(header("ES256"), payload, key);
  for (auto const& text : {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), good + ".x", good + "=", " " + good,
                           good.substr(0, good.rfind('.')), std::string(token_bytes_max + 1, 'a'),
                           forge::token({{"alg", "ES256"}, {"crit", json::array{"b64"}}, {"b64", false}}, payload, key)})
    EXPECT_FALSE(read_jws(text)) << text;
}

TEST(Keys, ThatAreWeakBrokenOrForSomethingElseAreLeftOut) {
  auto const good = jwk(new_key(Algorithm::es256), Algorithm::es256, "good");
  auto off_the_curve = good;
  off_the_curve["y"] = good.at("x");
  auto another_curve = good;
  another_curve["crv"] = "P-384";
  auto for_encryption = good;
  for_encryption["use"] = "enc";
  auto short_point = good;
  short_point["x"] = "AAAA";
  auto another_algorithm = good;
  another_algorithm["alg"] = "ES512";
  auto even = jwk(new_key(Algorithm::rs256), Algorithm::rs256, "even");
  even["e"] = to_base64url("\x02");
  auto const weak = jwk(new_key(Algorithm::rs256, 1'024), Algorithm::rs256, "weak");
  json::object const secret{{"kty", "oct"}, {"k", "AAAA"}, {"kid", "good"}};
  auto const read = read_keys(jwks({off_the_curve, another_curve, for_encryption, short_point, another_algorithm, even, weak, secret, good}));
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().kid, "good");
}

TEST(Keys, AreAtMostSoMany) {
  std::vector<json::object> const many(signing_keys_max + 10, jwk(new_key(Algorithm::es256), Algorithm::es256, "k"));
  EXPECT_EQ(read_keys(jwks(many))->size(), signing_keys_max);
  for (auto const* text : {"", "[]", "{}", R"({"keys":{}})", "{\"keys\":["}) EXPECT_EQ(read_keys(text).error().key, "sign_on.keys");
  EXPECT_TRUE(read_keys(R"({"keys":[1,"x",null,{}]})")->empty());
}

TEST(Base64Url, ComesBackAsItWas) {
  for (std::string const bytes : {"", "a", "ab", "abc", "\xFF\xFE\xFD"}) EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  for (auto const* wrong : {"a", "YQ==", "YQ=", "Y Q", "+/+/", "YR", "AA\xBF\xBE"}) EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

}  // namespace
}  // namespace zhili::organise
