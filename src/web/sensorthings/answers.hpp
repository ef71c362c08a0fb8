#pragma once
// What the routes of SensorThings share: finding what a path means, and errors. Used in this folder only.

#include <optional>
#include <string>

#include "sense/things/reading.hpp"
#include "web/sensorthings/render.hpp"
#include "web/sensorthings/sensorthings.hpp"
#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

/// What a path leads to: an entity, or a collection.
struct Target {
  things::EntityType type = things::EntityType::thing;
  std::optional<things::Id> id = {};           ///< nothing: a collection
  std::optional<things::From> from = {};       ///< of a collection: on what it hangs
};

/// Errors: not_found: an entity on the way is not there, or may not be seen, or is not linked so.
core::Result<Target> resolve(things::Reading& reading, ResourcePath const& path);

/// An error as an answer. What a named limit of this interface refuses is the request's fault, and no use to send again.
Response refused(core::Error error);

std::string root_of(Request const& request);
things::ReadingParts reading_parts(SensorThingsParts const& parts, things::Viewer const& viewer);
/// Filters and orders by the time of datastreams see what is written down: sees to it that it is.
core::Result<> write_extents(SensorThingsParts const& parts, things::Query const& query);
core::Error no_method(std::string_view allowed);

}  // namespace zhili::web::sensorthings
