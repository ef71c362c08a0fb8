// Whoever knows the published numbers, the tree and the rule: what can they find out about the small ones?
#include "respond/open_figures/small_cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace zhili::respond::open_figures {
namespace {

using Published = std::vector<std::optional<std::int64_t>>;

std::vector<std::size_t> leaves_of(std::vector<Node> const& tree) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < tree.size(); ++i)
    if (tree[i].children == 0) out.push_back(i);
  return out;
}

std::vector<Node> random_tree(std::mt19937& random, std::size_t nodes) {
  std::vector<Node> out(nodes);
  for (std::size_t i = 1; i < nodes; ++i) {
    out[i].parent = random() % i;
    ++out[out[i].parent].children;
  }
  return out;
}

/// Calls `visit` with every table whose leaves are 0…largest.
template <class Visit>
void every_table(std::vector<Node> tree, std::int64_t largest, Visit const& visit) {
  auto const leaves = leaves_of(tree);
  for (;;) {
    visit(tree);
    std::size_t at = 0;
    while (at < leaves.size() && tree[leaves[at]].number == largest) tree[leaves[at++]].number = 0;
    if (at == leaves.size()) return;
    ++tree[leaves[at]].number;
  }
}

// The strongest attacker there is: has all tables in the head, and crosses out those that would have been published otherwise.
TEST(SmallCells, LeaveTwoPossibleNumbersForEachHiddenLeafEvenToWhoeverKnowsTheRule) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    std::vector<Node> tree;
    do tree = random_tree(random, 3 + random() % 8);
    while (leaves_of(tree).size() > 5);
    auto const leaves = leaves_of(tree);
    std::map<Published, std::vector<std::set<std::int64_t>>> possible;
    every_table(tree, 6, [&](std::vector<Node> const& table) {
      auto& of = possible[published(table)];
      of.resize(leaves.size());
      for (std::size_t i = 0; i < leaves.size(); ++i) of[i].insert(table[leaves[i]].number);
    });
    for (auto const& [shown, numbers] : possible)
      for (std::size_t i = 0; i < leaves.size(); ++i)
        EXPECT_TRUE(shown[leaves[i]] || numbers[i].size() >= 2) << "seed " << seed << ", leaf " << leaves[i];
  }
}

/// The published node in whose number a node is counted; nothing: in none.
std::optional<std::size_t> counted_in(std::vector<Node> const& tree, Published const& shown, std::size_t node) {
  for (;; node = tree[node].parent) {
    if (shown[node]) return node;
    if (node == 0) return std::nullopt;
  }
}

// A table of a real size, and an attacker who solves the equations: each published number is the sum of leaves that are in no
// other, each between 0 and 4.
TEST(SmallCells, AreNotNarrowedToOneNumberByTheEquationsOfLargeTables) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    auto tree = random_tree(random, 400);
    for (auto const leaf : leaves_of(tree)) tree[leaf].number = random() % 3 == 0 ? static_cast<std::int64_t>(random() % 9) : 0;
    auto const shown = published(tree);
    std::map<std::size_t, std::int64_t> hidden_leaves;
    for (auto const leaf : leaves_of(tree))
      if (auto const in = counted_in(tree, shown, leaf); in && *in != leaf) ++hidden_leaves[*in];
    for (auto const& [node, leaves] : hidden_leaves) {
      auto const number = *shown[node];
      auto const least = std::max<std::int64_t>(0, number - 4 * (leaves - 1));
      auto const most = std::min<std::int64_t>(4, number);
      EXPECT_LT(least, most) << "seed " << seed << ", node " << node;
    }
  }
}

TEST(SmallCells, CountNobodyTwice) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    auto tree = random_tree(random, 100);
    std::int64_t all = 0;
    for (auto const leaf : leaves_of(tree)) all += tree[leaf].number = static_cast<std::int64_t>(random() % 12);
    std::int64_t told = 0;
    for (auto const& number : published(tree)) {
      EXPECT_GE(number.value_or(smallest_cell), smallest_cell);
      told += number.value_or(0);
    }
    EXPECT_LE(told, all);
  }
}

// Streets A and B below a town; what is too small there is told of the town.
TEST(SmallCells, GoUpUntilThereAreEnough) {
  std::vector<Node> const tree{{0, 2, 0}, {0, 3, 0}, {0, 2, 0}, {1, 0, 9}, {1, 0, 3}, {1, 0, 1}, {2, 0, 2}, {2, 0, 0}};
  EXPECT_EQ(published(tree), (Published{6, std::nullopt, std::nullopt, 9, std::nullopt, std::nullopt, std::nullopt, std::nullopt}));
}

TEST(SmallCells, AreToldNowhereWhereTheSumWouldGiveAwayThatAllAreFour) {
  std::vector<Node> const tree{{0, 2, 0}, {0, 0, 4}, {0, 0, 4}};
  EXPECT_EQ(published(tree), (Published{std::nullopt, std::nullopt, std::nullopt}));
}

TEST(SmallCells, HaveNothingToTellOfAnEmptyTree) { EXPECT_TRUE(published({}).empty()); }

}  // namespace
}  // namespace zhili::respond::open_figures
