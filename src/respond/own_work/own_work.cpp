#include "respond/own_work/own_work.hpp"

#include <algorithm>

#include "respond/cases/codec.hpp"
#include "respond/evaluation/facts.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

bool ends_work(core::EventKind kind) { return kind == core::EventKind::case_reported_back || kind == core::EventKind::case_self_handled; }

/// Whether what ended at the beginning of `after` was sent back, before anybody reported on it again.
bool sent_back(std::span<Event const> after) {
  auto const next = std::ranges::find_if(after, [](Event const& e) { return ends_work(e.kind) || e.kind == core::EventKind::case_reworked; });
  return next != after.end() && next->kind == core::EventKind::case_reworked;
}

core::Result<std::vector<Event>> story_of(store::Reader& reader, Id id) {
  std::vector<Event> out;
  for (auto const& entry : store::entries_of(reader, id)) {
    auto const kind = core::name(entry.kind);
    if (!kind.starts_with("case.") && !kind.starts_with("clock.")) continue;
    ZHILI_TRY(out.emplace_back(), decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload));
  }
  return out;
}

}  // namespace

OwnWork own_work_in(std::span<Event const> story, std::string_view person, Within within, core::Calendar const& calendar) {
  OwnWork out;
  for (std::size_t i = 0; i < story.size(); ++i) {
    auto const& event = story[i];
    if (event.actor != person || event.at < within.from || event.at >= within.until) continue;
    if (event.kind == core::EventKind::case_returned) ++out.returned;
    if (!ends_work(event.kind)) continue;
    ++out.handled;
    CaseState then;
    if (evaluation::facts_of_case(story.first(i + 1), calendar, then).has(catalogue::Fact::handled_on_time)) ++out.on_time;
    if (sent_back(story.subspan(i + 1))) ++out.reworked;
  }
  return out;
}

core::Result<OwnWork> own_work(store::Reader& reader, std::string_view person, Within within, core::Calendar const& calendar) {
  OwnWork out;
  // The kinds stand as in the index that is for this question only.
  for (auto const& [id] : reader.rows<Id>(
           "SELECT DISTINCT subject FROM ledger WHERE kind IN (302, 312, 329) AND actor = (SELECT id FROM actor WHERE ref = ?) AND at >= ? AND at < ?",
           person, within.from, within.until)) {
    ZHILI_TRY(auto const story, story_of(reader, id));
    auto const of_case = own_work_in(story, person, within, calendar);
    out.handled += of_case.handled;
    out.on_time += of_case.on_time;
    out.reworked += of_case.reworked;
    out.returned += of_case.returned;
  }
  return out;
}

}  // namespace zhili::respond
