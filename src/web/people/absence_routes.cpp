#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

Response with_id(std::int64_t id, int status) { return Response::json(boost::json::serialize(object{{"id", id}}), status); }

/// One's own, or, for an administrator, anybody's.
core::Result<Response> set(Call const& call, PeopleParts const& parts) {
  auto const& own = call.caller().session.account.login;
  organise::NewAbsence wanted{.login = call.body.text("login"), .deputy = call.body.text("deputy")};
  if (wanted.login.empty()) wanted.login = own;
  if (wanted.login != own && !call.caller().has_role(organise::administrator_role, true))
    return fail(Errc::forbidden, "absence.other", {"别人的离岗由管理员登记。", "Somebody else's absence is set by an administrator."}, "login");
  wanted.from = call.body.time("from").value_or(parts.api.time->now());
  wanted.until = call.body.time("until").value_or(wanted.from);
  return call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const id, parts.accounts->set_absence(w, wanted, call.caller().ref()));
    return with_id(id, 201);
  });
}

/// One's own, which needs no post: whoever is away has none. For an administrator anybody's.
core::Result<Response> end(Call const& call, PeopleParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  ZHILI_TRY(auto const known, parts.api.db->read([&](store::Reader& r) { return parts.accounts->absence(r, id); }));
  bool const own = known && known->person == call.caller().session.account.person;
  if (!own && !call.caller().has_role(organise::administrator_role, true))
    return fail(Errc::forbidden, "absence.other", {"别人的离岗由管理员结束。", "Somebody else's absence is ended by an administrator."}, "id");
  ZHILI_CHECK(parts.accounts->end_absence(id, call.caller().ref()));
  return with_id(id, 200);
}

/// One's own that are not over, and who may be named as a deputy.
core::Result<Response> list(Call const& call, PeopleParts const& parts) {
  auto const& person = call.caller().session.account.person;
  array absences, deputies;
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& r) {
    for (auto const& a : parts.accounts->absences(r, person))
      if (a.until > parts.api.time->now())
        absences.push_back(object{{"id", a.id}, {"deputy", a.deputy.empty() ? value(nullptr) : value(a.deputy)},
                                  {"from", time_json(a.from, parts.api.zone)}, {"until", time_json(a.until, parts.api.zone)}});
    for (auto const& account : parts.accounts->list(r))
      if (!account.disabled && account.person != person) deputies.push_back(value(account.login));
  }));
  return Response::json(boost::json::serialize(object{{"absences", std::move(absences)}, {"deputies", std::move(deputies)}}));
}

}  // namespace

void mount_absences(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  auto const one = record("", {{"id", integer()}, {"deputy", nullable(text())}, {"from", shape::time()}, {"until", shape::time()}});
  operations.add({.id = "listAbsences", .method = Method::get, .pattern = "/api/v1/absences", .summary = {"自己的离岗，和可以代岗的人", "One's own absences, and who may stand in"},
                  .who = signed_in(), .good = {{.shape = record("OwnAbsences", {{"absences", shape::list(one)}, {"deputies", shape::list(text()), {"登录名", "Logins"}}})}}},
                 [parts](Call const& call) { return list(call, parts); });
  operations.add({.id = "setAbsence", .method = Method::post, .pattern = "/api/v1/absences", .summary = {"登记离岗；管理员可登记别人的", "Say that one is away; an administrator may say it of others"},
                  .who = signed_in(),
                  .body = {optional("login", text(organise::login_characters_max), {"谁；不写是自己", "Who; oneself if left out"}),
                           optional("deputy", text(organise::login_characters_max), {"代岗的人；可不写", "Who stands in; nobody if left out"}),
                           optional("from", shape::time(), {"从何时起；不写是现在", "From when on; now if left out"}),
                           needed("until", shape::time(), {"到何时", "until when"})},
                  .once = true,
                  .good = {{.status = 201, .shape = id_shape()}}},
                 [parts](Call const& call) { return set(call, parts); });
  operations.add({.id = "endAbsence", .method = Method::del, .pattern = "/api/v1/absences/{id}", .summary = {"结束离岗；管理员可结束别人的", "End an absence; an administrator may end those of others"},
                  .who = signed_in(), .path = {needed("id", integer(), {"离岗编号", "id of the absence"})}, .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return end(call, parts); });
}

}  // namespace zhili::web
