#pragma once
// How cases are shown: JSON, and what of them everybody may see.

#include <boost/json/fwd.hpp>
#include <vector>

#include "core/clock.hpp"
#include "respond/cases/query.hpp"
#include "web/api/api.hpp"

namespace zhili::web {

// A list has thousands of small objects. Whoever makes one gives memory for all of them that is let go at once.

/// `{zh, en}`.
boost::json::object to_json(core::Text const& text);
boost::json::object to_json(core::Text const& text, boost::json::storage_ptr const& memory);

/// ISO 8601 in the installation's zone, or null.
boost::json::value time_json(std::optional<core::Instant> at, core::Zone const& zone);
boost::json::value time_json(std::optional<core::Instant> at, core::Zone const& zone, boost::json::storage_ptr const& memory);

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

/// One case of a list. `clocks`: what clocks_of() says.
boost::json::object case_json(respond::CaseLine const& line, std::vector<core::Clock> const& clocks, core::Instant now,
                              sense::places::PlaceIndex const& places, ApiParts const& parts,
                              boost::json::storage_ptr const& memory);

/// What a key of a count is called.
core::Text count_name(respond::CountBy by, std::string const& key, sense::places::PlaceIndex const& places, ApiParts const& parts);

}  // namespace zhili::web
