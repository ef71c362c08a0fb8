#pragma once
// Inside of CaseIndex: which rows of the columns a filter wants.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "respond/cases/case_table.hpp"

namespace zhili::respond::detail {

using Table = CaseIndex::Table;

/// Both ends included. `never` as `low` asks for those that have no such time, below it as `high` for those
/// that have one.
struct Range {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = never;
  void from(core::Instant at) { low = std::max(low, core::to_ms(at)); }
  void before(core::Instant at) { high = std::min(high, core::to_ms(at) - 1); }
  /// One comparison for two, so that there is nothing to branch on: what lies below wraps around to far
  /// above.
  bool holds(std::int64_t value) const {
    auto const from_low = [this](std::int64_t v) {
      return static_cast<std::uint64_t>(v) - static_cast<std::uint64_t>(low);
    };
    return low <= high && from_low(value) <= from_low(high);
  }
  bool holds_all() const { return low == std::numeric_limits<std::int64_t>::min() && high == never; }
};

/// One bit for each of 64 rows that passes the test. The tests come first and without branches, because whether a row
/// passes is a matter of luck that a processor cannot foresee; then eight bytes at a time become eight bits.
template <class Test>
std::uint64_t bits_of_64(Test const& test) {
  std::array<std::uint8_t, 64> yes;
  for (std::size_t i = 0; i < 64; ++i) yes[i] = test(i) ? 1 : 0;
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 64; i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, yes.data() + i, 8);
    if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
    // Each of the eight ones is moved to a bit of its own in the top byte, and nothing carries.
    out |= ((eight * 0x0102040810204080U) >> 56) << i;
  }
  return out;
}

/// The rows of a block that are still wanted: a bit for each.
class Wanted {
 public:
  void set(std::size_t word, std::uint64_t bits) { words_[word] = bits; }
  /// A word with few rows left is asked row by row, else all of its 64.
  template <class Column, class Test>
  void keep_if(Column const& column, Test const& test) {
    constexpr int few = 12;
    for (std::size_t word = 0; word < words_.size(); ++word) {
      auto left = words_[word];
      if (left == 0) continue;
      auto const* const values = column.data() + word * 64;
      if (std::popcount(left) > few) {
        words_[word] &= bits_of_64([&](std::size_t i) { return test(values[i]); });
        continue;
      }
      std::uint64_t fits = 0;
      for (; left != 0; left &= left - 1) {
        auto const row = std::countr_zero(left);
        fits |= std::uint64_t{test(values[row])} << row;
      }
      words_[word] = fits;
    }
  }
  std::array<std::uint64_t, block_rows / 64> const& words() const { return words_; }
  std::int64_t count() const {
    std::int64_t sum = 0;
    for (auto const bits : words_) sum += std::popcount(bits);
    return sum;
  }
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::size_t word = 0; word < words_.size(); ++word) {
      auto bits = words_[word];
      if (bits == ~std::uint64_t{0})
        for (std::size_t row = 0; row < 64; ++row) visit(word * 64 + row);
      else
        for (; bits != 0; bits &= bits - 1) visit(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }

 private:
  std::array<std::uint64_t, block_rows / 64> words_{};
};

/// A filter in the numbers of one table.
class Match {
 public:
  Match(CaseFilter const& filter, Table const& table)
      : public_only_(filter.public_only), stage_(filter.stage), outcome_(filter.outcome), box_(filter.box) {
    read_codes(filter, table);
    read_times(filter);
  }

  /// Whether the block may hold anything that fits.
  bool may_hold(Block const& block) const {
    return !nothing_ && block.opened_first <= opened_.high && block.opened_last >= opened_.low &&
           (!must_be_closed_ || block.closed_last >= closed_.low);
  }

  /// The rows that fit: bits first, which take 64 rows at a time, then what usually leaves few.
  Wanted in(Block const& block, std::size_t rows) const {
    Wanted out;
    for (std::size_t word = 0; word * 64 < rows; ++word) out.set(word, bits_of(block, word, rows - word * 64));
    auto const is = [&](auto const& column, auto const& wanted) {
      if (wanted) out.keep_if(column, [w = *wanted](auto value) { return value == w; });
    };
    auto const within = [&](auto const& column, Range range) {
      if (!range.holds_all()) out.keep_if(column, [range](std::int64_t value) { return range.holds(value); });
    };
    if (!items_.empty()) out.keep_if(block.item, [this](std::uint32_t value) { return items_[value] != 0; });
    if (stage_)
      out.keep_if(block.stage,
                  [w = static_cast<std::uint8_t>(*stage_)](std::uint8_t value) { return value == w; });
    is(block.department, department_);
    if (!areas_.empty()) out.keep_if(block.area, [this](std::uint32_t value) { return areas_[value] != 0; });
    if (box_) {
      within(block.lat_e7, {.low = box_->south_west.lat_e7, .high = box_->north_east.lat_e7});
      within(block.lon_e7, {.low = box_->south_west.lon_e7, .high = box_->north_east.lon_e7});
    }
    within(block.due, due_);
    within(block.closed, closed_);
    if (block.opened_first < opened_.low || block.opened_last > opened_.high) within(block.opened, opened_);
    return out;
  }

 private:
  std::uint64_t bits_of(Block const& block, std::size_t word, std::size_t rows_left) const {
    auto bits = rows_left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << rows_left) - 1;
    if (stage_ != Stage::merged) bits &= ~block.aside.words[word];
    if (must_be_open_) bits &= block.open.words[word];
    if (must_be_closed_) bits &= ~block.open.words[word];
    if (public_only_) bits &= ~block.kept_private.words[word];
    if (box_) bits &= block.located.words[word];
    if (outcome_ && bits != 0) bits &= outcome_bits(block, word);
    return bits;
  }

  /// Of those that are closed: what has no due was not promised, and `never` is after every time.
  std::uint64_t outcome_bits(Block const& block, std::size_t word) const {
    auto const* const due = block.due.data() + word * 64;
    auto const* const closed = block.closed.data() + word * 64;
    if (*outcome_ == CaseFilter::Outcome::late) return bits_of_64([&](std::size_t i) { return closed[i] > due[i]; });
    return bits_of_64([&](std::size_t i) { return due[i] != never && closed[i] <= due[i]; });
  }

  void read_codes(CaseFilter const& filter, Table const& table) {
    auto const code = [&](auto const& codes, auto const& wanted, auto& out) {
      if (!wanted) return;
      out = codes.find(*wanted);
      nothing_ |= !out;
    };
    code(table.departments, filter.department, department_);
    auto const any_of = [](auto const& codes, auto const& wanted, auto& out) {
      if (wanted.empty()) return;
      out.resize(codes.size());
      for (auto const& one : wanted)
        if (auto const number = codes.find(one)) out[*number] = 1;
    };
    any_of(table.items, filter.items, items_);
    any_of(table.areas, filter.areas, areas_);
  }

  void read_times(CaseFilter const& filter) {
    must_be_open_ = !filter.open_at && (filter.overdue_at || filter.soon_at || filter.state == CaseFilter::State::open);
    must_be_closed_ = filter.state == CaseFilter::State::closed || filter.outcome ||
                      (filter.by_closing && (filter.from || filter.to));
    if (filter.open_at) {
      opened_.before(*filter.open_at);
      closed_.from(*filter.open_at);
    }
    if (filter.overdue_at) due_.before(*filter.overdue_at);
    if (filter.soon_at) {
      due_.from(*filter.soon_at);
      due_.before(*filter.soon_at + soon_window);
    }
    auto& asked = filter.by_closing ? closed_ : opened_;
    if (filter.from) asked.from(*filter.from);
    if (filter.to) asked.before(*filter.to);
    if (filter.after) opened_.high = std::min(opened_.high, core::to_ms(filter.after->opened_at));
  }

  bool nothing_ = false;  // names what no case has
  bool public_only_ = false;
  bool must_be_open_ = false;
  bool must_be_closed_ = false;
  std::optional<Stage> stage_;
  std::optional<CaseFilter::Outcome> outcome_;
  std::optional<std::uint32_t> department_;
  std::vector<std::uint8_t> items_, areas_;  // by number; empty: all
  Range opened_, due_, closed_;
  std::optional<MapBox> box_;
};

/// Calls `visit(block, wanted)` for what fits, the youngest block first, where `worth(block)`.
template <class Worth, class Visit>
void walk(Table const& table, CaseFilter const& filter, Worth const& worth, Visit&& visit) {
  Match const match(filter, table);
  for (auto number = table.blocks.size(); number-- > 0;) {
    auto const& block = *table.blocks[number];
    if (match.may_hold(block) && worth(block)) visit(block, match.in(block, table.rows_of(number)));
  }
}

}  // namespace zhili::respond::detail
