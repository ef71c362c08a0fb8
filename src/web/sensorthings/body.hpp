#pragma once
// What clients send: entities with others inside of them, and changes. Pure functions over JSON; every refusal names the field.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "sense/ingest/incoming.hpp"
#include "sense/things/draft.hpp"
#include "sense/things/observation_source.hpp"

namespace zhili::web::sensorthings {

namespace things = sense::things;

inline constexpr std::size_t entity_body_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t patch_steps_max = 200;

/// An entity of the type, with what is inside of it. `{"@iot.id": 5}` alone, inside, is a link to what exists; an id beside other members is
/// ignored, as are control information and what the service makes. Other names are refused. Errors: invalid, limit.
core::Result<things::Draft> read_entity(things::EntityType type, std::string_view json);

/// The JSON Patch (RFC 6902) of an entity: what it changes, as a draft. `now`: the entity's own properties as JSON. Errors: invalid (the
/// patch, or what would come of it), conflict (a test fails).
core::Result<things::Draft> read_patch(things::EntityType type, std::string_view json, std::string_view now);

/// JSON without blanks, as it is stored. Errors: invalid: it has numbers that no computer holds, or NUL.
core::Result<things::Json> compact(std::string_view json, std::string const& field);

/// One observation of a draft as a row of a batch. Errors: invalid.
core::Result<> add_observation(sense::ingest::Batch& batch, things::Draft const& draft, things::Id datastream, things::Id feature);

/// A value of an observation from JSON: number, text, truth, or JSON as it stands.
core::Result<things::Outcome> outcome_of(std::string_view json);

/// An observation with the changes of a draft. Errors: invalid.
core::Result<> apply(things::ObservationRow& row, things::Draft const& draft);

}  // namespace zhili::web::sensorthings
