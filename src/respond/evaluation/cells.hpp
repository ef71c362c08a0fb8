#pragma once
// Which sums are kept. A cell is one key of a dimension (or of one within another) in one day, month or year, with the
// sums of each set of facts. Not every pair and length is kept: what is not is counted from the rows of evaluation_fact.

#include <array>
#include <cstdint>
#include <string_view>

#include "catalogue/indicators.hpp"

namespace zhili::respond::evaluation {

using catalogue::Cohort;

/// By what figures are shown. Never by a person. The numbers are stored: never change one.
enum class Dimension : std::uint8_t { none = 0, area = 1, grid = 2, department = 3, function = 4, item = 5, source = 6 };
inline constexpr std::array all_dimensions{Dimension::area,     Dimension::grid, Dimension::department,
                                           Dimension::function, Dimension::item, Dimension::source};
inline constexpr std::size_t dimension_slots = 7;  ///< `none` included
std::string_view name(Dimension dimension);        ///< "department"
/// Its column in evaluation_fact.
std::string_view column(Dimension dimension);

enum class Length : std::uint8_t { day = 0, month = 1, year = 2 };
inline constexpr std::array all_lengths{Length::day, Length::month, Length::year};

/// Whether there are cells of `by` within `within` (none: of `by` alone) of that length.
constexpr bool is_kept(Cohort cohort, Dimension by, Dimension within, Length length) {
  using enum Dimension;
  auto const of_cohort = [&](Dimension d) { return cohort == Cohort::cases || (d != department && d != function); };
  if (by == none || by == within || !of_cohort(by) || !of_cohort(within)) return false;
  if (within == none) return by != grid || length != Length::day;
  if (length == Length::day) return false;
  auto const much_asked = [](Dimension d) { return d == area || d == department || d == item || d == source; };
  return (much_asked(by) && much_asked(within)) || (within == area && (by == grid || by == function));
}

/// The number under which cells are kept; never change how it is made.
constexpr std::int64_t slice_of(Cohort cohort, Dimension by, Dimension within, Length length) {
  return ((static_cast<std::int64_t>(cohort) * 8 + static_cast<std::int64_t>(length)) * 8 + static_cast<std::int64_t>(by)) * 8 +
         static_cast<std::int64_t>(within);
}

}  // namespace zhili::respond::evaluation
