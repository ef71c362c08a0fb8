#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

namespace {

using boost::json::object;
using core::Errc;
using core::fail;
using respond::Actor;

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

core::Result<respond::Command> command_of(Call const& call, std::string_view prefix) {
  auto const& body = call.body;
  respond::Command out{.reason = body.text("reason"),
                       .department = body.text("department"),
                       .post = body.text("post"),
                       .person = body.text("person"),
                       .photos = photos_in(body),
                       .until = body.time("until"),
                       .clock = body.text("clock"),
                       .upheld = body.flag("upheld"),
                       .closing_condition_met = body.flag("closing_condition_met")};
  auto const small = [&](std::string_view field) { return static_cast<int>(body.integer(field).value_or(0)); };
  out.score = small("score");
  out.level = small("level");
  out.number = small("number");
  ZHILI_TRY(out.verb, respond::verb_from(body.text("verb")));
  ZHILI_TRY(out.expected_version, expected_version(call));
  if (auto const into = body.text("into"); !into.empty()) {
    auto const id = respond::id_of_number(prefix, into);
    if (!id) return fail(Errc::invalid, "command.into", {"into 是要并入的案卷编号。", "into is the number of the case to join."}, "into");
    out.into = *id;
  }
  return out;
}

core::Result<Response> do_with_case(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto command, command_of(call, parts.api.installation->prefix));
  ZHILI_CHECK(need_proof_to(command.verb, call.caller(), parts));
  ZHILI_CHECK(name_person(command, parts));
  ZHILI_TRY(auto const line, parts.api.db->read([&](store::Reader& r) -> core::Result<respond::CaseLine> {
    if (command.verb == respond::Verb::join) ZHILI_CHECK(may_join_to(r, call.caller(), command.into, parts));
    return case_known_to(r, call.caller(), call.path.text("no"), parts);
  }));
  auto const target = target_of(*parts.api.places->now(), line.area_id, line.item, line.department);
  auto const may = actors(call.caller(), target);
  bool const moves = command.verb == respond::Verb::join || command.verb == respond::Verb::split;  // all reports of the case
  return at_version(call, call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const done, as_any(may, [&](Actor const& actor) {
      return moves ? parts.api.desk->execute_on_case(w, line.id, command, actor) : parts.cases->execute(w, line.id, command, actor);
    }));
    return Response::json(boost::json::serialize(object{{"stage", respond::name(done.stage)}, {"version", done.version}}));
  }));
}

core::Result<Response> steps(Call const& call, PeopleParts const& parts) {
  return parts.api.db->read([&](store::Reader& r) -> core::Result<Response> {
    ZHILI_TRY(auto const line, case_known_to(r, call.caller(), call.path.text("no"), parts));
    ZHILI_TRY(auto const state, respond::CaseDesk::load(r, line.id));
    auto const target = target_of(*parts.api.places->now(), line.area_id, line.item, line.department);
    auto const now = parts.api.time->now();
    ZHILI_TRY(auto const all, next_of(actors(call.caller(), target), [&](Actor const& actor) { return parts.cases->next(state, actor, now); }));
    auto out = Response::json(boost::json::serialize(object{{"version", state.version}, {"steps", steps_json(all)}}));
    out.headers.add("ETag", version_tag(state.version, now));
    return out;
  });
}

/// Larger scores, levels and numbers are none.
constexpr std::int64_t small_number_max = 1'000;

std::vector<Field> command_fields() {
  using namespace shape;
  auto const small = [](std::string name, core::Text meaning) { return optional(std::move(name), integer(0, small_number_max), std::move(meaning)); };
  auto const ref = [](std::string name, core::Text meaning) { return optional(std::move(name), text(respond::max_ref_chars), std::move(meaning)); };
  return {verb_field(respond::Subject::a_case),
          version_or_tag_field(),
          optional("reason", text(respond::max_reason_chars), {"理由", "The reason"}),
          ref("department", {"部门代码", "Code of a department"}),
          ref("post", {"岗位代码", "Code of a post"}),
          ref("person", {"登录名", "A login"}),
          photos_field(),
          optional("until", time(), {"到何时", "Until when"}),
          ref("clock", {"哪只时钟", "Which clock"}),
          optional("into", text(case_number_characters_max), {"并入哪个案卷", "Number of the case to join"}),
          optional("upheld", flag(), {"成立", "It is upheld"}),
          optional("closing_condition_met", flag(), {"达到结案条件", "The condition for closing is met"}),
          small("score", {"评分", "Score"}),
          small("level", {"督办级别", "Level of supervision"}),
          small("number", {"第几次督办", "Which supervision"})};
}

}  // namespace

void mount_case_work(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "getCaseSteps", .method = Method::get, .pattern = "/api/v1/cases/{no}/steps", .summary = {"我能对案卷做什么，要填什么", "What I may do with the case, and what it asks for"},
                  .who = signed_in(), .path = {case_number_field()},
                  .good = {{.shape = shape::record("Steps", {{"version", shape::integer()}, {"steps", shape::list(step_shape())}}), .tagged = true}}},
                 [parts](Call const& call) { return steps(call, parts); });
  operations.add({.id = "commandCase", .method = Method::post, .pattern = "/api/v1/cases/{no}/commands", .summary = {"对案卷做一步", "Take a step with a case"},
                  .who = signed_in_within(Who::Within::its_case), .path = {case_number_field()}, .body = command_fields(), .headers = {if_match_field()}, .once = true,
                  .good = {{.shape = shape::record("CaseDone", {{"stage", stage_shape()}, {"version", shape::integer()}})}}},
                 [parts](Call const& call) { return do_with_case(call, parts); });
}

}  // namespace zhili::web
