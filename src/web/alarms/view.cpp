#include "web/alarms/view.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <unordered_map>

#include "respond/number.hpp"
#include "store/among.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Text;

namespace {

constexpr std::string_view alarm_staff_prefix = "staff:";

std::string alarm_person(std::string const& ref) { return ref.starts_with(alarm_staff_prefix) ? ref.substr(alarm_staff_prefix.size()) : ref; }

Text alarm_rule_words(std::string const& rule, AlarmParts const& parts) {
  if (rule == alarms::fault_rule) return {"设备故障", "Device fault"};
  auto const name = parts.rule_name ? parts.rule_name(rule) : std::nullopt;
  return name.value_or(Text{rule, rule});
}

value alarm_text_json(std::string const& text) { return text.empty() ? value(nullptr) : value(text); }
value alarm_words_json(Text const& text) { return text.zh.empty() && text.en.empty() ? value(nullptr) : value(to_json(text)); }
value alarm_id_json(std::int64_t id) { return id == 0 ? value(nullptr) : value(std::to_string(id)); }

value alarm_value_json(alarms::Value const& v) {
  if (!v.known) return nullptr;
  if (v.kind == catalogue::ValueKind::boolean) return v.number != 0;
  if (v.kind == catalogue::ValueKind::text) return value(v.text);
  return v.number;
}

object alarm_place_json(alarms::AlarmState const& alarm, bool exact, AlarmParts const& parts) {
  auto const& where = alarm.finding.where;
  auto const places = parts.people.api.places->now();
  auto const* area = places->area(std::string_view(where.area));
  bool const shown = exact && where.at;
  return {{"lat", shown ? value(where.at->lat()) : value(nullptr)},
          {"lon", shown ? value(where.at->lon()) : value(nullptr)},
          {"name", exact ? alarm_words_json(where.name) : value(nullptr)},
          {"key", exact ? alarm_text_json(where.place) : value(nullptr)},
          {"area", where.area},
          {"area_name", area ? value(to_json(area->name)) : value(nullptr)},
          {"private", where.is_private}};
}

value alarm_keeper_json(alarms::Keeper const& keeper, AlarmParts const& parts) {
  if (keeper.department.empty()) return nullptr;
  auto const* department = parts.people.api.installation->department(keeper.department);
  return object{{"department", keeper.department}, {"name", to_json(department ? department->name : Text{keeper.department, keeper.department})}, {"post", alarm_text_json(keeper.post)}, {"fallback", keeper.fallback}};
}

value alarm_assigned_json(alarms::Assigned const& to, AlarmParts const& parts) {
  if (to.nobody()) return nullptr;
  auto const* post = parts.people.api.installation->post(to.post);
  return object{{"post", alarm_text_json(to.post)}, {"post_name", post ? value(to_json(post->name)) : value(nullptr)}, {"person", person_json(to.person)}};
}

std::vector<std::string> alarm_state_words() {
  std::vector<std::string> out;
  for (auto const state : alarms::all_states)
    if (state != alarms::State::none) out.emplace_back(alarms::name(state));
  return out;
}

}  // namespace

value person_json(std::string const& ref) { return alarm_text_json(alarm_person(ref)); }

std::vector<std::string> severity_names() {
  std::vector<std::string> out;
  for (std::size_t i = catalogue::rules::severities; i-- > 0;) out.emplace_back(catalogue::rules::name(static_cast<alarms::Severity>(i)));
  return out;
}

std::string alarm_tag(std::int64_t version) { return fmt::format("\"{}.a\"", version); }

std::vector<std::string> case_numbers(store::Reader& reader, std::vector<alarms::Line> const& lines, ApiParts const& api) {
  std::vector<std::string> out(lines.size());
  std::vector<std::int64_t> ids;
  for (auto const& line : lines)
    if (line.case_id != 0) ids.push_back(line.case_id);
  if (ids.empty()) return out;
  std::vector<store::Value> args;
  auto const sql = "SELECT id, opened_at, external_no FROM casefile WHERE id" + store::among(ids, args);
  std::unordered_map<std::int64_t, std::string> numbers;
  reader.each<std::int64_t, std::int64_t, std::optional<std::string>>(sql, [&](std::int64_t id, std::int64_t opened, std::optional<std::string> external) {
    numbers[id] = external ? *external : respond::public_number(api.installation->prefix, id, core::from_ms(opened), api.zone);
  }, args);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (auto const found = numbers.find(lines[i].case_id); found != numbers.end()) out[i] = found->second;
  return out;
}

std::vector<Field> alarm_fields() {
  using namespace shape;
  auto const place = record("AlarmPlace", {{"lat", nullable(number())}, {"lon", nullable(number())}, {"name", nullable(both_languages())}, {"key", nullable(text()), {"同一地点的都相同", "Equal for all at one place"}},
                                           {"area", text()}, {"area_name", nullable(both_languages())}, {"private", flag(), {"在住户家中", "In a home"}}});
  auto const keeper = record("AlarmKeeper", {{"department", text()}, {"name", both_languages()}, {"post", nullable(text())},
                                             {"fallback", flag(), {"是：没有部门承担这项职能，由属地兜底", "true: nobody holds the function there; it falls to the area's own office"}}});
  auto const assigned = record("AlarmAssigned", {{"post", nullable(text())}, {"post_name", nullable(both_languages())}, {"person", nullable(text())}});
  return {{"id", text()},
          {"version", integer()},
          {"kind", choice({"condition", "fault"}), {"fault：设备自身的故障，不是现场的情况", "fault: of the device itself, nothing about the place"}},
          {"rule", record("AlarmRule", {{"id", text()}, {"name", both_languages()}})},
          {"subject", text(), {"thing:编号 或 place:地点", "thing:number or place:key"}},
          {"severity", choice(severity_names())},
          {"state", choice(alarm_state_words())},
          {"flapping", flag(), {"时有时无，合为一条", "On and off; kept as one"}},
          {"times", integer(), {"第几次告警", "How often it was raised"}},
          {"raised_at", time()},
          {"cleared_at", nullable(time())},
          {"cleared_by", nullable(text()), {"system：规则自行解除", "system: by its rule"}},
          {"acknowledged_at", nullable(time())},
          {"acknowledged_by", nullable(text())},
          {"assigned_to", nullable(assigned)},
          {"suppressed_until", nullable(time())},
          {"maintenance", nullable(text()), {"抑制它的维护时段", "The maintenance window that suppresses it"}},
          {"place", place},
          {"thing", nullable(integer()), {"SensorThings 的 Thing", "The Thing of SensorThings"}},
          {"thing_name", nullable(both_languages())},
          {"device", nullable(text())},
          {"property", nullable(text())},
          {"says", both_languages()},
          {"value", anything(), {"数、真假或文字；没有时为空", "A number, a truth or a text; null where there is none"}},
          {"unit", text()},
          {"keeper", nullable(keeper)},
          {"case_no", nullable(text())},
          {"waits", nullable(both_languages()), {"没有自动立案的原因", "Why no case was registered by itself"}}};
}

object alarm_json(alarms::Line const& line, std::string const& case_no, bool knows_where, AlarmParts const& parts) {
  auto const& a = line.alarm;
  auto const& f = a.finding;
  auto const& zone = parts.people.api.zone;
  bool const exact = knows_where || !f.where.is_private;
  auto const window = a.suppression ? a.suppression->window : 0;
  return {{"id", std::to_string(a.id)},
          {"version", a.version},
          {"kind", alarms::name(a.kind)},
          {"rule", object{{"id", a.rule}, {"name", to_json(alarm_rule_words(a.rule, parts))}}},
          {"subject", a.subject},
          {"severity", catalogue::rules::name(f.severity)},
          {"state", alarms::name(a.state)},
          {"flapping", f.flapping},
          {"times", a.times},
          {"raised_at", time_json(a.raised_at, zone)},
          {"cleared_at", time_json(a.cleared_at, zone)},
          {"cleared_by", person_json(a.cleared_by)},
          {"acknowledged_at", time_json(a.acknowledged_at, zone)},
          {"acknowledged_by", person_json(a.acknowledged_by)},
          {"assigned_to", alarm_assigned_json(a.assigned, parts)},
          {"suppressed_until", time_json(a.suppression ? std::optional(a.suppression->until) : std::nullopt, zone)},
          {"maintenance", alarm_id_json(window)},
          {"place", alarm_place_json(a, exact, parts)},
          {"thing", f.thing == 0 ? value(nullptr) : value(f.thing)},
          {"thing_name", exact ? alarm_words_json(f.where.thing_name) : value(nullptr)},
          {"device", alarm_id_json(f.where.device)},
          {"property", alarm_text_json(f.property)},
          {"says", to_json(exact ? f.says : alarm_rule_words(a.rule, parts))},
          {"value", exact ? alarm_value_json(f.value) : value(nullptr)},
          {"unit", f.value.unit},
          {"keeper", alarm_keeper_json(f.keeper, parts)},
          {"case_no", alarm_text_json(case_no)},
          {"waits", case_no.empty() ? alarm_words_json(a.waits) : value(nullptr)}};
}

Shape alarm_story_shape() {
  using namespace shape;
  return record("AlarmStep", {{"seq", integer()}, {"at", time()}, {"kind", text()}, {"who", nullable(text()), {"空：系统", "null: by itself"}}, {"sentence", both_languages()}, {"words", nullable(text()), {"理由或备注", "The reason or comment"}}});
}

array alarm_story_json(std::vector<alarms::StoryLine> const& story, core::Zone const& zone) {
  array out;
  for (auto const& line : story)
    out.push_back(object{{"seq", line.seq}, {"at", time_json(line.at, zone)}, {"kind", core::name(line.kind)}, {"who", line.actor == "system" ? value(nullptr) : person_json(line.actor)},
                         {"sentence", to_json(line.sentence)}, {"words", alarm_text_json(line.words)}});
  return out;
}

alarms::Names alarm_names(AlarmParts const& parts) {
  auto const* installation = parts.people.api.installation;
  auto const zone = parts.people.api.zone;
  return {.person = [](std::string const& ref) { return ref == "system" ? Text{"系统", "The system"} : Text{alarm_person(ref), alarm_person(ref)}; },
          .post = [installation](std::string const& code) {
            auto const* post = installation->post(code);
            return post ? post->name : Text{code, code};
          },
          .when = [zone](core::Instant at) {
            auto const iso = core::to_iso(at, zone);
            constexpr std::size_t to_minutes = 16;
            auto shown = iso.substr(0, to_minutes);
            if (auto const t = shown.find('T'); t != std::string::npos) shown[t] = ' ';
            return Text{shown, shown};
          }};
}

Shape maintenance_shape() {
  using namespace shape;
  return record("Maintenance", {{"id", text()}, {"thing", nullable(integer())}, {"place", nullable(text())}, {"rule", nullable(text())}, {"type", nullable(text())}, {"area", nullable(text())}, {"begins", time()}, {"ends", time()},
                                {"reason", text()}, {"by", text()}, {"state", choice({"planned", "open", "over"})}});
}

object maintenance_json(alarms::Window const& window, core::Instant now, AlarmParts const& parts) {
  auto const& zone = parts.people.api.zone;
  auto const& s = window.scope;
  bool const over = window.over || window.ends <= now;
  return {{"id", std::to_string(window.id)},
          {"thing", s.thing == 0 ? value(nullptr) : value(s.thing)},
          {"place", alarm_text_json(s.place)},
          {"rule", alarm_text_json(s.rule)},
          {"type", alarm_text_json(s.device_type)},
          {"area", alarm_text_json(s.area)},
          {"begins", time_json(window.begins, zone)},
          {"ends", time_json(window.ends, zone)},
          {"reason", window.reason},
          {"by", alarm_person(window.by)},
          {"state", over ? "over" : window.begins <= now ? "open" : "planned"}};
}

}  // namespace zhili::web
