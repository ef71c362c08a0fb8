// Alarms as JSON: entries of the ledger, and the finding in the row.

#include <boost/json.hpp>
#include <cmath>

#include "respond/alarms/inside.hpp"
#include "respond/payload.hpp"

namespace zhili::respond::alarms {

namespace {

namespace json = boost::json;

constexpr auto alarm_payload = "alarm.payload";
core::Text const of_an_alarm{"告警", "alarm"};

void put_text(json::object& out, std::string_view key, core::Text const& text) {
  if (!text.zh.empty() || !text.en.empty()) out[json::string_view(key.data(), key.size())] = json::array{json::string(text.zh), json::string(text.en)};
}

core::Text text_in(Payload& in, char const* key) {
  auto const* pair = in.array(key);
  if (!pair) return {};
  if (pair->size() != 2) return in.is_bad(), core::Text{};
  return {in.text(&pair->at(0)), in.text(&pair->at(1))};
}

json::array value_json(Value const& value) {
  bool const known = value.known && std::isfinite(value.number);
  return {static_cast<std::int64_t>(value.kind), known, known ? value.number : 0.0, json::string(value.text), json::string(value.unit)};
}

Value value_in(Payload& in) {
  auto const* parts = in.array("value");
  if (!parts) return {};
  auto const kind = parts->size() == 5 ? in.number(&parts->at(0)) : -1;
  if (kind < 0 || kind > static_cast<std::int64_t>(catalogue::ValueKind::text) || !parts->at(1).is_bool() || !parts->at(2).is_number()) return in.is_bad(), Value{};
  return {.kind = static_cast<catalogue::ValueKind>(kind), .known = parts->at(1).get_bool(), .number = parts->at(2).to_number<double>(), .text = in.text(&parts->at(3)), .unit = in.text(&parts->at(4))};
}

json::object where_json(Where const& where) {
  json::object out;
  put(out, "place", where.place);
  put_text(out, "name", where.name);
  if (where.at) out["at"] = json::array{where.at->lat_e7, where.at->lon_e7};
  put(out, "area_id", where.area_id);
  put(out, "area", where.area);
  put(out, "device", where.device);
  put(out, "type", where.device_type);
  put_text(out, "thing", where.thing_name);
  if (where.is_private) out["private"] = true;
  return out;
}

Where where_in(json::object const& object, bool& bad) {
  Payload in(object);
  Where out{.place = in.text("place"), .name = text_in(in, "name"), .at = {}, .area_id = in.number("area_id"), .area = in.text("area"), .device = in.number("device"),
            .device_type = in.text("type"), .thing_name = text_in(in, "thing"), .is_private = in.has("private")};
  if (auto const* pair = in.array("at")) {
    if (pair->size() == 2) out.at = core::LatLon{static_cast<std::int32_t>(in.number(&pair->at(0))), static_cast<std::int32_t>(in.number(&pair->at(1)))};
    else in.is_bad();
  }
  bad = bad || in.bad();
  return out;
}

json::object finding_json(Finding const& finding) {
  json::object out;
  out["severity"] = catalogue::rules::name(finding.severity);
  if (finding.flapping) out["flapping"] = true;
  put(out, "thing", finding.thing);
  put(out, "stream", finding.stream);
  put(out, "property", finding.property);
  out["value"] = value_json(finding.value);
  put_text(out, "says", finding.says);
  put(out, "opens", finding.opens);
  out["where"] = where_json(finding.where);
  if (finding.keeper != Keeper{}) out["keeper"] = json::array{json::string(finding.keeper.department), json::string(finding.keeper.post), finding.keeper.fallback};
  return out;
}

Finding finding_in(json::object const& object, bool& bad) {
  Payload in(object);
  Finding out{.severity = Severity::minor, .flapping = in.has("flapping"), .thing = in.number("thing"), .stream = in.number("stream"), .property = in.text("property"), .value = value_in(in),
              .says = text_in(in, "says"), .opens = in.text("opens")};
  if (auto const severity = catalogue::rules::severity_from(in.text("severity"))) out.severity = *severity;
  else bad = true;
  if (auto const* where = in.object("where")) out.where = where_in(*where, bad);
  if (auto const* keeper = in.array("keeper")) {
    if (keeper->size() == 3 && keeper->at(2).is_bool()) out.keeper = {in.text(&keeper->at(0)), in.text(&keeper->at(1)), keeper->at(2).get_bool()};
    else in.is_bad();
  }
  bad = bad || in.bad();
  return out;
}

std::optional<Cause> cause_from(std::string_view text) {
  for (auto const cause : {Cause::reading, Cause::time, Cause::rule_gone, Cause::subject_gone})
    if (rules::name(cause) == text) return cause;
  return std::nullopt;
}

}  // namespace

std::string finding_text(Finding const& finding) { return json::serialize(finding_json(finding)); }

core::Result<Finding> finding_from(std::string_view text) {
  ZHILI_TRY(auto const object, parse_payload(text, alarm_payload, of_an_alarm));
  bool bad = false;
  auto out = finding_in(object, bad);
  if (bad) return bad_payload(alarm_payload, of_an_alarm, "a field has another type");
  return out;
}

std::string encode(Event const& event) {
  json::object out;
  put(out, "of", event.department);
  if (event.of == Kind::fault) out["kind"] = name(event.of);
  put(out, "rule", event.rule);
  put(out, "subject", event.subject);
  put(out, "n", event.number);
  if (event.finding) out["finding"] = finding_json(*event.finding);
  if (event.suppression) {
    out["until"] = core::to_ms(event.suppression->until);
    put(out, "window", event.suppression->window);
  }
  if (event.cause != Cause::reading) out["cause"] = rules::name(event.cause);
  put(out, "reason", event.reason);
  put(out, "post", event.assigned.post);
  put(out, "person", event.assigned.person);
  if (event.flapping) out["flapping"] = true;
  put(out, "signal", event.signal);
  put(out, "case", event.case_id);
  put_text(out, "waits", event.waits);
  return json::serialize(out);
}

core::Result<Event> decode(core::EventKind kind, core::Instant at, std::string_view actor, std::string_view payload) {
  ZHILI_TRY(auto const object, parse_payload(payload, alarm_payload, of_an_alarm));
  Payload in(object);
  Event out{.kind = kind, .at = at, .actor = std::string(actor), .department = in.text("of"), .of = in.text("kind") == name(Kind::fault) ? Kind::fault : Kind::condition,
            .rule = in.text("rule"), .subject = in.text("subject"), .number = in.number("n")};
  bool bad = false;
  if (auto const* finding = in.object("finding")) out.finding = finding_in(*finding, bad);
  if (auto const until = in.instant("until")) out.suppression = Suppression{*until, in.number("window")};
  if (in.has("cause")) {
    auto const cause = cause_from(in.text("cause"));
    bad = bad || !cause;
    out.cause = cause.value_or(Cause::reading);
  }
  out.reason = in.text("reason");
  out.assigned = {in.text("post"), in.text("person")};
  out.flapping = in.has("flapping");
  out.signal = in.number("signal");
  out.case_id = in.number("case");
  out.waits = text_in(in, "waits");
  if (bad || in.bad()) return bad_payload(alarm_payload, of_an_alarm, "a field has another type");
  return out;
}

}  // namespace zhili::respond::alarms
