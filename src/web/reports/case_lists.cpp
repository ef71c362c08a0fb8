#include "web/reports/case_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "assure/reports/periods.hpp"
#include "respond/cases/query.hpp"
#include "respond/evaluation/facts.hpp"
#include "web/api/view.hpp"
#include "web/reports/case_counts.hpp"

namespace zhili::web {

namespace {

namespace reports = assure::reports;
using reports::Cell;
using reports::Figures;
using reports::ReportList;
using reports::Row;

constexpr std::size_t lines_at_once = 256;
using respond::evaluation::frequent_times_min;
using respond::evaluation::frequent_within;

core::Text both(std::string const& same) { return {same, same}; }

/// As the list of cases takes a box.
std::string degrees(respond::MapBox const& box) {
  return fmt::format("{:.7f},{:.7f},{:.7f},{:.7f}", box.south_west.lon(), box.south_west.lat(), box.north_east.lon(), box.north_east.lat());
}

std::vector<reports::Column> case_columns(ReportList list) {
  std::vector<reports::Column> out{{{"编号", "Number"}}, {{"事项", "Item"}}, {{"区域", "Area"}}, {{"责任部门", "Department"}}, {{"受理", "Received"}}};
  if (list == ReportList::longest_open) out.push_back({{"已历天数", "Days"}, true});
  else if (list == ReportList::late) out.push_back({{"超期天数", "Days late"}, true});
  else {
    out.push_back({{"时限", "Due"}});
    out.push_back({{"结案", "Closed"}});
  }
  return out;
}

core::Text time_shown(std::optional<core::Instant> at, core::Zone const& zone) {
  if (!at) return {};
  auto const c = zone.civil(*at);
  return both(fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", c.year, c.month, c.day, c.second / 3600, c.second / 60 % 60));
}

std::string days_between(core::Instant from, core::Instant to) {
  return reports::shown(static_cast<double>((to - from).count()) / 86'400'000.0, reports::Form::decimal);
}

/// A fact that outlives the walk over the index.
struct Kept {
  std::int64_t id;
  core::Instant opened_at;
  std::optional<core::Instant> due_at, closed_at;
  std::string item, department;
  std::int64_t area;
  std::optional<core::LatLon> place;
};

}  // namespace

Figures::Listed CaseLists::cases(respond::CaseFilter filter, ReportList list, core::Instant until, std::size_t most) {
  std::vector<Kept> found;
  index.each(filter, [&](respond::CaseFact const& f) {
    found.push_back({f.id, f.opened_at, f.due_at, f.closed_at, std::string(f.item), std::string(f.department), f.area, f.place});
  });
  auto const oldest = [&](Kept const& a, Kept const& b) {
    auto const& x = list == ReportList::late ? *a.due_at : a.opened_at;
    auto const& y = list == ReportList::late ? *b.due_at : b.opened_at;
    return list == ReportList::cases ? std::pair(x, a.id) > std::pair(y, b.id) : std::pair(x, a.id) < std::pair(y, b.id);
  };
  Figures::Listed out{.columns = case_columns(list), .rows = {}, .all = static_cast<std::int64_t>(found.size()), .places = {}};
  std::ranges::sort(found, oldest);
  if (found.size() > most) found.resize(most);
  std::map<std::int64_t, respond::CaseLine> lines;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i % lines_at_once == 0) {
      std::vector<std::int64_t> ids;
      for (auto k = i; k < std::min(i + lines_at_once, found.size()); ++k) ids.push_back(found[k].id);
      lines.clear();
      for (auto& line : respond::find_cases(reader, ids)) lines.emplace(line.id, std::move(line));
    }
    auto const& f = found[i];
    auto const line = lines.find(f.id);
    if (line == lines.end()) continue;
    auto const number = case_number(line->second, parts);
    if (auto const shown = shown_place(line->second, places); shown.at) out.places.push_back(*shown.at);
    using respond::CountBy;
    Row row{{both(number), "/cases/" + number},
            {count_name(CountBy::item, f.item, places, parts)},
            {f.area == 0 ? core::Text{} : count_name(CountBy::area, std::to_string(f.area), places, parts)},
            {f.department.empty() ? core::Text{} : count_name(CountBy::department, f.department, places, parts)},
            {time_shown(f.opened_at, parts.zone)}};
    if (list == ReportList::longest_open) row.push_back({both(days_between(f.opened_at, until))});
    else if (list == ReportList::late) row.push_back({both(days_between(*f.due_at, until))});
    else {
      row.push_back({time_shown(f.due_at, parts.zone)});
      row.push_back({time_shown(f.closed_at, parts.zone)});
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

Figures::Listed CaseLists::repeated(core::Instant until, std::size_t most) {
  auto filter = base;
  // Whole days, for the list that a row opens knows no others.
  auto const from = reports::period_at(reports::ReportPeriod::day, until - frequent_within, parts.zone).from;
  filter.from = from;
  filter.to = until;
  // A place is a whole cell, as in every box that is asked for: a smaller one would tell what is not shown.
  struct Place {
    std::int64_t count = 0;
    std::int64_t area = 0;
  };
  std::map<std::pair<core::LatLon, std::string>, Place> all;  // by the middle of the cell, and the item
  index.each(filter, [&](respond::CaseFact const& f) {
    if (!f.place) return;
    auto& place = all[{respond::cell_centre(*f.place), std::string(f.item)}];
    if (++place.count == 1) place.area = f.area;
  });
  std::vector<std::pair<std::pair<core::LatLon, std::string>, Place>> many;
  for (auto const& one : all)
    if (one.second.count >= frequent_times_min) many.push_back(one);
  std::ranges::stable_sort(many, [](auto const& a, auto const& b) { return a.second.count > b.second.count; });
  Figures::Listed out{.columns = {{{"位置", "Place"}}, {{"区域", "Area"}}, {{"事项", "Item"}}, {{"次数", "Times"}, true}},
                      .rows = {}, .all = static_cast<std::int64_t>(many.size()), .places = {}};
  if (many.size() > most) many.resize(most);
  for (auto const& [key, place] : many) {
    auto const& [middle, item] = key;
    auto const near = places.near(middle);
    CaseLink link(fields);
    link.set("state", "all");
    link.set("item", item);
    link.set("bbox", degrees(respond::whole_cells({middle, middle})));
    using respond::CountBy;
    out.rows.push_back({{near ? near->words : both(fmt::format("{:.4f}, {:.4f}", middle.lat(), middle.lon()))},
                        {place.area == 0 ? core::Text{} : count_name(CountBy::area, std::to_string(place.area), places, parts)},
                        {count_name(CountBy::item, item, places, parts)},
                        {both(std::to_string(place.count)), link.during({from, until}, parts.zone)}});
  }
  return out;
}

Figures::Listed CaseLists::of(ReportList list, reports::Span span, core::Instant until, std::size_t most) {
  if (list == ReportList::repeated_places) return repeated(until, most);
  auto filter = base;
  if (list == ReportList::cases) {
    filter.from = span.from;
    filter.to = span.to;
  } else {
    filter.open_at = until;
    if (list == ReportList::late) filter.overdue_at = until;
  }
  return cases(std::move(filter), list, until, most);
}

}  // namespace zhili::web
