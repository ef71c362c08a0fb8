#include "web/api/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "respond/number.hpp"
#include "store/among.hpp"

namespace zhili::web {

namespace {

using boost::json::object;
using boost::json::storage_ptr;
using boost::json::value;
using core::Clock;
using core::ClockState;

/// The clock to show where there is room for one: the running one that ends first, else one that stands still.
Clock const* shown_clock(std::vector<Clock> const& clocks, core::Instant now, core::Calendar const& calendar) {
  Clock const* best = nullptr;
  core::Amount best_left = 0;
  for (auto const& clock : clocks) {
    if (clock.state != ClockState::running && clock.state != ClockState::paused) continue;
    auto const left = clock.left(now, calendar);
    bool const better = !best || (clock.state == ClockState::running && best->state != ClockState::running) ||
                        (clock.state == best->state && left < best_left);
    if (better) {
      best = &clock;
      best_left = left;
    }
  }
  return best;
}

core::Text clock_name(std::string_view name) {
  if (name == "dispatch") return {"派遣", "Dispatch"};
  if (name.starts_with("handle")) return {"处置", "Handling"};
  if (name == "rework") return {"返工", "Rework"};
  if (name == "verify") return {"核查", "Verification"};
  if (name == "check") return {"核实", "Check"};
  if (name == "dispute") return {"争议", "Dispute"};
  if (name == "whole") return {"全程", "Whole case"};
  if (name.starts_with("supervis")) return {"督办", "Supervision"};
  if (name.starts_with("appeal")) return {"申诉", "Appeal"};
  return {std::string(name), std::string(name)};
}

core::Text outcome_name(std::string_view key) {
  if (key == "on_time") return {"按期结案", "Closed on time"};
  if (key == "late") return {"超期结案", "Closed late"};
  if (key == "no_promise") return {"结案，无时限", "Closed, no promise"};
  if (key == "open_late") return {"在办，已超期", "Open, overdue"};
  return {"在办", "Open"};
}

/// The shape of the mark on the map: who it came from.
std::string_view source_of(std::string_view channel) {
  if (channel == "sensor" || channel == "camera" || channel == "system") return channel;
  if (channel == "patrol" || channel == "staff") return "collector";
  return "citizen";
}

value department_json(std::string const& code, catalogue::Installation const& installation, storage_ptr const& memory) {
  if (code.empty()) return nullptr;
  auto const* department = installation.department(code);
  return object({{"code", code}, {"name", to_json(department ? department->name : core::Text{code, code}, memory)}}, memory);
}

/// A recorded case as its source promised it.
std::vector<Clock> promise_of(respond::CaseLine const& line) {
  if (!line.due_at) return {};
  Clock clock{.name = "whole", .budget = {core::Unit::natural_days, (*line.due_at - line.opened_at).count()}};
  clock.state = line.closed_at ? ClockState::stopped : ClockState::running;
  if (line.closed_at) clock.consumed = std::max<core::Amount>(0, (*line.closed_at - line.opened_at).count());
  else clock.running_since = line.opened_at;
  return {clock};
}

}  // namespace

object to_json(core::Text const& text) { return to_json(text, {}); }
object to_json(core::Text const& text, storage_ptr const& memory) { return object({{"zh", text.zh}, {"en", text.en}}, memory); }

value time_json(std::optional<core::Instant> at, core::Zone const& zone) { return time_json(at, zone, {}); }
value time_json(std::optional<core::Instant> at, core::Zone const& zone, storage_ptr const& memory) {
  if (!at) return nullptr;
  return value(core::to_iso(*at, zone), memory);
}

tl::unexpected<core::Error> no_such_case() {
  return core::fail(core::Errc::not_found, "case.unknown",
                    {"没有这个编号的案卷。请核对编号。", "There is no case with that number. Check the number."}, "no");
}

core::Result<respond::CaseLine> case_by_number(store::Reader& reader, std::string_view no, ApiParts const& parts) {
  auto const id = respond::id_of_number(parts.installation->prefix, no);
  auto line = id ? respond::find_case(reader, *id) : respond::find_external_case(reader, no);
  if (!line) return no_such_case();
  return std::move(*line);
}

namespace {
constexpr std::chrono::seconds tag_beat{10};  // running clocks are read again at least so often
}

std::string version_tag(std::int64_t version, core::Instant now, bool on_duty) {
  return fmt::format("\"{}.{}{}\"", version, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / tag_beat, on_duty ? "d" : "");
}

std::optional<std::int64_t> version_in_tag(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);  // an answer that was packed has a weak one
  if (tag.size() < 2 || !tag.starts_with('"') || !tag.ends_with('"')) return std::nullopt;
  tag = tag.substr(1, tag.size() - 2);
  std::int64_t version = 0;
  auto const [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  if (error != std::errc{} || end == tag.data() + tag.size() || *end != '.') return std::nullopt;
  return version;
}

std::string case_number(respond::CaseLine const& line, ApiParts const& parts) {
  return line.external_no.empty() ? respond::public_number(parts.installation->prefix, line.id, line.opened_at, parts.zone)
                                  : line.external_no;
}

ShownPlace shown_place(respond::CaseLine const& line, sense::places::PlaceIndex const& places) {
  if (line.location_unknown || !line.place) return {};
  if (line.released && !line.place_withheld) return {line.place, true};
  if (auto const* grid = line.grid.empty() ? nullptr : places.grid(line.grid))
    return {sense::places::PlaceIndex::centre(grid->shape), false};
  return {respond::cell_centre(*line.place), false};
}

object clock_json(Clock const& clock, core::Instant now, ApiParts const& parts, storage_ptr const& memory) {
  auto const used = clock.used(now, *parts.calendar);
  auto const due = clock.due(*parts.calendar);
  bool const over = used > clock.budget.amount;
  object out({{"code", clock.name},
             {"name", to_json(clock_name(clock.name), memory)},
             {"unit", core::name(clock.budget.unit)},
             {"unit_name", to_json(core::title(clock.budget.unit), memory)},
             {"budget", clock.budget.amount},
             {"used", used},
             {"left", clock.budget.amount - used},
             {"due_at", due ? time_json(*due, parts.zone, memory) : value(nullptr)},
             {"state", clock.state == ClockState::running && over ? "expired" : core::name(clock.state)},
             {"because", nullptr}},
             memory);
  if (clock.state == ClockState::paused && !clock.spans.empty() && !clock.spans.back().ran)
    out["because"] = to_json({clock.spans.back().reason, clock.spans.back().reason});
  return out;
}

std::vector<std::vector<Clock>> clocks_of(store::Reader& reader, std::vector<respond::CaseLine> const& lines) {
  std::vector<std::vector<Clock>> out(lines.size());
  std::map<std::int64_t, std::size_t> position;
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].recorded) {
      out[i] = promise_of(lines[i]);
      continue;
    }
    position[lines[i].id] = i;
    ids.push_back(lines[i].id);
  }
  if (ids.empty()) return out;
  std::vector<store::Value> args;
  auto const wanted = store::among(ids, args);
  reader.each<std::int64_t, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>>(
      "SELECT subject, name, unit, state, budget, consumed, running_since FROM clock WHERE subject" + wanted + " ORDER BY subject, name",
      [&](std::int64_t id, std::string name, std::int64_t unit, std::int64_t state, std::int64_t budget, std::int64_t consumed,
          std::optional<std::int64_t> since) {
        Clock clock{.name = std::move(name), .budget = {static_cast<core::Unit>(unit), budget}, .consumed = consumed};
        clock.state = static_cast<ClockState>(state);
        if (since) clock.running_since = core::from_ms(*since);
        out[position.at(id)].push_back(std::move(clock));
      },
      args);
  return out;
}

std::vector<Clock> clocks_of(store::Reader& reader, respond::CaseLine const& line) {
  return std::move(clocks_of(reader, std::vector{line}).front());
}

object case_json(respond::CaseLine const& line, std::vector<Clock> const& clocks, core::Instant now,
                 sense::places::PlaceIndex const& places, ApiParts const& parts, storage_ptr const& memory) {
  auto const shown = shown_place(line, places);
  auto const* item = parts.catalogue->find(catalogue::ItemRef{line.item, line.pack, line.pack_version});
  auto const* area = line.area_id ? places.area(*line.area_id) : nullptr;
  auto const* clock = shown_clock(clocks, now, *parts.calendar);
  object out({{"id", line.id},
             {"no", case_number(line, parts)},
             {"item", object({{"code", line.item}, {"name", to_json(catalogue::name_of(item, line.item), memory)}}, memory)},
             {"condition", line.condition},
             {"stage", respond::name(line.stage)},
             {"stage_name", to_json(respond::title(line.stage), memory)},
             {"area", area ? value(object({{"id", area->id}, {"name", to_json(area->name, memory)}}, memory)) : value(nullptr)},
             {"grid", line.grid.empty() ? value(nullptr) : value(line.grid)},
             {"lat", shown.at ? value(shown.at->lat()) : value(nullptr)},
             {"lon", shown.at ? value(shown.at->lon()) : value(nullptr)},
             {"exact", shown.exact},
             {"location_unknown", line.location_unknown},
             {"opened_at", time_json(line.opened_at, parts.zone, memory)},
             {"due_at", time_json(line.due_at, parts.zone, memory)},
             {"closed_at", time_json(line.closed_at, parts.zone, memory)},
             {"department", department_json(line.department, *parts.installation, memory)},
             {"clock", clock ? value(clock_json(*clock, now, parts, memory)) : value(nullptr)},
             {"source", source_of(line.channel)},
             {"origin", line.recorded ? 1 : 0},
             {"contradiction", line.contradiction},
             {"version", line.version},
             {"released", line.released},
             {"private", line.is_private},
             {"words", line.released && !line.words.empty() ? value(line.words) : value(nullptr)}},
             memory);
  return out;
}

core::Text count_name(respond::CountBy by, std::string const& key, sense::places::PlaceIndex const& places, ApiParts const& parts) {
  using respond::CountBy;
  if (key.empty()) return {"未知", "Not known"};
  switch (by) {
    case CountBy::stage:
      if (auto const stage = respond::stage_from(key)) return respond::title(*stage);
      break;
    case CountBy::area: {
      std::int64_t id = 0;
      std::from_chars(key.data(), key.data() + key.size(), id);
      if (auto const* area = places.area(id)) return area->name;
      break;
    }
    case CountBy::item: return catalogue::name_of(parts.catalogue->find(key), key);
    case CountBy::department:
      if (auto const* department = parts.installation->department(key)) return department->name;
      break;
    case CountBy::outcome: return outcome_name(key);
  }
  return {key, key};
}

}  // namespace zhili::web
