#pragma once
// The published rows of one month: counts by area, item and outcome, small ones gathered further up. Pure.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/indicators.hpp"

namespace zhili::respond::open_figures {

using catalogue::Cohort;

/// How a report or a case stood when its month was published. The numbers are stored: never change one.
enum class Outcome : std::uint8_t { on_time = 1, late = 2, open = 3, unclear = 4, registered = 11, joined = 12, rejected = 13, waiting = 14 };
struct OutcomeWords {
  Outcome outcome;
  Cohort of;
  std::string_view name;  ///< "on_time"
  core::Text title;
  core::Text about;  ///< how it is counted
};
std::span<OutcomeWords const> outcome_words();
OutcomeWords const& words(Outcome outcome);
/// Of one with these facts (bits of catalogue::Fact).
Outcome outcome_of(Cohort cohort, std::uint64_t facts);

struct AreaNode {
  std::int64_t id = 0;
  std::int64_t parent = 0;  ///< 0: at the top
};
/// What there may be at all, whether or not anything is counted there; everybody knows it.
struct Structure {
  std::vector<AreaNode> areas = {};
  std::map<std::string, std::string, std::less<>> group_of_item = {};
};

/// So many with the same place, item and outcome. Area 0: not known, or no longer there.
struct Count {
  std::int64_t area = 0;
  std::string item = {};
  Outcome outcome = Outcome::open;
  std::int64_t number = 0;
};

/// One published row. What is empty is "all others": a row without an outcome counts the outcomes that have no row of their own,
/// one without an item the items of the group that have none, one without a group what of the area is in no row of it, also
/// in the areas below it, one without an area (0) what is left of the city.
struct Row {
  std::int64_t area = 0;
  std::string group = {};
  std::string item = {};
  std::optional<Outcome> outcome = {};
  std::int64_t number = 0;
  auto operator<=>(Row const&) const = default;
};

/// The rows by `published` (small_cells.hpp) over the tree city → areas → group → item → outcome: nobody is in two of them, and none is below
/// smallest_cell. In the order of areas, groups, items, outcomes; the same counts give the same rows. Cost: one walk over
/// the counts.
std::vector<Row> published_rows(Cohort cohort, std::span<Count const> counts, Structure const& structure);

}  // namespace zhili::respond::open_figures
