#include "respond/evaluation/counted.hpp"

#include <vector>

namespace zhili::respond::evaluation {

namespace {

struct Slice {
  Dimension by;
  Dimension within;
  Length length;
  std::int64_t number;
};

std::vector<Slice> slices_of(Cohort cohort) {
  std::vector<Slice> out;
  auto const add = [&](Dimension by, Dimension within) {
    for (auto const length : all_lengths)
      if (is_kept(cohort, by, within, length)) out.push_back({by, within, length, slice_of(cohort, by, within, length)});
  };
  for (auto const by : all_dimensions) {
    add(by, Dimension::none);
    for (auto const within : all_dimensions) add(by, within);
  }
  return out;
}

std::vector<Slice> const& kept_slices(Cohort cohort) {
  static std::vector<Slice> const of_signals = slices_of(Cohort::signals);
  static std::vector<Slice> const of_cases = slices_of(Cohort::cases);
  return cohort == Cohort::signals ? of_signals : of_cases;
}

}  // namespace

void add_to_cells(CellSums& cells, Counted const& counted, std::int64_t times) {
  std::array<std::int64_t, 3> const periods{counted.day, core::month_number(counted.day), core::year_number(counted.day)};
  for (auto const& slice : kept_slices(counted.cohort))
    cells[{slice.number, periods[static_cast<std::size_t>(slice.length)], counted.key(slice.within), counted.key(slice.by)}]
        .add(counted.facts, counted.sums, times);
}

}  // namespace zhili::respond::evaluation
