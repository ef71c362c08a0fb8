#include "respond/open_figures/small_cells.hpp"

namespace zhili::respond::open_figures {

namespace {

/// A node while its children are walked over.
struct Gathered {
  std::int64_t number = 0;  ///< came up from children that are not published
  std::int64_t from = 0;    ///< so many children something may have come from
};

bool may_be_published(Node const& node, Gathered const& gathered) {
  if (gathered.number < smallest_cell) return false;
  return node.children == 0 || gathered.number < (smallest_cell - 1) * gathered.from;
}

}  // namespace

std::vector<std::optional<std::int64_t>> published(std::span<Node const> tree) {
  std::vector<std::optional<std::int64_t>> out(tree.size());
  std::vector<Gathered> all(tree.size());
  for (std::size_t i = 0; i < tree.size(); ++i) all[i] = {tree[i].number, tree[i].children};
  for (auto i = tree.size(); i-- > 0;) {
    auto const& node = tree[i];
    auto const& own = all[i];
    auto& parent = all[node.parent];
    bool const nothing_hidden = node.children > 0 && own.from == 0;
    if (may_be_published(node, own)) out[i] = own.number;
    if (i == 0) break;
    if (out[i] || nothing_hidden) --parent.from;
    else if (own.number < smallest_cell) parent.number += own.number;
  }
  return out;
}

}  // namespace zhili::respond::open_figures
