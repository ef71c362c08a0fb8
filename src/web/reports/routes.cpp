#include <algorithm>
#include <boost/json.hpp>

#include "assure/reports/periods.hpp"
#include "store/ledger.hpp"
#include "web/api/view.hpp"
#include "web/hooks/deliveries.hpp"
#include "web/reports/reports.hpp"

namespace zhili::web {

namespace reports = assure::reports;
using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

tl::unexpected<core::Error> no_such_report() {
  return fail(Errc::not_found, "report.unknown", {"没有这份报告，或还没有公开。", "There is no such report, or it is not published."}, "id");
}

core::Result<reports::Report> report_of(store::Reader& reader, Call const& call) {
  auto report = reports::Desk::find(reader, call.path.integer("id").value_or(0));
  if (!report) return no_such_report();
  return std::move(*report);
}

std::optional<Caller> caller_if_any(Request const& request, ReportParts const& parts) {
  if (session_token(request).empty()) return std::nullopt;
  auto caller = parts.people.gate->admit(request);
  return caller ? std::optional(std::move(*caller)) : std::nullopt;
}

reports::Who report_who(std::optional<Caller> const& caller, std::string const& area) {
  if (!caller) return {};
  reports::Who out{.ref = caller->ref()};
  for (auto const& standing : organise::standings(caller->grants, {.area = area})) {
    out.editor |= std::ranges::find(standing.roles, reports::editor_role) != standing.roles.end();
    out.approver |= std::ranges::find(standing.roles, reports::approver_role) != standing.roles.end();
  }
  return out;
}

/// Those in which somebody has a post.
std::vector<std::string> departments_of(std::optional<Caller> const& caller) {
  std::vector<std::string> out;
  if (!caller) return out;
  for (auto const& grant : caller->grants)
    if (!grant.department.empty() && std::ranges::find(out, grant.department) == out.end()) out.push_back(grant.department);
  return out;
}

bool may_see(store::Reader& reader, reports::Report const& report, std::int64_t version, std::optional<Caller> const& caller) {
  if (report.published == version) return true;
  if (!caller) return false;
  auto const who = report_who(caller, report.scope.area);
  if (who.editor || who.approver) return true;
  auto const mine = departments_of(caller);
  return std::ranges::any_of(reports::Desk::sendings(reader, report.id), [&](reports::Sending const& sent) {
    return sent.version == version && std::ranges::find(mine, sent.department) != mine.end();
  });
}

namespace {

constexpr std::size_t title_characters_max = 200;

/// The version that somebody sees first: editors the last one, everybody the published one, a department else the last that was
/// sent to it; 0: none.
std::int64_t version_for(store::Reader& reader, reports::Report const& report, reports::Who const& who, std::optional<Caller> const& caller) {
  if (who.editor || who.approver) return report.version;
  if (report.published) return *report.published;
  auto const mine = departments_of(caller);
  std::int64_t out = 0;
  for (auto const& sent : reports::Desk::sendings(reader, report.id))
    if (std::ranges::find(mine, sent.department) != mine.end()) out = std::max(out, sent.version);
  return out;
}

object report_json(reports::Report const& report, std::int64_t version, ReportParts const& parts) {
  auto const& zone = parts.people.api.zone;
  auto const* form = parts.people.api.catalogue->report(report.form);
  return {{"id", report.id},
          {"template", object{{"code", report.form}, {"name", to_json(form ? form->name : core::Text{report.form, report.form})}}},
          {"title", to_json(report.title)},
          {"subtitle", to_json(report.subtitle)},
          {"area", report.scope.area},
          {"query", report.scope.query},
          {"from", time_json(report.span.from, zone)},
          {"to", time_json(report.span.to, zone)},
          {"scheduled", report.due_at.has_value()},
          {"state", reports::name(report.state)},
          {"version", version},
          {"published", report.published ? value(*report.published) : value(nullptr)},
          {"changed_at", time_json(report.changed_at, zone)}};
}

core::Result<Response> list_reports(Call const& call, ReportParts const& parts) {
  auto const caller = caller_if_any(call.request, parts);
  auto const who = report_who(caller, "");
  bool const all = who.editor || who.approver;
  auto const limit = static_cast<std::size_t>(call.query.integer("limit").value_or(50));
  array out;
  value next = nullptr;
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) {
    auto const found = reports::Desk::list(r, all, departments_of(caller), call.query.integer("before").value_or(0), limit);
    for (auto const& report : found) out.push_back(report_json(report, version_for(r, report, who, caller), parts));
    if (found.size() == limit) next = found.back().id;
  }));
  auto text = boost::json::serialize(object{{"reports", std::move(out)}, {"next", std::move(next)}, {"may_draft", who.editor}});
  return caller ? private_json(std::move(text)) : Response::json(std::move(text));
}

/// What was done, oldest first; for those who work on it.
array steps_of(store::Reader& reader, std::int64_t id, core::Zone const& zone) {
  array out;
  for (auto const& entry : store::entries_of(reader, id)) {
    auto const kind = core::name(entry.kind);
    if (!kind.starts_with("report.")) continue;
    auto held = boost::json::parse(entry.payload).as_object();
    object step{{"at", time_json(entry.at, zone)}, {"kind", kind.substr(7)}, {"by", entry.actor}, {"version", held["version"]}};
    step["reason"] = held.contains("reason") ? held["reason"] : value("");
    step["departments"] = held.contains("departments") ? held["departments"] : value(array{});
    out.push_back(std::move(step));
  }
  return out;
}

/// Where each version was sent, and what became of it; for those who work on it.
array sent_json(store::Reader& reader, std::int64_t id, ReportParts const& parts) {
  auto const& api = parts.people.api;
  array out;
  for (auto const& sent : reports::Desk::sendings(reader, id)) {
    auto const* department = api.installation->department(sent.department);
    array deliveries;
    reader.each<std::string, std::int64_t, std::int64_t, std::optional<std::string>, std::optional<std::int64_t>>(
        "SELECT h.name, d.state, d.attempts, d.trouble, d.done_at FROM hook_delivery d JOIN hook h ON h.id = d.hook WHERE d.entry = ? AND h.department = ? ORDER BY h.id",
        [&](std::string hook, std::int64_t state, std::int64_t attempts, std::optional<std::string> trouble, std::optional<std::int64_t> done) {
          deliveries.push_back(object{{"hook", hook}, {"state", hooks::name(static_cast<hooks::DeliveryState>(state))}, {"attempts", attempts},
                                      {"trouble", trouble && !trouble->empty() ? value(*trouble) : value(nullptr)},
                                      {"done_at", done ? time_json(core::from_ms(*done), api.zone) : value(nullptr)}});
        },
        sent.entry, sent.department);
    out.push_back(object{{"department", sent.department},
                         {"name", to_json(department ? department->name : core::Text{sent.department, sent.department})},
                         {"version", sent.version},
                         {"at", time_json(sent.at, api.zone)},
                         {"deliveries", std::move(deliveries)}});
  }
  return out;
}

core::Result<Response> one(Call const& call, ReportParts const& parts) {
  auto const caller = caller_if_any(call.request, parts);
  return parts.people.api.db->read([&](store::Reader& r) -> core::Result<Response> {
    ZHILI_TRY(auto const report, report_of(r, call));
    auto const who = report_who(caller, report.scope.area);
    auto const version = version_for(r, report, who, caller);
    if (version == 0) return no_such_report();
    auto out = report_json(report, version, parts);
    bool const works = who.editor || who.approver;
    array next;
    ZHILI_TRY(auto const life, reports::Desk::life(r, report.id));
    for (auto const verb : reports::next(life, who)) next.push_back(object{{"verb", reports::name(verb)}, {"name", to_json(reports::title(verb))}});
    out["next"] = std::move(next);
    out["steps"] = works ? steps_of(r, report.id, parts.people.api.zone) : array{};
    out["sent"] = works ? sent_json(r, report.id, parts) : array{};
    auto const kept = reports::Desk::version(r, report.id, out["version"].as_int64());
    if (!kept) return no_such_report();
    ZHILI_TRY(auto const document, reports::document_from(kept->document));
    out["comment"] = to_json(document.comment);
    out["as_of"] = time_json(document.as_of, parts.people.api.zone);
    out["digest"] = kept->digest;
    return caller ? private_json(boost::json::serialize(out)) : Response::json(boost::json::serialize(out));
  });
}

core::Result<Response> templates(ReportParts const& parts) {
  array out;
  for (auto const* form : parts.people.api.catalogue->reports())
    out.push_back(object{{"code", form->code}, {"name", to_json(form->name)}, {"about", to_json(form->about)}, {"period", catalogue::name(form->period)}, {"scheduled", form->schedule.has_value()}});
  return Response::json(boost::json::serialize(object{{"templates", std::move(out)}}));
}

core::Result<Response> draft(Call const& call, ReportParts const& parts) {
  reports::NewReport wanted{.form = call.body.text("template"), .scope = {call.body.text("area"), call.body.text("query")}};
  auto const from = call.body.time("from");
  auto const to = call.body.time("to");
  if (from.has_value() != to.has_value())
    return fail(Errc::invalid, "report.span", {"from 和 to 要么都写，要么都不写。", "Write both from and to, or neither."}, from ? "to" : "from");
  if (from) wanted.span = reports::Span{*from, *to};
  auto const who = report_who(call.caller(), wanted.scope.area);
  ZHILI_TRY(auto const drafted, parts.desk->read_figures(wanted, who));
  return call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    return Response::json(boost::json::serialize(object{{"id", parts.desk->keep(w, *drafted, who)}}), 201);
  });
}

core::Result<Response> act(Call const& call, ReportParts const& parts) {
  ZHILI_TRY(auto const report, parts.people.api.db->read([&](store::Reader& r) { return report_of(r, call); }));
  reports::Command command{.version = call.body.integer("version").value_or(0), .reason = call.body.text("reason"),
                           .comment = {call.body.text("comment_zh"), call.body.text("comment_en")}, .departments = call.body.texts("departments")};
  ZHILI_TRY(command.verb, reports::verb_from(call.body.text("verb")));
  if (command.verb == reports::Verb::send && command.departments.empty())
    return fail(Errc::invalid, "report.departments", {"请写明发给哪些部门。", "Say which departments it is sent to."}, "departments");
  for (auto const& code : command.departments)
    if (!parts.people.api.installation->department(code))
      return fail(Errc::invalid, "report.departments", {"没有部门“" + code + "”。", "There is no department \"" + code + "\"."}, "departments");
  ZHILI_CHECK(parts.desk->act(report.id, command, report_who(call.caller(), report.scope.area)));
  return Response::no_content();
}

core::Result<Response> recount(Call const& call, ReportParts const& parts) {
  ZHILI_TRY(auto const report, parts.people.api.db->read([&](store::Reader& r) { return report_of(r, call); }));
  auto const who = report_who(call.caller(), report.scope.area);
  if (!who.editor && !who.approver) return no_such_report();
  auto const version = call.query.integer("version").value_or(report.version);
  ZHILI_TRY(auto const same, parts.desk->recount(report.id, version));
  return Response::json(boost::json::serialize(object{{"version", version}, {"same", same}}));
}

Shape report_shape() {
  using namespace shape;
  return record("WrittenReport", {{"id", integer()}, {"template", record("", {{"code", text()}, {"name", both_languages()}})}, {"title", both_languages()}, {"subtitle", both_languages()},
                           {"area", text()}, {"query", text()}, {"from", time()}, {"to", time()}, {"scheduled", flag()}, {"state", choice({"draft", "approved", "published", "withdrawn"})},
                           {"version", integer()}, {"published", nullable(integer())}, {"changed_at", time()}});
}

Shape full_report_shape() {
  using namespace shape;
  auto out = report_shape();
  out.name = "FullReport";
  out.fields.push_back({"next", list(record("", {{"verb", text()}, {"name", both_languages()}}))});
  out.fields.push_back({"steps", list(record("ReportStep", {{"at", time()}, {"kind", text()}, {"by", text()}, {"version", integer()}, {"reason", text()}, {"departments", list(text())}}))});
  auto const delivery = record("", {{"hook", text()}, {"state", choice({"waiting", "delivered", "given_up"})}, {"attempts", integer()}, {"trouble", nullable(text())}, {"done_at", nullable(time())}});
  out.fields.push_back({"sent", list(record("ReportSending", {{"department", text()}, {"name", both_languages()}, {"version", integer()}, {"at", time()}, {"deliveries", list(delivery)}}))});
  out.fields.push_back({"comment", both_languages()});
  out.fields.push_back({"as_of", time()});
  out.fields.push_back({"digest", text()});
  return out;
}

Who works_on_reports() { return Who(Who::Kind::signed_in, {std::string(reports::editor_role), std::string(reports::approver_role)}); }

Field id_field() { return needed("id", shape::integer(), {"报告编号", "Id of the report"}); }

std::vector<Field> draft_fields() {
  using namespace shape;
  return {needed("template", text(40), {"模板代码", "Code of the template"}), optional("area", text(40), {"区域代码；不写是全市", "Code of an area; the whole city if left out"}),
          optional("query", text(reports::view_query_bytes_max), {"案卷列表的筛选条件", "Filters of the list of cases"}),
          optional("from", time(), {"从何时起；不写是模板最近结束的周期", "From when; the template's last period if left out"}), optional("to", time(), {"到何时为止", "Until when"})};
}

std::vector<Field> act_fields() {
  using namespace shape;
  return {needed("verb", choice({"redraft", "comment", "approve", "send_back", "publish", "send", "withdraw"}), {"做什么", "What is done"}),
          needed("version", integer(), {"所见的版本", "The version that was seen"}), optional("reason", text(reports::reason_bytes_max), {"理由", "The reason"}),
          optional("comment_zh", text(reports::comment_bytes_max), {"按语，中文", "The comment in Chinese"}), optional("comment_en", text(reports::comment_bytes_max), {"按语，英文", "The comment in English"}),
          optional("departments", list(text(title_characters_max), reports::departments_of_sending_max), {"发给哪些部门", "Departments that it is sent to"})};
}

}  // namespace

void mount_reports(Operations& operations, ReportParts const& parts) {
  using namespace shape;
  operations.add({.id = "listReports", .method = Method::get, .pattern = "/api/v1/reports", .summary = {"报告，新的在前；不登录只见已发布的", "Reports, newest first; published ones for everybody"}, .who = everybody(),
                  .query = {optional("before", integer(), {"上一页的 next", "`next` of the page before"}), optional("limit", integer(1, reports::reports_page_rows_max), {"一页几份", "How many on a page"})},
                  .good = {{.shape = record("ReportPage", {{"reports", list(report_shape())}, {"next", nullable(integer())}, {"may_draft", flag()}})}}},
                 [parts](Call const& call) { return list_reports(call, parts); });
  operations.add({.id = "draftReport", .method = Method::post, .pattern = "/api/v1/reports", .summary = {"起草一份报告", "Draft a report"}, .who = with_role(reports::editor_role), .body = draft_fields(),
                  .once = true, .good = {{.status = 201, .shape = record("ReportDrafted", {{"id", integer()}})}}},
                 [parts](Call const& call) { return draft(call, parts); });
  operations.add({.id = "getReport", .method = Method::get, .pattern = "/api/v1/reports/{id}", .summary = {"一份报告：状态、经过、下一步", "A report: its state, its story, what is next"}, .who = everybody(), .path = {id_field()},
                  .good = {{.shape = full_report_shape()}}},
                 [parts](Call const& call) { return one(call, parts); });
  operations.add({.id = "commandReport", .method = Method::post, .pattern = "/api/v1/reports/{id}/commands", .summary = {"审签、发布、发送、退回、撤回、写按语、重取数据", "Approve, publish, send, send back, withdraw, comment, take the figures anew"},
                  .who = works_on_reports(), .path = {id_field()}, .body = act_fields(), .good = {{.status = 204}}},
                 [parts](Call const& call) { return act(call, parts); });
  operations.add({.id = "recountReport", .method = Method::get, .pattern = "/api/v1/reports/{id}/recount", .summary = {"从台账重算，看数字是否一样", "Count again from the ledger: whether the figures are the same"}, .who = works_on_reports(), .path = {id_field()},
                  .query = {optional("version", integer(), {"哪一版；不写是最后一版", "Which version; the last if left out"})},
                  .good = {{.shape = record("ReportRecount", {{"version", integer()}, {"same", flag()}})}}},
                 [parts](Call const& call) { return recount(call, parts); });
  operations.add({.id = "listReportTemplates", .method = Method::get, .pattern = "/api/v1/report-templates", .summary = {"报告模板", "Templates of reports"}, .who = signed_in(),
                  .good = {{.shape = record("ReportTemplates", {{"templates", list(record("ReportTemplate", {{"code", text()}, {"name", both_languages()}, {"about", both_languages()}, {"period", text()}, {"scheduled", flag()}}))}})}}},
                 [parts](Call const&) { return templates(parts); });
}

}  // namespace zhili::web
