#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/people/people.hpp"
#include "web/transport/workers.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Hashing a password takes some 20 ms of a core: on threads of their own that give way to all others, so that signing in does not slow
/// reading. Two of them do some 100 a second where the machine has nothing else to do.
constexpr std::size_t sign_in_threads = 2;
constexpr std::size_t sign_in_queue_max = 100;  ///< two seconds of work; more are refused with 503

object grant_json(organise::Grant const& grant, PeopleParts const& parts) {
  auto const* post = parts.api.installation->post(grant.post);
  auto const* department = parts.api.installation->department(grant.department);
  object out{{"role", grant.role}, {"post", grant.post}, {"department", grant.department}, {"area", grant.area}};
  out["post_name"] = post ? value(to_json(post->name)) : value(nullptr);
  out["department_name"] = department ? value(to_json(department->name)) : value(nullptr);
  out["items"] = array(grant.items.begin(), grant.items.end());
  out["stands_in_for"] = grant.stands_in_for.empty() ? value(nullptr) : value(grant.stands_in_for);
  return out;
}

object session_json(organise::Account const& account, std::string const& csrf, std::vector<organise::Grant> const& grants,
                    PeopleParts const& parts) {
  array held;
  for (auto const& grant : grants) held.push_back(grant_json(grant, parts));
  return {{"login", account.login}, {"person", account.person}, {"must_change", account.must_change}, {"csrf", csrf}, {"grants", std::move(held)}};
}

}  // namespace

Response session_begun(organise::SignedIn const& in, bool secure, PeopleParts const& parts) {
  auto const grants = parts.api.db->read([&](store::Reader& r) { return parts.accounts->grants(r, in.account.person); });
  if (!grants) return Response::problem(grants.error());
  auto out = private_json(boost::json::serialize(session_json(in.account, in.csrf, *grants, parts)));
  out.headers.add("Set-Cookie", session_cookie_line(in.token, secure));
  return out;
}

namespace {

/// `onward`: where the browser goes to end the session at its provider too; empty: nowhere.
Response ended(bool secure, std::string const& onward) {
  auto out = private_json(boost::json::serialize(object{{"onward", onward.empty() ? value(nullptr) : value(onward)}}));
  out.headers.add("Set-Cookie", session_cookie_line("", secure));
  out.headers.add("Set-Cookie", id_token_cookie_line("", secure));
  return out;
}

core::Error too_many() {
  return {core::Errc::busy, "sign_in.busy", {"同时登录的人太多，请稍等再试。", "Too many people sign in at once: wait a moment."}};
}

void sign_in(Call const& call, Responder respond, Workers& hashing, PeopleParts const& parts) {
  if (auto const may = parts.gate->may_sign_in(call.request); !may) return respond(Response::problem(may.error()));
  auto work = [login = call.body.text("login"), password = call.body.text("password"), peer = call.request.peer, secure = call.request.secure, respond, parts] {
    auto const in = parts.sessions->sign_in(login, password, peer);
    respond(in ? session_begun(*in, secure, parts) : Response::problem(in.error()));
  };
  if (!hashing.submit(std::move(work))) respond(Response::problem(too_many()));
}

/// A fresh proof of who somebody is, by their password: what sensitive acts ask for.
void prove(Call const& call, Responder respond, Workers& hashing, PeopleParts const& parts) {
  auto work = [session = call.caller().session, password = call.body.text("password"), peer = call.request.peer, respond, parts] {
    auto const proved = parts.sessions->prove(session, password, peer);
    respond(proved ? Response::no_content() : Response::problem(proved.error()));
  };
  if (!hashing.submit(std::move(work))) respond(Response::problem(too_many()));
}

core::Result<Response> own_sessions(Call const& call, PeopleParts const& parts) {
  auto const& own = call.caller().session;
  ZHILI_TRY(auto const open, parts.api.db->read([&](store::Reader& r) { return parts.sessions->of(r, own.account.id); }));
  array sessions;
  for (auto const& one : open)
    sessions.push_back(object{{"id", one.id}, {"means", one.means}, {"this", one.id == own.id},
                              {"began_at", time_json(one.began_at, parts.api.zone)}, {"used_at", time_json(one.used_at, parts.api.zone)}});
  return Response::json(boost::json::serialize(object{{"sessions", std::move(sessions)}}));
}

core::Result<Response> end_session(Call const& call, PeopleParts const& parts) {
  ZHILI_CHECK(parts.sessions->end(call.caller().session.account.id, call.path.text("id")));
  return Response::no_content();
}

/// Whoever is not signed in may ask, too: it is the first thing that a page wants to know.
core::Result<Response> who(Call const& call, PeopleParts const& parts) {
  auto const& request = call.request;
  if (session_token(request).empty()) return private_json(R"({"login":null})");
  auto const caller = parts.gate->admit(request, true);
  if (caller) return private_json(boost::json::serialize(session_json(caller->session.account, caller->session.csrf, caller->grants, parts)));
  if (caller.error().key != "session.none") return core::fail(caller.error());
  auto out = private_json(R"({"login":null})");
  out.headers.add("Set-Cookie", session_cookie_line("", request.secure));
  return out;
}

core::Result<Response> sign_out(Call const& call, PeopleParts const& parts) {
  auto const& request = call.request;
  auto const caller = parts.gate->admit(request, true);
  if (!caller && caller.error().key != "session.none") return core::fail(caller.error());
  if (caller) ZHILI_CHECK(parts.sessions->sign_out(session_token(request)));
  return ended(request.secure, caller ? parts.sign_on->logout_url(caller->session.means, cookie(request, id_token_cookie)) : "");
}

void change_password(Call const& call, Responder respond, Workers& hashing, PeopleParts const& parts) {
  auto work = [session = call.caller().session, before = call.body.text("old_password"), after = call.body.text("password"),
               peer = call.request.peer, secure = call.request.secure, respond, parts] {
    auto const in = parts.sessions->change_password(session, before, after, peer);
    respond(in ? session_begun(*in, secure, parts) : Response::problem(in.error()));
  };
  if (!hashing.submit(std::move(work))) respond(Response::problem(too_many()));
}

/// A longer password is refused before it costs anything.
constexpr std::size_t password_characters_max = 1'000;

}  // namespace

Shape session_shape() {
  using namespace shape;
  auto const grant = record("Grant", {{"role", text()}, {"post", text()}, {"department", text()}, {"area", text()}, {"post_name", nullable(both_languages())},
                                      {"department_name", nullable(both_languages())}, {"items", list(text())}, {"stands_in_for", nullable(text())}});
  return record("Session", {{"login", nullable(text()), {"没有登录就是 null", "null if nobody is signed in"}},
                            optional("person", text()),
                            optional("must_change", flag()),
                            optional("csrf", text(), {"改动什么时放进 X-CSRF-Token", "To be sent as X-CSRF-Token with whatever changes something"}),
                            optional("grants", list(grant))});
}

void mount_sessions(Operations& operations, PeopleParts const& parts) {
  auto const hashing = std::make_shared<Workers>(sign_in_threads, sign_in_queue_max, Workers::Rank::background);
  auto const password = [](std::string name, core::Text meaning) { return needed(std::move(name), shape::text(password_characters_max), std::move(meaning)); };
  operations.add_later({.id = "signIn", .method = Method::post, .pattern = "/api/v1/session", .summary = {"登录", "Sign in"}, .who = everybody(),
                        .body = {needed("login", shape::text(password_characters_max), {"登录名", "login"}), password("password", {"密码", "password"})},
                        .good = {{.shape = session_shape()}}},
                       [hashing, parts](Call const& call, Responder respond) { sign_in(call, std::move(respond), *hashing, parts); });
  operations.add({.id = "getSession", .method = Method::get, .pattern = "/api/v1/session", .summary = {"我是谁，能做什么", "Who am I, and what may I do"}, .who = everybody(),
                  .good = {{.shape = session_shape()}}},
                 [parts](Call const& call) { return who(call, parts); });
  operations.add({.id = "signOut", .method = Method::del, .pattern = "/api/v1/session", .summary = {"退出", "Sign out"}, .who = everybody(),
                  .good = {{.shape = shape::record("SignedOut", {{"onward", shape::nullable(shape::text()), {"还要去这里，在身份提供方退出", "Go there to sign out at the identity provider, too"}}})}}},
                 [parts](Call const& call) { return sign_out(call, parts); });
  operations.add_later({.id = "changePassword", .method = Method::post, .pattern = "/api/v1/session/password", .summary = {"改自己的密码", "Change one's own password"},
                        .who = signed_in_for_the_first_time(),
                        .body = {password("old_password", {"现在的密码", "the password until now"}), password("password", {"新密码", "the new password"})},
                        .good = {{.shape = session_shape()}}},
                       [hashing, parts](Call const& call, Responder respond) { change_password(call, std::move(respond), *hashing, parts); });
  operations.add_later({.id = "prove", .method = Method::post, .pattern = "/api/v1/session/proof", .summary = {"用密码再确认一次是本人", "Prove once more who one is, by password"},
                        .who = signed_in(), .body = {password("password", {"密码", "password"})}, .good = {{.status = 204}}},
                       [hashing, parts](Call const& call, Responder respond) { prove(call, std::move(respond), *hashing, parts); });
  using namespace shape;
  auto const open = record("", {{"id", text()}, {"means", text(), {"怎样登录的：password、passkey，或身份提供方的代码", "How: password, passkey, or the code of a provider"}}, {"this", flag()},
                                {"began_at", shape::time()}, {"used_at", shape::time()}});
  operations.add({.id = "listSessions", .method = Method::get, .pattern = "/api/v1/sessions", .summary = {"自己登录着的地方", "Where one is signed in"}, .who = signed_in(),
                  .good = {{.shape = record("Sessions", {{"sessions", shape::list(open)}})}}},
                 [parts](Call const& call) { return own_sessions(call, parts); });
  operations.add({.id = "endSession", .method = Method::del, .pattern = "/api/v1/sessions/{id}", .summary = {"在那里退出", "Sign out there"}, .who = signed_in(),
                  .path = {needed("id", text(password_characters_max), {"会话编号", "id of the session"})}, .good = {{.status = 204}}},
                 [parts](Call const& call) { return end_session(call, parts); });
}

void mount_people(Operations& operations, Router& router, PeopleParts const& parts) {
  mount_sessions(operations, parts);
  mount_sign_on(operations, router, parts);
  mount_passkeys(operations, parts);
  mount_accounts(operations, parts);
  mount_absences(operations, parts);
  mount_keys(operations, parts);
  mount_own_work(operations, parts);
  mount_inbox(operations, parts);
  mount_case_work(operations, parts);
  mount_signal_work(operations, parts);
  mount_private_words(operations, parts);
  mount_incidents(operations, parts);
  mount_staff_photos(operations, parts);
  mount_receipts(operations, parts);
}

}  // namespace zhili::web
