#include <boost/json.hpp>

#include "respond/signals/signal.hpp"

namespace zhili::respond {

namespace {

namespace json = boost::json;

void put_text(json::object& out, char const* key, std::string const& value) {
  if (!value.empty()) out[key] = value;
}

json::array strings(std::vector<std::string> const& all) {
  json::array out;
  for (auto const& one : all) out.emplace_back(one);
  return out;
}

std::string text(json::object const& o, char const* key) {
  auto const* value = o.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

Id number(json::object const& o, char const* key) {
  auto const* value = o.if_contains(key);
  return value && value->is_int64() ? value->as_int64() : 0;
}

std::vector<std::string> texts(json::value const* value) {
  std::vector<std::string> out;
  if (value && value->is_array())
    for (auto const& one : value->as_array())
      if (one.is_string()) out.emplace_back(one.as_string());
  return out;
}

void read_place(json::object const& o, SignalEvent& out) {
  auto const* place = o.if_contains("place");
  if (!place || !place->is_array() || place->as_array().size() != 2) return;
  auto const& pair = place->as_array();
  if (pair[0].is_int64() && pair[1].is_int64())
    out.place = core::LatLon{static_cast<std::int32_t>(pair[0].as_int64()), static_cast<std::int32_t>(pair[1].as_int64())};
}

Found found_of(std::string_view text) {
  for (auto const found : {Found::found, Found::not_found, Found::unable})
    if (text == name(found)) return found;
  return Found::unasked;
}

}  // namespace

std::string encode(SignalEvent const& event) {
  json::object out;
  if (event.role != Role::system) out["as"] = name(event.role);
  put_text(out, "item", event.item);
  put_text(out, "channel", event.channel);
  put_text(out, "condition", event.condition);
  put_text(out, "rule", event.rule);
  if (event.found != Found::unasked) out["found"] = name(event.found);
  put_text(out, "reason", event.reason);
  if (event.upheld) out["upheld"] = true;
  put_text(out, "department", event.department);
  put_text(out, "words", event.words);
  if (event.place) out["place"] = json::array{event.place->lat_e7, event.place->lon_e7};
  put_text(out, "address", event.address);
  if (!event.answers.empty()) {
    json::object answers;
    for (auto const& [code, values] : event.answers) answers[code] = strings(values);
    out["answers"] = std::move(answers);
  }
  if (!event.photos.empty()) out["photos"] = strings(event.photos);
  if (!event.media_urls.empty()) out["media_urls"] = strings(event.media_urls);
  if (event.is_private) out["hidden"] = true;
  if (!event.private_reference.empty()) out["private"] = json::parse(event.private_reference);
  if (event.incident != 0) out["incident"] = event.incident;
  if (event.case_id != 0) out["case"] = event.case_id;
  return json::serialize(out);
}

core::Result<SignalEvent> decode_signal(core::EventKind kind, core::Instant at, std::string_view actor, std::string_view payload) {
  boost::system::error_code error;
  auto const parsed = json::parse(json::string_view(payload.data(), payload.size()), error);
  if (error || !parsed.is_object())
    return core::fail(core::Errc::corrupt, "signal.payload",
                      {"账本中有一条信号记录无法读取。请运行 zhili ledger verify。",
                       "An entry of a signal in the ledger cannot be read. Run zhili ledger verify."});
  auto const& o = parsed.as_object();
  SignalEvent out{.kind = kind, .at = at, .actor = std::string(actor)};
  if (auto const role = role_from(text(o, "as"))) out.role = *role;
  out.item = text(o, "item");
  out.channel = text(o, "channel");
  out.condition = text(o, "condition");
  out.rule = text(o, "rule");
  out.found = found_of(text(o, "found"));
  out.reason = text(o, "reason");
  out.upheld = o.contains("upheld");
  out.department = text(o, "department");
  out.words = text(o, "words");
  read_place(o, out);
  out.address = text(o, "address");
  if (auto const* answers = o.if_contains("answers"); answers && answers->is_object())
    for (auto const& [code, values] : answers->as_object()) out.answers.emplace_back(std::string(code), texts(&values));
  out.photos = texts(o.if_contains("photos"));
  out.media_urls = texts(o.if_contains("media_urls"));
  out.is_private = o.contains("hidden");
  if (auto const* reference = o.if_contains("private")) out.private_reference = json::serialize(*reference);
  out.incident = number(o, "incident");
  out.case_id = number(o, "case");
  return out;
}

}  // namespace zhili::respond
