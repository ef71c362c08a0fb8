#pragma once
// The interface of evaluation: figures by area, department, item …, what stands behind them, and how they are counted.

#include "respond/open_figures/small_cells.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

/// What everybody sees of a figure with fewer in its denominator: that there is one.
inline constexpr std::int64_t smallest_public_cell = respond::open_figures::smallest_cell;
/// Rows of a page; the rest is counted in the total only.
inline constexpr std::size_t evaluation_rows_max = 200;
/// Indicators of one page.
inline constexpr std::size_t evaluation_indicators_max = 40;
/// Items that a page may be narrowed to at once.
inline constexpr std::size_t evaluation_items_max = 200;
/// Parts of a score that somebody tries.
inline constexpr std::size_t score_parts_max = 20;
/// Points of one part of it.
inline constexpr std::int64_t score_points_max = 1'000;

/// Adds the routes. Whoever is signed in sees every figure, everybody else those that packs call public.
void mount_evaluation(Operations& operations, PeopleParts const& parts);

}  // namespace zhili::web
