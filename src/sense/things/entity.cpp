#include "sense/things/entity.hpp"

#include <algorithm>

namespace zhili::sense::things {

namespace {

constexpr Property thing_properties[] = {
    {"name", Kind::text, "name", true},
    {"description", Kind::text, "description", true},
    {"properties", Kind::object, "properties"},
};
constexpr Link thing_links[] = {
    {"Locations", EntityType::location, true, false, "thing", "location", "thing_location"},
    {"HistoricalLocations", EntityType::historical_location, true, false, {}, "thing"},
    {"Datastreams", EntityType::datastream, true, false, {}, "thing"},
};

constexpr Property location_properties[] = {
    {"name", Kind::text, "name", true},
    {"description", Kind::text, "description", true},
    {"encodingType", Kind::text, "encoding_type", true},
    {"location", Kind::geometry, "shape", true},
    {"properties", Kind::object, "properties"},
};
constexpr Link location_links[] = {
    {"Things", EntityType::thing, true, false, "location", "thing", "thing_location"},
    {"HistoricalLocations", EntityType::historical_location, true, false, "location", "historical_location", "historical_location_location"},
};

constexpr Property historical_location_properties[] = {
    {"time", Kind::instant, "at", true},
};
constexpr Link historical_location_links[] = {
    {"Thing", EntityType::thing, false, true, "thing"},
    {"Locations", EntityType::location, true, true, "historical_location", "location", "historical_location_location"},
};

constexpr Property datastream_properties[] = {
    {"name", Kind::text, "name", true},
    {"description", Kind::text, "description", true},
    {"observationType", Kind::text, "observation_type", true},
    {"unitOfMeasurement", Kind::object, "unit", true},
    {"observedArea", Kind::geometry, "shape"},
    {"phenomenonTime", Kind::interval, "phenomenon_from", false, true, "phenomenon_to"},
    {"resultTime", Kind::interval, "result_from", false, true, "result_to"},
    {"properties", Kind::object, "properties"},
};
constexpr Link datastream_links[] = {
    {"Thing", EntityType::thing, false, true, "thing"},
    {"Sensor", EntityType::sensor, false, true, "sensor"},
    {"ObservedProperty", EntityType::observed_property, false, true, "observed_property"},
    {"Observations", EntityType::observation, true},
};

constexpr Property sensor_properties[] = {
    {"name", Kind::text, "name", true},
    {"description", Kind::text, "description", true},
    {"encodingType", Kind::text, "encoding_type", true},
    {"metadata", Kind::json, "metadata", true},
    {"properties", Kind::object, "properties"},
};
constexpr Link sensor_links[] = {{"Datastreams", EntityType::datastream, true, false, {}, "sensor"}};

constexpr Property observed_property_properties[] = {
    {"name", Kind::text, "name", true},
    {"definition", Kind::text, "definition", true},
    {"description", Kind::text, "description", true},
    {"properties", Kind::object, "properties"},
};
constexpr Link observed_property_links[] = {{"Datastreams", EntityType::datastream, true, false, {}, "observed_property"}};

constexpr Property observation_properties[] = {
    {"phenomenonTime", Kind::interval, {}},
    {"result", Kind::json, {}, true},
    {"resultTime", Kind::instant, {}},
    {"resultQuality", Kind::json, {}},
    {"validTime", Kind::interval, {}},
    {"parameters", Kind::object, {}},
};
constexpr Link observation_links[] = {
    {"Datastream", EntityType::datastream, false, true},
    {"FeatureOfInterest", EntityType::feature_of_interest, false},
};

constexpr Property feature_properties[] = {
    {"name", Kind::text, "name", true},
    {"description", Kind::text, "description", true},
    {"encodingType", Kind::text, "encoding_type", true},
    {"feature", Kind::geometry, "shape", true},
    {"properties", Kind::object, "properties"},
};
constexpr Link feature_links[] = {{"Observations", EntityType::observation, true}};

constexpr Entity entities[] = {
    {EntityType::thing, "Thing", "Things", "thing", thing_properties, thing_links},
    {EntityType::location, "Location", "Locations", "location", location_properties, location_links},
    {EntityType::historical_location, "HistoricalLocation", "HistoricalLocations", "historical_location", historical_location_properties,
     historical_location_links},
    {EntityType::datastream, "Datastream", "Datastreams", "datastream", datastream_properties, datastream_links},
    {EntityType::sensor, "Sensor", "Sensors", "sensor", sensor_properties, sensor_links},
    {EntityType::observed_property, "ObservedProperty", "ObservedProperties", "observed_property", observed_property_properties,
     observed_property_links},
    {EntityType::observation, "Observation", "Observations", {}, observation_properties, observation_links},
    {EntityType::feature_of_interest, "FeatureOfInterest", "FeaturesOfInterest", "feature_of_interest", feature_properties, feature_links},
};
static_assert(std::size(entities) == entity_types);

}  // namespace

Property const* Entity::property(std::string_view wanted) const {
  auto const found = std::ranges::find(properties, wanted, &Property::name);
  return found == properties.end() ? nullptr : &*found;
}

Link const* Entity::link(std::string_view wanted) const {
  auto const found = std::ranges::find(links, wanted, &Link::name);
  return found == links.end() ? nullptr : &*found;
}

Entity const& entity(EntityType type) { return entities[static_cast<std::size_t>(type)]; }

Entity const* entity_of_set(std::string_view set) {
  auto const* const found = std::ranges::find(entities, set, &Entity::set);
  return found == std::end(entities) ? nullptr : found;
}

Entity const* entity_named(std::string_view name) {
  auto const* const found = std::ranges::find(entities, name, &Entity::name);
  return found == std::end(entities) ? nullptr : found;
}

std::span<Entity const> all_entities() { return entities; }

}  // namespace zhili::sense::things
