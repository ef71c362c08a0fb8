#include "web/live/event.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <unordered_map>

#include "respond/number.hpp"
#include "store/among.hpp"
#include "web/alarms/alarms.hpp"
#include "web/people/acting.hpp"

namespace zhili::web::live {

namespace {

using boost::json::object;
using Number = std::optional<std::int64_t>;
using Text = std::optional<std::string>;

constexpr auto first_of_signals = core::EventKind{200};
constexpr auto first_of_incidents = core::EventKind{250};
constexpr auto first_of_cases = core::EventKind{300};
constexpr auto after_cases = core::EventKind{400};

bool is_signal(core::EventKind kind) { return kind >= first_of_signals && kind < first_of_incidents; }
bool is_case(core::EventKind kind) { return kind >= first_of_cases && kind < after_cases; }
bool is_alarm(core::EventKind kind) { return kind >= core::EventKind::alarm_raised && kind <= core::EventKind::alarm_signalled; }

/// What an event says of its subject.
struct Subject {
  std::int64_t case_id = 0;
  std::string no;
  std::string item, area, department;
  bool is_private = true;
  // of an alarm
  bool fault = false;
  alarms::Severity severity{};
  alarms::State state{};
};
using Subjects = std::unordered_map<std::int64_t, Subject>;

std::string area_code(sense::places::PlaceIndex const& places, Number area) {
  auto const* found = area ? places.area(*area) : nullptr;
  return found ? found->code : std::string();
}

std::vector<std::int64_t> subjects_of(std::span<store::Recorded const> entries, bool (*wanted)(core::EventKind)) {
  std::vector<std::int64_t> out;
  for (auto const& entry : entries)
    if (wanted(entry.kind)) out.push_back(entry.subject);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void add_cases(Subjects& out, store::Reader& reader, std::vector<std::int64_t> const& ids, ApiParts const& parts) {
  if (ids.empty()) return;
  auto const places = parts.places->now();
  std::vector<store::Value> args;
  auto const sql = "SELECT id, item, area_id, department, private, opened_at, external_no FROM casefile WHERE id" + store::among(ids, args);
  reader.each<std::int64_t, std::string, Number, Text, std::int64_t, std::int64_t, Text>(
      sql,
      [&](std::int64_t id, std::string item, Number area, Text department, std::int64_t hidden, std::int64_t opened, Text external) {
        auto no = external ? *external : respond::public_number(parts.installation->prefix, id, core::from_ms(opened), parts.zone);
        out[id] = {id, std::move(no), std::move(item), area_code(*places, area), department.value_or(""), hidden != 0};
      },
      args);
}

void add_signals(Subjects& out, store::Reader& reader, std::vector<std::int64_t> const& ids, ApiParts const& parts) {
  if (ids.empty()) return;
  auto const places = parts.places->now();
  std::vector<store::Value> args;
  auto const sql = "SELECT id, item, area_id, private, received_at, case_id FROM signal WHERE id" + store::among(ids, args);
  reader.each<std::int64_t, std::string, Number, std::int64_t, std::int64_t, Number>(
      sql,
      [&](std::int64_t id, std::string item, Number area, std::int64_t hidden, std::int64_t received, Number case_id) {
        out[id] = {case_id.value_or(0), respond::public_number(parts.installation->prefix, id, core::from_ms(received), parts.zone),
                   std::move(item), area_code(*places, area), {}, hidden != 0};
      },
      args);
}

void add_alarms(Subjects& out, store::Reader& reader, std::vector<std::int64_t> const& ids) {
  if (ids.empty()) return;
  std::vector<store::Value> args;
  auto const sql = "SELECT a.id, a.item, a.area, a.department, a.kind, a.severity, a.state, s.case_id FROM alarm a LEFT JOIN signal s ON s.id = a.signal WHERE a.id" + store::among(ids, args);
  reader.each<std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, Number>(
      sql,
      [&](std::int64_t id, std::string item, std::string area, std::string department, std::int64_t kind, std::int64_t severity, std::int64_t state, Number case_id) {
        out[id] = {.case_id = case_id.value_or(0), .no = std::to_string(id), .item = std::move(item), .area = std::move(area), .department = std::move(department),
                   .fault = static_cast<alarms::Kind>(kind) == alarms::Kind::fault, .severity = static_cast<alarms::Severity>(severity), .state = static_cast<alarms::State>(state)};
      },
      args);
}

char const* named_as(core::EventKind kind) { return is_case(kind) ? "case" : is_alarm(kind) ? "alarm" : "signal"; }

Event event_of(store::Recorded const& entry, Subject const& subject, core::Zone const& zone) {
  object json{{"seq", entry.seq},
              {"at", core::to_iso(entry.happened.value_or(entry.at), zone)},
              {"kind", core::name(entry.kind)},
              {named_as(entry.kind), subject.no},
              {"item", subject.item},
              {"area", subject.area}};
  if (!subject.department.empty()) json["department"] = subject.department;
  bool const alarm = is_alarm(entry.kind);
  if (alarm) {
    json["severity"] = catalogue::rules::name(subject.severity);
    json["state"] = alarms::name(subject.state);
  }
  return {.seq = entry.seq, .kind = entry.kind, .case_id = subject.case_id, .item = subject.item, .area = subject.area, .department = subject.department,
          .everybody = !alarm && !subject.is_private, .alarm = alarm, .fault = subject.fault, .json = boost::json::serialize(json)};
}

bool begins_with_any(std::string_view text, std::vector<std::string> const& prefixes) {
  return prefixes.empty() || std::ranges::any_of(prefixes, [&](auto const& prefix) { return text.starts_with(prefix); });
}

}  // namespace

std::vector<Event> events_of(store::Reader& reader, std::span<store::Recorded const> entries, ApiParts const& parts) {
  Subjects subjects;
  add_signals(subjects, reader, subjects_of(entries, is_signal), parts);
  add_cases(subjects, reader, subjects_of(entries, is_case), parts);
  add_alarms(subjects, reader, subjects_of(entries, is_alarm));
  std::vector<Event> out;
  for (auto const& entry : entries) {
    bool const told = is_signal(entry.kind) || is_case(entry.kind) || is_alarm(entry.kind);
    auto const subject = told ? subjects.find(entry.subject) : subjects.end();
    if (subject != subjects.end()) out.push_back(event_of(entry, subject->second, parts.zone));
  }
  return out;
}

bool Filter::wants(Event const& event) const {
  return event.area.starts_with(area) && begins_with_any(event.item, items) && begins_with_any(core::name(event.kind), kinds) &&
         (case_id == 0 || event.case_id == case_id);
}

bool may_hear(Event const& event, Caller const* caller) {
  if (event.everybody) return true;
  if (caller == nullptr) return false;
  if (event.alarm) {
    alarms::AlarmState of{.kind = event.fault ? alarms::Kind::fault : alarms::Kind::condition};
    of.finding.opens = event.item;
    of.finding.where.area = event.area;
    of.finding.keeper.department = event.department;
    return may_see(*caller, of);
  }
  std::array<std::string, 1> const departments{event.department};
  return !readers(*caller, {.area = event.area, .item = event.item, .department = event.department}, departments).empty();
}

}  // namespace zhili::web::live
