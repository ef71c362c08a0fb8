#pragma once
// An entity as somebody wants it to be: for making one with all that hangs on it, and for changing one.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/geo.hpp"
#include "core/time.hpp"
#include "sense/things/entity.hpp"

namespace zhili::sense::things {

inline constexpr std::size_t name_bytes_max = 1'000;
inline constexpr std::size_t text_bytes_max = 20'000;       ///< description, definition, encodingType
inline constexpr std::size_t json_bytes_max = 256 * 1024;   ///< of one property: properties, metadata, location
inline constexpr std::size_t draft_depth_max = 8;           ///< entities in entities
inline constexpr std::size_t draft_entities_max = 2'000;    ///< made by one request, Observations not counted
inline constexpr std::size_t draft_observations_max = 20'000;

/// A time, or two of them: `end` is absent for a point in time.
struct Span {
  core::Instant begin;
  std::optional<core::Instant> end = {};
  bool operator==(Span const&) const = default;
};

/// JSON text that is known to be well-formed, compact, finite, and without NUL.
struct Json {
  std::string text;
  bool operator==(Json const&) const = default;
};

/// The value of a property. Nothing: null.
using Content = std::variant<std::monostate, std::string, Json, core::Instant, Span>;

struct Draft;

/// What is said of one link: one entity or several.
struct DraftLink {
  Link const* link;
  std::vector<Draft> to;
};

struct Draft {
  EntityType type = EntityType::thing;
  std::optional<Id> existing = {};  ///< no new one but a link to this one; everything else is empty
  std::vector<std::pair<Property const*, Content>> values = {};  ///< what is said; each property at most once
  std::vector<DraftLink> links;
  std::string where = {};  ///< where it stood, for errors: "Datastreams.0.Sensor"; empty: on top

  // Not in the standard, and never from a client:
  std::string device_type = {};  ///< of a Datastream or Sensor: the device type of a pack
  std::string stream = {};       ///< of a Datastream: which of its streams; of an ObservedProperty: the property of a pack

  Draft& set(std::string_view property, Content content);
  Draft& link_to(std::string_view link, Draft draft);
  Draft& link_to(std::string_view link, Id id);
  Content const* find(Property const& property) const;
  DraftLink const* find(Link const& link) const;
};

/// A point as a GeoJSON geometry.
Json point_json(core::LatLon at);
/// A text as JSON.
Json json_text(std::string_view text);

}  // namespace zhili::sense::things
