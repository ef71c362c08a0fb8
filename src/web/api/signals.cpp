#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "respond/cases/codec.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "store/ledger.hpp"
#include "web/api/routes.hpp"
#include "web/api/story_view.hpp"
#include "web/api/view.hpp"
#include "web/form.hpp"
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

core::Result<std::optional<double>> degrees(Fields const& fields, std::string_view name, double limit) {
  auto const text = fields.get(name);
  if (!text) return std::nullopt;
  double out = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
  if (error != std::errc{} || end != text->data() + text->size() || !(out >= -limit && out <= limit))
    return fail(Errc::invalid, "report.place",
                {fmt::format("{} 应是 −{} 到 {} 之间的度数。", name, limit, limit), fmt::format("{} is a number of degrees from −{} to {}.", name, limit, limit)},
                std::string(name));
  return out;
}

/// `attributes`: a JSON object of code → text or list of texts.
core::Result<> read_answers(std::string_view text, Report& out) {
  boost::system::error_code error;
  auto const parsed = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_object())
    return fail(Errc::invalid, "report.attributes", {"attributes 应是一个 JSON 对象。", "attributes is a JSON object."}, "attributes");
  for (auto const& [code, answer] : parsed.as_object()) {
    std::vector<std::string> values;
    auto const all = answer.is_array() ? answer.as_array() : array{answer};
    for (auto const& one : all) {
      if (!one.is_string())
        return fail(Errc::invalid, "report.attributes", {"每个回答是一段文字，或几段文字的列表。", "Each answer is a text, or a list of texts."},
                    "attributes");
      values.emplace_back(one.as_string());
    }
    out.answers.emplace_back(std::string(code), std::move(values));
  }
  return {};
}

core::Result<Report> read_report(Request const& request, PhotoStore* photos) {
  ZHILI_TRY(auto const form, read_form(request));
  Report out{.item = std::string(form.fields.get("item").value_or("")), .channel = "web"};
  auto const text = [&](std::string_view name) { return std::string(form.fields.get(name).value_or("")); };
  ZHILI_TRY(auto const lat, degrees(form.fields, "lat", 90));
  ZHILI_TRY(auto const lon, degrees(form.fields, "lon", 180));
  if (lat.has_value() != lon.has_value())
    return fail(Errc::invalid, "report.place", {"lat 和 lon 要一起给。", "Give lat and lon together."}, lat ? "lon" : "lat");
  if (lat) out.place = core::LatLon::of(*lat, *lon);
  out.address = text("address");
  out.words = text("words");
  out.token = text("token");
  out.words_private = text("private") == "1";
  out.name = text("name");
  out.phone = text("phone");
  out.mail = text("mail");
  if (auto const answers = form.fields.get("attributes")) ZHILI_CHECK(read_answers(*answers, out));
  if (form.files.size() > report_photos_max)
    return fail(Errc::limit, "report.photos", {fmt::format("最多 {} 张照片。", report_photos_max), fmt::format("At most {} photos.", report_photos_max)}, "photo");
  for (auto const& file : form.files) {
    if (!photos) return fail(Errc::unavailable, "report.photos", {"这里不收照片。", "No photos are taken here."}, "photo");
    auto kept = photos->keep(file.content);
    if (!kept) {
      kept.error().field = "photo";
      return fail(std::move(kept).error());
    }
    out.photos.push_back(kept->name);
  }
  return out;
}

void take(Request const& request, Responder respond, ApiParts const& parts) {
  auto report = read_report(request, parts.photos);
  if (!report) return respond(Response::problem(report.error()));
  auto const* item = parts.catalogue->find(report->item);
  if (!item || !item->open)
    return respond(Response::problem({Errc::invalid, "report.item", {"请选一个事项；可报的事项见 /api/v1/items?public=1。",
                                                                     "Choose an item; /api/v1/items?public=1 lists them."}, "item"}));
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
    case EventKind::signal_merged: return {"已有人报告同一件事，合在一起办", "Somebody had reported the same; they go together"};
    case EventKind::signal_split: return {"原来合办的两件事已分开", "The two were separated again"};
    case EventKind::signal_registered: return {"已经立案", "A case was opened"};
    default: return {};
  }
}

/// What the reporter may see: their own words, every step, every public sentence.
core::Result<object> receipt(store::Reader& reader, respond::Id id, ApiParts const& parts) {
  ZHILI_TRY(auto const state, respond::SignalDesk::load(reader, id));
  Steps steps{.received = state.received_at};
  std::vector<std::pair<std::int64_t, object>> story;
  std::string words;
  for (auto const& entry : store::entries_of(reader, id)) {
    auto const event = respond::decode_signal(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
    if (!event) continue;
    if (event->kind == EventKind::signal_received) words = event->words;
    auto const text = told(*event);
    if (text.zh.empty()) continue;
    story.emplace_back(entry.seq, object{{"seq", entry.seq}, {"at", time_json(event->at, parts.zone)}, {"kind", core::name(entry.kind)},
                                         {"who", nullptr}, {"sentence", to_json(text)}, {"audience", "public"}, {"from_source", false}});
  }
  auto const line = state.case_id != 0 ? respond::find_case(reader, state.case_id) : std::nullopt;
  if (line)
    for (auto const& entry : store::entries_of(reader, line->id)) {
      auto const event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
      if (!event) continue;
      follow(steps, *event, parts);
      auto const told_line = story_entry(entry.seq, *event, parts);
      if (told_line.audience == respond::Audience::everybody) story.emplace_back(entry.seq, story_json(told_line, parts.zone));
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
                {"case_no", line ? value(case_number(*line, parts)) : value(nullptr)},
                {"due_at", line ? time_json(line->due_at, parts.zone) : value(nullptr)},
                {"check_due_at", check_due ? time_json(*check_due, parts.zone) : value(nullptr)},
                {"story", std::move(sentences)}};
}

Response receipt_of(Request const& request, ApiParts const& parts) {
  auto const told = parts.db->read([&](store::Reader& reader) -> core::Result<object> {
    auto const id = respond::SignalDesk::by_token(reader, request.param("token"));
    if (!id)
      return fail(Errc::not_found, "token.unknown",
                  {"没有这张回执。请核对链接是否完整。", "There is no such receipt. Check that the link is whole."}, "token");
    return receipt(reader, *id, parts);
  });
  if (!told) return Response::problem(told.error());
  auto out = Response::json(boost::json::serialize(*told));
  out.headers.add("Cache-Control", "private, no-store");
  return out;
}

}  // namespace

void mount_signals(Router& router, ApiParts const& parts) {
  router.on_later(Method::post, "/api/v1/signals",
                  [parts](Request const& request, Responder respond) { take(request, std::move(respond), parts); },
                  {.body_bytes_max = report_body_bytes_max});
  router.get("/api/v1/signals/{token}", [parts](Request const& request) { return receipt_of(request, parts); });
}

}  // namespace zhili::web
