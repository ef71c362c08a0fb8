#include <boost/json.hpp>
#include <charconv>

#include "respond/cases/table.hpp"
#include "web/api/view.hpp"
#include "web/people/body.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

object account_json(organise::Account const& account, core::Zone const& zone) {
  return {{"login", account.login},         {"person", account.person}, {"disabled", account.disabled},
          {"must_change", account.must_change}, {"made_at", time_json(account.made_at, zone)}};
}

object appointment_json(organise::Appointment const& a, core::Zone const& zone) {
  return {{"id", a.id},     {"person", a.person}, {"post", a.post}, {"area", a.area}, {"items", array(a.items.begin(), a.items.end())},
          {"from", time_json(a.from, zone)}, {"until", time_json(a.until, zone)}};
}

object absence_json(organise::Absence const& a, core::Zone const& zone) {
  return {{"id", a.id}, {"person", a.person}, {"deputy", a.deputy.empty() ? value(nullptr) : value(a.deputy)},
          {"from", time_json(a.from, zone)}, {"until", time_json(a.until, zone)}};
}

/// Runs `act(caller)` for an administrator; what it gives is the body of the response.
template <class Act>
Response as_administrator(Request const& request, PeopleParts const& parts, Act&& act) {
  auto const caller = parts.gate->with_role(request, organise::administrator_role);
  if (!caller) return Response::problem(caller.error());
  core::Result<object> const done = act(*caller);
  if (!done) return Response::problem(done.error());
  return private_json(boost::json::serialize(*done));
}

Response list(Request const& request, PeopleParts const& parts) {
  return as_administrator(request, parts, [&](Caller const&) -> core::Result<object> {
    array accounts, appointments, absences;
    ZHILI_CHECK(parts.api.db->read([&](store::Reader& r) {
      for (auto const& a : parts.accounts->list(r)) accounts.push_back(account_json(a, parts.api.zone));
      for (auto const& a : parts.accounts->appointments(r)) appointments.push_back(appointment_json(a, parts.api.zone));
      for (auto const& a : parts.accounts->absences(r)) absences.push_back(absence_json(a, parts.api.zone));
    }));
    array posts;
    for (auto const& duty : parts.accounts->posts()) {
      auto const* post = parts.api.installation->post(duty.post);
      auto const name = post ? post->name : organise::administration_name();
      posts.push_back(object{{"code", duty.post}, {"role", duty.role}, {"department", duty.department}, {"name", to_json(name)}});
    }
    return object{{"accounts", std::move(accounts)}, {"appointments", std::move(appointments)}, {"absences", std::move(absences)}, {"posts", std::move(posts)}};
  });
}

Response make(Request const& request, PeopleParts const& parts) {
  return as_administrator(request, parts, [&](Caller const& caller) -> core::Result<object> {
    ZHILI_TRY(auto body, Body::of(request));
    organise::NewAccount wanted{.login = body.needed("login"), .same_person_as = body.text("same_person_as")};
    ZHILI_CHECK(body.done());
    ZHILI_TRY(auto const made, parts.accounts->make(wanted, caller.ref()));
    auto out = account_json(made.account, parts.api.zone);
    out["one_time_password"] = made.one_time_password;
    return out;
  });
}

Response reset_password(Request const& request, PeopleParts const& parts) {
  return as_administrator(request, parts, [&](Caller const& caller) -> core::Result<object> {
    ZHILI_TRY(auto const password, parts.accounts->reset_password(std::string(request.param("login")), caller.ref()));
    return object{{"one_time_password", password}};
  });
}

Response switch_account(Request const& request, PeopleParts const& parts, bool on) {
  return as_administrator(request, parts, [&](Caller const& caller) -> core::Result<object> {
    std::string const login(request.param("login"));
    ZHILI_CHECK(on ? parts.accounts->enable(login, caller.ref()) : parts.accounts->disable(login, caller.ref()));
    return object{{"login", login}, {"disabled", !on}};
  });
}

Response appoint(Request const& request, PeopleParts const& parts) {
  return as_administrator(request, parts, [&](Caller const& caller) -> core::Result<object> {
    ZHILI_TRY(auto body, Body::of(request));
    organise::NewAppointment wanted{.login = body.needed("login"), .post = body.needed("post"), .area = body.text("area"),
                                    .items = body.texts("items"), .from = body.time("from"), .until = body.time("until")};
    ZHILI_CHECK(body.done());
    ZHILI_TRY(auto const id, parts.accounts->appoint(wanted, caller.ref()));
    return object{{"id", id}};
  });
}

core::Result<std::int64_t> id_of(Request const& request) {
  auto const text = request.param("id");
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc{} && end == text.data() + text.size()) return id;
  return fail(Errc::not_found, "id.form", {"编号应是整数。", "An id is a whole number."}, "id");
}

Response end_appointment(Request const& request, PeopleParts const& parts) {
  return as_administrator(request, parts, [&](Caller const& caller) -> core::Result<object> {
    ZHILI_TRY(auto const id, id_of(request));
    ZHILI_CHECK(parts.accounts->end_appointment(id, caller.ref()));
    return object{{"id", id}};
  });
}

/// One's own absence, or, for an administrator, anybody's.
Response set_absence(Request const& request, PeopleParts const& parts) {
  auto const set = [&]() -> core::Result<std::int64_t> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    ZHILI_TRY(auto body, Body::of(request));
    organise::NewAbsence wanted{.login = body.text("login"), .deputy = body.text("deputy")};
    auto const from = body.time("from");
    auto const until = body.time("until");
    ZHILI_CHECK(body.done());
    if (wanted.login.empty()) wanted.login = caller.session.account.login;
    if (wanted.login != caller.session.account.login && !caller.has_role(organise::administrator_role))
      return fail(Errc::forbidden, "absence.other", {"别人的离岗由管理员登记。", "Somebody else's absence is set by an administrator."}, "login");
    wanted.from = from.value_or(parts.api.time->now());
    wanted.until = until.value_or(wanted.from);
    return parts.accounts->set_absence(wanted, caller.ref());
  }();
  if (!set) return Response::problem(set.error());
  return private_json(boost::json::serialize(object{{"id", *set}}), 201);
}

std::vector<std::string> roles_of(respond::Verb verb) {
  std::vector<std::string> out;
  for (auto const role : respond::all_roles)
    for (auto const& row : respond::rows())
      if (row.verb == verb && row.who.has(role) && std::ranges::find(out, name(role)) == out.end()) out.emplace_back(name(role));
  return out;
}

/// Who may do this here, and why: `verb`, `area`, `item`. For whoever is signed in: it is how an office finds its colleague.
Response who_may(Request const& request, PeopleParts const& parts) {
  auto const told = [&]() -> core::Result<object> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    auto const verb = respond::verb_from(request.query.get("verb").value_or(""));
    if (!verb) return fail(Errc::invalid, "access.verb", verb.error().text, "verb");
    organise::Target const target{.area = std::string(request.query.get("area").value_or("")),
                                  .item = std::string(request.query.get("item").value_or(""))};
    auto const roles = roles_of(*verb);
    array people;
    ZHILI_CHECK(parts.api.db->read([&](store::Reader& r) {
      std::string last;
      for (auto const& account : parts.accounts->list(r)) {
        if (account.disabled || account.person == last) continue;
        last = account.person;
        auto const verdict = organise::judge(parts.accounts->grants(r, account.person), roles, target);
        if (!verdict.allowed && account.person != caller.session.account.person) continue;
        array because;
        for (auto const& reason : verdict.because) because.push_back(to_json(reason));
        people.push_back(object{{"person", account.person}, {"allowed", verdict.allowed}, {"because", std::move(because)}});
      }
    }));
    return object{{"verb", respond::name(*verb)}, {"verb_name", to_json(respond::title(*verb))},
                  {"roles", array(roles.begin(), roles.end())}, {"people", std::move(people)}};
  }();
  return told ? private_json(boost::json::serialize(*told)) : Response::problem(told.error());
}

}  // namespace

void mount_accounts(Router& router, PeopleParts const& parts) {
  router.get("/api/v1/accounts", [parts](Request const& request) { return list(request, parts); });
  router.post("/api/v1/accounts", [parts](Request const& request) { return make(request, parts); });
  router.post("/api/v1/accounts/{login}/password", [parts](Request const& request) { return reset_password(request, parts); });
  router.post("/api/v1/accounts/{login}/disable", [parts](Request const& request) { return switch_account(request, parts, false); });
  router.post("/api/v1/accounts/{login}/enable", [parts](Request const& request) { return switch_account(request, parts, true); });
  router.post("/api/v1/appointments", [parts](Request const& request) { return appoint(request, parts); });
  router.on(Method::del, "/api/v1/appointments/{id}", [parts](Request const& request) { return end_appointment(request, parts); });
  router.post("/api/v1/absences", [parts](Request const& request) { return set_absence(request, parts); });
  router.get("/api/v1/access", [parts](Request const& request) { return who_may(request, parts); });
}

}  // namespace zhili::web
