#include <boost/json.hpp>
#include <set>

#include "respond/cases/table.hpp"
#include "web/api/view.hpp"
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

std::string actor(Call const& call) { return call.caller().ref(); }

core::Result<Response> list(PeopleParts const& parts) {
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
  return Response::json(boost::json::serialize(object{
      {"accounts", std::move(accounts)}, {"appointments", std::move(appointments)}, {"absences", std::move(absences)}, {"posts", std::move(posts)}}));
}

core::Result<Response> make(Call const& call, PeopleParts const& parts) {
  organise::NewAccount const wanted{.login = call.body.text("login"), .same_person_as = call.body.text("same_person_as")};
  ZHILI_TRY(auto const made, parts.accounts->make(wanted, actor(call)));
  auto out = account_json(made.account, parts.api.zone);
  out["one_time_password"] = made.one_time_password;
  return Response::json(boost::json::serialize(out));
}

core::Result<Response> reset_password(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const password, parts.accounts->reset_password(call.path.text("login"), actor(call)));
  return Response::json(boost::json::serialize(object{{"one_time_password", password}}));
}

core::Result<Response> switch_account(Call const& call, PeopleParts const& parts, bool on) {
  auto const login = call.path.text("login");
  ZHILI_CHECK(on ? parts.accounts->enable(login, actor(call)) : parts.accounts->disable(login, actor(call)));
  return Response::json(boost::json::serialize(object{{"login", login}, {"disabled", !on}}));
}

Response with_id(std::int64_t id) { return Response::json(boost::json::serialize(object{{"id", id}})); }

core::Result<Response> appoint(Call const& call, PeopleParts const& parts) {
  auto const& body = call.body;
  organise::NewAppointment const wanted{.login = body.text("login"), .post = body.text("post"), .area = body.text("area"),
                                        .items = body.texts("items"), .from = body.time("from"), .until = body.time("until")};
  return call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const id, parts.accounts->appoint(w, wanted, actor(call)));
    return with_id(id);
  });
}

core::Result<Response> end_appointment(Call const& call, PeopleParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  ZHILI_CHECK(parts.accounts->end_appointment(id, actor(call)));
  return with_id(id);
}

std::vector<std::string> roles_of(respond::Verb verb) {
  std::vector<std::string> out;
  for (auto const role : respond::all_roles)
    for (auto const& row : respond::rows())
      if (row.verb == verb && row.who.has(role) && std::ranges::find(out, name(role)) == out.end()) out.emplace_back(name(role));
  return out;
}

/// Whoever has an account in use, and what their grants follow from.
struct Staff {
  std::set<std::string, std::less<>> persons = {};
  std::vector<organise::Appointment> appointments = {};
  std::vector<organise::Absence> absences = {};
};

core::Result<Staff> staff_of(PeopleParts const& parts) {
  return parts.api.db->read([&](store::Reader& r) {
    Staff out{.appointments = parts.accounts->appointments(r), .absences = parts.accounts->absences(r)};
    for (auto const& account : parts.accounts->list(r))
      if (!account.disabled) out.persons.insert(account.person);
    return out;
  });
}

/// Who may do this here, and why. For whoever is signed in: it is how an office finds its colleague.
core::Result<Response> who_may(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const verb, respond::verb_from(call.query.text("verb")));
  organise::Target const target{.area = call.query.text("area"), .item = call.query.text("item")};
  auto const roles = roles_of(verb);
  array people;
  ZHILI_TRY(auto const staff, staff_of(parts));
  for (auto const& person : staff.persons) {
    auto const verdict = organise::judge(
        organise::grants_of(person, parts.api.time->now(), staff.appointments, staff.absences, parts.accounts->posts()), roles, target);
    if (!verdict.allowed && person != call.caller().session.account.person) continue;
    array because;
    for (auto const& reason : verdict.because) because.push_back(to_json(reason));
    people.push_back(object{{"person", person}, {"allowed", verdict.allowed}, {"because", std::move(because)}});
  }
  return Response::json(boost::json::serialize(object{{"verb", respond::name(verb)}, {"verb_name", to_json(respond::title(verb))},
                                                      {"roles", array(roles.begin(), roles.end())}, {"people", std::move(people)}}));
}

// ---- descriptions --------------------------------------------------------------------------------------------------------------

using shape::both_languages;
using shape::flag;
using shape::integer;
using shape::nullable;
using shape::record;
using shape::text;

/// A longer code of a post or an area is none.
constexpr std::size_t code_characters_max = 120;

std::vector<Field> account_fields() {
  return {{"login", text()}, {"person", text(), {"这个人的第一个账号", "The first account of this person"}}, {"disabled", flag()},
          {"must_change", flag(), {"密码要先改", "The password is still to be changed"}}, {"made_at", shape::time()}};
}

Shape people_shape() {
  auto const appointment = record("Appointment", {{"id", integer()}, {"person", text()}, {"post", text()}, {"area", text()}, {"items", shape::list(text())},
                                                  {"from", shape::time()}, {"until", nullable(shape::time())}});
  auto const absence = record("Absence", {{"id", integer()}, {"person", text()}, {"deputy", nullable(text())}, {"from", shape::time()}, {"until", shape::time()}});
  auto const post = record("Post", {{"code", text()}, {"role", text()}, {"department", text()}, {"name", both_languages()}});
  return record("People", {{"accounts", shape::list(record("Account", account_fields()))}, {"appointments", shape::list(appointment)},
                           {"absences", shape::list(absence)}, {"posts", shape::list(post)}});
}

Shape who_may_shape() {
  auto const person = record("", {{"person", text()}, {"allowed", flag()}, {"because", shape::list(both_languages())}});
  return record("WhoMay", {{"verb", text()}, {"verb_name", both_languages()}, {"roles", shape::list(text())}, {"people", shape::list(person)}});
}

Field login_field(core::Text meaning) { return needed("login", text(organise::login_characters_max), std::move(meaning)); }

void mount_account_list(Operations& operations, PeopleParts const& parts) {
  auto const who = with_role_everywhere(organise::administrator_role);
  operations.add({.id = "listPeople", .method = Method::get, .pattern = "/api/v1/accounts", .summary = {"账号、任岗、离岗和岗位", "Accounts, appointments, absences and posts"},
                  .who = who, .good = {{.shape = people_shape()}}},
                 [parts](Call const&) { return list(parts); });
  auto made = account_fields();
  made.push_back({"one_time_password", text(), {"只显示这一次", "Shown this once"}});
  operations.add({.id = "makeAccount", .method = Method::post, .pattern = "/api/v1/accounts", .summary = {"开一个账号", "Make an account"}, .who = proved(who),
                  .body = {login_field({"登录名：小写字母、数字、“.”和“-”", "login: small letters, digits, \".\" and \"-\""}),
                           optional("same_person_as", text(organise::login_characters_max), {"同一个人已有的登录名", "A login that the same person has already"})},
                  .good = {{.shape = record("MadeAccount", std::move(made))}}},
                 [parts](Call const& call) { return make(call, parts); });
}

void mount_one_account(Operations& operations, PeopleParts const& parts) {
  auto const who = with_role_everywhere(organise::administrator_role);
  std::vector<Field> const path{login_field({"登录名", "login"})};
  auto const switched = record("", {{"login", text()}, {"disabled", flag()}});
  operations.add({.id = "resetPassword", .method = Method::post, .pattern = "/api/v1/accounts/{login}/password", .summary = {"给一个一次性密码", "Give a one-time password"},
                  .who = proved(who), .path = path, .good = {{.shape = record("", {{"one_time_password", text()}})}}},
                 [parts](Call const& call) { return reset_password(call, parts); });
  operations.add({.id = "disableAccount", .method = Method::post, .pattern = "/api/v1/accounts/{login}/disable", .summary = {"停用账号", "Disable an account"},
                  .who = proved(who), .path = path, .good = {{.shape = switched}}},
                 [parts](Call const& call) { return switch_account(call, parts, false); });
  operations.add({.id = "enableAccount", .method = Method::post, .pattern = "/api/v1/accounts/{login}/enable", .summary = {"启用账号", "Enable an account"},
                  .who = proved(who), .path = path, .good = {{.shape = switched}}},
                 [parts](Call const& call) { return switch_account(call, parts, true); });
}

void mount_posts(Operations& operations, PeopleParts const& parts) {
  auto const who = with_role_everywhere(organise::administrator_role);
  operations.add({.id = "appoint", .method = Method::post, .pattern = "/api/v1/appointments", .summary = {"任岗", "Appoint somebody to a post"}, .who = proved(who),
                  .body = {login_field({"登录名", "login"}), needed("post", text(code_characters_max), {"岗位代码", "code of the post"}),
                           optional("area", text(code_characters_max), {"区域代码；不写是全部", "Code of an area; everywhere if left out"}),
                           optional("items", shape::list(text(code_characters_max), organise::items_of_appointment_max), {"事项代码的开头；不写是全部", "Beginnings of item codes; all if left out"}),
                           optional("from", shape::time(), {"从何时起；不写是现在", "From when on; now if left out"}),
                           optional("until", shape::time(), {"到何时", "Until when"})},
                  .once = true,
                  .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return appoint(call, parts); });
  operations.add({.id = "endAppointment", .method = Method::del, .pattern = "/api/v1/appointments/{id}", .summary = {"免岗", "End an appointment"}, .who = proved(who),
                  .path = {needed("id", integer(), {"任岗编号", "id of the appointment"})}, .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return end_appointment(call, parts); });
}

}  // namespace

Shape id_shape() { return record("Id", {{"id", integer()}}); }

void mount_accounts(Operations& operations, PeopleParts const& parts) {
  mount_account_list(operations, parts);
  mount_one_account(operations, parts);
  mount_posts(operations, parts);
  std::vector<std::string> verbs;
  for (auto const& row : respond::rows())
    if (auto const verb = std::string(respond::name(row.verb)); std::ranges::find(verbs, verb) == verbs.end()) verbs.push_back(verb);
  operations.add({.id = "whoMay", .method = Method::get, .pattern = "/api/v1/access", .summary = {"谁可以办这件事，为什么", "Who may do this here, and why"}, .who = signed_in(),
                  .query = {needed("verb", shape::choice(std::move(verbs)), {"办什么", "what is to be done"}),
                            optional("area", text(code_characters_max), {"区域代码", "Code of the area"}),
                            optional("item", text(code_characters_max), {"事项代码", "Code of the item"})},
                  .good = {{.shape = who_may_shape()}}},
                 [parts](Call const& call) { return who_may(call, parts); });
}

}  // namespace zhili::web
