#include <algorithm>
#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/incidents/moves.hpp"
#include "respond/number.hpp"
#include "store/ledger.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"
#include "web/people/alike_view.hpp"
#include "web/people/report_view.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using respond::Actor;
using respond::SignalCommand;
using respond::Verb;

constexpr std::size_t incident_signals_shown_max = 200;

std::string number_of(respond::SignalState const& state, PeopleParts const& parts) {
  return respond::public_number(parts.api.installation->prefix, state.id, state.received_at, parts.api.zone);
}

organise::Target target_of(SignalLine const& line, PeopleParts const& parts) {
  return web::target_of(*parts.api.places->now(), line.area, line.state.item, "");
}

/// Whether somebody may do it with this report, and why not.
core::Result<> may(store::Reader& reader, Caller const& caller, SignalLine const& line, SignalCommand const& command, PeopleParts const& parts) {
  return as_any(actors(caller, target_of(line, parts)),
                [&](Actor const& actor) { return parts.api.desk->may(reader, line.state, command, actor); });
}

/// The one join of two reports that is possible, and who joins whom: the younger case, or the report that has none, joins.
class Joining {
 public:
  Joining(store::Reader& reader, Caller const& caller, SignalLine const& one, SignalLine const& other, PeopleParts const& parts)
      : reader_(reader), caller_(caller), parts_(parts) {
    if (one.state.case_id == 0 && other.state.case_id == 0) both_wait(one, other);
    else if (other.state.case_id == 0 || !possible(one, other)) possible(other, one);
  }
  void add_to(object& out) const {
    out["join"] = join_.empty() ? value(nullptr) : value(join_);
    out["may_follow"] = may_follow_;
    out["why_not"] = why_not_.zh.empty() || !join_.empty() ? value(nullptr) : value(to_json(why_not_));
  }

 private:
  /// Neither has a case: when one is registered, the other may follow.
  void both_wait(SignalLine const& one, SignalLine const& other) {
    auto const accepts = [&](SignalLine const& line) {
      return std::ranges::any_of(actors(caller_, target_of(line, parts_)), [](Actor const& actor) { return actor.roles.has(respond::Role::acceptor); });
    };
    bool const collected = one.state.stage == respond::Stage::collected && other.state.stage == respond::Stage::collected;
    if (!collected)
      why_not_ = {"正在现场核实：核实完再一起立案。", "One is being looked at on site: register them together when that is done."};
    else if (!accepts(one) || !accepts(other))
      why_not_ = {"两件都还没有立案：由受理岗一起立案。", "Neither has a case yet: whoever accepts reports registers them together."};
    else
      may_follow_ = true;
  }

  bool possible(SignalLine const& from, SignalLine const& to) {
    if (to.state.case_id == 0) return false;
    auto const into = respond::find_case(reader_, to.state.case_id);
    if (!into) return false;
    auto const done = may(reader_, caller_, from, {.verb = Verb::join, .into = into->id}, parts_);
    if (!done) {
      if (why_not_.zh.empty()) why_not_ = done.error().text;
      return false;
    }
    join_ = {{"no", number_of(from.state, parts_)}, {"version", from.state.version}, {"into", case_number(*into, parts_.api)}};
    return true;
  }

  store::Reader& reader_;
  Caller const& caller_;
  PeopleParts const& parts_;
  object join_;
  core::Text why_not_;
  bool may_follow_ = false;
};

core::Result<object> candidate_json(store::Reader& reader, Caller const& caller, SignalLine const& asked, SignalLine const& line,
                                    respond::Candidate const& candidate, PeopleParts const& parts) {
  auto out = alike_json(candidate.alike);
  ZHILI_TRY(out["report"], report_json(reader, line, parts));
  out["reports"] = reader.value<std::int64_t>("SELECT count(*) FROM signal WHERE incident_id = ?", line.state.incident).value_or(0);
  Joining(reader, caller, asked, line, parts).add_to(out);
  out["may_tell_apart"] = may(reader, caller, asked, {.verb = Verb::tell_apart, .other = line.state.id}, parts).has_value();
  return out;
}

core::Result<object> candidates_of(store::Reader& reader, Caller const& caller, SignalLine const& asked, PeopleParts const& parts) {
  ZHILI_TRY(auto const readable, may_read(reader, caller, asked, parts));
  if (!readable) return not_yours();
  ZHILI_TRY(auto const found, parts.api.desk->candidates(reader, asked.state));
  ZHILI_TRY(auto report, report_json(reader, asked, parts));
  array all;
  for (auto const& candidate : found) {
    ZHILI_TRY(auto const line, signal_of(reader, candidate.signal));
    ZHILI_TRY(auto const may_see, may_read(reader, caller, line, parts));
    if (!may_see) continue;
    ZHILI_TRY(auto json, candidate_json(reader, caller, asked, line, candidate, parts));
    all.push_back(std::move(json));
  }
  return object{{"report", std::move(report)}, {"candidates", std::move(all)}};
}

/// How a report came into the incident: by whom, why, and how much it was alike.
core::Result<value> joined_json(store::Reader& reader, respond::SignalState const& state, PeopleParts const& parts) {
  if (state.stage != respond::Stage::merged) return nullptr;
  value out = nullptr;
  for (auto const& entry : store::entries_of(reader, state.id)) {
    if (entry.kind != core::EventKind::signal_merged) continue;
    ZHILI_TRY(auto const event, respond::decode_signal(entry.kind, entry.at, entry.actor, entry.payload));
    out = object{{"at", time_json(entry.at, parts.api.zone)},
                 {"by", event.rule.empty() ? "person" : "rule"},
                 {"rule", event.rule.empty() ? value(nullptr) : value(event.rule)},
                 {"reason", event.reason.empty() ? value(nullptr) : value(event.reason)},
                 {"with_case", event.with != 0},
                 {"alike", event.alike ? value(alike_json(*event.alike)) : value(nullptr)}};
  }
  return out;
}

core::Result<object> member_json(store::Reader& reader, Caller const& caller, SignalLine const& line, PeopleParts const& parts) {
  ZHILI_TRY(auto out, report_json(reader, line, parts));
  ZHILI_TRY(out["joined"], joined_json(reader, line.state, parts));
  auto const aside = respond::case_aside(line.state);
  auto const own = aside != 0 ? respond::find_case(reader, aside) : std::nullopt;
  out["case_aside"] = own ? value(case_number(*own, parts.api)) : value(nullptr);
  out["may_split"] = may(reader, caller, line, {.verb = Verb::split, .reason = "-"}, parts).has_value();
  return out;
}

tl::unexpected<core::Error> no_such_incident() { return fail(Errc::not_found, "incident.unknown", {"没有这个编号的事件。", "There is no incident with that number."}, "id"); }

core::Result<object> incident_json(store::Reader& reader, Caller const& caller, std::int64_t id, PeopleParts const& parts) {
  auto const case_id = reader.value<std::int64_t>("SELECT case_id FROM signal WHERE incident_id = ? AND case_id IS NOT NULL LIMIT 1", id);
  auto const a_case = case_id ? respond::find_case(reader, *case_id) : std::nullopt;
  if (!a_case) return no_such_incident();
  array signals;
  std::size_t hidden = 0;
  for (auto const& [signal] : reader.rows<std::int64_t>("SELECT id FROM signal WHERE incident_id = ? ORDER BY id", id)) {
    if (signals.size() == incident_signals_shown_max) break;
    ZHILI_TRY(auto const line, signal_of(reader, signal));
    ZHILI_TRY(auto const may_see, may_read(reader, caller, line, parts));
    if (!may_see) {
      ++hidden;
      continue;
    }
    ZHILI_TRY(auto json, member_json(reader, caller, line, parts));
    signals.push_back(std::move(json));
  }
  if (signals.empty() && hidden > 0) return a_case->is_private ? no_such_incident() : not_yours();
  auto const reports = reader.value<std::int64_t>("SELECT count(*) FROM signal WHERE incident_id = ?", id).value_or(0);
  return object{{"id", id}, {"case_no", case_number(*a_case, parts.api)}, {"stage", respond::name(a_case->stage)}, {"reports", reports},
                {"hidden", hidden}, {"signals", std::move(signals)}};
}

/// Answers with what `tell(reader)` gives.
template <class Tell>
core::Result<Response> answer(PeopleParts const& parts, Tell const& tell) {
  ZHILI_TRY(auto const told, parts.api.db->read([&](store::Reader& reader) -> core::Result<object> { return tell(reader); }));
  return Response::json(boost::json::serialize(told));
}

core::Result<Response> of_signal(Call const& call, PeopleParts const& parts) {
  return answer(parts, [&](store::Reader& reader) -> core::Result<object> {
    ZHILI_TRY(auto const line, signal_of(reader, call.path.text("no"), parts));
    return candidates_of(reader, call.caller(), line, parts);
  });
}

core::Result<Response> of_case(Call const& call, PeopleParts const& parts) {
  return answer(parts, [&](store::Reader& reader) -> core::Result<object> {
    ZHILI_TRY(auto const a_case, case_known_to(reader, call.caller(), call.path.text("no"), parts));
    ZHILI_TRY(auto const line, signal_of(reader, a_case.signal_id));
    return candidates_of(reader, call.caller(), line, parts);
  });
}

core::Result<Response> incident(Call const& call, PeopleParts const& parts) {
  return answer(parts, [&](store::Reader& reader) { return incident_json(reader, call.caller(), call.path.integer("id").value_or(0), parts); });
}

Shape plain_report_shape() { return shape::record("PlainSignal", report_fields()); }

Shape candidates_shape() {
  using namespace shape;
  auto candidate = alike_fields();
  candidate.push_back({"report", plain_report_shape()});
  candidate.push_back({"reports", integer(), {"已合并的上报", "Reports joined so far"}});
  candidate.push_back({"join", nullable(record("", {{"no", text()}, {"version", integer()}, {"into", text()}})),
                       {"可以发的合并命令：哪份上报并入哪个案卷", "The command that would join them: which report, and into which case"}});
  candidate.push_back({"may_follow", flag(), {"两份都在等：立案时可用 along 一并并入", "Both wait: it may be named in `along` when the other is registered"}});
  candidate.push_back({"why_not", nullable(both_languages())});
  candidate.push_back({"may_tell_apart", flag()});
  return record("Candidates", {{"report", plain_report_shape()}, {"candidates", list(record("Candidate", std::move(candidate)), respond::candidates_max)}});
}

Shape incident_shape() {
  using namespace shape;
  auto member = report_fields();
  member.push_back({"joined", nullable(record("", {{"at", time()}, {"by", choice({"person", "rule"})}, {"rule", nullable(text())},
                                                   {"reason", nullable(text())}, {"with_case", flag(), {"随它的案卷", "Along with its case"}},
                                                   {"alike", nullable(record("Alike", alike_fields()))}}))});
  member.push_back({"case_aside", nullable(text()), {"它立的、现在并入这里的案卷", "The case that it began and that stands aside for this one"}});
  member.push_back({"may_split", flag()});
  return record("Incident", {{"id", integer()}, {"case_no", text()}, {"stage", stage_shape()}, {"reports", integer()},
                             {"hidden", integer(), {"不归您看的", "Those that are not yours to see"}},
                             {"signals", list(record("IncidentSignal", std::move(member)), incident_signals_shown_max)}});
}

}  // namespace

void mount_incidents(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "listCandidatesOfSignal", .method = Method::get, .pattern = "/api/v1/work/signals/{no}/candidates",
                  .summary = {"可能与这份上报是同一件事的", "What may be about the same thing as a report"},
                  .who = signed_in_within(Who::Within::its_signal), .path = {signal_number_field()}, .good = {{.shape = candidates_shape()}}},
                 [parts](Call const& call) { return of_signal(call, parts); });
  operations.add({.id = "listCandidatesOfCase", .method = Method::get, .pattern = "/api/v1/work/cases/{no}/candidates",
                  .summary = {"可能与这个案卷是同一件事的", "What may be about the same thing as a case"},
                  .who = signed_in_within(Who::Within::its_case), .path = {case_number_field()}, .good = {{.shape = candidates_shape()}}},
                 [parts](Call const& call) { return of_case(call, parts); });
  operations.add({.id = "getIncident", .method = Method::get, .pattern = "/api/v1/incidents/{id}",
                  .summary = {"一件事的全部上报", "The reports of one thing"},
                  .who = signed_in_within(Who::Within::its_case), .path = {needed("id", shape::integer(), {"事件编号，见案卷的 incident", "of the incident: see incident of a case"})},
                  .good = {{.shape = incident_shape()}}},
                 [parts](Call const& call) { return incident(call, parts); });
}

}  // namespace zhili::web
