#pragma once
// The eight entities of OGC SensorThings API 1.1 (18-088): what each is called, what it has, and what it is linked to. One table,
// from which storing, asking, checking and writing follow.

#include <cstdint>
#include <span>
#include <string_view>

namespace zhili::sense::things {

/// `@iot.id`: numbered from 1 for each kind of entity, and never given twice (decision 0046); of an Observation, what its store calls it.
using Id = std::int64_t;

enum class EntityType : std::uint8_t {
  thing,
  location,
  historical_location,
  datastream,
  sensor,
  observed_property,
  observation,
  feature_of_interest,
};
inline constexpr std::size_t entity_types = 8;

/// What a property holds.
enum class Kind : std::uint8_t {
  text,
  json,      ///< any JSON value
  object,    ///< a JSON object
  geometry,  ///< GeoJSON if the encodingType says so; else any JSON value
  instant,
  interval,  ///< a time, or two of them
};

struct Property {
  std::string_view name;    ///< as in JSON: "encodingType"
  Kind kind;
  std::string_view column;  ///< of its table; of an interval the first of two, see `column_end`; of an Observation nothing
  bool needed = false;      ///< a POST without it is refused
  bool made = false;        ///< the service makes it; what a client sends is ignored
  std::string_view column_end = {};
};

struct Link {
  std::string_view name;  ///< "Datastreams", "Thing"
  EntityType to;
  bool many;
  bool needed = false;    ///< a POST without it is refused
  /// How rows meet: `own` is a column here that holds the other's id; or `other` is a column there that holds this one's; or both stand in
  /// the table `by`, this one's id in its column `own`, the other's in its column `other`. All empty: to or from Observations, which
  /// another store has.
  std::string_view own = {};
  std::string_view other = {};
  std::string_view by = {};
};

struct Entity {
  EntityType type;
  std::string_view name;   ///< "ObservedProperty"
  std::string_view set;    ///< "ObservedProperties"
  std::string_view table;  ///< "observed_property"; of an Observation nothing
  std::span<Property const> properties;
  std::span<Link const> links;

  Property const* property(std::string_view wanted) const;
  Link const* link(std::string_view wanted) const;
  /// Position in `properties`; the property must be one of them.
  std::size_t index(Property const& property) const { return static_cast<std::size_t>(&property - properties.data()); }
};

Entity const& entity(EntityType type);
/// "Things" → Thing; null: there is no such set.
Entity const* entity_of_set(std::string_view set);
/// "Thing" → Thing; null: there is no such entity.
Entity const* entity_named(std::string_view name);
std::span<Entity const> all_entities();

}  // namespace zhili::sense::things
