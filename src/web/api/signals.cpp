#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "respond/cases/codec.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "store/ledger.hpp"
#include "web/api/routes.hpp"
#include "web/api/story_view.hpp"
#include "web/api/view.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::EventKind;
using core::fail;
using respond::Report;

constexpr std::size_t report_body_bytes_max = 32 * 1024 * 1024;  // with photos
constexpr std::size_t report_photos_max = 5;

core::Result<Report> read_report(Input const& body, PhotoStore* photos) {
  Report out{.item = body.text("item"), .channel = "web"};
  auto const lat = body.number("lat");
  auto const lon = body.number("lon");
  if (lat.has_value() != lon.has_value())
    return fail(Errc::invalid, "report.place", {"lat 和 lon 要一起给。", "Give lat and lon together."}, lat ? "lon" : "lat");
  if (lat) out.place = core::LatLon::of(*lat, *lon);
  out.address = body.text("address");
  out.words = body.text("words");
  out.token = body.text("token");
  out.words_private = body.flag("private");
  out.name = body.text("name");
  out.phone = body.text("phone");
  out.mail = body.text("mail");
  for (auto const& [code, answer] : body.object("attributes")) {
    std::vector<std::string> values;
    for (auto const& one : answer.is_array() ? answer.as_array() : array{answer}) {
      if (!one.is_string())
        return fail(Errc::invalid, "report.attributes", {"每个回答是一段文字，或几段文字的列表。", "Each answer is a text, or a list of texts."}, "attributes");
      values.emplace_back(one.as_string());
    }
    out.answers.emplace_back(std::string(code), std::move(values));
  }
  for (auto const content : body.files("photo")) {
    if (!photos) return fail(Errc::unavailable, "report.photos", {"这里不收照片。", "No photos are taken here."}, "photo");
    auto kept = photos->keep(content);
    if (!kept) {
      kept.error().field = "photo";
      return fail(std::move(kept).error());
    }
    out.photos.push_back(kept->name);
  }
  return out;
}

void take(Call const& call, Responder respond, ApiParts const& parts) {
  auto const* item = parts.catalogue->find(call.body.text("item"));
  if (!item || !item->open)
    return respond(Response::problem({Errc::invalid, "report.item", {"请选一个事项；可报的事项见 /api/v1/items?public=1。",
                                                                     "Choose an item; /api/v1/items?public=1 lists them."}, "item"}));
  auto report = read_report(call.body, parts.photos);
  if (!report) return respond(Response::problem(report.error()));
  parts.desk->receive(std::move(*report), {.ref = "citizen", .roles = respond::Role::citizen},
                      [respond, parts](core::Result<respond::Received> received) {
                        if (!received) return respond(Response::problem(received.error()));
                        respond(Response::json(
                            boost::json::serialize(object{
                                {"no", respond::public_number(parts.installation->prefix, received->id, received->at, parts.zone)},
                                {"token", received->token},
                                {"link", "/r/" + received->token}}),
                            received->repeated ? 200 : 201));
                      });
}

/// The steps that every report goes through, and when it did.
struct Steps {
  std::optional<core::Instant> received = {}, registered = {}, dispatched = {}, reported_back = {}, verified = {}, closed = {};
  core::Text department = {};
};

void follow(Steps& steps, respond::Event const& event, ApiParts const& parts) {
  switch (event.kind) {
    case EventKind::case_registered: steps.registered = event.at; break;
    case EventKind::case_dispatched:
    case EventKind::case_settled: {
      steps.dispatched = event.at;
      auto const* department = parts.installation->department(event.department);
      steps.department = department ? department->name : core::Text{event.department, event.department};
      break;
    }
    case EventKind::case_returned: steps.dispatched.reset(); break;
    case EventKind::case_reported_back:
    case EventKind::case_self_handled: steps.reported_back = event.at; break;
    case EventKind::case_reworked: steps.reported_back.reset(); break;
    case EventKind::case_verified: steps.verified = event.at; break;
    case EventKind::case_closed:
    case EventKind::case_force_closed: steps.closed = event.at; break;
    case EventKind::case_reopened: steps = {.received = steps.received, .registered = event.at, .department = steps.department}; break;
    default: break;
  }
}

array steps_json(Steps const& steps, core::Zone const& zone) {
  auto const step = [&](core::Text name, std::optional<core::Instant> at, core::Text const& note = {}) {
    return object{{"name", to_json(name)}, {"at", time_json(at, zone)}, {"note", note.zh.empty() ? value(nullptr) : value(to_json(note))}};
  };
  return {step({"收到", "Received"}, steps.received),
          step({"立案", "Case opened"}, steps.registered),
          step({"派遣", "Sent out"}, steps.dispatched, steps.dispatched ? steps.department : core::Text{}),
          step({"处理", "Work done"}, steps.reported_back),
          step({"核查", "Checked"}, steps.verified),
          step({"结案", "Closed"}, steps.closed)};
}

core::Text told(respond::SignalEvent const& event) {
  switch (event.kind) {
    case EventKind::signal_received: return {"您报了这件事", "You reported this"};
    case EventKind::signal_check_asked: return {"已请网格员到现场看一看", "A grid worker was asked to look on site"};
    case EventKind::signal_checked:
      return event.found == respond::Found::found ? core::Text{"网格员看过：情况属实", "A grid worker looked: it is as you said"}
             : event.found == respond::Found::not_found ? core::Text{"网格员看过：现场没有发现", "A grid worker looked and found nothing"}
                                                        : core::Text{"网格员没能看成", "A grid worker could not look"};
    case EventKind::clock_expired: return {"核实超过了时限", "The check takes longer than it may"};
    case EventKind::signal_rejected:
      return {"没有立案：" + event.reason + "。不同意可以申诉。", "Not opened: " + event.reason + ". You may object."};
    case EventKind::signal_appealed: return {"对不予立案提出了申诉", "The rejection was objected to"};
    case EventKind::signal_appeal_decided:
      return event.upheld ? core::Text{"申诉成立，重新受理：" + event.reason, "The objection was upheld; we look at it again: " + event.reason}
                          : core::Text{"申诉不成立：" + event.reason, "The objection was not upheld: " + event.reason};
    case EventKind::signal_merged: return respond::told_of_joining(event);
    case EventKind::signal_split: return {"原来合办的两件事已分开", "The two were separated again"};
    case EventKind::signal_registered: return {"已经立案", "A case was opened"};
    case EventKind::signal_released:
      return event.withheld.empty() ? core::Text{"内容已向所有人公开", "It may be seen by everybody now"}
                                    : core::Text{"已公开，但有内容没有公开：" + event.reason + "。不同意可以申诉。",
                                                 "It may be seen by everybody now, but not all of it: " + event.reason + ". You may object."};
    case EventKind::signal_release_appealed: return {"您对没有公开的内容提出了申诉", "You objected to what is withheld"};
    case EventKind::signal_release_decided:
      return event.upheld ? core::Text{"申诉成立，重新决定公开哪些：" + event.reason, "Your objection was upheld; it is decided again: " + event.reason}
                          : core::Text{"申诉不成立：" + event.reason, "Your objection was not upheld: " + event.reason};
    default: return {};
  }
}

/// How many reports tell of the same thing, this one among them; of others only those that are public.
std::int64_t reports_of(store::Reader& reader, respond::Id own, respond::Id incident) {
  if (incident == 0) return 1;
  return reader.value<std::int64_t>("SELECT count(*) FROM signal WHERE incident_id = ? AND (private = 0 OR id = ?)", incident, own).value_or(1);
}

/// What the reporter may see: their own words, every step, every public sentence.
core::Result<object> receipt(store::Reader& reader, respond::Id id, ApiParts const& parts) {
  ZHILI_TRY(auto const state, respond::SignalDesk::load(reader, id));
  Steps steps{.received = state.received_at};
  std::vector<std::pair<std::int64_t, object>> story;
  std::string words, because;
  for (auto const& entry : store::entries_of(reader, id)) {
    auto const event = respond::decode_signal(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
    if (!event) continue;
    if (event->kind == EventKind::signal_received) words = event->words;
    if (event->kind == EventKind::signal_released) because = event->reason;
    auto const text = told(*event);
    if (text.zh.empty()) continue;
    story.emplace_back(entry.seq, object{{"seq", entry.seq}, {"at", time_json(event->at, parts.zone)}, {"kind", core::name(entry.kind)},
                                         {"who", nullptr}, {"sentence", to_json(text)}, {"audience", "public"}, {"from_source", false}});
  }
  auto const line = state.case_id != 0 ? respond::find_case(reader, state.case_id) : std::nullopt;
  auto const shown = line ? shown_photos(reader, *line, Sight::everybody) : std::vector<std::string>{};
  if (line)
    for (auto const& entry : store::entries_of(reader, line->id)) {
      auto const event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
      if (!event) continue;
      follow(steps, *event, parts);
      auto const told_line = story_entry(entry.seq, *event, parts);
      if (told_line.audience != respond::Audience::everybody) continue;
      auto json = story_json(told_line, parts.zone);
      add_photos(json, told_line, shown);
      story.emplace_back(entry.seq, std::move(json));
    }
  std::sort(story.begin(), story.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
  auto const* check = state.clocks.empty() ? nullptr : &*state.clocks.begin();
  auto const check_due = check && check->running_since ? check->due(*parts.calendar).value_or(std::nullopt) : std::nullopt;
  array sentences;
  for (auto& [seq, json] : story) sentences.push_back(std::move(json));
  return object{{"no", respond::public_number(parts.installation->prefix, id, state.received_at, parts.zone)},
                {"item", object{{"code", state.item}, {"name", to_json(catalogue::name_of(parts.catalogue->find(state.item), state.item))}}},
                {"received_at", time_json(state.received_at, parts.zone)},
                {"state", respond::name(state.stage)},
                {"words", words.empty() ? value(nullptr) : value(words)},
                {"steps", steps_json(steps, parts.zone)},
                {"withheld", state.withheld.empty() ? value(nullptr) : value(withheld_json(fmt::format("{}", fmt::join(state.withheld, " ")), because))},
                {"photos_waiting", photos_waiting(reader, id)},
                {"reports", reports_of(reader, id, state.incident)},
                {"case_no", line ? value(case_number(*line, parts)) : value(nullptr)},
                {"case_public", line && !line->is_private},
                {"due_at", line ? time_json(line->due_at, parts.zone) : value(nullptr)},
                {"check_due_at", check_due ? time_json(*check_due, parts.zone) : value(nullptr)},
                {"story", std::move(sentences)}};
}

core::Result<Response> receipt_of(Call const& call, ApiParts const& parts) {
  ZHILI_TRY(auto const told, parts.db->read([&](store::Reader& reader) -> core::Result<object> {
    auto const id = respond::SignalDesk::by_token(reader, call.path.text("token"));
    if (!id)
      return fail(Errc::not_found, "token.unknown",
                  {"没有这张回执。请核对链接是否完整。", "There is no such receipt. Check that the link is whole."}, "token");
    return receipt(reader, *id, parts);
  }));
  return private_json(boost::json::serialize(told));
}

std::vector<Field> report_fields() {
  using namespace shape;
  auto const words = [](std::string name, std::size_t most, core::Text meaning) { return optional(std::move(name), text(most), std::move(meaning)); };
  return {needed("item", text(respond::max_ref_chars), {"事项代码，见 /api/v1/items?public=1", "code of the item, see /api/v1/items?public=1"}),
          optional("lat", number(-90, 90), {"纬度；和 lon 一起给", "Latitude; together with lon"}),
          optional("lon", number(-180, 180), {"经度", "Longitude"}),
          words("address", respond::max_address_chars, {"地址；没有坐标时要写", "The address; needed without coordinates"}),
          words("words", respond::max_words_chars, {"看到了什么", "What is the matter"}),
          words("token", respond::max_token_chars, {"自己起的随机回执号，重发时不会收两次", "A random name for the receipt, so that sending again is harmless"}),
          optional("private", flag(), {"文字不公开", "The words are not to be shown"}),
          words("name", respond::max_ref_chars, {"姓名，加密保存", "Name, kept encrypted"}),
          words("phone", respond::max_ref_chars, {"电话，加密保存", "Telephone, kept encrypted"}),
          words("mail", respond::max_ref_chars, {"邮箱，加密保存", "Mail, kept encrypted"}),
          optional("attributes", map(anything()), {"JSON：问题代码 → 回答（文字或文字的列表）", "JSON: code of the question → answer (a text or a list of texts)"}),
          optional("photo", list(file(PhotoLimits{}.bytes_max), report_photos_max), {"照片", "Photos"})};
}

Shape receipt_shape() {
  using namespace shape;
  auto line = story_fields();
  for (auto& field : story_photos_fields()) line.push_back(std::move(field));
  auto const step = record("", {{"name", both_languages()}, {"at", nullable(time())}, {"note", nullable(both_languages())}});
  return record("Receipt", {{"no", text()},
                            {"item", named_shape()},
                            {"received_at", time()},
                            {"withheld", nullable(withheld_shape()), {"没有公开的和原因", "What everybody is not shown, and why"}},
                            {"photos_waiting", integer(), {"后来的照片，还没有人看过", "Photos of later steps that nobody has looked at yet"}},
                            {"state", stage_shape()},
                            {"words", nullable(text())},
                            {"steps", list(step)},
                            {"case_no", nullable(text())},
                            {"case_public", flag(), {"人人可以打开它的案卷", "Everybody may open the page of its case"}},
                            {"due_at", nullable(time())},
                            {"check_due_at", nullable(time())},
                            {"reports", integer(), {"说同一件事的上报，含这一份", "Reports of the same thing, this one among them"}},
                            {"story", list(record("", std::move(line)))}});
}

}  // namespace

Field signal_number_field() { return needed("no", shape::text(case_number_characters_max), {"上报编号", "number of the report"}); }

void mount_signals(Operations& operations, ApiParts const& parts) {
  auto const taken = shape::record("Taken", {{"no", shape::text()}, {"token", shape::text(), {"凭它看进展", "With it the report can be followed"}}, {"link", shape::text()}});
  operations.add_later({.id = "sendReport", .method = Method::post, .pattern = "/api/v1/signals", .summary = {"上报一件事", "Report something"},
                        .who = everybody(), .body = report_fields(), .body_format = BodyFormat::form,
                        .good = {{.status = 201, .shape = taken}, {.status = 200, .shape = taken}}, .options = {.body_bytes_max = report_body_bytes_max}},
                       [parts](Call const& call, Responder respond) { take(call, std::move(respond), parts); });
  operations.add({.id = "getReceipt", .method = Method::get, .pattern = "/api/v1/signals/{token}", .summary = {"凭回执号看自己报的事", "What became of one's own report"},
                  .who = everybody(), .path = {needed("token", shape::text(case_number_characters_max), {"回执号", "name of the receipt"})},
                  .good = {{.shape = receipt_shape()}}},
                 [parts](Call const& call) { return receipt_of(call, parts); });
}

}  // namespace zhili::web
