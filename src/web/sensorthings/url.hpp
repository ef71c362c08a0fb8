#pragma once
// The language of SensorThings' URLs: resource paths and query options. Pure functions; every refusal names the option, the position
// and what would be right. Fuzzed.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/things/query.hpp"
#include "web/http.hpp"

namespace zhili::web::sensorthings {

namespace things = sense::things;

inline constexpr std::size_t path_steps_max = 8;
inline constexpr std::size_t option_bytes_max = 8 * 1024;  ///< as long as a request's target may be
inline constexpr std::size_t skip_token_bytes_max = 4'000;

/// `Datastreams(2)` of `Things(1)/Datastreams(2)`.
struct Step {
  things::Entity const* entity = nullptr;
  things::Link const* link = nullptr;  ///< from the step before; null: the first
  std::optional<things::Id> id = {};
  /// A whole collection, not one entity.
  bool many() const { return !id && (link == nullptr || link->many); }
};

struct ResourcePath {
  std::vector<Step> steps = {};  ///< never empty
  things::Property const* property = nullptr;
  bool own_id = false;                 ///< `/@iot.id` or `/id`
  std::vector<std::string> keys = {};  ///< inside of the property
  bool value = false;                  ///< `/$value`
  bool ref = false;                    ///< `/$ref`
  things::Entity const& entity() const { return *steps.back().entity; }
};

/// Reads what follows the service root, without a leading slash: "Things(1)/Datastreams". Errors: not_found (no such set, link or
/// property), invalid (an id that is no number).
core::Result<ResourcePath> read_path(std::string_view text);

/// Query options of a collection or an entity of this type. `now`: what now() in a filter means. Errors: invalid, `field` is the option.
core::Result<things::Query> read_query(things::EntityType type, Fields const& options, core::Instant now);

/// A filter by itself. Errors: invalid, `field` "$filter".
core::Result<things::Expr> read_filter(std::string_view text, things::EntityType type, core::Instant now);

/// Of `After`: letters, digits and `.~-`, so it needs no escapes.
std::string write_skip_token(things::After const& after);
/// Errors: invalid.
core::Result<things::After> read_skip_token(std::string_view text);

/// A time as the standard writes it: "2026-11-21T08:05:00Z", with a fraction of a second or without. Errors: invalid.
core::Result<core::Instant> read_time(std::string_view text);
/// "BEGIN/END", a time, or "BEGIN/P1D". Errors: invalid.
core::Result<things::Span> read_span(std::string_view text);
/// "P1DT2H3M4.5S", with a sign or without; no years and months, which have no fixed length. Nothing: it is none.
std::optional<core::Duration> read_duration(std::string_view text);

}  // namespace zhili::web::sensorthings
