#include "web/evaluation/page.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "respond/evaluation/keeper.hpp"

namespace zhili::web {

namespace {

using catalogue::Cohort;
using respond::evaluation::Dimension;
using respond::evaluation::FactSums;
using core::Period;
namespace evaluation = respond::evaluation;

/// From the keys of cells to the codes of rows: areas are rolled up to the level that is asked for.
class Rows {
 public:
  Rows(store::Reader& reader, Ask const& ask) : reader_(reader), ask_(ask) {}

  void take(evaluation::Tally const& tally, Cohort cohort, std::map<Cohort, FactSums> PageRow::*of) {
    auto const codes = evaluation::codes_of(reader_, tally);
    for (auto const& [key, sums] : tally) {
      auto const found = codes.find(key);
      auto [code, alone] = row_of(found == codes.end() ? std::string() : found->second);
      auto& row = rows_[{code, alone}];
      row.code = std::move(code);
      row.alone = alone;
      (row.*of)[cohort].add(sums);
    }
  }
  std::vector<PageRow> done() {
    std::vector<PageRow> out;
    for (auto& [key, row] : rows_) out.push_back(std::move(row));
    return out;
  }

 private:
  std::pair<std::string, bool> row_of(std::string const& code) const {
    if (ask_.by != Dimension::area || code.empty()) return {code, true};
    std::int64_t id = 0;
    std::from_chars(code.data(), code.data() + code.size(), id);
    auto const* area = ask_.places->area(id);
    while (area && area->level != ask_.level) area = area->parent.empty() ? nullptr : ask_.places->area(area->parent);
    // A case that is known only to lie in something larger has no row of its own on this level.
    return area ? std::pair(std::to_string(area->id), true) : std::pair(std::string(), false);
  }

  store::Reader& reader_;
  Ask const& ask_;
  std::map<std::pair<std::string, bool>, PageRow> rows_;
};

std::set<Cohort> cohorts_of(Ask const& ask) {
  std::set<Cohort> out;
  for (auto const* indicator : ask.indicators) out.insert(indicator->of);
  return out;
}

std::int64_t size(PageRow const& row) {
  std::int64_t out = 0;
  for (auto const& [cohort, sums] : row.now)
    for (auto const& [facts, of] : sums) out += of.number;
  return out;
}

}  // namespace

Page read_page(store::Reader& reader, Ask ask, ApiParts const& parts) {
  Page out{.ask = std::move(ask)};
  auto const& asked = out.ask;
  auto const earlier = core::before(asked.period);
  auto const a_year = core::year_before(asked.period);
  Rows rows(reader, asked);
  for (auto const cohort : cohorts_of(asked)) {
    auto const take = [&](Period const& period, std::map<Cohort, FactSums> PageRow::*of) {
      auto const tally = evaluation::tally(reader, asked.by, asked.question(cohort, period));
      rows.take(tally, cohort, of);
      (out.total.*of)[cohort] = evaluation::together(tally);
    };
    take(asked.period, &PageRow::now);
    take(earlier, &PageRow::before);
    take(a_year, &PageRow::year_before);
    std::size_t at = 0;
    for (auto const& period : core::trend_of(asked.period)) {
      if (out.trend.size() <= at) out.trend.push_back({.period = period, .sums = {}});
      out.trend[at++].sums[cohort] = evaluation::together(evaluation::tally(reader, Dimension::source, asked.question(cohort, period)));
    }
  }
  out.rows = rows.done();
  for (auto& row : out.rows)
    row.name = row.alone ? name_of_key(asked.by, row.code, asked, parts) : core::Text{"区域不细", "Not known to this level"};
  std::ranges::sort(out.rows, [](PageRow const& a, PageRow const& b) { return std::pair(-size(a), a.code) < std::pair(-size(b), b.code); });
  std::erase_if(out.rows, [](PageRow const& row) { return size(row) == 0; });
  if (out.rows.size() > evaluation_rows_max) {
    out.left_out = out.rows.size() - evaluation_rows_max;
    out.rows.resize(evaluation_rows_max);
  }
  auto const counted = evaluation::position(reader);
  out.behind = counted.last - counted.seq;
  return out;
}

Shown shown(catalogue::Indicator const& indicator, FactSums const& sums, bool staff) {
  auto const figure = evaluation::figure(indicator, sums);
  if (!staff && figure.denominator > 0 && figure.denominator < smallest_public_cell) return std::nullopt;
  return figure;
}

std::vector<Shown> shown_rows(catalogue::Indicator const& indicator, Page const& page) {
  std::vector<Shown> out;
  for (auto const& row : page.rows) {
    auto const sums = row.now.find(indicator.of);
    out.push_back(shown(indicator, sums == row.now.end() ? FactSums{} : sums->second, page.ask.staff));
  }
  hide_one_more(out);
  return out;
}

void hide_one_more(std::vector<Shown>& figures) {
  if (std::ranges::count_if(figures, [](Shown const& one) { return !one; }) != 1) return;
  auto smallest = figures.end();
  for (auto it = figures.begin(); it != figures.end(); ++it)
    if (*it && (*it)->denominator > 0 && (smallest == figures.end() || (*it)->denominator < (*smallest)->denominator)) smallest = it;
  if (smallest != figures.end()) smallest->reset();
}

}  // namespace zhili::web
