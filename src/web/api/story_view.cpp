#include "web/api/story_view.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ranges>

#include "respond/cases/codec.hpp"
#include "respond/duty.hpp"
#include "respond/number.hpp"
#include "respond/signals/signal.hpp"
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

/// Of the reports of one thing so many are listed; all are counted.
constexpr std::int64_t signals_shown_max = 100;

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

}  // namespace

object withheld_json(std::string_view parts, std::string const& because) {
  std::int64_t photos = 0;
  for (auto const part : std::views::split(parts, ' ')) {
    std::string_view const one(part.begin(), part.end());
    if (!one.empty() && one != respond::withheld_words && one != respond::withheld_place) ++photos;
  }
  return {{"words", respond::withholds(parts, respond::withheld_words)},
          {"place", respond::withholds(parts, respond::withheld_place)},
          {"photos", photos},
          {"because", because}};
}

namespace {

PicturesFor kept_for(Sight sight) { return sight == Sight::on_duty ? PicturesFor::duty : PicturesFor::everybody; }

value signal_json(store::Reader& reader, std::int64_t id, Sight sight, ApiParts const& parts) {
  using Text = std::optional<std::string>;
  auto const row = reader.row<std::int64_t, std::int64_t, std::int64_t, std::int64_t, Text, Text, Text>(
      "SELECT state, received_at, released, private, words, withheld, withheld_because FROM signal WHERE id = ?", id);
  if (!row) return nullptr;
  auto const& [state, received, released, is_private, words, withheld, because] = *row;
  array photos;
  bool const open = released != 0 && is_private == 0;
  if (open || sight == Sight::on_duty) {
    auto const pictures = pictures_of(reader, {id}, kept_for(sight));
    if (auto const found = pictures.find(id); found != pictures.end())
      for (auto const& name : found->second.photos) photos.push_back(object{{"url", photo_path(name)}});
  }
  auto const at = core::from_ms(received);
  return object{{"no", respond::public_number(parts.installation->prefix, id, at, parts.zone)},
                {"state", respond::name(static_cast<respond::Stage>(state))},
                {"received_at", time_json(at, parts.zone)},
                {"words", (released != 0 || sight == Sight::on_duty) && words ? value(*words) : value(nullptr)},
                {"photos", std::move(photos)},
                {"withheld", withheld && is_private == 0 ? value(withheld_json(*withheld, because.value_or(""))) : value(nullptr)},
                {"photos_waiting", is_private == 0 ? photos_waiting(reader, id) : 0}};
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

std::vector<std::string> shown_photos(store::Reader& reader, respond::CaseLine const& line, Sight sight) {
  bool const open = line.released && !line.is_private;
  return open || sight == Sight::on_duty ? pictures_of(reader, {line.id}, kept_for(sight))[line.id].photos : std::vector<std::string>{};
}

void add_photos(object& entry, respond::StoryLine const& line, std::vector<std::string> const& shown) {
  array seen;
  std::int64_t unseen = 0;
  for (auto const& photo : line.photos) {
    if (std::find(shown.begin(), shown.end(), photo.name) != shown.end()) seen.push_back(object{{"url", photo_path(photo.name)}, {"shows", photo.shows}});
    else if (line.audience == respond::Audience::everybody) ++unseen;
  }
  entry["photos"] = std::move(seen);
  entry["photos_unseen"] = unseen;
}

std::int64_t photos_waiting(store::Reader& reader, std::int64_t signal) {
  return reader
      .value<std::int64_t>("SELECT count(*) FROM photo WHERE everybody = 3 AND (subject = ? OR subject IN (SELECT id FROM casefile WHERE signal_id = ?))", signal, signal)
      .value_or(0);
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

void add_story(object& out, store::Reader& reader, respond::CaseLine const& line, Sight sight, core::Instant now, ApiParts const& parts) {
  auto const told = tell(reader, line.id, parts);
  auto const shown = shown_photos(reader, line, sight);
  array story;
  for (auto const& entry : told.lines) {
    auto json = story_json(entry, parts.zone);
    add_photos(json, entry, shown);
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
  bool const on_duty = sight == Sight::on_duty;
  for (auto const& [id] : reader.rows<std::int64_t>("SELECT id FROM signal WHERE incident_id = ? AND private <= ? ORDER BY id LIMIT ?",
                                                    line.incident_id, static_cast<std::int64_t>(on_duty), signals_shown_max))
    signals.push_back(signal_json(reader, id, sight, parts));
  auto const reports = reader.value<std::int64_t>("SELECT count(*) FROM signal WHERE incident_id = ? AND private <= ?", line.incident_id, on_duty ? 1 : 0).value_or(0);
  auto const joined_to = told.state.joined_to != 0 ? respond::find_case(reader, told.state.joined_to) : std::nullopt;
  auto const condition = condition_words(line, parts);
  out["condition"] = condition.zh.empty() ? value(nullptr) : value(to_json(condition));
  out["incident"] = object{{"id", line.incident_id}, {"signals", reports}};
  out["joined_to"] = joined_to && (!joined_to->is_private || on_duty) ? value(case_number(*joined_to, parts)) : value(nullptr);
  out["signals"] = std::move(signals);
  out["clocks"] = std::move(clocks);
  out["duty_chain"] = chain_json(told.duty_because);
  out["story"] = std::move(story);
}

}  // namespace zhili::web
