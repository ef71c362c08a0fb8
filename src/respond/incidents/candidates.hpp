#pragma once
// Open cases and waiting reports near a report that may be about the same thing.

#include <optional>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "respond/incidents/alike.hpp"
#include "respond/signals/place_finder.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// Reports near one that are compared with it: the newest of them.
inline constexpr std::size_t compared_max = 200;
/// Of these, the best are given.
inline constexpr std::size_t candidates_max = 10;

/// A report that may be about the same thing: one that nobody has registered yet, or the one that a case began with. A
/// report that was joined to a case is never compared, so that a chain of reports cannot wander through a city.
struct Candidate {
  std::int64_t signal = 0;
  std::int64_t case_id = 0;  ///< the open case that it began; 0: it is waiting
  bool is_private = false;
  Alike alike;
};

/// The best first. Left out: what somebody has told apart, closed and recorded cases, what the rule of the report's item
/// puts out of reach. Nothing where that item has no rule, or the report no place. Cost: a look at each of the map's cells of
/// 0.001 degree within the rule's distance, at most compared_max rows, and comparing each.
std::vector<Candidate> find_candidates(store::Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places,
                                       std::int64_t signal);

/// The same for what somebody is telling at `told.at` and nobody has taken down as a report yet; `told.group` and `told.asset` are
/// found here.
std::vector<Candidate> find_candidates(store::Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places, Told told);

/// Two reports, by the rule of the first one's item; nothing where they are out of its reach.
std::optional<Alike> compare_reports(store::Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places,
                                     std::int64_t signal, std::int64_t other);

}  // namespace zhili::respond
