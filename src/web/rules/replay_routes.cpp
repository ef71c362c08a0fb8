// "It would have fired 14 times last month."

#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/rules/replay_jobs.hpp"
#include "web/rules/rules.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

constexpr auto replay_default = std::chrono::days(30);
constexpr std::size_t replay_name_characters_max = 40;

core::Result<Response> begin_replay(Call const& call, RuleParts const& parts, ReplayJobs& jobs) {
  std::string rule(call.path.text("id"));
  auto const until = call.body.time("to").value_or(parts.people.api.time->now());
  auto const from = call.body.time("from").value_or(until - replay_default);
  ZHILI_TRY(auto const name, jobs.start(rule, [replay = parts.replay, rule, from, until](ReplayJobs::Progress const& progress) { return replay(rule, from, until, progress); }, call.caller().ref()));
  return Response::json(boost::json::serialize(object{{"id", name}}), 202);
}

object would_fire_json(rules::WouldFire const& one, RuleParts const& parts) {
  auto const& zone = parts.people.api.zone;
  auto const where = parts.subject(one.subject, one.thing);
  object out{{"at", time_json(one.at, zone)}, {"until", one.until ? time_json(*one.until, zone) : value(nullptr)}, {"severity", catalogue::rules::name(one.severity)}, {"private", where.is_private}};
  if (where.is_private) return out;
  out["subject"] = rules::text_of(one.subject);
  out["thing"] = one.thing;
  out["place"] = to_json(where.place);
  out["name"] = to_json(where.thing);
  out["value"] = one.has_value && one.value_kind != catalogue::ValueKind::text ? value(one.value) : value(nullptr);
  out["unit"] = one.unit;
  return out;
}

object replayed_json(rules::Replayed const& replayed, RuleParts const& parts) {
  array times;
  for (auto const& one : replayed.times) times.push_back(would_fire_json(one, parts));
  return {{"fired", replayed.fired},     {"subjects", replayed.subjects}, {"concerned", replayed.concerned},
          {"readings", replayed.readings}, {"faults", replayed.faults},     {"broken", replayed.broken},
          {"broken_why", replayed.broken_why ? value(to_json(*replayed.broken_why)) : value(nullptr)}, {"times", std::move(times)}};
}

core::Result<Response> get_replay(Call const& call, RuleParts const& parts, ReplayJobs& jobs) {
  auto const seen = jobs.find(std::string(call.path.text("replay")), call.caller().ref());
  if (!seen)
    return core::fail(core::Errc::not_found, "replay.unknown", {"没有这次回放，或时间太久，或由另一个进程在做。请重新开始。", "There is no such replay: it is long ago, or another process does it. Begin it again."}, "replay");
  object out{{"rule", seen->rule}, {"state", !seen->result ? "running" : *seen->result ? "done" : "failed"}, {"done", seen->done}, {"all", seen->all}, {"result", nullptr}, {"error", nullptr}};
  if (seen->result && *seen->result) out["result"] = replayed_json(**seen->result, parts);
  else if (seen->result) out["error"] = object{{"code", seen->result->error().key}, {"field", seen->result->error().field}, {"detail", to_json(seen->result->error().text)}};
  return private_json(boost::json::serialize(out));
}

Shape replayed_shape() {
  using namespace shape;
  auto const one = record("WouldFire", {{"at", time()}, {"until", nullable(time()), {"空：到最后还没结束", "None: it would stand at the end"}}, {"severity", text()}, {"private", flag(), {"在家里：只计数", "In a home: counted only"}},
                                        optional("subject", text()), optional("thing", integer()), optional("place", both_languages()), optional("name", both_languages()), optional("value", nullable(number())), optional("unit", text())});
  return record("Replayed", {{"fired", integer(), {"会告警几次", "How often it would have fired"}}, {"subjects", integer(), {"在几处运行", "At how many subjects"}}, {"concerned", integer(), {"其中几处会告警", "At how many of them it would have fired"}},
                             {"readings", integer()}, {"faults", integer(), {"设备静默或卡住几次", "How often a device was silent or stuck"}}, {"broken", integer()}, {"broken_why", nullable(both_languages())},
                             {"times", list(one), {"最早的一千次", "The first thousand"}}});
}

}  // namespace

void mount_replays(Operations& operations, RuleParts const& parts) {
  using namespace shape;
  auto const jobs = std::make_shared<ReplayJobs>();
  operations.add({.id = "beginReplay", .method = Method::post, .pattern = "/api/v1/rules/{id}/replays", .summary = {"用历史试一条规则：不产生告警", "Try a rule over history: nothing is raised"}, .who = rule_choosers(),
                  .path = {needed("id", text(rule_code_characters_max), {"规则编码", "The rule's code"})},
                  .body = {optional("from", time(), {"从何时；不写是三十天前", "From when; thirty days ago if left out"}), optional("to", time(), {"到何时；不写是现在", "Until when; now if left out"})},
                  .good = {{.status = 202, .shape = record("BegunReplay", {{"id", text()}})}}},
                 [parts, jobs](Call const& call) { return begin_replay(call, parts, *jobs); });
  auto const error = record("ReplayError", {{"code", text()}, {"field", nullable(text())}, {"detail", both_languages()}});
  operations.add({.id = "getReplay", .method = Method::get, .pattern = "/api/v1/rules/replays/{replay}", .summary = {"回放到哪里了，结果如何", "How far a replay is, and what it found"}, .who = rule_choosers(),
                  .path = {needed("replay", text(replay_name_characters_max), {"回放的名字", "The replay's name"})},
                  .good = {{.shape = record("Replay", {{"rule", text()}, {"state", choice({"running", "done", "failed"})}, {"done", integer()}, {"all", integer()}, {"result", nullable(replayed_shape())}, {"error", nullable(error)}})}}},
                 [parts, jobs](Call const& call) { return get_replay(call, parts, *jobs); });
}

}  // namespace zhili::web
