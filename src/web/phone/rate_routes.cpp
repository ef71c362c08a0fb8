// The three rates (三率): figures for everybody, their lists for staff, exclusions asked, decided and published.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "respond/cases/case.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"
#include "web/phone/phone.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using organise::CallBack;
using organise::Exclusion;

constexpr auto usual_period = std::chrono::days(30);
constexpr auto period_max = std::chrono::days(366);
constexpr std::size_t rate_list_max = 500;
constexpr std::size_t rates_asked_max = 20;  // of one exclusion
constexpr std::size_t day_chars = 10;
/// Somebody who knows the people of a small place must not read one answer out of a rate.
constexpr std::int64_t public_denominator_min = 5;

struct Period {
  core::Instant from{};
  core::Instant to{};
};

std::optional<core::Instant> day_of(std::string_view text, core::Zone const& zone) {
  core::Civil civil;
  auto const part = [&](std::size_t from, std::size_t count, auto& out) {
    auto const cut = text.substr(from, count);
    return std::from_chars(cut.data(), cut.data() + cut.size(), out).ptr == cut.data() + cut.size();
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !part(0, 4, civil.year) || !part(5, 2, civil.month) || !part(8, 2, civil.day))
    return std::nullopt;
  std::chrono::year_month_day const date(std::chrono::year(civil.year), std::chrono::month(civil.month), std::chrono::day(civil.day));
  if (!date.ok()) return std::nullopt;
  return zone.instant(civil);
}

/// `from` and `to` are days, both included; the last 30 days if not given.
core::Result<Period> period_of(Input const& query, ApiParts const& api) {
  Period out{.to = api.time->now()};
  for (auto const* field : {"from", "to"}) {
    auto const text = query.text(field);
    auto const day = text.empty() ? std::nullopt : day_of(text, api.zone);
    if (!text.empty() && !day) return fail(Errc::invalid, "rates.day", {fmt::format("{} 应是日期，例如 2026-11-01。", field), fmt::format("{} is a day, such as 2026-11-01.", field)}, field);
    if (day && field[0] == 't') out.to = *day + std::chrono::days(1);
    if (day && field[0] == 'f') out.from = *day;
  }
  if (query.text("from").empty()) out.from = out.to - usual_period;
  if (out.from < out.to && out.to - out.from <= period_max) return out;
  return fail(Errc::invalid, "rates.period", {"from 要在 to 之前，最多一年。", "from lies before to, at most a year."}, "from");
}

using By = organise::CallBackKey;

constexpr std::pair<std::string_view, By> ways[] = {{"department", By::department}, {"area", By::area}, {"item", By::item}, {"channel", By::channel}};

By by_of(Input const& query) {
  auto const found = std::ranges::find(ways, query.text("by"), &std::pair<std::string_view, By>::first);
  return found == std::end(ways) ? By::department : found->second;
}

std::string const& key_of(CallBack const& it, By by) {
  static std::string const none;
  switch (by) {
    case By::department: return it.department;
    case By::area: return it.area;
    case By::item: return it.item;
    case By::channel: return it.channel;
  }
  return none;
}

value name_of_key(std::string const& key, By by, PhoneParts const& parts) {
  if (by == By::department) {
    auto const* department = parts.people.api.installation->department(key);
    return to_json(department ? department->name : core::Text{key, key});
  }
  if (by == By::item) return to_json(catalogue::name_of(parts.people.api.catalogue->find(key), key));
  if (by == By::area)
    if (auto const* area = parts.people.api.places->now()->area(std::string_view(key))) return to_json(area->name);
  return to_json(core::Text{key, key});
}

object figure_json(organise::RateFigure const& figure, bool told) {
  return {{"numerator", told && figure.denominator > 0 ? value(figure.numerator) : value(nullptr)}, {"denominator", figure.denominator}, {"excluded", figure.excluded}};
}

/// The rows of one rate whose numerator is told: where a single one is too small, the total would give it away, and the next smallest
/// is not told either.
std::vector<bool> told_rows(std::vector<organise::RateFigure> const& rows) {
  std::vector<bool> out;
  std::ptrdiff_t small = 0;
  for (auto const& one : rows) {
    out.push_back(one.denominator == 0 || one.denominator >= public_denominator_min);
    small += !out.back();
  }
  if (small != 1) return out;
  auto next = rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (out[i] && rows[i].denominator > 0 && (next == rows.size() || rows[i].denominator < rows[next].denominator)) next = i;
  if (next < rows.size()) out[next] = false;
  return out;
}

object definition_json(organise::RateDefinition const& rate) {
  auto const facts = [](std::vector<organise::FactWanted> const& all) {
    array out;
    for (auto const& one : all) out.emplace_back(one.holds ? one.fact : "not " + one.fact);
    return out;
  };
  return {{"code", rate.code}, {"name", to_json(rate.name)}, {"about", to_json(rate.about)}, {"among", facts(rate.among)},
          {"count", facts(rate.count)}, {"without", facts(rate.without)}, {"source", rate.source}};
}

core::Result<object> rates(Call const& call, PhoneParts const& parts) {
  auto const& api = parts.people.api;
  ZHILI_TRY(auto const period, period_of(call.query, api));
  auto const by = by_of(call.query);
  ZHILI_TRY(auto const all, api.db->read([&](store::Reader& r) { return organise::CallBackDesk::alike_between(r, period.from, period.to, by); }));
  std::map<std::string, std::vector<organise::AlikeCallBacks>> groups;
  for (auto const& one : all) groups[one.key].push_back(one);
  array rows;
  for (auto const& [key, group] : groups) rows.push_back(object{{"key", key}, {"name", name_of_key(key, by, parts)}, {"rates", object()}});
  array definitions;
  object totals;
  for (auto const& rate : parts.rules->rates) {
    definitions.push_back(definition_json(rate));
    auto const total = organise::figure_of(all, rate);
    totals[rate.code] = figure_json(total, total.denominator >= public_denominator_min);
    std::vector<organise::RateFigure> figures;
    for (auto const& [key, group] : groups) figures.push_back(organise::figure_of(group, rate));
    auto const told = told_rows(figures);
    for (std::size_t i = 0; i < figures.size(); ++i) rows[i].as_object()["rates"].as_object()[rate.code] = figure_json(figures[i], told[i]);
  }
  return object{{"version", parts.rules->version}, {"definitions", std::move(definitions)},
                {"from", time_json(period.from, api.zone)}, {"to", time_json(period.to, api.zone)},
                {"smallest", public_denominator_min}, {"all", std::move(totals)}, {"rows", std::move(rows)}};
}

/// Whether somebody may see single answers: those who call back, evaluate and supervise all; a department its own.
bool may_see(Caller const& caller, CallBack const& it) {
  return std::ranges::any_of(caller.grants, [&](organise::Grant const& g) {
    if (!covers(g, {.area = it.area, .item = it.item})) return false;
    if (g.role == "handler_lead") return g.department == it.department;
    return g.role == caller_back_role || g.role == "evaluator" || g.role == "supervisor";
  });
}

object answer_json(store::Reader& reader, CallBack const& it, organise::RateDefinition const& rate, PhoneParts const& parts) {
  auto const& zone = parts.people.api.zone;
  auto const part = organise::part_of(it, rate);
  auto const asked = reader.value<std::int64_t>("SELECT state FROM call_back_exclusion WHERE call_back_id = ?", it.id);
  return {{"id", it.id},
          {"case_no", number_of_case(reader, it.case_id, parts)},
          {"item", item_json(it.item, parts)},
          {"department", department_json(it.department, parts)},
          {"closed_at", time_json(it.closed_at, zone)},
          {"counts", part == organise::RatePart::numerator ? "numerator" : part == organise::RatePart::excluded ? "excluded" : "denominator"},
          {"state", organise::name(it.state)},
          {"contacted_at", time_json(it.contacted_at, zone)},
          {"response_due_at", time_json(it.response_due_at, zone)},
          {"contacted", organise::name(it.contacted)},
          {"solved", organise::name(it.solved)},
          {"satisfied", it.satisfied == 0 ? value(nullptr) : value(it.satisfied)},
          {"exclusion", asked ? value(organise::name(static_cast<organise::ExclusionState>(*asked))) : value(nullptr)}};
}

/// The call-backs behind a figure.
core::Result<object> behind(Call const& call, PhoneParts const& parts) {
  auto const& api = parts.people.api;
  ZHILI_TRY(auto const period, period_of(call.query, api));
  auto const by = by_of(call.query);
  auto const* rate = parts.rules->rate(call.query.text("rate"));
  if (!rate) return fail(Errc::invalid, "rates.rate", {"没有这个率。", "There is no such rate."}, "rate");
  bool const all = !call.query.has("key");
  auto const key = call.query.text("key");
  array list;
  ZHILI_CHECK(api.db->read([&](store::Reader& r) {
    for (auto const& it : organise::CallBackDesk::closed_between(r, period.from, period.to)) {
      if (list.size() == rate_list_max || (!all && key_of(it, by) != key)) continue;
      if (organise::part_of(it, *rate) != organise::RatePart::none && may_see(call.caller(), it)) list.push_back(answer_json(r, it, *rate, parts));
    }
  }));
  return object{{"answers", std::move(list)}};
}

// ---- exclusions

value reason_json(std::string const& code, PhoneParts const& parts) {
  auto const* reason = parts.rules->reason(code);
  return to_json(reason ? reason->name : core::Text{code, code});
}

array rate_names(Exclusion const& it, PhoneParts const& parts) {
  array out;
  for (auto const& code : it.rates) {
    auto const* rate = parts.rules->rate(code);
    out.push_back(to_json(rate ? rate->name : core::Text{code, code}));
  }
  return out;
}

/// What everybody may read of an exclusion: no case, no place, no words of anybody.
object public_json(Exclusion const& it, std::string const& item, PhoneParts const& parts) {
  auto const* post = parts.people.api.installation->post(it.decided_post);
  auto const day = core::to_iso(it.asked_at, parts.people.api.zone).substr(0, 10);
  return {{"asked_on", day},
          {"department", department_json(it.department, parts)},
          {"item", item_json(item, parts)},
          {"rates", rate_names(it, parts)},
          {"reason", reason_json(it.reason, parts)},
          {"state", organise::name(it.state)},
          {"decided_by", post ? value(to_json(post->name)) : value(nullptr)}};
}

core::Result<object> published(PhoneParts const& parts) {
  array list;
  std::map<std::string, std::int64_t> counts;
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) {
    for (auto const& it : organise::CallBackDesk::exclusions(r)) {
      ++counts[std::string(organise::name(it.state))];
      auto const call_back = organise::CallBackDesk::find(r, it.call_back_id);
      if (list.size() < rate_list_max) list.push_back(public_json(it, call_back ? call_back->item : "", parts));
    }
  }));
  object sums;
  for (auto const& [state, count] : counts) sums[state] = count;
  array reasons;
  for (auto const& one : parts.rules->exclusion_reasons) reasons.push_back(object{{"code", one.code}, {"name", to_json(one.name)}});
  return object{{"counts", std::move(sums)}, {"exclusions", std::move(list)}, {"reasons", std::move(reasons)}};
}

core::Result<object> to_decide(Call const& call, PhoneParts const& parts) {
  array list;
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) {
    for (auto const& it : organise::CallBackDesk::exclusions(r, organise::ExclusionState::asked)) {
      auto const call_back = organise::CallBackDesk::find(r, it.call_back_id);
      if (!call_back || !may_see(call.caller(), *call_back)) continue;
      auto json = public_json(it, call_back->item, parts);
      json["id"] = it.id;
      json["case_no"] = number_of_case(r, call_back->case_id, parts);
      json["evidence"] = it.evidence;
      list.push_back(std::move(json));
    }
  }));
  return object{{"exclusions", std::move(list)}};
}

core::Result<Response> ask(Call const& call, PhoneParts const& parts) {
  Exclusion wanted{.call_back_id = id_in(call), .rates = call.body.texts("rates"), .reason = call.body.text("reason"), .evidence = call.body.text("evidence"),
                   .asked_by = call.caller().ref()};
  ZHILI_TRY(auto const it, parts.people.api.db->read([&](store::Reader& r) { return organise::CallBackDesk::find(r, wanted.call_back_id); }));
  if (!it) return fail(Errc::not_found, "call_back.unknown", {"没有这件回访。", "There is no such call-back."}, "id");
  bool const own = std::ranges::any_of(call.caller().grants, [&](organise::Grant const& g) {
    return g.role == "handler_lead" && g.department == it->department && covers(g, {.area = it->area, .item = it->item});
  });
  if (!own) return not_yours();
  wanted.department = it->department;
  return call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const made, parts.call_backs->ask_exclusion(w, wanted));
    return Response::json(boost::json::serialize(object{{"id", made}}), 201);
  });
}

core::Result<object> decide(Call const& call, PhoneParts const& parts) {
  ZHILI_TRY(auto const about, parts.people.api.db->read([&](store::Reader& r) -> core::Result<std::pair<Exclusion, CallBack>> {
    auto wish = organise::CallBackDesk::exclusion(r, id_in(call));
    auto it = wish ? organise::CallBackDesk::find(r, wish->call_back_id) : std::nullopt;
    if (!it) return fail(Errc::not_found, "exclusion.unknown", {"没有这件剔除申请。", "There is no such request."}, "id");
    return std::pair(std::move(*wish), std::move(*it));
  }));
  auto const& [wish, it] = about;
  auto const& grants = call.caller().grants;
  auto const grant = std::ranges::find_if(grants, [&](organise::Grant const& g) { return g.role == "evaluator" && covers(g, {.area = it.area, .item = it.item}); });
  if (grant == grants.end()) return not_yours();
  auto const department = belongs_to(call.caller(), wish.department) ? wish.department : grant->department;
  ZHILI_TRY(auto const after, parts.call_backs->decide_exclusion(wish.id, call.body.flag("granted"), call.body.text("decision"),
                                                                 {call.caller().ref(), grant->post}, department));
  return object{{"state", organise::name(after.state)}};
}

// ---- descriptions

std::vector<Field> period_fields() {
  std::vector<std::string> by;
  for (auto const& [name, way] : ways) by.emplace_back(name);
  return {optional("from", shape::text(day_chars), {"结案从哪天起，2026-11-01；不写是 30 天前", "Closed from this day, 2026-11-01; 30 days ago if left out"}),
          optional("to", shape::text(day_chars), {"到哪天为止，含当天", "to this day, included"}),
          optional("by", shape::choice(std::move(by)), {"按什么分", "What the rows are"})};
}

Shape rates_shape() {
  using namespace shape;
  auto const figure = record("RateFigure", {{"numerator", nullable(integer()), {"分母太小就不公开", "Not told where the denominator is too small"}},
                                            {"denominator", integer()}, {"excluded", integer()}});
  auto const definition = record("RateDefinition", {{"code", text()}, {"name", both_languages()}, {"about", both_languages()}, {"among", list(text())},
                                                    {"count", list(text())}, {"without", list(text())}, {"source", text()}});
  auto const row = record("RateRow", {{"key", text()}, {"name", both_languages()}, {"rates", map(figure)}});
  return record("Rates", {{"version", text()}, {"definitions", list(definition)}, {"from", time()}, {"to", time()},
                          {"smallest", integer(), {"分母小于它就不公开分子", "Below this denominator no numerator is told"}}, {"all", map(figure)}, {"rows", list(row)}});
}

Shape answers_shape() {
  using namespace shape;
  auto const answer = record("RateAnswer", {{"id", integer()}, {"case_no", text()}, {"item", named_shape()}, {"department", nullable(named_shape())},
                                            {"closed_at", time()}, {"counts", choice({"numerator", "denominator", "excluded"})}, {"state", text()},
                                            {"contacted_at", nullable(time())}, {"response_due_at", nullable(time())}, {"contacted", text()}, {"solved", text()},
                                            {"satisfied", nullable(integer())}, {"exclusion", nullable(text())}});
  return record("", {{"answers", list(answer)}});
}

std::vector<Field> exclusion_fields() {
  using namespace shape;
  return {{"asked_on", text()}, {"department", nullable(named_shape())}, {"item", named_shape()}, {"rates", list(both_languages())},
          {"reason", both_languages()}, {"state", text()}, {"decided_by", nullable(both_languages())}};
}

void add_exclusions(Operations& operations, PhoneParts const& parts) {
  using namespace shape;
  operations.add({.id = "listExclusions", .method = Method::get, .pattern = "/api/v1/phone/exclusions", .summary = {"剔除公示", "Published exclusions"}, .who = everybody(),
                  .good = {{.shape = record("", {{"counts", map(integer())}, {"exclusions", list(record("Exclusion", exclusion_fields()))}, {"reasons", list(named_shape())}})}}},
                 [parts](Call const&) { return answered(published(parts)); });
  auto waiting = exclusion_fields();
  waiting.insert(waiting.end(), {{"id", integer()}, {"case_no", text()}, {"evidence", text()}});
  operations.add({.id = "listExclusionsToDecide", .method = Method::get, .pattern = "/api/v1/phone/exclusions/waiting", .summary = {"待决定的剔除申请", "Exclusions to decide"},
                  .who = with_role("evaluator"), .good = {{.shape = record("", {{"exclusions", list(record("ExclusionAsked", std::move(waiting)))}})}}},
                 [parts](Call const& call) { return answered(to_decide(call, parts)); });
  operations.add({.id = "askExclusion", .method = Method::post, .pattern = "/api/v1/phone/call-backs/{id}/exclusion", .summary = {"申请剔除", "Ask that a call-back does not count"},
                  .who = with_role("handler_lead"), .path = {id_field({"回访", "The call-back"})},
                  .body = {needed("rates", list(text(respond::max_ref_chars), rates_asked_max), {"从哪些率里", "From which rates"}),
                           needed("reason", text(respond::max_ref_chars), {"理由", "The reason"}),
                           needed("evidence", text(2 * organise::exclusion_evidence_chars_max), {"证据，不写个人信息", "Evidence, nothing about persons"})},
                  .once = true, .good = {{.status = 201, .shape = record("Id", {{"id", integer()}})}}},
                 [parts](Call const& call) { return ask(call, parts); });
  operations.add({.id = "decideExclusion", .method = Method::post, .pattern = "/api/v1/phone/exclusions/{id}/decision", .summary = {"决定剔除申请", "Decide on an exclusion"},
                  .who = with_role("evaluator"), .path = {id_field({"申请", "The request"})},
                  .body = {optional("granted", flag(), {"同意剔除", "It is excluded"}), needed("decision", text(2 * organise::exclusion_reason_chars_max), {"理由", "Why"})},
                  .good = {{.shape = record("", {{"state", text()}})}}},
                 [parts](Call const& call) { return answered(decide(call, parts)); });
}

}  // namespace

void mount_rates(Operations& operations, PhoneParts const& parts) {
  operations.add({.id = "getRates", .method = Method::get, .pattern = "/api/v1/phone/rates", .summary = {"响应率、解决率、满意率", "Response, solution and satisfaction rates"},
                  .who = everybody(), .query = period_fields(), .good = {{.shape = rates_shape()}}},
                 [parts](Call const& call) { return answered(rates(call, parts)); });
  auto fields = period_fields();
  fields.push_back(needed("rate", shape::text(respond::max_ref_chars), {"哪个率", "Which rate"}));
  fields.push_back(optional("key", shape::text(respond::max_ref_chars), {"哪一行；不写是全部", "Which row; all if left out"}));
  operations.add({.id = "listRateAnswers", .method = Method::get, .pattern = "/api/v1/phone/rates/answers", .summary = {"数字背后的回访", "The call-backs behind a figure"},
                  .who = signed_in(), .query = std::move(fields), .good = {{.shape = answers_shape()}}},
                 [parts](Call const& call) { return answered(behind(call, parts)); });
  add_exclusions(operations, parts);
}

}  // namespace zhili::web
