#include "respond/cases/case_index.hpp"

#include <algorithm>
#include <bit>

#include "respond/cases/case_match.hpp"
#include "store/among.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

using detail::bits_of_64;
using detail::Block;
using detail::never;
using detail::Table;
using detail::walk;
using detail::Wanted;
using store::Reader;

constexpr std::int64_t rows_per_look = 20'000;  // PostgreSQL's answers stand in memory as a whole

// ---- following

constexpr std::size_t cases_per_look = 256;

/// Puts the rows that fit into the table, by id; gives how many, and the last id.
std::pair<std::int64_t, std::int64_t> take(Reader& reader, std::string const& where, std::vector<store::Value> const& args,
                                           detail::TableEdit& edit) {
  auto const sql =
      "SELECT id, item, department, area_id, stage, opened_at, due_at, closed_at, lat_e7, lon_e7, location_unknown, "
      "private FROM casefile WHERE " + where;
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
      args);
  return {count, last};
}

void take_all(Reader& reader, detail::TableEdit& edit) {
  for (std::int64_t after = 0;;) {
    auto const [count, last] = take(reader, "id > ? ORDER BY id LIMIT ?", {after, rows_per_look}, edit);
    if (count < rows_per_look) return;
    after = last;
  }
}

void take_changed(Reader& reader, store::Seq from, store::Seq to, detail::TableEdit& edit) {
  for (; from < to; from += rows_per_look) {
    auto const changed = reader.rows<std::int64_t>("SELECT DISTINCT subject FROM ledger WHERE seq > ? AND seq <= ? ORDER BY subject",
                                                   from, std::min(from + rows_per_look, to));
    // By their numbers, and not by a question within the question: a planner that knows little of the newest entries
    // would rather read all cases.
    std::vector<std::int64_t> ids;
    for (auto const& [subject] : changed) ids.push_back(subject);
    for (std::size_t at = 0; at < ids.size(); at += cases_per_look) {
      std::vector<store::Value> args;
      std::vector const some(ids.begin() + static_cast<std::ptrdiff_t>(at),
                             ids.begin() + static_cast<std::ptrdiff_t>(std::min(at + cases_per_look, ids.size())));
      auto const wanted = store::among(some, args);
      take(reader, "id" + wanted + " ORDER BY id", args, edit);
    }
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

/// Adds up how 64 cases stand, in the order of `outcomes`. `never` is after every time, so what has no due is not late.
void add_outcomes(Block const& block, std::size_t word, std::uint64_t wanted, std::int64_t now, std::vector<std::int64_t>& sums) {
  auto const* const due = block.due.data() + word * 64;
  auto const* const closed = block.closed.data() + word * 64;
  auto const count = [&](std::size_t outcome, std::uint64_t bits) { sums[outcome] += std::popcount(bits); };
  if (auto const open = wanted & block.open.words[word]; open != 0) {
    auto const late = bits_of_64([&](std::size_t i) { return due[i] < now; });
    count(0, open & ~late);
    count(1, open & late);
  }
  if (auto const ended = wanted & ~block.open.words[word]; ended != 0) {
    auto const unpromised = bits_of_64([&](std::size_t i) { return due[i] == never; });
    auto const late = bits_of_64([&](std::size_t i) { return closed[i] > due[i]; });
    count(2, ended & unpromised);
    count(3, ended & ~unpromised & ~late);
    count(4, ended & late);
  }
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
      sums.resize(outcomes.size());
      walk(table, filter, anywhere, [&](Block const& block, Wanted const& wanted) {
        for (std::size_t word = 0; word < wanted.words().size(); ++word)
          if (auto const bits = wanted.words()[word]; bits != 0) add_outcomes(block, word, bits, now, sums);
      });
      break;
  }
  return sums;
}

}  // namespace

CaseIndex::CaseIndex() : table_(std::make_shared<Table const>()) {}
CaseIndex::CaseIndex(std::shared_ptr<Table const> table) : table_(std::move(table)) {}
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
  Newest newest(std::clamp<std::size_t>(filter.limit, 1, piece_limit_max));
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

void CaseIndex::each(CaseFilter const& filter, std::function<void(CaseFact const&)> const& visit) const {
  auto const table = table_.load();
  auto all = filter;
  all.after.reset();
  auto const time = [](std::int64_t ms) { return ms == never ? std::nullopt : std::optional(core::from_ms(ms)); };
  walk(*table, all, anywhere, [&](Block const& b, Wanted const& wanted) {
    wanted.each([&](std::size_t row) {
      auto const bit = [row](detail::Bits const& bits) { return ((bits.words[row / 64] >> (row % 64)) & 1U) != 0; };
      visit({.id = b.id[row],
             .opened_at = core::from_ms(b.opened[row]),
             .due_at = time(b.due[row]),
             .closed_at = time(b.closed[row]),
             .item = table->items.key(b.item[row]),
             .department = table->departments.key(b.department[row]),
             .area = table->areas.key(b.area[row]),
             .place = bit(b.located) ? std::optional(core::LatLon{b.lat_e7[row], b.lon_e7[row]}) : std::nullopt,
             .stage = static_cast<Stage>(b.stage[row]),
             .is_private = bit(b.kept_private)});
    });
  });
}

std::shared_ptr<CaseIndex const> CaseIndex::frozen() const { return std::make_shared<CaseIndex const>(table_.load()); }

store::Seq CaseIndex::seq() const { return table_.load()->seq; }

std::size_t CaseIndex::size() const {
  return table_.load()->rows;
}

}  // namespace zhili::respond
