#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <utility>
#include <vector>

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
constexpr std::int64_t happening_default = 50;
constexpr store::Seq entries_looked_at_max = 600;  ///< back from the head of the ledger
constexpr store::Seq entries_at_once = 100;

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

/// What a run of ledger entries says to everybody about cases, oldest first.
std::vector<std::pair<store::Seq, respond::StoryLine>> public_sentences(std::vector<store::Recorded> const& entries,
                                                                        ApiParts const& parts) {
  std::vector<std::pair<store::Seq, respond::StoryLine>> out;
  for (auto const& entry : entries) {
    if (!core::name(entry.kind).starts_with("case.") || entry.kind == core::EventKind::case_recorded) continue;
    auto const event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
    if (!event) continue;
    auto told = story_entry(entry.seq, *event, parts);
    if (told.audience == respond::Audience::everybody) out.emplace_back(entry.subject, std::move(told));
  }
  return out;
}

object sentence_json(respond::StoryLine const& told, respond::CaseLine const& line, ApiParts const& parts) {
  auto json = story_json(told, parts.zone);
  auto const* item = parts.catalogue->find(catalogue::ItemRef{line.item, line.pack, line.pack_version});
  json["case_no"] = case_number(line, parts);
  json["item"] = object{{"code", line.item}, {"name", to_json(catalogue::name_of(item, line.item))}};
  json["stage"] = respond::name(line.stage);
  return json;
}

/// The newest public sentences about cases that everybody may see, newest first. The ledger is read backwards, some
/// entries at a time, until there are enough.
array happening(store::Reader& reader, CaseFilter const& filter, std::size_t wanted, ApiParts const& parts) {
  array out;
  auto const head = store::last_seq(reader);
  auto const end = std::max<store::Seq>(0, head - entries_looked_at_max);
  for (auto last = head; last > end && out.size() < wanted; last -= entries_at_once) {
    auto const from = std::max(end, last - entries_at_once);
    auto const told = public_sentences(store::entries_after(reader, from, static_cast<std::size_t>(last - from)), parts);
    std::vector<std::int64_t> ids;
    for (auto const& [subject, sentence] : told) ids.push_back(subject);
    std::map<std::int64_t, respond::CaseLine> lines;
    for (auto& line : respond::find_cases(reader, ids)) lines.emplace(line.id, std::move(line));
    for (auto one = told.rbegin(); one != told.rend() && out.size() < wanted; ++one) {
      auto const line = lines.find(one->first);
      if (line == lines.end() || line->second.is_private || !in_areas(line->second, filter)) continue;
      out.push_back(sentence_json(one->second, line->second, parts));
    }
  }
  return out;
}

core::Result<Response> now_answer(Call const& call, ApiParts const& parts) {
  auto const now = parts.time->now();
  auto const places = parts.places->now();
  CaseFilter base;
  ZHILI_TRY(base.areas, areas_asked(call.query, *places));
  auto const wanted = static_cast<std::size_t>(call.query.integer("limit").value_or(happening_default));
  object out{{"at", time_json(now, parts.zone)}};
  auto const read = parts.db->read([&](store::Reader& reader) {
    parts.cases->follow(reader);
    auto open = base;
    open.state = CaseFilter::State::open;
    out["in_hand"] = parts.cases->total(open);
    auto soon = base;
    soon.soon_at = now;
    out["soon"] = parts.cases->total(soon);
    auto late = base;
    late.overdue_at = now;
    out["late"] = parts.cases->total(late);
    auto const [checking, checking_late] = checks(reader, now);
    out["checking"] = checking;
    out["checking_late"] = checking_late;
    auto closed = base;
    closed.state = CaseFilter::State::closed;
    closed.by_closing = true;
    closed.from = midnight(now, parts.zone);
    out["closed_today"] = parts.cases->total(closed);
    out["happening"] = happening(reader, base, wanted, parts);
  });
  if (!read) return core::fail(read.error());
  return Response::json(boost::json::serialize(out));
}

}  // namespace

void mount_now(Operations& operations, ApiParts const& parts) {
  auto sentence = story_fields();
  sentence.insert(sentence.end(), {{"case_no", shape::text()}, {"item", named_shape()}, {"stage", stage_shape()}});
  operations.add({.id = "getNow", .method = Method::get, .pattern = "/api/v1/now", .summary = {"此刻的城市：几个数，和刚发生的事", "The city now: some sums, and what just happened"},
                  .who = everybody(),
                  .query = {area_field(), optional("limit", shape::integer(1, happening_max), {"最多几句", "How many sentences at most"})},
                  .good = {{.shape = shape::record("Now", {{"at", shape::time()}, {"in_hand", shape::integer()}, {"soon", shape::integer()}, {"late", shape::integer()},
                                                           {"checking", shape::integer()}, {"checking_late", shape::integer()}, {"closed_today", shape::integer()},
                                                           {"happening", shape::list(shape::record("", std::move(sentence)))}})}}},
                 [parts](Call const& call) { return now_answer(call, parts); });
}

}  // namespace zhili::web
