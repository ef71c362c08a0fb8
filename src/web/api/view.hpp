#pragma once
// How cases are shown: JSON, and what of them everybody may see.

#include <boost/json/fwd.hpp>
#include <vector>

#include "core/clock.hpp"
#include "respond/cases/query.hpp"
#include "web/api/api.hpp"
#include "web/operation/shape.hpp"

namespace zhili::web {

// A list has thousands of small objects. Whoever makes one gives memory for all of them that is let go at once.

/// `{zh, en}`.
boost::json::object to_json(core::Text const& text);
boost::json::object to_json(core::Text const& text, boost::json::storage_ptr const& memory);

/// ISO 8601 in the installation's zone, or null.
boost::json::value time_json(std::optional<core::Instant> at, core::Zone const& zone);
boost::json::value time_json(std::optional<core::Instant> at, core::Zone const& zone, boost::json::storage_ptr const& memory);

/// Errors: not_found, always.
tl::unexpected<core::Error> no_such_case();
/// By the public number, or by the source's own. Errors: not_found.
core::Result<respond::CaseLine> case_by_number(store::Reader& reader, std::string_view no, ApiParts const& parts);

/// The public number of a case: the source's own where it has one.
std::string case_number(respond::CaseLine const& line, ApiParts const& parts);

/// Where a case is shown: exactly after release, else at the centre of its grid, else of its cell on the map.
struct ShownPlace {
  std::optional<core::LatLon> at;
  bool exact = false;
};
ShownPlace shown_place(respond::CaseLine const& line, sense::places::PlaceIndex const& places);

/// A clock as a screen draws it: name, unit, budget, used, left (in parts of the unit: see core::Amount), due_at, state,
/// because.
boost::json::object clock_json(core::Clock const& clock, core::Instant now, ApiParts const& parts,
                               boost::json::storage_ptr const& memory);

/// The clocks of each case, as their table keeps them; of a recorded case the one promise that its source made.
std::vector<std::vector<core::Clock>> clocks_of(store::Reader& reader, std::vector<respond::CaseLine> const& lines);
/// Those of one case.
std::vector<core::Clock> clocks_of(store::Reader& reader, respond::CaseLine const& line);

/// The ETag of a case or a report: its version, and the beat of the clocks that are shown with it. A strong one in quotes. Who is
/// shown more than everybody gets another one (`on_duty`), so that signing in does not leave the old page standing.
std::string version_tag(std::int64_t version, core::Instant now, bool on_duty = false);
/// The version in such a tag, whatever its beat: clocks that went on are no change.
std::optional<std::int64_t> version_in_tag(std::string_view tag);
/// A longer If-Match is none of ours.
inline constexpr std::size_t version_tag_characters_max = 60;

/// What case_json() makes: fields for a record that may have more.
std::vector<Field> case_fields();
Shape case_shape();
/// `{code, name}`.
Shape named_shape();
/// `{id, name}` of an area.
Shape area_name_shape();
Shape stage_shape();
/// What clock_json() makes.
std::vector<Field> clock_fields();

/// One case of a list. `clocks`: what clocks_of() says.
boost::json::object case_json(respond::CaseLine const& line, std::vector<core::Clock> const& clocks, core::Instant now,
                              sense::places::PlaceIndex const& places, ApiParts const& parts,
                              boost::json::storage_ptr const& memory);

/// What a key of a count is called.
core::Text count_name(respond::CountBy by, std::string const& key, sense::places::PlaceIndex const& places, ApiParts const& parts);

}  // namespace zhili::web
