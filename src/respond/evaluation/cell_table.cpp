#include "respond/evaluation/cell_table.hpp"

#include <algorithm>
#include <span>

#include "store/among.hpp"

namespace zhili::respond::evaluation {

namespace {

constexpr std::size_t cells_per_statement = 64;
constexpr auto closed = catalogue::bit(catalogue::Fact::closed);

using Moved = std::pair<Cell const*, FactSums const*>;

std::string marks(std::string const& one, std::size_t count) {
  std::string out = one;
  for (std::size_t i = 1; i < count; ++i) out += "," + one;
  return out;
}

/// What the tables have of these cells, which are of one slice and period.
std::map<std::pair<std::int64_t, std::int64_t>, FactSums> sums_of(store::Reader& reader, std::span<Moved const> cells) {
  std::map<std::pair<std::int64_t, std::int64_t>, FactSums> out;
  std::vector<store::Value> args{cells.front().first->slice, cells.front().first->period};
  std::size_t asked = 1;
  while (asked < cells.size()) asked *= 4;  // few texts, so that each is prepared once
  for (std::size_t i = 0; i < asked; ++i) {
    auto const& cell = *cells[std::min(i, cells.size() - 1)].first;
    args.emplace_back(cell.within_key);
    args.emplace_back(cell.key);
  }
  reader.each<std::int64_t, std::int64_t, std::string_view, std::string_view>(
      "SELECT within_key, key, open_sums, ended_sums FROM evaluation_cell WHERE slice = ? AND period = ? AND (within_key, key) IN (VALUES " +
          // PostgreSQL takes the types of all rows from the first.
          std::string("(CAST(? AS BIGINT),CAST(? AS BIGINT))") + (asked > 1 ? "," + marks("(?,?)", asked - 1) : std::string()) + ")",
      [&](std::int64_t within, std::int64_t key, std::string_view open, std::string_view ended) {
        auto& sums = out[{within, key}];
        sums = FactSums::of(open);
        sums.add(FactSums::of(ended));
      },
      args);
  return out;
}

/// Open ones and those that have ended, each as text.
std::pair<std::string, std::string> texts_of(FactSums const& sums, bool of_cases) {
  FactSums open;
  FactSums ended;
  for (auto const& [facts, of] : sums) (of_cases && (facts & closed) == 0 ? open : ended).add(facts, of);
  return {open.text(), ended.text()};
}

bool is_of_cases(Cell const& cell) { return cell.slice >= slice_of(Cohort::cases, Dimension::none, Dimension::none, Length::day); }

void write_cells(store::Writer& writer, std::span<Moved const> cells) {
  auto known = sums_of(writer, cells);
  std::vector<store::Value> args;
  std::size_t written = 0;
  for (auto const& [cell, moved] : cells) {
    auto& sums = known[{cell->within_key, cell->key}];
    sums.add(*moved);
    if (sums.empty()) {
      writer.exec("DELETE FROM evaluation_cell WHERE slice = ? AND period = ? AND within_key = ? AND key = ?", cell->slice, cell->period,
                  cell->within_key, cell->key);
      continue;
    }
    auto [open, ended] = texts_of(sums, is_of_cases(*cell));
    for (auto const number : {cell->slice, cell->period, cell->within_key, cell->key}) args.emplace_back(number);
    args.emplace_back(std::move(open));
    args.emplace_back(std::move(ended));
    ++written;
  }
  auto const write = [&](std::vector<store::Value> const& these, std::size_t count) {
    writer.exec("INSERT INTO evaluation_cell (slice, period, within_key, key, open_sums, ended_sums) VALUES " + marks("(?,?,?,?,?,?)", count) +
                    " ON CONFLICT (slice, period, within_key, key) DO UPDATE SET open_sums = excluded.open_sums, ended_sums = excluded.ended_sums",
                these);
  };
  constexpr std::size_t per_cell = 6;
  if (written == cells_per_statement) return write(args, written);
  for (std::size_t i = 0; i < written; ++i)
    write({args.begin() + static_cast<std::ptrdiff_t>(i * per_cell), args.begin() + static_cast<std::ptrdiff_t>((i + 1) * per_cell)}, 1);
}

}  // namespace

KeyBook::KeyBook(store::Writer& writer) : writer_(writer) {
  last_ = writer.value<std::int64_t>("SELECT COALESCE(max(id), 0) FROM evaluation_key").value_or(0);
}

std::int64_t KeyBook::number(Dimension dimension, std::string const& code) {
  if (code.empty()) return 0;
  auto const [it, is_new] = known_[static_cast<std::size_t>(dimension)].try_emplace(code, 0);
  if (!is_new) return it->second;
  if (auto const id = writer_.value<std::int64_t>("SELECT id FROM evaluation_key WHERE dimension = ? AND code = ?", dimension, code))
    return it->second = *id;
  writer_.exec("INSERT INTO evaluation_key (id, dimension, code) VALUES (?, ?, ?)", ++last_, dimension, code);
  return it->second = last_;
}

Counted KeyBook::counted(Subject const& subject) {
  auto out = subject.counted;
  for (auto const dimension : all_dimensions) {
    auto const at = static_cast<std::size_t>(dimension);
    out.keys[at] = number(dimension, subject.codes[at]);
  }
  return out;
}

std::map<std::int64_t, Counted> counted_rows(store::Reader& reader, std::vector<std::int64_t> const& subjects) {
  using N = std::int64_t;
  std::map<N, Counted> out;
  std::vector<store::Value> args;
  auto const wanted = store::among(subjects, args);
  reader.each<N, N, N, N, N, N, N, N, N, N, N, N, N, N>(
      "SELECT subject, cohort, day, facts, dispatches, returns, reworks, minutes, area, grid, department, function_key, item, source "
      "FROM evaluation_fact WHERE subject" + wanted,
      [&](N subject, N cohort, N day, N facts, N dispatches, N returns, N reworks, N minutes, N area, N grid, N department, N function, N item,
          N source) {
        out[subject] = {.cohort = static_cast<Cohort>(cohort),
                        .day = day,
                        .facts = static_cast<std::uint64_t>(facts),
                        .sums = {1, dispatches, returns, reworks, minutes},
                        .keys = {0, area, grid, department, function, item, source}};
      },
      args);
  return out;
}

void put_row(store::Writer& writer, std::int64_t subject, std::optional<Counted> const& counted) {
  if (!counted) {
    writer.exec("DELETE FROM evaluation_fact WHERE subject = ?", subject);
    return;
  }
  auto const& c = *counted;
  writer.exec(
      "INSERT INTO evaluation_fact (subject, cohort, day, facts, dispatches, returns, reworks, minutes, area, grid, department, function_key, item, "
      "source) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (subject) DO UPDATE SET cohort = excluded.cohort, day = excluded.day, "
      "facts = excluded.facts, dispatches = excluded.dispatches, returns = excluded.returns, reworks = excluded.reworks, "
      "minutes = excluded.minutes, area = excluded.area, grid = excluded.grid, department = excluded.department, "
      "function_key = excluded.function_key, item = excluded.item, source = excluded.source",
      subject, c.cohort, c.day, c.facts, c.sums.dispatches, c.sums.returns, c.sums.reworks, c.sums.minutes, c.key(Dimension::area),
      c.key(Dimension::grid), c.key(Dimension::department), c.key(Dimension::function), c.key(Dimension::item), c.key(Dimension::source));
}

void put_cells(store::Writer& writer, CellSums const& moved) {
  std::vector<Moved> cells;
  for (auto const& [cell, sums] : moved)
    if (!sums.empty()) cells.emplace_back(&cell, &sums);
  std::ranges::sort(cells, {}, [](Moved const& one) { return *one.first; });  // neighbours on the disk are written together
  for (std::size_t at = 0; at < cells.size();) {
    auto const& first = *cells[at].first;
    auto end = at;
    while (end < cells.size() && end - at < cells_per_statement && cells[end].first->slice == first.slice && cells[end].first->period == first.period) ++end;
    write_cells(writer, std::span(cells).subspan(at, end - at));
    at = end;
  }
}

void forget_all(store::Writer& writer) {
  for (auto const* table : {"evaluation_cell", "evaluation_fact", "evaluation_key", "evaluation_position"})
    writer.exec(std::string("DELETE FROM ") + table);
}

}  // namespace zhili::respond::evaluation
