#include "respond/cases/codec.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstddef>

#include "respond/payload.hpp"

namespace zhili::respond {

namespace {

namespace json = boost::json;

constexpr auto case_payload = "case.payload";
core::Text const of_a_case{"案卷", "case"};

void put_opening(json::object& out, Opening const& opening) {
  put(out, "item", opening.item.code);
  put(out, "signal", opening.signal);
  put(out, "incident", opening.incident);
  put(out, "pack", opening.item.pack);
  put(out, "version", opening.item.version);
  put(out, "condition", opening.condition);
  put(out, "received", core::to_ms(opening.received_at));
  put(out, "rule", opening.rule);
  if (opening.stage != Stage::registered) out["stage"] = name(opening.stage);
  put(out, "promised", opening.promised);
  put(out, "closed", opening.closed_at);
  put(out, "no", opening.external_no);
  put(out, "contradiction", opening.contradiction);
}

Opening opening_from(json::object const& object, bool& bad) {
  Payload in(object);
  Opening out;
  out.signal = in.number("signal");
  out.incident = in.number("incident");
  out.item = {in.text("item"), in.text("pack"), in.text("version")};
  out.condition = in.text("condition");
  out.received_at = core::from_ms(in.number("received"));
  out.rule = in.text("rule");
  if (auto const text = in.text("stage"); !text.empty()) {
    auto const stage = stage_from(text);
    bad = bad || !stage;
    if (stage) out.stage = *stage;
  }
  out.promised = in.instant("promised");
  out.closed_at = in.instant("closed");
  out.external_no = in.text("no");
  out.contradiction = in.text("contradiction");
  bad = bad || in.bad();
  return out;
}

std::vector<Photo> photos_from(Payload& in) {
  std::vector<Photo> out;
  auto const* photos = in.array("photos");
  for (auto const& photo : photos ? *photos : json::array{}) {
    auto const* pair = photo.if_array();
    if (pair && pair->size() >= 2)
      out.push_back({in.text(&pair->at(0)), in.text(&pair->at(1))});
    else
      in.is_bad();
  }
  return out;
}

}  // namespace

std::string encode(Event const& event) {
  constexpr std::size_t usual_bytes = 4'096;
  std::array<unsigned char, usual_bytes> first;  // an import encodes a hundred thousand: most need no memory of their own
  json::monotonic_resource memory(first.data(), first.size());
  json::object out(&memory);
  put(out, "of", event.actor_department);
  if (event.role != Role::system) out["as"] = name(event.role);
  put(out, "reason", event.reason);
  put(out, "department", event.department);
  put(out, "post", event.post);
  put(out, "person", event.person);
  put(out, "until", event.until);
  put(out, "n", event.number);
  put(out, "level", event.level);
  put(out, "what", event.what);
  put(out, "because", event.duty_because);
  put(out, "into", event.into);
  if (!event.photos.empty()) {
    auto& photos = out["photos"].emplace_array();
    for (auto const& photo : event.photos) photos.push_back(json::array{json::string(photo.name), json::string(photo.shows)});
  }
  put(out, "clocks", event.clocks, event.at);
  if (event.opening) put_opening(out["opening"].emplace_object(), *event.opening);
  return json::serialize(out);
}

core::Result<Event> decode(core::EventKind kind, core::Instant when, std::string_view actor,
                           std::string_view payload) {
  ZHILI_TRY(auto const object, parse_payload(payload, case_payload, of_a_case));
  Payload in(object);
  Event event{.kind = kind, .at = when, .actor = std::string(actor)};
  event.actor_department = in.text("of");
  if (auto const role = role_from(in.text("as"))) event.role = *role;
  event.reason = in.text("reason");
  event.department = in.text("department");
  event.post = in.text("post");
  event.person = in.text("person");
  event.until = in.instant("until");
  event.number = static_cast<int>(in.number("n"));
  event.level = static_cast<int>(in.number("level"));
  event.what = in.text("what");
  event.duty_because = in.text("because");
  event.into = in.number("into");
  event.photos = photos_from(in);
  event.clocks = in.steps("clocks", event.at);
  bool bad = in.bad();
  if (auto const* opening = in.object("opening")) event.opening = opening_from(*opening, bad);
  if (bad || in.bad()) return bad_payload(case_payload, of_a_case, "a field has another type");
  return event;
}

}  // namespace zhili::respond
