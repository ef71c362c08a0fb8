#include "web/api/story_view.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>

#include "respond/cases/codec.hpp"
#include "respond/duty.hpp"
#include "respond/number.hpp"
#include "store/ledger.hpp"
#include "web/api/view.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value span_json(core::ClockSpan const& span, core::Zone const& zone) {
  return object{{"from", time_json(span.from, zone)},
                {"to", time_json(span.to, zone)},
                {"kind", span.ran ? "ran" : "paused"},
                {"reason", span.reason.empty() ? value(nullptr) : value(to_json({span.reason, span.reason}))},
                {"by", nullptr}};
}

/// A case's state and its story, from one reading of its entries.
struct Told {
  respond::CaseState state;
  std::vector<respond::StoryLine> lines;
  std::string duty_because;  ///< of the last dispatch: why this department
};

Told tell(store::Reader& reader, std::int64_t case_id, ApiParts const& parts) {
  Told out;
  out.state.id = case_id;
  for (auto const& entry : store::entries_of(reader, case_id)) {
    auto event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
    if (!event) {
      spdlog::error("ledger entry {}: {}", entry.seq, event.error().detail);
      continue;
    }
    if (!event->duty_because.empty()) out.duty_because = event->duty_because;
    out.lines.push_back(story_entry(entry.seq, *event, parts));
    out.state = respond::apply(std::move(out.state), *event);
  }
  return out;
}

array chain_json(std::string const& because) {
  array out;
  auto const reasons = respond::duty_reasons_from(because.empty() ? "[]" : because);
  if (!reasons) return out;
  for (auto const& reason : *reasons) out.push_back(object{{"what", to_json(reason.what)}, {"value", to_json(reason.value)}});
  return out;
}

value signal_json(store::Reader& reader, std::int64_t id, ApiParts const& parts) {
  auto const row = reader.row<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::optional<std::string>>(
      "SELECT state, received_at, released, private, words FROM signal WHERE id = ?", id);
  if (!row) return nullptr;
  auto const& [state, received, released, is_private, words] = *row;
  array photos;
  if (released != 0 && is_private == 0) {
    auto const pictures = pictures_of(reader, {id});
    if (auto const found = pictures.find(id); found != pictures.end())
      for (auto const& name : found->second.photos) photos.push_back(object{{"url", photo_path(name)}});
  }
  auto const at = core::from_ms(received);
  return object{{"no", respond::public_number(parts.installation->prefix, id, at, parts.zone)},
                {"state", respond::name(static_cast<respond::Stage>(state))},
                {"received_at", time_json(at, parts.zone)},
                {"words", released != 0 && words ? value(*words) : value(nullptr)},
                {"photos", std::move(photos)}};
}

/// Of the photos that an entry brought those that may be seen and are still kept.
array photos_json(respond::StoryLine const& line, std::vector<std::string> const& shown) {
  array out;
  for (auto const& photo : line.photos)
    if (std::find(shown.begin(), shown.end(), photo.name) != shown.end())
      out.push_back(object{{"url", photo_path(photo.name)}, {"shows", photo.shows}});
  return out;
}

core::Text condition_words(respond::CaseLine const& line, ApiParts const& parts) {
  auto const* item = parts.catalogue->find(catalogue::ItemRef{line.item, line.pack, line.pack_version});
  auto const* condition = item ? item->condition(line.condition) : nullptr;
  return condition ? condition->when : core::Text{};
}

}  // namespace

core::Text short_time(core::Instant at, core::Zone const& zone) {
  static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const c = zone.civil(at);
  return {fmt::format("{}月{}日 {:02}:{:02}", c.month, c.day, c.second / 3600, c.second / 60 % 60),
          fmt::format("{} {}, {:02}:{:02}", c.day, months[c.month - 1], c.second / 3600, c.second / 60 % 60)};
}

respond::StoryLine story_entry(std::int64_t seq, respond::Event const& event, ApiParts const& parts) {
  return respond::story_line(
      seq, event,
      [&](std::string_view code) {
        auto const* department = parts.installation->department(code);
        return department ? department->name : core::Text{std::string(code), std::string(code)};
      },
      [&](core::Instant at) { return short_time(at, parts.zone); });
}

object story_json(respond::StoryLine const& line, core::Zone const& zone) {
  return {{"seq", line.seq},
          {"at", time_json(line.at, zone)},
          {"kind", core::name(line.kind)},
          {"who", object{{"role", respond::name(line.role)}, {"name", to_json(line.who)}}},
          {"sentence", to_json(line.sentence)},
          {"audience", respond::name(line.audience)},
          {"from_source", line.from_source}};
}

void add_story(object& out, store::Reader& reader, respond::CaseLine const& line, core::Instant now, ApiParts const& parts) {
  auto const told = tell(reader, line.id, parts);
  auto const shown = line.released && !line.is_private ? pictures_of(reader, {line.id})[line.id].photos : std::vector<std::string>{};
  array story;
  for (auto const& entry : told.lines) {
    auto json = story_json(entry, parts.zone);
    json["photos"] = photos_json(entry, shown);
    story.push_back(std::move(json));
  }
  array clocks;
  for (auto const& clock : line.recorded ? clocks_of(reader, line) : told.state.clocks.all) {
    auto json = clock_json(clock, now, parts, {});
    array spans;
    for (auto const& span : clock.spans) spans.push_back(span_json(span, parts.zone));
    json["spans"] = std::move(spans);
    clocks.push_back(std::move(json));
  }
  array signals;
  for (auto const& [id] : reader.rows<std::int64_t>("SELECT id FROM signal WHERE incident_id = ? ORDER BY id LIMIT 100", line.incident_id))
    signals.push_back(signal_json(reader, id, parts));
  auto const condition = condition_words(line, parts);
  out["condition"] = condition.zh.empty() ? value(nullptr) : value(to_json(condition));
  out["incident"] = object{{"id", line.incident_id}, {"signals", signals.size()}};
  out["signals"] = std::move(signals);
  out["clocks"] = std::move(clocks);
  out["duty_chain"] = chain_json(told.duty_because);
  out["story"] = std::move(story);
}

}  // namespace zhili::web
