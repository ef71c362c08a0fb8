#include "web/people/acting.hpp"

#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

organise::Target target_of(sense::places::PlaceIndex const& places, std::optional<std::int64_t> area, std::string item,
                           std::string department) {
  organise::Target out{.item = std::move(item), .department = std::move(department)};
  if (auto const* found = area ? places.area(*area) : nullptr) out.area = found->code;
  return out;
}

std::vector<respond::Actor> actors(Caller const& caller, organise::Target const& target) {
  std::vector<respond::Actor> out;
  for (auto const& standing : organise::standings(caller.grants, target)) {
    respond::Actor actor{.ref = caller.ref(), .department = standing.department};
    for (auto const& code : standing.roles)
      if (auto const role = respond::role_from(code)) actor.roles = actor.roles | *role;
    if (!actor.roles.empty()) out.push_back(std::move(actor));
  }
  return out;
}

std::vector<respond::Actor> readers(Caller const& caller, organise::Target const& target, std::span<std::string const> departments) {
  respond::Roles const hands = respond::Roles{respond::Role::handler} | respond::Role::handler_lead;
  auto out = actors(caller, target);
  std::erase_if(out, [&](respond::Actor const& actor) {
    bool const only_hands = (actor.roles | hands) == hands;
    return only_hands && std::ranges::find(departments, actor.department) == departments.end();
  });
  return out;
}

core::Result<bool> is_on_duty(store::Reader& reader, Caller const& caller, respond::CaseLine const& line, sense::places::PlaceIndex const& places) {
  auto const target = target_of(places, line.area_id, line.item, line.department);
  if (actors(caller, target).empty()) return false;
  ZHILI_TRY(auto const departments, departments_of(reader, line.id));
  return !readers(caller, target, departments).empty();
}

core::Result<respond::CaseLine> case_known_to(store::Reader& reader, Caller const& caller, std::string_view no, PeopleParts const& parts) {
  ZHILI_TRY(auto line, case_by_number(reader, no, parts.api));
  if (!line.is_private) return line;
  ZHILI_TRY(auto const theirs, is_on_duty(reader, caller, line, *parts.api.places->now()));
  if (!theirs) return no_such_case();
  return line;
}

std::function<OnDuty(Request const&)> duty_by(std::shared_ptr<Gate const> gate, sense::places::LivePlaces const& places) {
  return [gate = std::move(gate), &places](Request const& request) -> OnDuty {
    if (session_token(request).empty()) return {};
    auto caller = gate->admit(request);
    if (!caller) return {};
    return [caller = std::move(*caller), now = places.now()](store::Reader& reader, respond::CaseLine const& line) {
      return is_on_duty(reader, caller, line, *now).value_or(false);
    };
  };
}

core::Result<std::vector<std::string>> departments_of(store::Reader& reader, respond::Id case_id) {
  std::vector<std::string> out;
  if (case_id == 0) return out;
  ZHILI_TRY(auto const state, respond::CaseDesk::load(reader, case_id));
  out.push_back(state.department);
  for (auto const& joint : state.joint) out.push_back(joint.department);
  return out;
}

tl::unexpected<core::Error> not_yours() {
  return core::fail(core::Errc::forbidden, "case.not_yours",
                    {"您的岗位不管这个区域或事项。「谁可以办」里能查到谁管。",
                     "None of your posts is for this area or item. \"Who may do this\" tells whose it is."});
}

core::Result<> may_join_to(store::Reader& reader, Caller const& caller, respond::Id case_id, PeopleParts const& parts) {
  auto const into = respond::find_case(reader, case_id);
  if (!into) return {};
  auto const places = parts.api.places->now();
  if (actors(caller, target_of(*places, into->area_id, into->item, into->department)).empty()) return into->is_private ? no_such_case() : not_yours();
  return {};
}

core::Result<> need_proof_to(respond::Verb verb, Caller const& caller, PeopleParts const& parts) {
  using respond::Verb;
  bool const decides_appeal = verb == Verb::decide_appeal || verb == Verb::decide_rejection || verb == Verb::decide_release;
  return decides_appeal ? parts.gate->need_proof(caller) : core::Result<>();
}

array steps_json(std::vector<respond::NextStep> const& steps) {
  array out;
  for (auto const& step : steps) {
    array asks;
    for (auto const& ask : step.asks)
      asks.push_back(object{{"field", ask.field}, {"required", ask.required}, {"choices", array(ask.choices.begin(), ask.choices.end())}});
    out.push_back(object{{"verb", respond::name(step.verb)},
                         {"name", to_json(respond::title(step.verb))},
                         {"allowed", !step.obstacle},
                         {"asks", std::move(asks)},
                         {"why_not", step.obstacle ? value(to_json(step.obstacle->text)) : value(nullptr)}});
  }
  return out;
}

Shape step_shape() {
  using namespace shape;
  auto const ask = record("", {{"field", text()}, {"required", flag()}, {"choices", list(text())}});
  return record("Step", {{"verb", text()}, {"name", both_languages()}, {"allowed", flag()}, {"asks", list(ask)}, {"why_not", nullable(both_languages())}});
}

Field verb_field(respond::Subject subject) {
  std::vector<std::string> verbs;
  for (auto const& row : respond::rows())
    if (std::string verb(respond::name(row.verb)); row.subject == subject && std::ranges::find(verbs, verb) == verbs.end()) verbs.push_back(std::move(verb));
  return needed("verb", shape::choice(std::move(verbs)), {"做什么；裁定申诉要刚刚确认过是本人", "what is to be done; deciding an appeal asks for a fresh proof of who one is"});
}

/// No case has had so many steps.
constexpr std::int64_t version_max = 1'000'000'000;

Field version_field() { return needed("version", shape::integer(0, version_max), {"您看到的版本；别人先动过就不会再做", "the version that you saw: if somebody was faster nothing is done"}); }

Field version_or_tag_field() {
  return optional("version", shape::integer(0, version_max),
                  {"您看到的版本，或用 If-Match；别人先动过就不会再做", "The version that you saw, or If-Match; if somebody was faster nothing is done"});
}

Field if_match_field() { return optional("If-Match", shape::text(version_tag_characters_max), {"读到的 ETag，可代替 version", "The ETag that was read, instead of version"}); }

core::Result<std::int64_t> expected_version(Call const& call) {
  auto const in_body = call.body.integer("version");
  if (!call.headers.has("If-Match")) {
    if (in_body) return *in_body;
    return core::fail(core::Errc::invalid, "command.version",
                      {"缺少 version：您看到的版本；也可用 If-Match。", "version is missing: the version that you saw; If-Match would do as well."}, "version");
  }
  auto const in_tag = version_in_tag(call.headers.text("If-Match"));
  if (in_tag && in_body.value_or(*in_tag) == *in_tag) return *in_tag;
  return core::fail(core::Errc::invalid, "command.if_match",
                    {"If-Match 应是读到的 ETag，且与 version 一致。", "If-Match is the ETag that was read, and agrees with version."}, "If-Match");
}

core::Result<Response> at_version(Call const& call, core::Result<Response> done) {
  if (!done && done.error().key == "case.version" && call.headers.has("If-Match")) done.error().key = "case.if_match";
  return done;
}

Field photos_field() {
  auto const photo = shape::record("", {needed("name", shape::text(respond::max_ref_chars), {"上传后给的名字", "as the upload named it"}),
                                        optional("shows", shape::text(respond::max_ref_chars), {"拍的是什么", "What it shows"})});
  return optional("photos", shape::list(photo, respond::max_photos_per_command), {"照片", "Photos"});
}

std::vector<respond::Photo> photos_in(Input const& body) {
  std::vector<respond::Photo> out;
  for (auto const& one : body.list("photos")) {
    auto const& photo = one.as_object();
    auto const* shows = photo.if_contains("shows");
    out.push_back({std::string(photo.at("name").as_string()), shows && shows->is_string() ? std::string(shows->as_string()) : std::string()});
  }
  return out;
}

}  // namespace zhili::web
