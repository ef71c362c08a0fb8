#include "respond/cases/case_index.hpp"

#include <algorithm>
#include <bit>

#include "respond/cases/case_table.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

using detail::Block;
using detail::block_rows;
using detail::never;
using store::Reader;
using Table = CaseIndex::Table;

constexpr std::int64_t rows_per_look = 20'000;  // PostgreSQL's answers stand in memory as a whole

// ---- following

constexpr std::string_view all_rows =
    "SELECT id, item, department, area_id, stage, opened_at, due_at, closed_at, lat_e7, lon_e7, "
    "location_unknown, private "
    "FROM casefile WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view changed_rows =
    "SELECT id, item, department, area_id, stage, opened_at, due_at, closed_at, lat_e7, lon_e7, "
    "location_unknown, private "
    "FROM casefile WHERE id IN (SELECT subject FROM ledger WHERE seq > ? AND seq <= ?) ORDER BY id";

/// Puts the rows of one question into the table; gives how many, and the last id.
std::pair<std::int64_t, std::int64_t> take(Reader& reader, std::string_view sql, std::int64_t after,
                                           std::int64_t until, detail::TableEdit& edit) {
  using Number = std::optional<std::int64_t>;
  std::int64_t count = 0;
  std::int64_t last = 0;
  reader.each<std::int64_t, std::string_view, std::optional<std::string_view>, Number, std::int64_t,
              std::int64_t, Number, Number, Number, Number, std::int64_t, std::int64_t>(
      sql,
      [&](std::int64_t id, std::string_view item, std::optional<std::string_view> department, Number area,
          std::int64_t stage, std::int64_t opened, Number due, Number closed, Number lat, Number lon,
          std::int64_t unknown, std::int64_t hidden) {
        edit.put({.id = id,
                  .stage = stage,
                  .opened = opened,
                  .due = due,
                  .closed = closed,
                  .lat_e7 = lat,
                  .lon_e7 = lon,
                  .area = area,
                  .item = item,
                  .department = department.value_or(""),
                  .location_unknown = unknown != 0,
                  .is_private = hidden != 0});
        ++count;
        last = id;
      },
      after, until);
  return {count, last};
}

void take_all(Reader& reader, detail::TableEdit& edit) {
  for (std::int64_t after = 0;;) {
    auto const [count, last] = take(reader, all_rows, after, rows_per_look, edit);
    if (count < rows_per_look) return;
    after = last;
  }
}

void take_changed(Reader& reader, store::Seq from, store::Seq to, detail::TableEdit& edit) {
  for (; from < to; from += rows_per_look)
    take(reader, changed_rows, from, std::min(from + rows_per_look, to), edit);
}

// ---- filters

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

/// The rows of a block that are still wanted: a bit for each.
class Wanted {
 public:
  void set(std::size_t word, std::uint64_t bits) { words_[word] = bits; }
  /// A word with few rows left is asked row by row; else all of its 64 without branches: whether a row fits is
  /// a matter of luck, which a processor cannot foresee.
  template <class Column, class Test>
  void keep_if(Column const& column, Test const& test) {
    constexpr int few = 12;
    for (std::size_t word = 0; word < words_.size(); ++word) {
      auto left = words_[word];
      if (left == 0) continue;
      auto const* const values = column.data() + word * 64;
      std::uint64_t fits = 0;
      if (std::popcount(left) <= few)
        for (; left != 0; left &= left - 1) {
          auto const row = std::countr_zero(left);
          fits |= std::uint64_t{test(values[row])} << row;
        }
      else
        for (std::size_t row = 0; row < 64; ++row) fits |= std::uint64_t{test(values[row])} << row;
      words_[word] &= fits;
    }
  }
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
      : public_only_(filter.public_only), stage_(filter.stage), box_(filter.box) {
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
    is(block.item, item_);
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
    if (must_be_open_) bits &= block.open.words[word];
    if (must_be_closed_) bits &= ~block.open.words[word];
    if (public_only_) bits &= ~block.kept_private.words[word];
    if (box_) bits &= block.located.words[word];
    return bits;
  }

  void read_codes(CaseFilter const& filter, Table const& table) {
    auto const code = [&](auto const& codes, auto const& wanted, auto& out) {
      if (!wanted) return;
      out = codes.find(*wanted);
      nothing_ |= !out;
    };
    code(table.items, filter.item, item_);
    code(table.departments, filter.department, department_);
    if (filter.areas.empty()) return;
    areas_.resize(table.areas.size());
    for (auto const area : filter.areas)
      if (auto const number = table.areas.find(area)) areas_[*number] = 1;
  }

  void read_times(CaseFilter const& filter) {
    must_be_open_ = filter.overdue_at || filter.soon_at || filter.state == CaseFilter::State::open;
    must_be_closed_ =
        filter.state == CaseFilter::State::closed || (filter.by_closing && (filter.from || filter.to));
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
  std::optional<std::uint32_t> item_, department_;
  std::vector<std::uint8_t> areas_;  // by number; empty: all
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

/// The `limit` newest of many, in time that does not grow with `limit`.
class Newest {
 public:
  explicit Newest(std::size_t limit) : limit_(limit) {}
  bool may_take(std::int64_t opened) const { return opened >= threshold_.first; }
  void add(std::int64_t opened, std::int64_t id) {
    std::pair const one(opened, id);
    if (one <= threshold_) return;
    found_.push_back(one);
    if (found_.size() >= limit_ * 8) cut();
  }
  std::vector<std::int64_t> ids() {
    cut();
    std::ranges::sort(found_, std::greater{});
    std::vector<std::int64_t> out;
    for (auto const& [opened, id] : found_) out.push_back(id);
    return out;
  }

 private:
  void cut() {
    if (found_.size() <= limit_) return;
    auto const last = found_.begin() + static_cast<std::ptrdiff_t>(limit_) - 1;
    std::ranges::nth_element(found_, last, std::greater{});
    threshold_ = *last;
    found_.resize(limit_);
  }
  std::size_t limit_;
  std::pair<std::int64_t, std::int64_t> threshold_{std::numeric_limits<std::int64_t>::min(), 0};
  std::vector<std::pair<std::int64_t, std::int64_t>> found_;
};

// ---- counting

constexpr std::array<std::string_view, 5> outcomes{"open", "open_late", "no_promise", "on_time", "late"};

/// Its number in `outcomes`, without branches.
std::size_t outcome_of(std::int64_t closed, std::int64_t due, std::int64_t now) {
  auto const yes = [](bool what) { return static_cast<std::size_t>(what); };
  auto const open = yes(closed == never);
  auto const when_closed = 2 + yes(due != never) * (1 + yes(closed > due));
  return open * yes(due < now) + (1 - open) * when_closed;
}

std::string key_of(Table const& table, CountBy by, std::size_t number) {
  switch (by) {
    case CountBy::stage:
      return std::string(name(static_cast<Stage>(number)));
    case CountBy::area:
      return number == 0 ? std::string() : std::to_string(table.areas.key(number));
    case CountBy::item:
      return table.items.key(number);
    case CountBy::department:
      return table.departments.key(number);
    case CountBy::outcome:
      return std::string(outcomes[number]);
  }
  return {};
}

bool anywhere(Block const&) { return true; }

/// How many by number.
std::vector<std::int64_t> sums_of(Table const& table, CaseFilter const& filter, CountBy by, std::int64_t now) {
  std::vector<std::int64_t> sums;
  auto const count = [&](std::size_t numbers, auto const& number_of) {
    // Neighbours often have the same number, and a sum must not wait until the one before it is written.
    constexpr std::size_t lanes = 4;
    std::vector<std::int64_t> parts(numbers * lanes);
    walk(table, filter, anywhere, [&](Block const& block, Wanted const& wanted) {
      std::size_t lane = 0;
      wanted.each([&](std::size_t row) { ++parts[number_of(block, row) * lanes + (lane++ % lanes)]; });
    });
    sums.resize(numbers);
    for (std::size_t i = 0; i < parts.size(); ++i) sums[i / lanes] += parts[i];
  };
  switch (by) {
    case CountBy::stage:
      count(256, [](Block const& b, std::size_t row) { return b.stage[row]; });
      break;
    case CountBy::area:
      count(table.areas.size(), [](Block const& b, std::size_t row) { return b.area[row]; });
      break;
    case CountBy::item:
      count(table.items.size(), [](Block const& b, std::size_t row) { return b.item[row]; });
      break;
    case CountBy::department:
      count(table.departments.size(), [](Block const& b, std::size_t row) { return b.department[row]; });
      break;
    case CountBy::outcome:
      count(outcomes.size(),
            [now](Block const& b, std::size_t row) { return outcome_of(b.closed[row], b.due[row], now); });
      break;
  }
  return sums;
}

}  // namespace

CaseIndex::CaseIndex() : table_(std::make_shared<Table const>()) {}
CaseIndex::~CaseIndex() = default;

void CaseIndex::follow(store::Reader& reader) {
  auto const last = store::last_seq(reader);
  if (table_.load()->seq >= last) return;
  std::scoped_lock const lock(following_);
  auto const table = table_.load();
  if (table->seq >= last) return;  // somebody else was faster
  detail::TableEdit edit(*table);
  if (table->seq == 0)
    take_all(reader, edit);
  else
    take_changed(reader, table->seq, last, edit);
  table_.store(edit.done(last));
}

std::vector<std::int64_t> CaseIndex::newest(CaseFilter const& filter) const {
  auto const table = table_.load();
  Newest newest(std::clamp<std::size_t>(filter.limit, 1, list_limit_max));
  auto const end = filter.after ? std::pair(core::to_ms(filter.after->opened_at), filter.after->id)
                                : std::pair(never, never);
  auto const worth = [&](Block const& block) { return newest.may_take(block.opened_last); };
  walk(*table, filter, worth, [&](Block const& block, Wanted const& wanted) {
    wanted.each([&](std::size_t row) {
      if (std::pair(block.opened[row], block.id[row]) < end) newest.add(block.opened[row], block.id[row]);
    });
  });
  return newest.ids();
}

std::vector<Count> CaseIndex::count(CaseFilter const& filter, CountBy by, core::Instant now) const {
  auto const table = table_.load();
  auto all = filter;
  all.after.reset();
  auto const sums = sums_of(*table, all, by, core::to_ms(now));
  std::vector<Count> out;
  for (std::size_t number = 0; number < sums.size(); ++number)
    if (sums[number] != 0) out.push_back({key_of(*table, by, number), sums[number]});
  std::ranges::sort(out, [](Count const& a, Count const& b) {
    return a.count != b.count ? a.count > b.count : a.key < b.key;
  });
  return out;
}

std::int64_t CaseIndex::total(CaseFilter const& filter) const {
  auto const table = table_.load();
  auto all = filter;
  all.after.reset();
  std::int64_t sum = 0;
  walk(*table, all, anywhere, [&](Block const&, Wanted const& wanted) { sum += wanted.count(); });
  return sum;
}

std::size_t CaseIndex::size() const {
  return table_.load()->rows;
}

}  // namespace zhili::respond
