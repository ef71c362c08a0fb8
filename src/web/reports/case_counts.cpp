#include "web/reports/case_counts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assure/reports/periods.hpp"
#include "web/api/view.hpp"
#include "web/form.hpp"

namespace zhili::web {

namespace {

namespace reports = assure::reports;
using reports::ReportBy;

std::string const no_key;

}  // namespace

// ---- keys

CaseKeys::CaseKeys(sense::places::PlaceIndex const& places, ApiParts const& parts, std::string_view own_area)
    : places_(places), parts_(parts), own_area_(own_area) {
  for (auto const* item : parts.catalogue->items()) groups_.emplace(item->code, item->group.code);
  if (!own_area_.empty()) return;
  std::size_t roots = 0;  // the whole city: of one root, what lies below it
  for (auto const& area : places.city().areas)
    if (area.parent.empty() && ++roots == 1) own_area_ = area.code;
  if (roots > 1) own_area_.clear();
}

std::string const& CaseKeys::area_at(std::int64_t area, std::string_view level) const {
  auto const [known, fresh] = areas_.try_emplace({area, std::string(level)});
  if (!fresh) return known->second;
  auto const* lowest = places_.area(area);
  if (!lowest) return known->second;
  known->second = lowest->code;
  for (auto const* at = lowest; at; at = at->parent.empty() ? nullptr : places_.area(std::string_view(at->parent)))
    if (at->level == level || (level.empty() && at->parent == own_area_)) known->second = at->code;
  return known->second;
}

std::string const& CaseKeys::counted_code(std::string_view item) const {
  auto const known = counted_.find(item);
  if (known != counted_.end()) return known->second;
  return counted_.emplace(item, parts_.catalogue->counted_code({std::string(item), "", ""})).first->second;
}

std::string const& CaseKeys::group_of(std::string_view item) const {
  auto const found = groups_.find(item);
  return found == groups_.end() ? no_key : found->second;
}

std::string const& CaseKeys::key(respond::CaseFact const& fact, ReportBy by, std::string_view level) const {
  thread_local std::string text;
  switch (by) {
    case ReportBy::area: return fact.area == 0 ? no_key : area_at(fact.area, level);
    case ReportBy::item: return counted_code(fact.item);
    case ReportBy::department: return text = std::string(fact.department);
    case ReportBy::group: return group_of(counted_code(fact.item));
    case ReportBy::day:
    case ReportBy::none: break;
  }
  return no_key;
}

core::Text CaseKeys::name(ReportBy by, std::string const& key) const {
  if (key.empty()) return {"未知", "Not known"};
  if (by == ReportBy::area) {
    auto const* area = places_.area(std::string_view(key));
    return area ? area->name : core::Text{key, key};
  }
  if (by == ReportBy::group) {
    for (auto const* item : parts_.catalogue->items())
      if (item->group.code == key) return item->group.name;
    return {key, key};
  }
  return count_name(by == ReportBy::item ? respond::CountBy::item : respond::CountBy::department, key, places_, parts_);
}

std::string CaseKeys::area_id(std::string const& code) const {
  auto const* area = places_.area(std::string_view(code));
  return area ? std::to_string(area->id) : std::string();
}

std::string CaseKeys::items_of(std::string const& group) const {
  std::string out;
  for (auto const& [item, of] : groups_)
    if (of == group) out += (out.empty() ? "" : ",") + codes_of(item);
  return out;
}

std::string CaseKeys::codes_of(std::string const& item) const {
  auto out = item;
  for (auto const& [code, now] : counted_)
    if (now == item && code != item) out += "," + code;
  return out;
}

std::vector<reports::Figures::Shape> CaseKeys::shapes(std::string_view level) const {
  std::vector<reports::Figures::Shape> out;
  for (auto const& area : places_.city().areas) {
    bool const wanted = level.empty() ? area.parent == own_area_ : area.level == level;
    if (!wanted || !area.code.starts_with(own_area_)) continue;
    reports::Figures::Shape shape{area.code, area.name, {}};
    for (auto const& polygon : area.shape.polygons) {
      shape.rings.push_back(polygon.outer);
      for (auto const& hole : polygon.holes) shape.rings.push_back(hole);
    }
    if (!shape.rings.empty()) out.push_back(std::move(shape));
  }
  return out;
}

// ---- counts

CaseCounts::Tallies const& CaseCounts::of(std::string_view figure, reports::Span span, core::Instant until, ReportBy by, std::string_view level) {
  bool const opened = figure == "opened";
  bool const standing = figure == "in_hand" || figure == "late";
  auto const what = opened ? What::opened : standing ? What::standing : What::closed;
  auto const from = standing ? until : span.from;
  auto const to = standing ? until : std::min(span.to, until);
  auto const [known, fresh] = known_.try_emplace({what, core::to_ms(from), core::to_ms(to), by, std::string(by == ReportBy::area ? level : "")});
  auto& tallies = known->second;
  if (!fresh || (!standing && from >= to)) return tallies;
  auto filter = base_;
  if (standing) {
    filter.open_at = until;
  } else {
    filter.from = from;
    filter.to = to;
    filter.by_closing = what == What::closed;
  }
  index_.each(filter, [&](respond::CaseFact const& fact) {
    auto& tally = tallies[keys_.key(fact, by, level)];
    ++tally.count;
    if (what == What::standing) tally.late += fact.due_at && *fact.due_at < until ? 1 : 0;
  });
  return tallies;
}

std::int64_t CaseCounts::number(CaseTally const& tally, std::string_view figure) {
  return figure == "late" ? tally.late : tally.count;
}

// ---- links

CaseLink::CaseLink(Fields const& base, std::string page) : page_(std::move(page)) {
  for (auto const& [name, value] : base) fields_.emplace_back(name, value);
}

void CaseLink::set(std::string_view name, std::string value) {
  auto const found = std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first);
  if (found == fields_.end()) fields_.emplace_back(name, std::move(value));
  else found->second = std::move(value);
}

std::string CaseLink::during(reports::Span span, core::Zone const& zone) {
  set("from", reports::date_of(span.from, zone));
  set("to", reports::date_of(span.to - core::Duration(1), zone));
  return done();
}

std::string CaseLink::standing(core::Instant at, bool late, core::Zone const& zone) {
  set("state", "all");
  // A date stands for the end of that day.
  bool const midnight = zone.civil(at).second == 0;
  set("at", midnight ? reports::date_of(at - core::Duration(1), zone) : core::to_iso(at));
  if (late) set("late", "over");
  return done();
}

std::string CaseLink::done() const {
  auto out = page_;
  for (auto const& [name, value] : fields_) out += fmt::format("{}{}={}", out.size() == page_.size() ? '?' : '&', name, percent_encode(value));
  return out;
}

}  // namespace zhili::web
