// What a reporter does with their own report, without an account: whoever holds its token is the reporter.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "respond/signals/desk.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

namespace {

using boost::json::object;
using core::Errc;
using core::fail;
using respond::Verb;

constexpr std::array of_the_report{Verb::appeal_rejection, Verb::appeal_release};
constexpr std::array of_the_case{Verb::rate, Verb::reopen};

respond::Actor const reporter{.ref = "citizen", .roles = respond::Role::citizen, .reporter = true};

core::Result<respond::SignalState> report_of(store::Reader& reader, Call const& call) {
  auto const id = respond::SignalDesk::by_token(reader, call.path.text("token"));
  if (!id)
    return fail(Errc::not_found, "token.unknown",
                {"没有这张回执。请核对链接是否完整。", "There is no such receipt. Check that the link is whole."}, "token");
  return respond::SignalDesk::load(reader, *id);
}

object what_to_do(std::int64_t version, std::vector<respond::NextStep> const& steps) {
  return {{"version", version}, {"steps", steps_json(steps)}};
}

core::Result<Response> see(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const out, parts.api.db->read([&](store::Reader& r) -> core::Result<object> {
    ZHILI_TRY(auto const report, report_of(r, call));
    ZHILI_TRY(auto const of_report, parts.api.desk->next(r, report, reporter));
    object told{{"report", what_to_do(report.version, of_report)}, {"case", nullptr}};
    if (report.case_id == 0) return told;
    ZHILI_TRY(auto const state, respond::CaseDesk::load(r, report.case_id));
    ZHILI_TRY(auto const of_case, parts.cases->next(state, reporter, parts.api.time->now()));
    told["case"] = what_to_do(state.version, of_case);
    return told;
  }));
  return private_json(boost::json::serialize(out));
}

core::Result<Response> act(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const verb, respond::verb_from(call.body.text("verb")));
  auto const version = call.body.integer("version").value_or(0);
  ZHILI_TRY(auto const report, parts.api.db->read([&](store::Reader& r) { return report_of(r, call); }));
  if (std::ranges::find(of_the_report, verb) != of_the_report.end()) {
    ZHILI_TRY(auto const next, parts.api.desk->execute(
                                   report.id, {.verb = verb, .expected_version = version, .reason = call.body.text("reason")}, reporter));
    return private_json(boost::json::serialize(object{{"stage", respond::name(next.stage)}, {"version", next.version}}));
  }
  if (report.case_id == 0)
    return fail(Errc::conflict, "receipt.no_case", {"这件上报还没有立案，请等立案以后再做。", "There is no case for this report yet. Wait until there is one."}, "verb");
  auto const score = static_cast<int>(call.body.integer("score").value_or(0));
  ZHILI_TRY(auto const next, parts.cases->execute(
                                 report.case_id, {.verb = verb, .expected_version = version, .reason = call.body.text("reason"), .score = score}, reporter));
  return private_json(boost::json::serialize(object{{"stage", respond::name(next.stage)}, {"version", next.version}}));
}

Field reporters_verb() {
  std::vector<std::string> verbs;
  for (auto const verb : of_the_report) verbs.emplace_back(respond::name(verb));
  for (auto const verb : of_the_case) verbs.emplace_back(respond::name(verb));
  return needed("verb", shape::choice(std::move(verbs)), {"做什么", "what is to be done"});
}

}  // namespace

void mount_receipts(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  auto const token = needed("token", text(respond::max_token_chars), {"回执号", "name of the receipt"});
  auto const of_one = record("", {{"version", integer()}, {"steps", list(step_shape())}});
  operations.add({.id = "getReceiptSteps", .method = Method::get, .pattern = "/api/v1/receipts/{token}/steps",
                  .summary = {"我能对自己报的事做什么", "What I may do with my own report"}, .who = everybody(), .path = {token},
                  .good = {{.shape = record("ReceiptSteps", {{"report", of_one}, {"case", nullable(of_one)}})}}},
                 [parts](Call const& call) { return see(call, parts); });
  operations.add({.id = "commandReceipt", .method = Method::post, .pattern = "/api/v1/receipts/{token}/commands",
                  .summary = {"评价，或提出异议", "Rate, or object"}, .who = everybody(), .path = {token},
                  .body = {reporters_verb(), version_field(), optional("reason", text(respond::max_reason_chars), {"理由", "The reason"}),
                           optional("score", integer(1, respond::max_score), {"评分，5 最好", "The rating; 5 is the best"})},
                  .good = {{.shape = record("ReceiptDone", {{"stage", stage_shape()}, {"version", integer()}})}}},
                 [parts](Call const& call) { return act(call, parts); });
}

}  // namespace zhili::web
