// Lists of alarms, how many stand, and one alarm with its story.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "respond/number.hpp"
#include "web/alarms/view.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

namespace {

constexpr std::size_t alarm_code_characters_max = 200;
constexpr std::size_t alarm_rules_max = 200;
constexpr std::size_t alarm_cursor_characters_max = 60;

/// Numbers with dots: raised_at and id; before them, in the order of urgency, state and severity.
std::string alarm_cursor(alarms::AlarmState const& last, alarms::Order order) {
  auto const raised = fmt::format("{}.{}", core::to_ms(last.raised_at), last.id);
  if (order == alarms::Order::raised) return raised;
  return fmt::format("{}.{}.{}", static_cast<int>(last.state), static_cast<int>(last.finding.severity), raised);
}

/// So many numbers with dots between them, and nothing else; else none.
std::vector<std::int64_t> dotted_numbers(std::string_view text, std::size_t count) {
  std::vector<std::int64_t> out;
  auto const* at = text.data();
  auto const* const end = at + text.size();
  while (out.size() < count) {
    std::int64_t number = 0;
    auto const [behind, wrong] = std::from_chars(at, end, number);
    bool const last = out.size() + 1 == count;
    if (wrong != std::errc{} || (behind == end) != last || (!last && *behind != '.')) return {};
    out.push_back(number);
    at = behind + (last ? 0 : 1);
  }
  return out;
}

core::Result<std::optional<alarms::After>> alarm_cursor_in(std::string const& text, alarms::Order order) {
  if (text.empty()) return std::optional<alarms::After>();
  if (order == alarms::Order::raised) {
    if (auto const n = dotted_numbers(text, 2); !n.empty()) return std::optional(alarms::After{.raised_at = core::from_ms(n[0]), .id = n[1]});
  } else if (auto const n = dotted_numbers(text, 4); !n.empty() && n[0] >= 0 && n[0] < static_cast<std::int64_t>(alarms::all_states.size()) && n[1] >= 0 && n[1] < static_cast<std::int64_t>(catalogue::rules::severities)) {
    return std::optional(alarms::After{core::from_ms(n[2]), n[3], static_cast<alarms::State>(n[0]), static_cast<alarms::Severity>(n[1])});
  }
  return fail(Errc::invalid, "query.cursor", {"请原样用上一页给的 next。", "Use `next` of the page before as it is."}, "cursor");
}

core::Result<std::string> alarm_area(Input const& query, ApiParts const& api) {
  auto const id = query.integer("area");
  if (!id) return std::string();
  auto const places = api.places->now();
  if (auto const* area = places->area(*id)) return area->code;
  return fail(Errc::invalid, "query.area", {"没有这个区域。区域编号见 /api/v1/areas。", "There is no such area; see /api/v1/areas."}, "area");
}

core::Result<alarms::Filter> alarm_filter(Call const& call, AlarmParts const& parts) {
  auto const& q = call.query;
  alarms::Filter out{.sights = sights_of(call.caller())};
  ZHILI_TRY(out.area, alarm_area(q, parts.people.api));
  out.thing = q.integer("thing").value_or(0);
  out.rules = q.texts("rule");
  out.place = q.text("place");
  if (auto const no = q.text("case"); !no.empty()) {
    auto const id = respond::id_of_number(parts.people.api.installation->prefix, no);
    if (!id) return fail(Errc::invalid, "query.case", {"case 是案卷编号。", "case is the number of a case."}, "case");
    out.case_id = *id;
  }
  return out;
}

core::Result<Response> alarm_list(Call const& call, AlarmParts const& parts) {
  auto const& q = call.query;
  ZHILI_TRY(auto filter, alarm_filter(call, parts));
  auto const which = q.text("state");
  filter.which = which == "cleared" ? alarms::Filter::Which::cleared : which == "all" ? alarms::Filter::Which::all : alarms::Filter::Which::open;
  filter.severity = catalogue::rules::severity_from(q.text("severity"));
  if (q.has("kind")) filter.kind = q.text("kind") == "fault" ? alarms::Kind::fault : alarms::Kind::condition;
  if (q.has("suppressed") && q.flag("suppressed")) filter.state = alarms::State::suppressed;
  if (q.has("acknowledged")) filter.state = q.flag("acknowledged") ? alarms::State::acknowledged : alarms::State::raised;
  if (q.text("order") == "urgency") filter.order = alarms::Order::urgency;
  ZHILI_TRY(auto const after, alarm_cursor_in(q.text("cursor"), filter.order));
  auto const limit = static_cast<std::size_t>(q.integer("limit").value_or(alarms_page_default));
  array out;
  std::string next;
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) -> core::Result<> {
    ZHILI_TRY(auto lines, alarms::list_alarms(r, filter, after, limit + 1));
    if (lines.size() > limit) {
      lines.pop_back();
      next = alarm_cursor(lines.back().alarm, filter.order);
    }
    auto const numbers = case_numbers(r, lines, parts.people.api);
    for (std::size_t i = 0; i < lines.size(); ++i) out.push_back(alarm_json(lines[i], numbers[i], acts_on(call.caller(), lines[i].alarm), parts));
    return {};
  }));
  auto response = private_json(boost::json::serialize(object{{"alarms", std::move(out)}, {"next", next.empty() ? value(nullptr) : value(next)}}));
  if (!next.empty()) add_next_link(response, call.request, next);
  return response;
}

core::Result<Response> alarm_counts(Call const& call, AlarmParts const& parts) {
  ZHILI_TRY(auto const filter, alarm_filter(call, parts));
  ZHILI_TRY(auto const counted, parts.people.api.db->read([&](store::Reader& r) { return alarms::count_alarms(r, filter); }));
  object severities;
  std::int64_t total = 0;
  for (std::size_t i = catalogue::rules::severities; i-- > 0;) {
    auto const severity = static_cast<alarms::Severity>(i);
    severities[catalogue::rules::name(severity)] = counted.of(severity);
    total += counted.of(severity);
  }
  return private_json(boost::json::serialize(object{{"open", total},
                                                    {"by_severity", std::move(severities)},
                                                    {"unacknowledged", counted.of(alarms::State::raised)},
                                                    {"acknowledged", counted.of(alarms::State::acknowledged)},
                                                    {"suppressed", counted.of(alarms::State::suppressed)},
                                                    {"faults", counted.faults},
                                                    {"oldest_unacknowledged", time_json(counted.oldest_unacknowledged, parts.people.api.zone)}}));
}

core::Result<Response> alarm_one(Call const& call, AlarmParts const& parts) {
  auto const& api = parts.people.api;
  object out;
  std::int64_t version = 0;
  ZHILI_CHECK(api.db->read([&](store::Reader& r) -> core::Result<> {
    ZHILI_TRY(auto const line, alarm_for(r, call));
    auto const acts = acts_on(call.caller(), line.alarm);
    out = alarm_json(line, case_numbers(r, {line}, api).front(), acts, parts);
    version = line.alarm.version;
    ZHILI_TRY(auto const story, alarms::story_of(r, line.alarm.id, alarm_names(parts)));
    out["story"] = acts || !line.alarm.finding.where.is_private ? alarm_story_json(story, api.zone) : array();
    array steps;
    for (auto const verb : alarms::all_verbs)
      if (alarms::by_people(verb) && may_do(call.caller(), line.alarm, verb)) steps.emplace_back(alarms::name(verb));
    out["may"] = std::move(steps);
    return {};
  }));
  auto response = private_json(boost::json::serialize(out));
  response.headers.add("ETag", alarm_tag(version));
  return response;
}

std::vector<Field> alarm_narrowing_fields() {
  using namespace shape;
  return {optional("area", integer(), {"区域编号，见 /api/v1/areas", "An area by its number, see /api/v1/areas"}), optional("thing", integer(), {"哪件物", "Which thing"}),
          optional("rule", list(text(alarm_code_characters_max), alarm_rules_max), {"哪条规则，可有几条；设备故障是 device-fault", "Which rule, or several; faults of devices are device-fault"}),
          optional("place", text(alarm_code_characters_max), {"哪个地点（place.key）", "Which place (place.key)"}), optional("case", text(case_number_characters_max), {"哪个案卷的告警", "Alarms of which case"})};
}

}  // namespace

core::Result<alarms::Line> alarm_for(store::Reader& reader, Call const& call) {
  auto line = alarms::alarm_line(reader, call.path.integer("id").value_or(0));
  if (line && may_see(call.caller(), line->alarm)) return line;
  if (!line && line.error().code != Errc::not_found) return line;
  return fail(Errc::not_found, "alarm.unknown", {"没有这条告警，或者不归您的岗位看。", "There is no such alarm, or it is not for your posts to see."}, "id");
}

void mount_alarm_lists(Operations& operations, AlarmParts const& parts) {
  using namespace shape;
  auto listed = alarm_narrowing_fields();
  listed.insert(listed.begin(), {optional("state", choice({"open", "cleared", "all"}), {"open：还在的（默认）", "open: those that stand (if left out)"}), optional("severity", choice(severity_names()), {"多严重", "How grave"}),
                                 optional("kind", choice({"condition", "fault"}), {"现场情况，或设备故障", "What is wrong there, or a device's fault"}),
                                 optional("acknowledged", flag(), {"1：已确认；0：还没确认", "1: acknowledged; 0: not yet"}), optional("suppressed", flag(), {"1：正被抑制的", "1: suppressed now"})});
  listed.push_back(optional("order", choice({"raised", "urgency"}),
                            {"raised：新的在前（默认）；urgency：没人确认的在前，再是已确认、被抑制、已解除的，各自按级别从重到轻、再按时间从新到旧",
                             "raised: the newest first (if left out); urgency: what nobody acknowledged first, then acknowledged, suppressed, cleared ones, of each the gravest first, then the newest"}));
  listed.push_back(optional("cursor", text(alarm_cursor_characters_max), {"上一页的 next，order 不变", "`next` of the page before, with the same order"}));
  listed.push_back(optional("limit", integer(1, static_cast<std::int64_t>(alarms::alarms_page_max)), {"一页几条", "How many on a page"}));
  auto const alarm = record("Alarm", alarm_fields());
  operations.add({.id = "listAlarms", .method = Method::get, .pattern = "/api/v1/alarms", .summary = {"我的岗位看得到的告警，新的或要紧的在前", "Alarms that are for my posts to see, the newest or the most urgent first"}, .who = signed_in(), .query = std::move(listed),
                  .good = {{.shape = record("AlarmPage", {{"alarms", shape::list(alarm)}, {"next", nullable(text())}})}}},
                 [parts](Call const& call) { return alarm_list(call, parts); });
  operations.add({.id = "countAlarms", .method = Method::get, .pattern = "/api/v1/alarms/counts", .summary = {"还在的告警有多少", "How many alarms stand"}, .who = signed_in(), .query = alarm_narrowing_fields(),
                  .good = {{.shape = record("AlarmCounts", {{"open", integer(), {"没有被抑制的", "Not suppressed"}}, {"by_severity", map(integer())}, {"unacknowledged", integer()}, {"acknowledged", integer()}, {"suppressed", integer()},
                                                            {"faults", integer(), {"设备故障", "Faults of devices"}}, {"oldest_unacknowledged", nullable(time())}})}}},
                 [parts](Call const& call) { return alarm_counts(call, parts); });
  auto fields = alarm_fields();
  fields.push_back({"story", shape::list(alarm_story_shape())});
  fields.push_back({"may", shape::list(text()), {"我能做的步骤", "Steps that I may take"}});
  operations.add({.id = "getAlarm", .method = Method::get, .pattern = "/api/v1/alarms/{id}", .summary = {"一条告警和它的经过", "An alarm and its story"}, .who = signed_in(), .path = {alarm_id_field()},
                  .good = {{.shape = record("FullAlarm", std::move(fields)), .tagged = true}}},
                 [parts](Call const& call) { return alarm_one(call, parts); });
}

}  // namespace zhili::web
