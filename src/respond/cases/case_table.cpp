#include "respond/cases/case_table.hpp"

#include <algorithm>

namespace zhili::respond {

std::size_t CaseIndex::Table::position(std::int64_t id) const {
  if (id > last_id) return rows;
  auto const after =
      std::ranges::upper_bound(blocks, id, {}, [](auto const& block) { return block->id.front(); });
  if (after == blocks.begin()) return rows;
  auto const number = static_cast<std::size_t>(after - blocks.begin()) - 1;
  auto const& ids = blocks[number]->id;
  auto const end = ids.begin() + static_cast<std::ptrdiff_t>(rows_of(number));
  auto const at = std::lower_bound(ids.begin(), end, id);
  return at == end || *at != id ? rows
                                : number * detail::block_rows + static_cast<std::size_t>(at - ids.begin());
}

namespace detail {

Block& TableEdit::block(std::size_t number) {
  auto& blocks = table_->blocks;
  if (number == blocks.size()) {
    blocks.emplace_back();
    own_.push_back(nullptr);
  }
  if (!own_[number]) {
    auto const made = blocks[number] ? std::make_shared<Block>(*blocks[number]) : std::make_shared<Block>();
    own_[number] = made.get();
    blocks[number] = made;
  }
  return *own_[number];
}

void TableEdit::put(Row const& row) {
  auto const position = table_->position(row.id);
  auto& in = block(position / block_rows);
  auto const at = position % block_rows;
  in.id[at] = row.id;
  in.opened[at] = row.opened;
  in.due[at] = row.due.value_or(never);
  in.closed[at] = row.closed.value_or(never);
  in.lat_e7[at] = static_cast<std::int32_t>(row.lat_e7.value_or(0));
  in.lon_e7[at] = static_cast<std::int32_t>(row.lon_e7.value_or(0));
  in.item[at] = table_->items.give(row.item);
  in.department[at] = table_->departments.give(row.department);
  in.area[at] = table_->areas.give(row.area.value_or(0));
  in.stage[at] = static_cast<std::uint8_t>(row.stage);
  bool const aside = static_cast<Stage>(row.stage) == Stage::merged;
  in.open.set(at, !row.closed && !aside);
  in.aside.set(at, aside);
  in.kept_private.set(at, row.is_private);
  in.located.set(at, row.lat_e7 && row.lon_e7 && !row.location_unknown);
  in.opened_first = std::min(in.opened_first, row.opened);  // these may stay too wide, never too narrow
  in.opened_last = std::max(in.opened_last, row.opened);
  if (row.closed) in.closed_last = std::max(in.closed_last, *row.closed);
  if (position < table_->rows) return;
  ++table_->rows;
  table_->last_id = row.id;
}

std::shared_ptr<CaseIndex::Table const> TableEdit::done(store::Seq seq) {
  table_->seq = seq;
  return table_;
}

}  // namespace detail
}  // namespace zhili::respond
