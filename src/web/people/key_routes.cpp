#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;

object scope_json(organise::Scope scope) { return {{"code", organise::name(scope)}, {"name", to_json(organise::title(scope))}}; }

object key_json(organise::ApiKey const& key, core::Zone const& zone) {
  array scopes;
  for (auto const scope : key.scopes) scopes.push_back(scope_json(scope));
  return {{"id", key.id},
          {"holder", key.holder},
          {"scopes", std::move(scopes)},
          {"issued_at", time_json(key.issued_at, zone)},
          {"expires_at", time_json(key.expires_at, zone)},
          {"used_at", time_json(key.used_at, zone)},
          {"revoked_at", time_json(key.revoked_at, zone)}};
}

core::Result<Response> list(PeopleParts const& parts) {
  ZHILI_TRY(auto const all, parts.api.db->read([&](store::Reader& r) { return parts.keys->list(r); }));
  array keys, scopes;
  for (auto const& key : all) keys.push_back(key_json(key, parts.api.zone));
  for (auto const scope : organise::all_scopes) scopes.push_back(scope_json(scope));
  return Response::json(boost::json::serialize(object{{"keys", std::move(keys)}, {"scopes", std::move(scopes)}}));
}

core::Result<Response> issue(Call const& call, PeopleParts const& parts) {
  organise::NewApiKey wanted{.holder = call.body.text("holder"), .scopes = {}, .days = call.body.integer("days").value_or(organise::key_days_default)};
  for (auto const& word : call.body.texts("scopes")) {
    ZHILI_TRY(auto const scope, organise::scope_from(word));
    wanted.scopes.push_back(scope);
  }
  return call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const issued, parts.keys->issue(w, wanted, call.caller().ref()));
    return Response::json(boost::json::serialize(object{{"id", issued.id}, {"secret", issued.secret}}), 201);
  }, "secret");
}

core::Result<Response> revoke(Call const& call, PeopleParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  ZHILI_CHECK(parts.keys->revoke(id, call.caller().ref()));
  return Response::json(boost::json::serialize(object{{"id", id}}));
}

/// What the key that is sent along may do, and until when: for whoever sets a program up.
core::Result<Response> own_key(Call const& call, PeopleParts const& parts) {
  return Response::json(boost::json::serialize(key_json(call.key(), parts.api.zone)));
}

}  // namespace

void mount_keys(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  auto const who = with_role_everywhere(organise::administrator_role);
  auto const scope = record("Scope", {{"code", text()}, {"name", both_languages()}});
  auto const key = record("ApiKey", {{"id", integer()}, {"holder", text()}, {"scopes", shape::list(scope)}, {"issued_at", shape::time()}, {"expires_at", shape::time()},
                                     {"used_at", nullable(shape::time()), {"精确到分钟", "To a minute"}}, {"revoked_at", nullable(shape::time())}});
  operations.add({.id = "listKeys", .method = Method::get, .pattern = "/api/v1/keys", .summary = {"其他程序的密钥，和可用的范围", "Keys of other programs, and the scopes that there are"},
                  .who = who, .good = {{.shape = record("ApiKeys", {{"keys", shape::list(key)}, {"scopes", shape::list(scope)}})}}},
                 [parts](Call const&) { return list(parts); });
  operations.add({.id = "issueKey", .method = Method::post, .pattern = "/api/v1/keys", .summary = {"发一把密钥", "Issue a key"}, .who = proved(who),
                  .body = {needed("holder", text(organise::key_holder_characters_max), {"持有者", "holder"}),
                           needed("scopes", shape::list(text(organise::key_holder_characters_max), organise::all_scopes.size()), {"可以做什么", "what it may do"}),
                           optional("days", integer(1, organise::key_days_max), {"有效几天", "For how many days it is good"})},
                  .once = true, .good = {{.status = 201, .shape = record("IssuedKey", {{"id", integer()}, {"secret", nullable(text()), {"只显示这一次", "Shown this once"}}})}}},
                 [parts](Call const& call) { return issue(call, parts); });
  operations.add({.id = "revokeKey", .method = Method::del, .pattern = "/api/v1/keys/{id}", .summary = {"停用一把密钥", "Revoke a key"}, .who = who,
                  .path = {needed("id", integer(), {"密钥编号", "id of the key"})}, .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return revoke(call, parts); });
  operations.add({.id = "getOwnKey", .method = Method::get, .pattern = "/api/v1/key", .summary = {"带来的密钥（Authorization: Bearer）可以做什么", "What the key that is sent along (Authorization: Bearer) may do"},
                  .who = with_any_key(), .good = {{.shape = key}}},
                 [parts](Call const& call) { return own_key(call, parts); });
}

}  // namespace zhili::web
