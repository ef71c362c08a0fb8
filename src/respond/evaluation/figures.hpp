#pragma once
// From sums to figures: numerator, denominator, what was left out, and composite scores. Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/indicators.hpp"
#include "respond/evaluation/cells.hpp"
#include "respond/evaluation/tally.hpp"

namespace zhili::respond::evaluation {

/// One figure of one cell.
struct Figure {
  std::int64_t numerator = 0;    ///< hours: in minutes
  std::int64_t denominator = 0;
  std::int64_t excluded = 0;     ///< signals or cases left out
  bool operator==(Figure const&) const = default;
};

Figure figure(catalogue::Indicator const& indicator, FactSums const& sums);
/// Nothing where the denominator is 0. A share is 0…1.
std::optional<double> value(catalogue::Indicator const& indicator, Figure const& figure);
/// Why some were left out: each under the first reason that it has, in the order of the facts.
std::map<catalogue::Fact, std::int64_t> reasons(catalogue::Indicator const& indicator, FactSums const& sums);

/// What stands behind a figure.
enum class Part : std::uint8_t { numerator, denominator, excluded };
std::optional<Part> part_from(std::string_view name);
/// Whose number is the figure: of a sum (返工次数) those that have any of it.
Wanted behind(catalogue::Indicator const& indicator, Part part);

/// All keys together.
FactSums together(Tally const& tally);

struct PartScore {
  std::string indicator;
  double points = 0;  ///< of a deduction: below 0
};
struct ScoreFigure {
  std::vector<PartScore> parts;
  double total = 0;
};
/// The score of one cell; never below 0. Nothing where a part that gives points has no value. `figures` has an entry for
/// each part's indicator.
std::optional<ScoreFigure> score(std::vector<catalogue::ScorePart> const& parts,
                                 std::map<std::string, std::pair<catalogue::Indicator const*, Figure>> const& figures);

}  // namespace zhili::respond::evaluation
