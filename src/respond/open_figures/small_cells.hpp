#pragma once
// Which sums of a tree of counts may be published so that nobody finds a small one. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace zhili::respond::open_figures {

/// A count below this is published nowhere.
inline constexpr std::int64_t smallest_cell = 5;

/// One node of a tree of counts. Parents stand before their children; the first is the root and its own parent.
struct Node {
  std::size_t parent = 0;
  std::int64_t children = 0;  ///< how many children it can have, also those that count nothing and are left out; 0: a leaf
  std::int64_t number = 0;    ///< of a leaf: how many are counted in it
};

/// What is published of each node: how many are counted below it and in no published node further down; nothing where the
/// node is not published.
///
/// Each one that is counted is in one published number or in none, so that no number can be taken off another. A leaf is
/// published from smallest_cell on; what is not goes up, and a node publishes what came to it from `k` children as soon as it is
/// at least smallest_cell and below (smallest_cell − 1) · k. At just that number all `k` would be known to be as full as they can be: then
/// the node publishes nothing and sends nothing up, and these are counted nowhere. A node of which everything is published
/// further down is no child that something can come from.
///
/// Whoever knows the tree, this rule and all published numbers then has at least two possible numbers for each leaf that is
/// not published (small_cells_test.cpp tries every table of small trees; the proof is in docs/decisions/0049).
/// Cost: one walk.
std::vector<std::optional<std::int64_t>> published(std::span<Node const> tree);

}  // namespace zhili::respond::open_figures
