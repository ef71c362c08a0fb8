#pragma once
// Inside of CaseIndex: one state of the columns, and how the next is made from it.

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "respond/cases/case_index.hpp"

namespace zhili::respond::detail {

constexpr std::size_t block_rows = 1'024;
/// In place of a time that is not there: after every other.
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// One bit for each row of a block.
struct Bits {
  std::array<std::uint64_t, block_rows / 64> words{};
  void set(std::size_t row, bool on) {
    auto const bit = std::uint64_t{1} << (row % 64);
    words[row / 64] = on ? words[row / 64] | bit : words[row / 64] & ~bit;
  }
};

/// Rows, column by column, so that a filter touches only what it asks for.
struct Block {
  std::array<std::int64_t, block_rows> id{};
  std::array<std::int64_t, block_rows> opened{};
  std::array<std::int64_t, block_rows> due{};     // or never
  std::array<std::int64_t, block_rows> closed{};  // or never
  std::array<std::int32_t, block_rows> lat_e7{};
  std::array<std::int32_t, block_rows> lon_e7{};
  std::array<std::uint32_t, block_rows> item{};
  std::array<std::uint32_t, block_rows> department{};
  std::array<std::uint32_t, block_rows> area{};
  std::array<std::uint8_t, block_rows> stage{};
  Bits open, aside, kept_private, located;  // aside: joined to another case, which counts for both
  std::int64_t opened_first = never;  // of all rows
  std::int64_t opened_last = std::numeric_limits<std::int64_t>::min();
  std::int64_t closed_last = std::numeric_limits<std::int64_t>::min();  // of those that are closed
};

/// Small numbers for keys. 0 stands for an empty key; a number once given stays.
template <class Key>
class Codes {
 public:
  template <class View>
  std::uint32_t give(View const& key) {
    if (key == View{}) return 0;
    auto const known = numbers_.find(key);
    if (known != numbers_.end()) return known->second;
    keys_.emplace_back(key);
    auto const number = static_cast<std::uint32_t>(keys_.size() - 1);
    numbers_.emplace(keys_.back(), number);
    return number;
  }
  std::optional<std::uint32_t> find(Key const& key) const {
    auto const known = numbers_.find(key);
    return known == numbers_.end() ? std::nullopt : std::optional(known->second);
  }
  Key const& key(std::size_t number) const { return keys_[number]; }
  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<Key> keys_{Key{}};
  std::map<Key, std::uint32_t, std::less<>> numbers_;
};

/// One row, as the table `casefile` has it.
struct Row {
  std::int64_t id, stage, opened;
  std::optional<std::int64_t> due, closed, lat_e7, lon_e7, area;
  std::string_view item, department;
  bool location_unknown, is_private;
};

}  // namespace zhili::respond::detail

namespace zhili::respond {

/// One state of the index. Never changed once others can see it: a changed block is a new one, the rest is
/// shared.
struct CaseIndex::Table {
  store::Seq seq = 0;  ///< of the last ledger entry that it knows
  std::size_t rows = 0;
  std::int64_t last_id = 0;
  std::vector<std::shared_ptr<detail::Block const>> blocks;  // by id, ascending
  detail::Codes<std::string> items, departments;
  detail::Codes<std::int64_t> areas;

  std::size_t rows_of(std::size_t block) const {
    return std::min(detail::block_rows, rows - block * detail::block_rows);
  }
  /// Where a case stands; `rows` if it is not there.
  std::size_t position(std::int64_t id) const;
};

namespace detail {

/// The next state in the making.
class TableEdit {
 public:
  explicit TableEdit(CaseIndex::Table const& from)
      : table_(std::make_shared<CaseIndex::Table>(from)), own_(from.blocks.size(), nullptr) {}

  /// A new case has a larger id than all others.
  void put(Row const& row);
  std::shared_ptr<CaseIndex::Table const> done(store::Seq seq);

 private:
  Block& block(std::size_t number);

  std::shared_ptr<CaseIndex::Table> table_;
  std::vector<Block*> own_;  // blocks that were made here, and so may be written
};

}  // namespace detail
}  // namespace zhili::respond
