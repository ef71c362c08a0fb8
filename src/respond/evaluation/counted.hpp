#pragma once
// Inside of evaluation: one row of evaluation_fact, and the cells that it is counted in.

#include <array>
#include <cstdint>
#include <unordered_map>

#include "core/period.hpp"
#include "respond/evaluation/cells.hpp"
#include "respond/evaluation/fact_sums.hpp"
#include "respond/evaluation/facts.hpp"

namespace zhili::respond::evaluation {

using core::Day;

/// A signal or case as it is counted; `keys` by Dimension, 0 where it has none.
struct Counted {
  Cohort cohort = Cohort::cases;
  Day day = 0;
  std::uint64_t facts = 0;
  Sums sums = {};  ///< number is 1
  std::array<std::int64_t, dimension_slots> keys{};
  bool operator==(Counted const&) const = default;

  std::int64_t key(Dimension dimension) const { return keys[static_cast<std::size_t>(dimension)]; }
};

struct Cell {
  std::int64_t slice = 0;
  std::int64_t period = 0;
  std::int64_t within_key = 0;
  std::int64_t key = 0;
  auto operator<=>(Cell const&) const = default;
};

struct CellHash {
  std::size_t operator()(Cell const& cell) const {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // the golden ratio: spreads small numbers over all bits
    std::uint64_t out = 0;
    for (auto const part : {cell.slice, cell.period, cell.within_key, cell.key}) {
      out = (out ^ static_cast<std::uint64_t>(part)) * odd;
      out ^= out >> 32U;
    }
    return out;
  }
};
using CellSums = std::unordered_map<Cell, FactSums, CellHash>;

/// Adds one row to the cells of its cohort, or takes it out (`times` −1).
void add_to_cells(CellSums& cells, Counted const& counted, std::int64_t times);

}  // namespace zhili::respond::evaluation
