#include <boost/json.hpp>

#include "organise/sign_on/base64url.hpp"
#include "web/api/view.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;

/// A field with bytes as base64url. What is no base64url is left to the check of the passkey, which refuses it.
std::string bytes(Input const& body, std::string_view field) { return organise::from_base64url(body.text(field)).value_or(""); }

organise::Assertion assertion_in(Input const& body) {
  return {.credential = bytes(body, "credential"), .client_data = bytes(body, "client_data"),
          .authenticator_data = bytes(body, "authenticator_data"), .signature = bytes(body, "signature"), .user = bytes(body, "user")};
}

/// What the browser hands to the authenticator, without the parts that are the same everywhere.
core::Result<Response> ask(organise::PasskeyPurpose purpose, organise::Account const* account, PeopleParts const& parts) {
  ZHILI_TRY(auto const challenge, parts.passkeys->challenge(purpose, account ? account->id : 0));
  object out{{"challenge", challenge}, {"rp_id", parts.passkeys->party().id},
             {"timeout_s", std::chrono::seconds(organise::passkey_challenge_within).count()}};
  if (account) {
    ZHILI_TRY(auto const own, parts.api.db->read([&](store::Reader& r) { return parts.passkeys->of(r, account->id); }));
    array credentials;
    for (auto const& one : own) credentials.push_back(boost::json::value(one.credential));
    out["credentials"] = std::move(credentials);
    out["user"] = object{{"id", organise::to_base64url(organise::user_handle(account->id))}, {"name", account->login}};
  }
  return private_json(boost::json::serialize(out));
}

core::Result<Response> make(Call const& call, PeopleParts const& parts) {
  organise::Registration const said{bytes(call.body, "client_data"), bytes(call.body, "authenticator_data")};
  ZHILI_TRY(auto const id, parts.passkeys->make(call.caller().session.account, said, call.body.text("name"), call.caller().ref()));
  return Response::json(boost::json::serialize(object{{"id", id}}), 201);
}

core::Result<Response> list(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const own, parts.api.db->read([&](store::Reader& r) { return parts.passkeys->of(r, call.caller().session.account.id); }));
  array out;
  for (auto const& one : own)
    out.push_back(object{{"id", one.id}, {"name", one.name}, {"made_at", time_json(one.made_at, parts.api.zone)}, {"used_at", time_json(one.used_at, parts.api.zone)}});
  return Response::json(boost::json::serialize(object{{"passkeys", std::move(out)}}));
}

core::Result<Response> remove(Call const& call, PeopleParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  ZHILI_CHECK(parts.passkeys->remove(call.caller().session.account, id, call.caller().ref()));
  return Response::json(boost::json::serialize(object{{"id", id}}));
}

core::Result<Response> ask_to_sign_in(Call const& call, PeopleParts const& parts) {
  ZHILI_CHECK(parts.gate->may_sign_in(call.request));
  return ask(organise::PasskeyPurpose::sign_in, nullptr, parts);
}

core::Result<Response> sign_in(Call const& call, PeopleParts const& parts) {
  ZHILI_CHECK(parts.gate->may_sign_in(call.request));
  ZHILI_TRY(auto const in, parts.passkeys->sign_in(assertion_in(call.body)));
  return session_begun(in, call.request.secure, parts);
}

core::Result<Response> prove(Call const& call, PeopleParts const& parts) {
  ZHILI_CHECK(parts.passkeys->prove(call.caller().session, assertion_in(call.body)));
  return Response::no_content();
}

using shape::record;
using shape::text;

/// Longer than any authenticator's answer, as base64url.
constexpr std::size_t passkey_characters_max = 12'000;

Field bytes_field(std::string name, core::Text meaning) { return needed(std::move(name), text(passkey_characters_max), std::move(meaning)); }

std::vector<Field> assertion_fields() {
  return {bytes_field("credential", {"rawId，base64url", "rawId, as base64url"}), bytes_field("client_data", {"clientDataJSON，base64url", "clientDataJSON, as base64url"}),
          bytes_field("authenticator_data", {"authenticatorData，base64url", "authenticatorData, as base64url"}), bytes_field("signature", {"signature，base64url", "signature, as base64url"}),
          optional("user", text(passkey_characters_max), {"userHandle，base64url", "userHandle, as base64url"})};
}

Shape asked_shape() {
  return record("PasskeyAsked", {{"challenge", text(), {"base64url，只能用一次", "As base64url; good once"}}, {"rp_id", text()}, {"timeout_s", shape::integer()},
                                 optional("credentials", shape::list(text()), {"已登记的，base64url", "Those that are known, as base64url"}),
                                 optional("user", record("", {{"id", text()}, {"name", text()}}))});
}

/// Whoever holds a session alone must not be able to stay for ever: a new passkey asks for a fresh proof.
void mount_own(Operations& operations, PeopleParts const& parts) {
  auto const one = record("", {{"id", shape::integer()}, {"name", text()}, {"made_at", shape::time()}, {"used_at", shape::nullable(shape::time())}});
  operations.add({.id = "listPasskeys", .method = Method::get, .pattern = "/api/v1/passkeys", .summary = {"自己的通行密钥", "One's own passkeys"}, .who = signed_in(),
                  .good = {{.shape = record("Passkeys", {{"passkeys", shape::list(one)}})}}},
                 [parts](Call const& call) { return list(call, parts); });
  operations.add({.id = "askToMakePasskey", .method = Method::post, .pattern = "/api/v1/passkeys/challenge", .summary = {"登记通行密钥的第一步", "The first step of making a passkey"}, .who = proved(signed_in()),
                  .good = {{.shape = asked_shape()}}},
                 [parts](Call const& call) { return ask(organise::PasskeyPurpose::make, &call.caller().session.account, parts); });
  operations.add({.id = "makePasskey", .method = Method::post, .pattern = "/api/v1/passkeys", .summary = {"登记一把通行密钥", "Make a passkey"}, .who = proved(signed_in()),
                  .body = {needed("name", text(organise::passkey_name_characters_max), {"是哪台设备", "of which device it is"}),
                           bytes_field("client_data", {"clientDataJSON，base64url", "clientDataJSON, as base64url"}),
                           bytes_field("authenticator_data", {"authenticatorData，base64url", "authenticatorData, as base64url"})},
                  .good = {{.status = 201, .shape = id_shape()}}},
                 [parts](Call const& call) { return make(call, parts); });
  operations.add({.id = "removePasskey", .method = Method::del, .pattern = "/api/v1/passkeys/{id}", .summary = {"删掉一把通行密钥", "Remove a passkey"}, .who = signed_in(),
                  .path = {needed("id", shape::integer(), {"编号", "id of the passkey"})}, .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return remove(call, parts); });
}

}  // namespace

void mount_passkeys(Operations& operations, PeopleParts const& parts) {
  mount_own(operations, parts);
  operations.add({.id = "askToSignInByPasskey", .method = Method::post, .pattern = "/api/v1/session/passkey/challenge", .summary = {"用通行密钥登录的第一步", "The first step of signing in by passkey"}, .who = everybody(),
                  .good = {{.shape = asked_shape()}}},
                 [parts](Call const& call) { return ask_to_sign_in(call, parts); });
  operations.add({.id = "signInByPasskey", .method = Method::post, .pattern = "/api/v1/session/passkey", .summary = {"用通行密钥登录", "Sign in by passkey"}, .who = everybody(),
                  .body = assertion_fields(), .good = {{.shape = session_shape()}}},
                 [parts](Call const& call) { return sign_in(call, parts); });
  operations.add({.id = "askToProveByPasskey", .method = Method::post, .pattern = "/api/v1/session/proof/passkey/challenge", .summary = {"用通行密钥确认是本人的第一步", "The first step of proving who one is by passkey"}, .who = signed_in(),
                  .good = {{.shape = asked_shape()}}},
                 [parts](Call const& call) { return ask(organise::PasskeyPurpose::prove, &call.caller().session.account, parts); });
  operations.add({.id = "proveByPasskey", .method = Method::post, .pattern = "/api/v1/session/proof/passkey", .summary = {"用通行密钥再确认一次是本人", "Prove once more who one is, by passkey"}, .who = signed_in(),
                  .body = assertion_fields(), .good = {{.status = 204}}},
                 [parts](Call const& call) { return prove(call, parts); });
}

}  // namespace zhili::web
