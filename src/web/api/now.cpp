#include <algorithm>
#include <boost/json.hpp>

#include "catalogue/catalogue.hpp"
#include "respond/cases/codec.hpp"
#include "store/ledger.hpp"
#include "web/api/filters.hpp"
#include "web/api/routes.hpp"
#include "web/api/story_view.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using respond::CaseFilter;

constexpr std::size_t happening_max = 60;
constexpr std::size_t entries_looked_at_max = 600;  ///< back from the head of the ledger

std::int64_t total(respond::CaseIndex const& cases, CaseFilter const& filter, core::Instant now) {
  std::int64_t sum = 0;
  for (auto const& count : cases.count(filter, respond::CountBy::stage, now)) sum += count.count;
  return sum;
}

/// Signals of the whole city that are looked at on site before they become cases, and those of them that take longer
/// than they may.
std::pair<std::int64_t, std::int64_t> checks(store::Reader& reader, core::Instant now) {
  static_assert(static_cast<int>(respond::Stage::checking) == 2);  // as the index has it
  std::pair<std::int64_t, std::int64_t> out;
  reader.each<std::optional<std::int64_t>>(
      "SELECT min(k.due_at) FROM signal s LEFT JOIN clock k ON k.subject = s.id WHERE s.state = 2 GROUP BY s.id",
      [&](std::optional<std::int64_t> due) {
        ++out.first;
        out.second += due && core::from_ms(*due) < now ? 1 : 0;
      });
  return out;
}

core::Instant midnight(core::Instant now, core::Zone const& zone) {
  auto day = zone.civil(now);
  day.second = 0;
  return zone.instant(day);
}

bool in_areas(respond::CaseLine const& line, CaseFilter const& filter) {
  if (filter.areas.empty()) return true;
  return line.area_id && std::find(filter.areas.begin(), filter.areas.end(), *line.area_id) != filter.areas.end();
}

/// The newest public sentences about cases that everybody may see.
array happening(store::Reader& reader, CaseFilter const& filter, ApiParts const& parts) {
  array out;
  auto const from = std::max<store::Seq>(0, store::last_seq(reader) - static_cast<store::Seq>(entries_looked_at_max));
  auto entries = store::entries_after(reader, from, entries_looked_at_max);
  for (auto entry = entries.rbegin(); entry != entries.rend() && out.size() < std::min(filter.limit, happening_max); ++entry) {
    if (!core::name(entry->kind).starts_with("case.") || entry->kind == core::EventKind::case_recorded) continue;
    auto const event = respond::decode(entry->kind, entry->happened.value_or(entry->at), entry->actor, entry->payload);
    if (!event) continue;
    auto const line = respond::find_case(reader, entry->subject);
    auto const told = story_entry(entry->seq, *event, parts);
    if (!line || line->is_private || told.audience != respond::Audience::everybody || !in_areas(*line, filter)) continue;
    auto json = story_json(told, parts.zone);
    auto const* item = parts.catalogue->find(catalogue::ItemRef{line->item, line->pack, line->pack_version});
    json["case_no"] = case_number(*line, parts);
    json["item"] = object{{"code", line->item}, {"name", to_json(catalogue::name_of(item, line->item))}};
    json["stage"] = respond::name(line->stage);
    out.push_back(std::move(json));
  }
  return out;
}

Response now_answer(Request const& request, ApiParts const& parts) {
  auto const now = parts.time->now();
  auto const places = parts.places->now();
  auto const asked = case_filter(request.query, *places, now, parts.zone);
  if (!asked) return Response::problem(asked.error());
  CaseFilter base;
  base.areas = asked->areas;
  object out{{"at", time_json(now, parts.zone)}};
  auto const read = parts.db->read([&](store::Reader& reader) {
    parts.cases->follow(reader);
    auto open = base;
    open.state = CaseFilter::State::open;
    out["in_hand"] = total(*parts.cases, open, now);
    auto soon = base;
    soon.soon_at = now;
    out["soon"] = total(*parts.cases, soon, now);
    auto late = base;
    late.overdue_at = now;
    out["late"] = total(*parts.cases, late, now);
    auto const [checking, checking_late] = checks(reader, now);
    out["checking"] = checking;
    out["checking_late"] = checking_late;
    auto closed = base;
    closed.state = CaseFilter::State::closed;
    closed.by_closing = true;
    closed.from = midnight(now, parts.zone);
    out["closed_today"] = total(*parts.cases, closed, now);
    out["happening"] = happening(reader, *asked, parts);
  });
  if (!read) return Response::problem(read.error());
  return Response::json(boost::json::serialize(out));
}

}  // namespace

void mount_now(Router& router, ApiParts const& parts) {
  router.get("/api/v1/now", [parts](Request const& request) { return now_answer(request, parts); });
}

}  // namespace zhili::web
