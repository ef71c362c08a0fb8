// Calls: from the telephone's ring to a report, an answer, or nothing.

#include <algorithm>
#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/signals/signal.hpp"
#include "web/api/view.hpp"
#include "web/phone/phone.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using organise::CallTaker;

constexpr std::size_t draft_body_bytes_max = organise::call_draft_bytes_max + 1024;
constexpr std::size_t reason_sent_chars_max = 4 * organise::call_reason_chars_max;  // the desk says what is too long

CallTaker taker_of(Call const& call) { return at_desk(call.caller(), call_taker_role); }

std::string number_of_signal(std::int64_t id, core::Instant at, PhoneParts const& parts) {
  return respond::public_number(parts.people.api.installation->prefix, id, at, parts.people.api.zone);
}

value report_line(store::Reader& reader, std::int64_t id, PhoneParts const& parts) {
  auto const row = reader.row<std::string, std::int64_t, std::int64_t, std::optional<std::int64_t>>(
      "SELECT item, state, received_at, case_id FROM signal WHERE id = ?", id);
  if (!row) return nullptr;
  auto const& [item, state, received, case_id] = *row;
  auto const at = core::from_ms(received);
  auto const line = case_id ? respond::find_case(reader, *case_id) : std::nullopt;
  return object{{"kind", "report"},
                {"no", number_of_signal(id, at, parts)},
                {"item", item_json(item, parts)},
                {"at", time_json(at, parts.people.api.zone)},
                {"state", line ? respond::name(line->stage) : respond::name(static_cast<respond::Stage>(state))},
                {"case_no", line ? value(case_number(*line, parts.people.api)) : value(nullptr)},
                {"due_at", line ? time_json(line->due_at, parts.people.api.zone) : value(nullptr)}};
}

value call_line(store::Reader& reader, std::int64_t id, PhoneParts const& parts) {
  auto const call = organise::CallDesk::find(reader, id);
  if (!call || call->signal_id != 0) return nullptr;  // its report stands in the list itself
  return object{{"kind", "call"},
                {"at", time_json(call->opened_at, parts.people.api.zone)},
                {"state", organise::name(call->state)},
                {"item", call->item.empty() ? value(nullptr) : value(item_json(call->item, parts))}};
}

/// What a number brought before: reports as they stand, and calls that became none.
array earlier_json(store::Reader& reader, organise::OpenedCall const& opened, PhoneParts const& parts) {
  array out;
  for (auto const subject : opened.earlier) {
    if (out.size() == store::max_told_found) break;
    auto line = report_line(reader, subject, parts);
    if (line.is_null() && subject != opened.call.id) line = call_line(reader, subject, parts);
    if (!line.is_null()) out.push_back(std::move(line));
  }
  return out;
}

object call_json(organise::Call const& call, PhoneParts const& parts) {
  return {{"id", call.id}, {"opened_at", time_json(call.opened_at, parts.people.api.zone)}, {"has_draft", call.draft != 0}};
}

core::Result<Response> open_call(Call const& call, PhoneParts const& parts) {
  auto const number = call.body.text("number");
  auto const taker = taker_of(call);
  ZHILI_TRY(auto ringing, parts.calls->ring(number, taker));
  return call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    organise::OpenedCall const opened{organise::CallDesk::take(w, ringing, taker), ringing.earlier};
    auto out = call_json(opened.call, parts);
    out["number"] = organise::masked(number);
    out["earlier"] = earlier_json(w, opened, parts);
    return Response::json(boost::json::serialize(out), 201);
  });
}

/// A call that somebody goes on with after their browser was closed: what was typed, and what the number brought before.
core::Result<object> resume(Call const& call, PhoneParts const& parts) {
  ZHILI_TRY(auto const again, parts.calls->resume(id_in(call), taker_of(call)));
  auto out = call_json(again.opened.call, parts);
  out["number"] = organise::masked(again.number);
  ZHILI_TRY(out["earlier"], parts.people.api.db->read([&](store::Reader& r) { return value(earlier_json(r, again.opened, parts)); }));
  boost::system::error_code error;
  out["draft"] = again.draft.empty() ? value(nullptr) : boost::json::parse(again.draft, error);
  return out;
}

core::Result<object> list_open(Call const& call, PhoneParts const& parts) {
  array calls;
  auto const taker = taker_of(call);
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) {
    for (auto const& one : organise::CallDesk::open_calls(r, taker.ref)) calls.push_back(call_json(one, parts));
  }));
  return object{{"calls", std::move(calls)}};
}

core::Result<object> keep_draft(Call const& call, PhoneParts const& parts) {
  ZHILI_CHECK(parts.calls->keep_draft(id_in(call), boost::json::serialize(call.body.object("draft")), taker_of(call)));
  return object{{"kept", true}};
}

core::Result<organise::CallReport> report_in(Input const& body) {
  organise::CallReport out{.item = body.text("item"), .address = body.text("address"), .words = body.text("words"),
                           .name = body.text("name"), .phone = body.text("phone")};
  auto const lat = body.number("lat");
  auto const lon = body.number("lon");
  if (lat.has_value() != lon.has_value())
    return fail(Errc::invalid, "report.place", {"lat 和 lon 要一起给。", "Give lat and lon together."}, lat ? "lon" : "lat");
  if (lat) out.place = core::LatLon::of(*lat, *lon);
  for (auto const& [code, answer] : body.object("answers")) {
    std::vector<std::string> values;
    for (auto const& one : answer.is_array() ? answer.get_array() : array{answer})
      if (one.is_string()) values.emplace_back(one.as_string());
    if (!values.empty()) out.answers.emplace_back(std::string(code), std::move(values));
  }
  return out;
}

core::Result<object> register_report(Call const& call, PhoneParts const& parts) {
  auto const taker = taker_of(call);
  ZHILI_TRY(auto report, report_in(call.body));
  if (report.phone.empty() && !call.body.flag("nameless")) {
    ZHILI_TRY(report.phone, parts.calls->number(id_in(call), taker));
  }
  ZHILI_TRY(auto const made, parts.calls->register_report(id_in(call), report, call.body.flag("secret"), taker));
  return object{{"no", number_of_signal(made.signal_id, made.at, parts)}, {"token", made.token}, {"link", "/r/" + made.token}};
}

core::Result<object> answer_call(Call const& call, PhoneParts const& parts) {
  auto const item = call.body.text("item");
  if (!parts.people.api.catalogue->find(item))
    return fail(Errc::invalid, "call.item", {"请选一个事项：答复的是哪一类。", "Choose the item that was answered."}, "item");
  ZHILI_CHECK(parts.calls->answer(id_in(call), item, taker_of(call)));
  return object{{"state", "answered"}};
}

core::Result<object> drop_call(Call const& call, PhoneParts const& parts) {
  ZHILI_CHECK(parts.calls->drop(id_in(call), call.body.text("reason"), taker_of(call)));
  return object{{"state", "dropped"}};
}

// ---- descriptions

std::vector<Field> call_fields() {
  using namespace shape;
  auto const earlier = record("EarlierOfNumber",
                              {{"kind", choice({"report", "call"})}, optional("no", text()), {"item", nullable(named_shape())}, {"at", time()}, {"state", text()},
                               optional("case_no", nullable(text())), optional("due_at", nullable(time()))});
  return {{"id", integer()}, {"opened_at", time()}, {"has_draft", flag()}, {"number", text(), {"遮住中间的号码", "The number with its middle hidden"}},
          {"earlier", list(earlier)}};
}

std::vector<Field> report_fields() {
  using namespace shape;
  return {needed("item", text(respond::max_ref_chars), {"事项", "The item"}),
          optional("lat", number(-90, 90), {"纬度；和 lon 一起给", "Latitude; together with lon"}),
          optional("lon", number(-180, 180), {"经度", "Longitude"}),
          optional("address", text(respond::max_address_chars), {"地址", "The address"}),
          optional("words", text(respond::max_words_chars), {"反映的事", "What is told"}),
          optional("name", text(respond::max_ref_chars), {"来电人姓名，加密保存", "Name of the caller, kept encrypted"}),
          optional("phone", text(organise::caller_number_chars_max), {"不写是来电号码", "The caller's number if left out"}),
          optional("secret", flag(), {"要求保密", "The caller asks for secrecy"}),
          optional("nameless", flag(), {"不留电话", "The caller leaves no telephone"}),
          optional("answers", map(anything()), {"对事项提问的回答", "Answers to the questions of the item"})};
}

Shape state_shape() { return shape::record("", {{"state", shape::text()}}); }

}  // namespace

CallTaker at_desk(Caller const& caller, std::string_view role) {
  auto const grant = std::ranges::find(caller.grants, role, &organise::Grant::role);
  return {caller.ref(), grant == caller.grants.end() ? std::string() : grant->post};
}

bool belongs_to(Caller const& caller, std::string_view department) {
  return !department.empty() && std::ranges::find(caller.grants, department, &organise::Grant::department) != caller.grants.end();
}

Field id_field(core::Text meaning) { return needed("id", shape::integer(), std::move(meaning)); }

object item_json(std::string const& code, PhoneParts const& parts) {
  return {{"code", code}, {"name", to_json(catalogue::name_of(parts.people.api.catalogue->find(code), code))}};
}

value department_json(std::string const& code, PhoneParts const& parts) {
  if (code.empty()) return nullptr;
  auto const* found = parts.people.api.installation->department(code);
  return object{{"code", code}, {"name", to_json(found ? found->name : core::Text{code, code})}};
}

std::string number_of_case(store::Reader& reader, std::int64_t case_id, PhoneParts const& parts) {
  auto const line = respond::find_case(reader, case_id);
  return line ? case_number(*line, parts.people.api) : std::string();
}

core::Result<Response> answered(core::Result<object> const& done, int status) {
  if (!done) return fail(done.error());
  return Response::json(boost::json::serialize(*done), status);
}

void mount_phone(Operations& operations, PhoneParts const& parts) {
  mount_calls(operations, parts);
  mount_known(operations, parts);
  mount_call_backs(operations, parts);
  mount_rates(operations, parts);
  mount_hotline(operations, parts);
}

void mount_calls(Operations& operations, PhoneParts const& parts) {
  using namespace shape;
  auto const id = id_field({"来电", "The call"});
  auto const open = record("OpenCall", {{"id", integer()}, {"opened_at", time()}, {"has_draft", flag()}});
  auto resumed = call_fields();
  resumed.push_back({"draft", nullable(map(anything())), {"写到哪里了", "What was typed so far"}});
  operations.add({.id = "listOpenCalls", .method = Method::get, .pattern = "/api/v1/phone/calls", .summary = {"我没有结束的来电", "Calls that I have not ended"},
                  .who = with_role(call_taker_role), .good = {{.shape = record("", {{"calls", list(open)}})}}},
                 [parts](Call const& call) { return answered(list_open(call, parts)); });
  operations.add({.id = "openCall", .method = Method::post, .pattern = "/api/v1/phone/calls", .summary = {"接起来电", "Take a call"},
                  .who = with_role(call_taker_role),
                  .body = {optional("number", text(organise::caller_number_chars_max), {"来电号码；没有就不写", "The caller's number; left out if none is shown"})},
                  .once = true, .good = {{.status = 201, .shape = record("CallTaken", call_fields())}}},
                 [parts](Call const& call) { return open_call(call, parts); });
  operations.add({.id = "resumeCall", .method = Method::post, .pattern = "/api/v1/phone/calls/{id}/resume", .summary = {"继续一个来电", "Go on with a call"},
                  .who = with_role(call_taker_role), .path = {id}, .good = {{.shape = record("CallResumed", std::move(resumed))}}},
                 [parts](Call const& call) { return answered(resume(call, parts)); });
  operations.add({.id = "keepCallDraft", .method = Method::post, .pattern = "/api/v1/phone/calls/{id}/draft", .summary = {"存下正在写的", "Keep what is being typed"},
                  .who = with_role(call_taker_role), .path = {id}, .body = {needed("draft", map(anything()), {"表单的内容", "What the form holds"})},
                  .good = {{.shape = record("", {{"kept", flag()}})}}, .options = {.body_bytes_max = draft_body_bytes_max}},
                 [parts](Call const& call) { return answered(keep_draft(call, parts)); });
  operations.add({.id = "registerCall", .method = Method::post, .pattern = "/api/v1/phone/calls/{id}/report", .summary = {"登记来电", "Make a report of a call"},
                  .who = with_role(call_taker_role), .path = {id}, .body = report_fields(),
                  .good = {{.status = 201, .shape = record("CallRegistered", {{"no", text()}, {"token", text()}, {"link", text()}})}}},
                 [parts](Call const& call) { return answered(register_report(call, parts), 201); });
  operations.add({.id = "answerCall", .method = Method::post, .pattern = "/api/v1/phone/calls/{id}/answer", .summary = {"当场答复", "End a call with an answer"},
                  .who = with_role(call_taker_role), .path = {id}, .body = {needed("item", text(respond::max_ref_chars), {"答复的事项", "The item"})},
                  .good = {{.shape = state_shape()}}},
                 [parts](Call const& call) { return answered(answer_call(call, parts)); });
  operations.add({.id = "dropCall", .method = Method::post, .pattern = "/api/v1/phone/calls/{id}/drop", .summary = {"挂断", "End a call without either"},
                  .who = with_role(call_taker_role), .path = {id}, .body = {optional("reason", text(reason_sent_chars_max), {"理由", "Why"})},
                  .good = {{.shape = state_shape()}}},
                 [parts](Call const& call) { return answered(drop_call(call, parts)); });
}

}  // namespace zhili::web
