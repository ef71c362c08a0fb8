#include <boost/json.hpp>

#include "respond/payload.hpp"
#include "respond/signals/signal.hpp"

namespace zhili::respond {

namespace {

namespace json = boost::json;

constexpr auto signal_payload = "signal.payload";
core::Text const of_a_signal{"信号", "signal"};

std::optional<core::LatLon> place_from(Payload& in) {
  auto const* pair = in.array("place");
  if (!pair) return std::nullopt;
  if (pair->size() != 2) return in.is_bad(), std::nullopt;
  return core::LatLon{static_cast<std::int32_t>(in.number(&pair->at(0))), static_cast<std::int32_t>(in.number(&pair->at(1)))};
}

Found found_of(std::string_view text) {
  for (auto const found : {Found::found, Found::not_found, Found::unable})
    if (text == name(found)) return found;
  return Found::unasked;
}

/// The score, then each part as [name, weight, score, amount].
json::array alike_json(Alike const& alike) {
  json::array out{alike.score};
  for (auto const& part : alike.parts) out.push_back(json::array{name(part.part), part.weight, part.score, part.amount});
  return out;
}

std::optional<Part> part_of(std::string_view text) {
  for (std::size_t i = 0; i < part_count; ++i)
    if (text == name(static_cast<Part>(i))) return static_cast<Part>(i);
  return std::nullopt;
}

std::optional<Alike> alike_from(Payload& in) {
  auto const* all = in.array("alike");
  if (!all || all->empty()) return in.is_bad(), std::nullopt;
  Alike out{.score = static_cast<std::int32_t>(in.number(&all->front())), .parts = {}};
  for (std::size_t i = 1; i < all->size(); ++i) {
    auto const* one = (*all)[i].if_array();
    auto const part = one && one->size() == 4 ? part_of(in.text(&one->front())) : std::nullopt;
    if (!part) return in.is_bad(), std::nullopt;
    out.parts.push_back({*part, static_cast<std::int32_t>(in.number(&one->at(1))), static_cast<std::int32_t>(in.number(&one->at(2))),
                         in.number(&one->at(3))});
  }
  return out;
}

}  // namespace

std::string encode(SignalEvent const& event) {
  json::object out;
  if (event.role != Role::system) out["as"] = name(event.role);
  put(out, "item", event.item);
  put(out, "channel", event.channel);
  put(out, "condition", event.condition);
  put(out, "rule", event.rule);
  if (event.found != Found::unasked) out["found"] = name(event.found);
  put(out, "reason", event.reason);
  if (event.upheld) out["upheld"] = true;
  put(out, "department", event.department);
  put(out, "words", event.words);
  if (event.place) out["place"] = json::array{event.place->lat_e7, event.place->lon_e7};
  put(out, "address", event.address);
  if (!event.answers.empty()) {
    json::object answers;
    for (auto const& [code, values] : event.answers) {
      answers[code].emplace_array();
      put(answers, code, values);
    }
    out["answers"] = std::move(answers);
  }
  put(out, "photos", event.photos);
  put(out, "media_urls", event.media_urls);
  put(out, "withheld", event.withheld);
  put(out, "photos_until", event.photos_until);
  if (event.is_private) out["hidden"] = true;
  if (!event.private_reference.empty()) out["private"] = json::parse(event.private_reference);
  put(out, "incident", event.incident);
  put(out, "case", event.case_id);
  put(out, "other", event.other);
  put(out, "with", event.with);
  if (event.alike) out["alike"] = alike_json(*event.alike);
  put(out, "what", event.what);
  put(out, "clocks", event.clocks, event.at);
  return json::serialize(out);
}

core::Result<SignalEvent> decode_signal(core::EventKind kind, core::Instant at, std::string_view actor, std::string_view payload) {
  ZHILI_TRY(auto const object, parse_payload(payload, signal_payload, of_a_signal));
  Payload in(object);
  SignalEvent out{.kind = kind, .at = at, .actor = std::string(actor)};
  if (auto const role = role_from(in.text("as"))) out.role = *role;
  out.item = in.text("item");
  out.channel = in.text("channel");
  out.condition = in.text("condition");
  out.rule = in.text("rule");
  out.found = found_of(in.text("found"));
  out.reason = in.text("reason");
  out.upheld = in.has("upheld");
  out.department = in.text("department");
  out.words = in.text("words");
  out.place = place_from(in);
  out.address = in.text("address");
  if (auto const* answers = in.object("answers"))
    for (auto const& [code, values] : *answers) out.answers.emplace_back(std::string(code), in.texts(&values));
  out.photos = in.texts("photos");
  out.media_urls = in.texts("media_urls");
  out.withheld = in.texts("withheld");
  out.photos_until = in.number("photos_until");
  out.is_private = in.has("hidden");
  if (auto const* reference = in.object("private")) out.private_reference = json::serialize(*reference);
  out.incident = in.number("incident");
  out.case_id = in.number("case");
  out.other = in.number("other");
  out.with = in.number("with");
  if (in.has("alike")) out.alike = alike_from(in);
  out.what = in.text("what");
  out.clocks = in.steps("clocks", at);
  if (in.bad()) return bad_payload(signal_payload, of_a_signal, "a field has another type");
  return out;
}

}  // namespace zhili::respond
