#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/people/body.hpp"
#include "web/people/people.hpp"
#include "web/transport/workers.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Hashing a password takes some 20 ms of a core: on a thread of its own, so that signing in never slows reading.
constexpr std::size_t sign_in_threads = 1;
constexpr std::size_t sign_in_queue_max = 100;

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

Response begun(organise::SignedIn const& in, bool secure, PeopleParts const& parts) {
  auto const grants = parts.api.db->read([&](store::Reader& r) { return parts.accounts->grants(r, in.account.person); });
  if (!grants) return Response::problem(grants.error());
  auto out = private_json(boost::json::serialize(session_json(in.account, in.csrf, *grants, parts)));
  out.headers.add("Set-Cookie", session_cookie_line(in.token, secure));
  return out;
}

Response ended(bool secure) {
  auto out = Response::no_content();
  out.headers.add("Set-Cookie", session_cookie_line("", secure));
  return out;
}

void sign_in(Request const& request, Responder respond, Workers& hashing, PeopleParts const& parts) {
  auto body = Body::of(request);
  if (!body) return respond(Response::problem(body.error()));
  auto login = body->needed("login");
  auto password = body->needed("password");
  if (auto const done = body->done(); !done) return respond(Response::problem(done.error()));
  auto work = [login = std::move(login), password = std::move(password), peer = request.peer, secure = request.secure, respond, parts] {
    auto const in = parts.sessions->sign_in(login, password, peer);
    respond(in ? begun(*in, secure, parts) : Response::problem(in.error()));
  };
  if (!hashing.submit(std::move(work)))
    respond(Response::problem({core::Errc::busy, "sign_in.busy", {"同时登录的人太多，请稍等再试。", "Too many people sign in at once: wait a moment."}}));
}

Response who(Request const& request, PeopleParts const& parts) {
  if (session_token(request).empty()) return private_json(R"({"login":null})");
  auto const caller = parts.gate->caller_in_any_state(request);
  if (!caller) {
    if (caller.error().key != "session.none") return Response::problem(caller.error());
    auto out = private_json(R"({"login":null})");
    out.headers.add("Set-Cookie", session_cookie_line("", request.secure));
    return out;
  }
  return private_json(boost::json::serialize(session_json(caller->session.account, caller->session.csrf, caller->grants, parts)));
}

Response sign_out(Request const& request, PeopleParts const& parts) {
  auto const caller = parts.gate->caller_in_any_state(request);
  if (!caller) return caller.error().key == "session.none" ? ended(request.secure) : Response::problem(caller.error());
  auto const out = parts.sessions->sign_out(session_token(request));
  return out ? ended(request.secure) : Response::problem(out.error());
}

void change_password(Request const& request, Responder respond, Workers& hashing, PeopleParts const& parts) {
  auto const caller = parts.gate->caller_in_any_state(request);
  if (!caller) return respond(Response::problem(caller.error()));
  auto body = Body::of(request);
  if (!body) return respond(Response::problem(body.error()));
  auto before = body->needed("old_password");
  auto after = body->needed("password");
  if (auto const done = body->done(); !done) return respond(Response::problem(done.error()));
  auto work = [login = caller->session.account.login, ref = caller->ref(), before = std::move(before), after = std::move(after),
               peer = request.peer, secure = request.secure, respond, parts] {
    if (auto const known = parts.sessions->sign_in(login, before, peer); !known) return respond(Response::problem(known.error()));
    if (auto const set = parts.accounts->set_password(login, after, ref); !set) return respond(Response::problem(set.error()));
    auto const in = parts.sessions->sign_in(login, after, peer);
    respond(in ? begun(*in, secure, parts) : Response::problem(in.error()));
  };
  if (!hashing.submit(std::move(work)))
    respond(Response::problem({core::Errc::busy, "sign_in.busy", {"同时登录的人太多，请稍等再试。", "Too many people sign in at once: wait a moment."}}));
}

}  // namespace

Response private_json(std::string text, int status) {
  auto out = Response::json(std::move(text), status);
  out.headers.add("Cache-Control", "private, no-store");
  return out;
}

void mount_sessions(Router& router, PeopleParts const& parts) {
  auto const hashing = std::make_shared<Workers>(sign_in_threads, sign_in_queue_max);
  router.on_later(Method::post, "/api/v1/session",
                  [hashing, parts](Request const& request, Responder respond) { sign_in(request, std::move(respond), *hashing, parts); });
  router.get("/api/v1/session", [parts](Request const& request) { return who(request, parts); });
  router.on(Method::del, "/api/v1/session", [parts](Request const& request) { return sign_out(request, parts); });
  router.on_later(Method::post, "/api/v1/session/password",
                  [hashing, parts](Request const& request, Responder respond) { change_password(request, std::move(respond), *hashing, parts); });
}

void mount_people(Router& router, PeopleParts const& parts) {
  mount_sessions(router, parts);
  mount_accounts(router, parts);
  mount_inbox(router, parts);
  mount_case_work(router, parts);
  mount_signal_work(router, parts);
  mount_staff_photos(router, parts);
}

}  // namespace zhili::web
