#include "app/sensing/device_things.hpp"

#include <boost/json.hpp>

namespace zhili::app {

namespace devices = sense::devices;
namespace things = sense::things;
using boost::json::object;

namespace {

/// SensorThings has one language; what people read is in properties, in both.
std::string either(core::Text const& text, std::string_view otherwise) { return !text.zh.empty() ? text.zh : !text.en.empty() ? text.en : std::string(otherwise); }

object both(core::Text const& text) { return {{"zh", text.zh}, {"en", text.en}}; }

std::string thing_properties(devices::WantedThing const& wanted) {
  object out{{"serial", wanted.serial}};
  if (wanted.type) {
    out["deviceType"] = wanted.type->id;
    out["typeName"] = both(wanted.type->name);
  }
  if (wanted.is_private) out["private"] = true;
  return boost::json::serialize(out);
}

things::Draft place_draft(devices::WantedThing const& wanted) {
  auto const& name = wanted.place.empty() ? wanted.name : wanted.place;
  things::Draft out;
  out.type = things::EntityType::location;
  out.set("name", name).set("description", name).set("encodingType", "application/geo+json").set("location", things::point_json(*wanted.at));
  if (wanted.is_private) out.set("properties", things::Json{R"({"private":true})"});
  return out;
}

}  // namespace

core::Result<things::NewDatastream> DeviceThings::stream(store::Writer& w, catalogue::StreamType const& stream, devices::WantedThing const& wanted, std::int64_t sensor, things::Author const& author) const {
  auto const* property = catalogue_->property(stream.property);
  if (!property)
    return core::fail(core::Errc::corrupt, "device.property", {"场景包缺少观测属性 " + stream.property + "。", "The packs lack the observed property " + stream.property + "."}, stream.property);
  things::Draft draft;
  draft.type = things::EntityType::observed_property;
  draft.set("name", either(property->name, property->id)).set("definition", property->definition).set("description", either(property->about, either(property->name, property->id)));
  draft.set("properties", things::Json{boost::json::serialize(object{{"code", property->id}, {"name", both(property->name)}})});
  ZHILI_TRY(auto const observed, things_.observed_property_for(w, property->id, draft, author));
  auto const name = either(stream.name, stream.id);
  return things::NewDatastream{.name = wanted.name + " · " + name,
                               .description = name,
                               .observation_type = std::string(catalogue::observation_type(property->kind)),
                               .unit = {.name = property->unit, .symbol = core::unit_symbol(property->unit), .code = property->unit},
                               .sensor = sensor,
                               .observed_property = observed,
                               .device_type = wanted.type->id,
                               .stream = stream.id,
                               .properties = boost::json::serialize(object{{"stream", stream.id}, {"name", both(stream.name)}})};
}

core::Result<devices::MadeThing> DeviceThings::make(store::Writer& w, devices::WantedThing const& wanted, std::string const& actor) {
  things::Author const author{.ref = actor, .staff = true};
  auto const& type = *wanted.type;
  things::Draft sensor;
  sensor.type = things::EntityType::sensor;
  auto const about = either(type.sensor.description, either(type.about, either(type.name, type.id)));
  sensor.set("name", either(type.name, type.id)).set("description", about).set("encodingType", type.sensor.encoding.empty() ? std::string("text/html") : type.sensor.encoding);
  sensor.set("metadata", things::json_text(type.sensor.metadata.empty() ? about : type.sensor.metadata));
  sensor.set("properties", things::Json{boost::json::serialize(object{{"deviceType", type.id}, {"name", both(type.name)}})});
  ZHILI_TRY(auto const sensor_id, things_.sensor_for(w, type.id, sensor, author));
  things::NewThing thing{.name = wanted.name, .description = either(type.name, type.id) + " " + wanted.serial, .properties = thing_properties(wanted), .at = wanted.at, .place_name = wanted.place};
  for (auto const& one : type.streams) {
    ZHILI_TRY(auto made, stream(w, one, wanted, sensor_id, author));
    thing.datastreams.push_back(std::move(made));
  }
  ZHILI_TRY(auto made, things_.make_thing(w, thing, author));
  return devices::MadeThing{.thing = made.thing, .datastreams = std::move(made.datastreams)};
}

core::Result<> DeviceThings::change(store::Writer& w, std::int64_t thing, devices::WantedThing const& wanted, bool moved, std::string const& actor) {
  things::Author const author{.ref = actor, .staff = true};
  things::Draft draft;
  draft.set("name", wanted.name);
  if (moved && wanted.at) {
    ZHILI_TRY(auto const place, things_.make(w, place_draft(wanted), author));
    draft.link_to("Locations", place.id);
  }
  return things_.change(w, things::EntityType::thing, thing, draft, author);
}

}  // namespace zhili::app
