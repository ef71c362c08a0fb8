#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/form.hpp"
#include "web/people/people.hpp"
#include "web/transport/workers.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;

/// A provider may take seconds, or hang: it has threads of its own, so that nobody else waits for it.
constexpr std::size_t provider_threads = 2;
constexpr std::size_t provider_queue_max = 50;

constexpr std::string_view browser_cookie = "zhili_sign_on";

std::string browser_cookie_line(std::string_view word, bool secure) {
  auto const life = word.empty() ? std::chrono::seconds(0) : std::chrono::seconds(organise::sign_on_answer_within);
  return fmt::format("{}={}; Path=/api/v1/sign-on; Max-Age={}; HttpOnly; SameSite=Lax{}", browser_cookie, word, life.count(),
                     secure ? "; Secure" : "");
}

void call_on(Workers& line, Responder const& respond, Workers::Job job) {
  if (!line.submit(std::move(job)))
    respond(Response::problem({core::Errc::busy, "sign_on.busy", {"同时登录的人太多，请稍等再试。", "Too many people sign in at once: wait a moment."}}));
}

/// How one may sign in here: for the page that asks.
core::Result<Response> ways(PeopleParts const& parts) {
  array providers;
  for (auto const& one : parts.sign_on->providers()) providers.push_back(object{{"code", one.code}, {"name", to_json(one.name)}});
  return Response::json(boost::json::serialize(object{{"providers", std::move(providers)}, {"passkeys_at", parts.passkeys->party().id}}));
}

void begin(Call const& call, Responder respond, Workers& line, PeopleParts const& parts) {
  if (auto const may = parts.gate->may_sign_in(call.request); !may) return respond(Response::problem(may.error()));
  call_on(line, respond, [provider = call.body.text("provider"), again = call.body.flag("again"), secure = call.request.secure, respond, parts] {
    auto const begun = parts.sign_on->begin(provider, again);
    if (!begun) return respond(Response::problem(begun.error()));
    auto out = private_json(boost::json::serialize(object{{"url", begun->url}}));
    out.headers.add("Set-Cookie", browser_cookie_line(begun->browser, secure));
    respond(std::move(out));
  });
}

void finish(Call const& call, Responder respond, Workers& line, PeopleParts const& parts) {
  if (auto const may = parts.gate->may_sign_in(call.request); !may) return respond(Response::problem(may.error()));
  organise::SignOn::Answer answer{.state = call.body.text("state"), .code = call.body.text("code"), .issuer = call.body.text("iss"), .error = call.body.text("error")};
  call_on(line, respond, [answer = std::move(answer), browser = cookie(call.request, browser_cookie), secure = call.request.secure, respond, parts] {
    auto const in = parts.sign_on->finish(answer, browser);
    auto out = in ? session_begun(*in, secure, parts) : Response::problem(in.error());
    out.headers.add("Set-Cookie", browser_cookie_line("", secure));
    if (in && in->id_token.size() <= id_token_kept_bytes_max) out.headers.add("Set-Cookie", id_token_cookie_line(in->id_token, secure));
    respond(std::move(out));
  });
}

/// What a provider sends when somebody signs out there (OpenID Connect Back-Channel Logout 1.0, section 2.8).
void logged_out(Request const& request, Responder respond, Workers& line, PeopleParts const& parts) {
  auto const form = read_form(request);
  if (!form) return respond(Response::problem(form.error()));
  auto token = std::string(form->fields.get("logout_token").value_or(""));
  call_on(line, respond, [token = std::move(token), respond, parts] {
    auto const done = parts.sign_on->logged_out(token);
    if (!done) spdlog::warn("sign-on: logout: {} {}", done.error().key, done.error().detail);
    auto out = done ? Response{.status = 200} : Response::problem(done.error());
    out.headers.set("Cache-Control", "no-store");
    respond(std::move(out));
  });
}

core::Result<Response> links(PeopleParts const& parts) {
  ZHILI_TRY(auto const all, parts.api.db->read([&](store::Reader& r) { return parts.sign_on->links(r); }));
  array out;
  for (auto const& one : all) out.push_back(object{{"id", one.id}, {"login", one.login}, {"provider", one.provider}, {"subject", one.subject}});
  return Response::json(boost::json::serialize(object{{"links", std::move(out)}}));
}

core::Result<Response> link(Call const& call, PeopleParts const& parts) {
  return call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const id, parts.sign_on->link(w, call.body.text("login"), call.body.text("provider"), call.body.text("subject"), call.caller().ref()));
    return Response::json(boost::json::serialize(object{{"id", id}}), 201);
  });
}

core::Result<Response> unlink(Call const& call, PeopleParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  ZHILI_CHECK(parts.sign_on->unlink(id, call.caller().ref()));
  return Response::json(boost::json::serialize(object{{"id", id}}));
}

constexpr std::size_t provider_code_characters_max = 60;
/// What a provider gives the browser to bring back; codes of some are long.
constexpr std::size_t answer_characters_max = 4'000;

void mount_links(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  auto const who = with_role_everywhere(organise::administrator_role);
  auto const one = record("", {{"id", integer()}, {"login", text()}, {"provider", text()}, {"subject", text(), {"提供方对此人的编号（sub）", "The provider's word for the person (sub)"}}});
  operations.add({.id = "listLinks", .method = Method::get, .pattern = "/api/v1/links", .summary = {"哪些账号与身份提供方相连", "Which accounts are linked to identity providers"}, .who = who,
                  .good = {{.shape = record("Links", {{"links", shape::list(one)}})}}},
                 [parts](Call const&) { return links(parts); });
  operations.add({.id = "makeLink", .method = Method::post, .pattern = "/api/v1/links", .summary = {"把账号与身份提供方的人相连", "Link an account to somebody of an identity provider"}, .who = proved(who),
                  .body = {needed("login", text(organise::login_characters_max), {"登录名", "login"}),
                           needed("provider", text(provider_code_characters_max), {"身份提供方的代码", "code of the identity provider"}),
                           needed("subject", text(organise::subject_bytes_max), {"提供方对此人的编号（sub）", "the provider's word for the person (sub)"})},
                  .once = true, .good = {{.status = 201, .shape = id_shape()}}},
                 [parts](Call const& call) { return link(call, parts); });
  operations.add({.id = "endLink", .method = Method::del, .pattern = "/api/v1/links/{id}", .summary = {"取消相连", "End a link"}, .who = proved(who),
                  .path = {needed("id", integer(), {"编号", "id of the link"})}, .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return unlink(call, parts); });
}

}  // namespace

void mount_sign_on(Operations& operations, Router& router, PeopleParts const& parts) {
  using namespace shape;
  auto const line = std::make_shared<Workers>(provider_threads, provider_queue_max);
  auto const provider = record("", {{"code", text()}, {"name", both_languages()}});
  operations.add({.id = "waysToSignIn", .method = Method::get, .pattern = "/api/v1/sign-on", .summary = {"在这里可以怎样登录", "How one may sign in here"}, .who = everybody(),
                  .good = {{.shape = record("WaysToSignIn", {{"providers", shape::list(provider)}, {"passkeys_at", text(), {"通行密钥属于这个主机名", "Passkeys belong to this name of a host"}}})}}},
                 [parts](Call const&) { return ways(parts); });
  operations.add_later({.id = "beginSignOn", .method = Method::post, .pattern = "/api/v1/sign-on", .summary = {"用身份提供方登录：浏览器去哪里", "Sign in with an identity provider: where the browser goes"},
                        .who = everybody(),
                        .body = {needed("provider", text(provider_code_characters_max), {"身份提供方的代码", "code of the identity provider"}),
                                 optional("again", flag(), {"即使在那里登录着，也要再输密码", "Ask for the password even of somebody who is signed in there"})},
                        .good = {{.shape = record("", {{"url", text()}})}}},
                       [line, parts](Call const& call, Responder respond) { begin(call, std::move(respond), *line, parts); });
  operations.add_later({.id = "finishSignOn", .method = Method::post, .pattern = "/api/v1/sign-on/answer", .summary = {"身份提供方让浏览器带回来的", "What the identity provider sent back with the browser"},
                        .who = everybody(),
                        .body = {needed("state", text(answer_characters_max), {"登录开始时给出的 state", "the state that beginning gave"}),
                                 optional("code", text(answer_characters_max), {"换令牌用的代码", "The code to be exchanged for tokens"}),
                                 optional("iss", text(answer_characters_max), {"谁签发的", "Who issued it"}),
                                 optional("error", text(answer_characters_max), {"提供方为什么拒绝", "Why the provider refused"})},
                        .good = {{.shape = session_shape()}}},
                       [line, parts](Call const& call, Responder respond) { finish(call, std::move(respond), *line, parts); });
  router.on_later(Method::post, "/sign-on/logout",
                  [line, parts](Request const& request, Responder respond) { logged_out(request, std::move(respond), *line, parts); });
  mount_links(operations, parts);
}

}  // namespace zhili::web
