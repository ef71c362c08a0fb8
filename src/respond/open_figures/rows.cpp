#include "respond/open_figures/rows.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "respond/open_figures/small_cells.hpp"

namespace zhili::respond::open_figures {

namespace {

using catalogue::bit;
using catalogue::Fact;

constexpr auto of_cases = Cohort::cases;
constexpr auto of_reports = Cohort::signals;

OutcomeWords const all_outcomes[] = {
    {Outcome::on_time, of_cases, "on_time", {"按期结案", "Closed on time"}, {"在承诺的时限内结案", "Closed within the promised time"}},
    {Outcome::late, of_cases, "late", {"超期结案", "Closed late"}, {"超过承诺的时限才结案", "Closed after the promised time"}},
    {Outcome::open, of_cases, "open", {"还没结案", "Not closed"}, {"公布这个月时还没有结案", "Not closed when the month was published"}},
    {Outcome::unclear, of_cases, "unclear", {"说不清", "Not clear"},
     {"来自其他系统的历史，记录自相矛盾", "History of another system whose record contradicts itself"}},
    {Outcome::registered, of_reports, "registered", {"单独立案", "A case of its own"}, {"为它立了案卷", "A case was registered for it"}},
    {Outcome::joined, of_reports, "joined", {"并入已有的案卷", "Joined to a case"}, {"说的是已有案卷的同一件事", "It tells of the same thing as a case that was there"}},
    {Outcome::rejected, of_reports, "rejected", {"不予立案", "Rejected"}, {"没有立案，理由告诉了上报人", "No case was registered; the reporter was told why"}},
    {Outcome::waiting, of_reports, "waiting", {"还在处理", "Not decided"}, {"公布这个月时还没有结论", "Nobody had decided when the month was published"}},
};

constexpr std::string_view no_group = "-";  // of items without one, and of those that the catalogue no longer has

std::int64_t outcomes_of(Cohort cohort) { return std::ranges::count(all_outcomes, cohort, &OutcomeWords::of); }

/// The tree of small_cells.hpp with the row that each of its nodes would be.
class Tree {
 public:
  Tree(Cohort cohort, std::span<Count const> counts, Structure const& structure) : outcomes_(outcomes_of(cohort)) {
    for (auto const& area : structure.areas) {
      parent_of_.emplace(area.id, area.parent);
      ++areas_below_[area.parent];
    }
    for (auto const& [item, group] : structure.group_of_item) items_of_[group_of(structure, item)].insert(item);
    for (auto const& count : counts) items_of_[group_of(structure, count.item)].insert(count.item);
    rows_.push_back({});
    nodes_.push_back({.parent = 0, .children = children_of_area(0)});
    at_.emplace(rows_.front(), 0);
    for (auto const& count : counts) {
      if (count.number <= 0) continue;
      auto const area = parent_of_.contains(count.area) ? count.area : 0;
      nodes_[node({area, group_of(structure, count.item), count.item, count.outcome})].number += count.number;
    }
  }

  std::vector<Row> rows() {
    auto const numbers = published(nodes_);
    std::vector<Row> out;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!numbers[i]) continue;
      out.push_back(rows_[i]);
      out.back().number = *numbers[i];
    }
    std::ranges::sort(out);
    return out;
  }

 private:
  static std::string group_of(Structure const& structure, std::string const& item) {
    auto const found = structure.group_of_item.find(item);
    return found == structure.group_of_item.end() || found->second.empty() ? std::string(no_group) : found->second;
  }

  Row above(Row row) const {
    if (row.outcome) row.outcome.reset();
    else if (!row.item.empty()) row.item.clear();
    else if (!row.group.empty()) row.group.clear();
    else row.area = parent_of_.at(row.area);
    return row;
  }

  std::int64_t children_of_area(std::int64_t area) const {
    auto const below = areas_below_.find(area);
    return (below == areas_below_.end() ? 0 : below->second) + static_cast<std::int64_t>(items_of_.size());
  }
  std::int64_t children(Row const& row) const {
    if (row.outcome) return 0;
    if (!row.item.empty()) return outcomes_;
    if (!row.group.empty()) return static_cast<std::int64_t>(items_of_.at(row.group).size());
    return children_of_area(row.area);
  }

  /// The node of a row, made with those above it if it is new.
  std::size_t node(Row const& row) {
    if (auto const found = at_.find(row); found != at_.end()) return found->second;
    auto const parent = node(above(row));
    at_.emplace(row, nodes_.size());
    nodes_.push_back({.parent = parent, .children = children(row)});
    rows_.push_back(row);
    return nodes_.size() - 1;
  }

  
  std::int64_t outcomes_;
  std::unordered_map<std::int64_t, std::int64_t> parent_of_, areas_below_;
  std::map<std::string, std::set<std::string>, std::less<>> items_of_;
  std::vector<Node> nodes_;
  std::vector<Row> rows_;
  std::map<Row, std::size_t> at_;
};

}  // namespace

std::span<OutcomeWords const> outcome_words() { return all_outcomes; }

OutcomeWords const& words(Outcome outcome) { return *std::ranges::find(all_outcomes, outcome, &OutcomeWords::outcome); }

Outcome outcome_of(Cohort cohort, std::uint64_t facts) {
  auto const has = [&](Fact fact) { return (facts & bit(fact)) != 0; };
  if (cohort == of_reports) {
    if (has(Fact::merged)) return Outcome::joined;
    if (has(Fact::registered)) return Outcome::registered;
    return has(Fact::rejected) ? Outcome::rejected : Outcome::waiting;
  }
  if (has(Fact::contradicted)) return Outcome::unclear;
  if (has(Fact::on_time)) return Outcome::on_time;
  return has(Fact::late) ? Outcome::late : Outcome::open;
}

std::vector<Row> published_rows(Cohort cohort, std::span<Count const> counts, Structure const& structure) {
  return Tree(cohort, counts, structure).rows();
}

}  // namespace zhili::respond::open_figures
