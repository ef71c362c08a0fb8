#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

namespace {

using boost::json::object;
using core::Errc;
using core::fail;
using respond::Actor;

core::Result<respond::CaseLine> case_of(store::Reader& reader, Request const& request, PeopleParts const& parts) {
  auto const no = request.param("no");
  auto const id = respond::id_of_number(parts.api.installation->prefix, no);
  auto line = id ? respond::find_case(reader, *id) : respond::find_external_case(reader, no);
  if (line) return std::move(*line);
  return fail(Errc::not_found, "case.unknown", {"没有这个编号的案卷。请核对编号。", "There is no case with that number. Check the number."}, "no");
}

/// `person` of a command is a login; the desk knows people. Their department is that of the post in which they would act.
core::Result<> name_person(respond::Command& command, PeopleParts const& parts) {
  if (command.person.empty()) return {};
  return parts.api.db->read([&](store::Reader& reader) -> core::Result<> {
    auto const account = parts.accounts->find(reader, command.person);
    if (!account || account->disabled)
      return fail(Errc::invalid, "command.person", {"没有这个登录名的人。请核对。", "There is nobody with that login. Check it."}, "person");
    command.person = "staff:" + account->person;
    for (auto const& grant : parts.accounts->grants(reader, account->person))
      if (command.person_department.empty() && grant.role != organise::administrator_role) command.person_department = grant.department;
    return {};
  });
}

core::Result<respond::Command> command_of(Request const& request) {
  ZHILI_TRY(auto body, Body::of(request));
  auto const verb = body.needed("verb");
  auto const version = body.number("version");
  respond::Command out{.reason = body.text("reason"),
                       .department = body.text("department"),
                       .post = body.text("post"),
                       .person = body.text("person"),
                       .photos = photos_in(body),
                       .until = body.time("until"),
                       .clock = body.text("clock"),
                       .upheld = body.flag("upheld"),
                       .closing_condition_met = body.flag("closing_condition_met")};
  auto const small = [&](std::string_view field) { return static_cast<int>(std::clamp<std::int64_t>(body.number(field).value_or(0), 0, 1'000)); };
  out.score = small("score");
  out.level = small("level");
  out.number = small("number");
  ZHILI_CHECK(body.done());
  ZHILI_TRY(out.verb, respond::verb_from(verb));
  if (!version) return fail(Errc::invalid, "command.version", {"缺少 version：您看到的案卷版本。", "version is missing: the version of the case that you saw."}, "version");
  out.expected_version = *version;
  return out;
}

Response do_with_case(Request const& request, PeopleParts const& parts) {
  auto const done = [&]() -> core::Result<respond::CaseState> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    ZHILI_TRY(auto command, command_of(request));
    ZHILI_CHECK(name_person(command, parts));
    ZHILI_TRY(auto const line, parts.api.db->read([&](store::Reader& r) { return case_of(r, request, parts); }));
    auto const target = target_of(*parts.api.places->now(), line.area_id, line.item, line.department);
    return as_any(actors(caller, target), [&](Actor const& actor) { return parts.cases->execute(line.id, command, actor); });
  }();
  if (!done) return Response::problem(done.error());
  return private_json(boost::json::serialize(object{{"stage", respond::name(done->stage)}, {"version", done->version}}));
}

Response steps(Request const& request, PeopleParts const& parts) {
  auto const told = [&]() -> core::Result<object> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    return parts.api.db->read([&](store::Reader& r) -> core::Result<object> {
      ZHILI_TRY(auto const line, case_of(r, request, parts));
      ZHILI_TRY(auto const state, respond::CaseDesk::load(r, line.id));
      auto const target = target_of(*parts.api.places->now(), line.area_id, line.item, line.department);
      auto const now = parts.api.time->now();
      ZHILI_TRY(auto const all, next_of(actors(caller, target), [&](Actor const& actor) { return parts.cases->next(state, actor, now); }));
      return object{{"version", state.version}, {"steps", steps_json(all)}};
    });
  }();
  return told ? private_json(boost::json::serialize(*told)) : Response::problem(told.error());
}

}  // namespace

void mount_case_work(Router& router, PeopleParts const& parts) {
  router.get("/api/v1/cases/{no}/steps", [parts](Request const& request) { return steps(request, parts); });
  router.post("/api/v1/cases/{no}/commands", [parts](Request const& request) { return do_with_case(request, parts); });
}

}  // namespace zhili::web
