// What people do with alarms.

#include <boost/json.hpp>

#include "web/alarms/view.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

using boost::json::object;
using core::Errc;
using core::fail;

namespace {

/// A person is named by their login, a post by its code.
core::Result<> name_assigned(store::Reader& reader, alarms::Assigned& to, AlarmParts const& parts) {
  if (!to.post.empty() && !parts.people.api.installation->post(to.post))
    return fail(Errc::invalid, "alarm.post", {"没有这个岗位。岗位代码见 installation.yaml。", "There is no such post; see installation.yaml for their codes."}, "post");
  if (to.person.empty()) return {};
  auto const account = parts.people.accounts->find(reader, to.person);
  if (!account || account->disabled) return fail(Errc::invalid, "alarm.person", {"没有这个登录名的人。请核对。", "There is nobody with that login. Check it."}, "person");
  to.person = "staff:" + account->person;
  return {};
}

/// The version that the sender saw, if they say it: what they do is refused where the alarm is not in a state for it, in any case.
core::Result<std::int64_t> alarm_version(Call const& call) {
  if (!call.headers.has("If-Match") && !call.body.integer("version")) return -1;
  return expected_version(call);
}

core::Result<alarms::Command> alarm_command(Call const& call) {
  auto const& body = call.body;
  alarms::Command out{.reason = body.text("reason"), .assigned = {body.text("post"), body.text("person")}};
  out.verb = alarms::verb_from(body.text("command")).value_or(alarms::Verb::comment);  // the description lets no other through
  ZHILI_TRY(out.expected_version, alarm_version(call));
  if (auto const until = body.time("until")) out.suppression = alarms::Suppression{*until, 0};
  return out;
}

core::Result<Response> do_alarm(Call const& call, AlarmParts const& parts) {
  ZHILI_TRY(auto wanted, alarm_command(call));
  auto done = call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const line, alarm_for(w, call));
    ZHILI_TRY(auto const by, may_do(call.caller(), line.alarm, wanted.verb));
    ZHILI_CHECK(name_assigned(w, wanted.assigned, parts));
    ZHILI_TRY(auto const next, parts.desk->execute(w, line.alarm.id, wanted, by));
    return Response::json(boost::json::serialize(object{{"id", std::to_string(next.id)}, {"state", alarms::name(next.state)}, {"version", next.version}}));
  });
  if (done) parts.desk->committed({});
  if (!done && done.error().key == "alarm.version" && call.headers.has("If-Match")) done.error().key = "alarm.if_match";
  return done;
}

}  // namespace

Field alarm_id_field() { return needed("id", shape::integer(), {"告警编号", "id of the alarm"}); }

void mount_alarm_commands(Operations& operations, AlarmParts const& parts) {
  using namespace shape;
  std::vector<std::string> verbs, states;
  for (auto const verb : alarms::all_verbs)
    if (alarms::by_people(verb)) verbs.emplace_back(alarms::name(verb));
  for (auto const state : alarms::all_states)
    if (state != alarms::State::none) states.emplace_back(alarms::name(state));
  operations.add({.id = "commandAlarm", .method = Method::post, .pattern = "/api/v1/alarms/{id}/commands", .summary = {"确认、交办、备注、抑制、解除、重新打开一条告警", "Acknowledge, assign, comment, suppress, clear or reopen an alarm"}, .who = signed_in(),
                  .path = {alarm_id_field()},
                  .body = {needed("command", choice(std::move(verbs)), {"做什么", "What is to be done"}), version_or_tag_field(),
                           optional("reason", text(alarms::alarm_reason_chars_max), {"理由；comment 是要说的话", "The reason; of a comment its words"}), optional("post", text(alarms::alarm_ref_chars_max), {"assign：岗位代码", "assign: code of a post"}),
                           optional("person", text(alarms::alarm_ref_chars_max), {"assign：登录名", "assign: a login"}), optional("until", time(), {"suppress：到何时", "suppress: until when"})},
                  .headers = {if_match_field()}, .once = true,
                  .good = {{.shape = record("AlarmDone", {{"id", text()}, {"state", choice(std::move(states))}, {"version", integer()}})}}},
                 [parts](Call const& call) { return do_alarm(call, parts); });
}

void mount_alarms(Operations& operations, AlarmParts const& parts) {
  mount_alarm_lists(operations, parts);
  mount_alarm_commands(operations, parts);
  mount_alarm_maintenance(operations, parts);
}

}  // namespace zhili::web
