#include "app/sensing/thing_maker.hpp"

#include <boost/json.hpp>

namespace zhili::app {

using namespace sense;

namespace {

namespace json = boost::json;

/// Texts of packs in both languages, in one line: a Thing has one name.
std::string both(core::Text const& text) { return text.zh == text.en ? text.zh : text.zh + " · " + text.en; }

std::string properties_of(devices::WantedThing const& wanted) {
  json::object out{{"serial", wanted.serial}, {"deviceType", wanted.type->id}};
  if (wanted.is_private) out["private"] = true;
  return json::serialize(out);
}

things::Draft location_of(devices::WantedThing const& wanted) {
  things::Draft out{.type = things::EntityType::location, .links = {}};
  auto const name = wanted.place.empty() ? wanted.name : wanted.place;
  out.set("name", name).set("description", name).set("encodingType", std::string("application/geo+json")).set("location", things::point_json(*wanted.at));
  return out;
}

}  // namespace

core::Result<things::NewDatastream> DeviceThings::datastream_of(store::Writer& w, catalogue::DeviceType const& type, catalogue::StreamType const& stream, std::int64_t sensor,
                                                                things::Author const& author) const {
  auto const* property = catalogue_->property(stream.property);
  if (!property)
    return core::fail(core::Errc::internal, "sensing.property", {"这个设备类型的观测属性不见了。", "An observed property of this device type is missing."}, "type", stream.property);
  things::Draft wanted{.type = things::EntityType::observed_property, .links = {}};
  wanted.set("name", both(property->name)).set("definition", property->definition).set("description", property->about.zh.empty() ? both(property->name) : both(property->about));
  ZHILI_TRY(auto const observed, things_.observed_property_for(w, property->id, wanted, author));
  things::NewDatastream out;
  out.name = both(stream.name.zh.empty() ? property->name : stream.name);
  out.description = out.name;
  out.observation_type = catalogue::observation_type(stream.kind);
  out.unit = {.name = property->unit, .symbol = property->unit, .code = property->unit};
  out.sensor = sensor;
  out.observed_property = observed;
  out.device_type = type.id;
  out.stream = stream.id;
  return out;
}

core::Result<devices::MadeThing> DeviceThings::make(store::Writer& w, devices::WantedThing const& wanted, std::string const& actor) {
  things::Author const author{.ref = actor, .staff = true};
  auto const& type = *wanted.type;
  things::Draft sensor{.type = things::EntityType::sensor, .links = {}};
  auto const about = type.sensor.description.zh.empty() ? type.name : type.sensor.description;
  sensor.set("name", both(type.name)).set("description", both(about)).set("encodingType", type.sensor.encoding).set("metadata", things::json_text(type.sensor.metadata));
  ZHILI_TRY(auto const sensor_id, things_.sensor_for(w, type.id, sensor, author));
  things::NewThing thing{.name = wanted.name, .description = both(type.name), .properties = properties_of(wanted), .at = wanted.at, .place_name = wanted.place};
  for (auto const& stream : type.streams) {
    ZHILI_TRY(auto datastream, datastream_of(w, type, stream, sensor_id, author));
    thing.datastreams.push_back(std::move(datastream));
  }
  ZHILI_TRY(auto made, things_.make_thing(w, thing, author));
  return devices::MadeThing{made.thing, std::move(made.datastreams)};
}

core::Result<> DeviceThings::change(store::Writer& w, std::int64_t thing, devices::WantedThing const& wanted, bool moved, std::string const& actor) {
  things::Author const author{.ref = actor, .staff = true};
  things::Draft draft{.type = things::EntityType::thing, .links = {}};
  draft.set("name", wanted.name);
  if (moved && wanted.at) {
    ZHILI_TRY(auto const location, things_.make(w, location_of(wanted), author));
    draft.link_to("Locations", location.id);  // the Thing's history of locations follows by itself
  }
  return things_.change(w, things::EntityType::thing, thing, draft, author);
}

}  // namespace zhili::app
