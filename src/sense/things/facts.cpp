// Datastreams as those need them who judge observations, and devices as Things.
#include <fmt/format.h>

#include "sense/things/making.hpp"

namespace zhili::sense::things {

namespace {

constexpr std::string_view fact_columns =
    "SELECT d.id, d.thing, d.observation_type, d.unit_code, d.device_type, d.stream, p.definition, CASE WHEN d.is_private = 1 OR t.is_private = 1 THEN 1 ELSE 0 END "
    "FROM datastream d JOIN thing t ON t.id = d.thing JOIN observed_property p ON p.id = d.observed_property ";

template <class... Args>
void visit_facts(store::Reader& r, std::string_view where, std::function<void(DatastreamFacts)> const& visit, Args const&... args) {
  r.each<Id, Id, std::string, std::string, std::string, std::string, std::string, std::int64_t>(
      std::string(fact_columns) + std::string(where),
      [&](Id id, Id thing, std::string type, std::string unit, std::string device_type, std::string stream, std::string property, std::int64_t is_private) {
        visit({id, thing, std::move(type), std::move(unit), std::move(device_type), std::move(stream), std::move(property), is_private != 0});
      },
      args...);
}

}  // namespace

void Things::each_datastream(store::Reader& r, std::function<void(DatastreamFacts)> const& visit) { visit_facts(r, "ORDER BY d.id", visit); }

std::optional<DatastreamFacts> Things::datastream(store::Reader& r, Id id) {
  std::optional<DatastreamFacts> out;
  visit_facts(r, "WHERE d.id = ?", [&](DatastreamFacts facts) { out = std::move(facts); }, id);
  return out;
}

void Things::tell(Change const& change) const {
  if (listener_) listener_(change);
}

void Things::told(std::span<Id const> datastreams) {
  forget_features();
  if (datastreams.empty() || !listener_) return;
  Change change;
  auto const read = db_.read([&](store::Reader& r) -> core::Result<> {
    for (auto const id : datastreams) {
      if (auto facts = datastream(r, id)) {
        change.datastreams.push_back(std::move(*facts));
      } else {
        change.gone.push_back(id);
      }
    }
    return {};
  });
  if (read) tell(change);
}

core::Result<MadeThing> Things::make_thing(store::Writer& w, NewThing const& wanted, Author const& author) const {
  Draft thing;
  thing.set("name", wanted.name).set("description", wanted.description);
  if (!wanted.properties.empty()) thing.set("properties", Json{wanted.properties});
  if (wanted.at) {
    Draft place;
    place.type = EntityType::location;
    auto const& name = wanted.place_name.empty() ? wanted.name : wanted.place_name;
    place.set("name", name).set("description", name).set("encodingType", "application/geo+json").set("location", point_json(*wanted.at));
    thing.link_to("Locations", std::move(place));
  }
  for (auto const& one : wanted.datastreams) {
    Draft stream;
    stream.type = EntityType::datastream;
    auto const unit = fmt::format(R"({{"name":{},"symbol":{},"definition":{}}})", json_text(one.unit.name).text, json_text(one.unit.symbol).text,
                                  one.unit.code.empty() ? "null" : json_text("ucum:" + one.unit.code).text);
    stream.set("name", one.name).set("description", one.description).set("observationType", one.observation_type).set("unitOfMeasurement", Json{unit});
    if (!one.properties.empty()) stream.set("properties", Json{one.properties});
    stream.link_to("Sensor", one.sensor).link_to("ObservedProperty", one.observed_property);
    stream.device_type = one.device_type;
    stream.stream = one.stream;
    thing.link_to("Datastreams", std::move(stream));
  }
  ZHILI_TRY(auto const made, make(w, thing, author));
  MadeThing out{.thing = made.id, .datastreams = made.datastreams};
  out.location = w.value<Id>("SELECT location FROM thing_location WHERE thing = ?", made.id).value_or(0);
  return out;
}

core::Result<Id> Things::sensor_for(store::Writer& w, std::string_view device_type, Draft const& otherwise, Author const& author) const {
  if (auto const found = w.value<Id>("SELECT id FROM sensor WHERE device_type = ?", device_type)) return *found;
  auto draft = otherwise;
  draft.type = EntityType::sensor;
  draft.device_type = device_type;
  ZHILI_TRY(auto const made, make(w, draft, author));
  return made.id;
}

core::Result<Id> Things::observed_property_for(store::Writer& w, std::string_view code, Draft const& otherwise, Author const& author) const {
  if (auto const found = w.value<Id>("SELECT id FROM observed_property WHERE code = ?", code)) return *found;
  auto draft = otherwise;
  draft.type = EntityType::observed_property;
  draft.stream = code;
  ZHILI_TRY(auto const made, make(w, draft, author));
  return made.id;
}

std::optional<ThingFacts> Things::thing(store::Reader& r, Id id) {
  auto const found = r.row<std::string, std::int64_t>("SELECT name, is_private FROM thing WHERE id = ?", id);
  if (!found) return std::nullopt;
  ThingFacts out{.id = id, .name = std::get<0>(*found), .at = {}, .is_private = std::get<1>(*found) != 0};
  auto const box = r.row<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      "SELECT l.west, l.south, l.east, l.north, l.is_private FROM thing_location tl JOIN location l ON l.id = tl.location WHERE tl.thing = ? AND l.west IS NOT NULL ORDER BY l.id LIMIT 1", id);
  if (!box) return out;
  auto const& [west, south, east, north, hidden] = *box;
  out.at = core::LatLon{static_cast<std::int32_t>((south + north) / 2), static_cast<std::int32_t>((west + east) / 2)};
  out.is_private = out.is_private || hidden != 0;
  return out;
}

}  // namespace zhili::sense::things
