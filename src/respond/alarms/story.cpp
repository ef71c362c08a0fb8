#include "respond/alarms/story.hpp"

#include <fmt/format.h>

#include "store/ledger.hpp"

namespace zhili::respond::alarms {

namespace {

using K = core::EventKind;
using core::Text;

Text joined(Text const& a, Text const& b) { return {a.zh + b.zh, a.en + b.en}; }

std::string ordinal(std::int64_t n) {
  auto const tens = n % 100;
  auto const ending = tens >= 11 && tens <= 13 ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
  return fmt::format("{}{}", n, ending);
}

Text until_told(Event const& event, Names const& names) {
  if (!event.suppression) return {};
  auto const at = names.when(event.suppression->until);
  auto const why = event.suppression->window != 0 ? Text{"维护时段内，", "in a maintenance window, "} : Text{};
  return {"（" + why.zh + "抑制至 " + at.zh + "）", " (" + why.en + "suppressed until " + at.en + ")"};
}

Text raised_told(Event const& event, Names const& names) {
  auto const& f = *event.finding;
  auto const grave = title(f.severity);
  Text out{grave.zh + "告警：" + f.says.zh, grave.en + " alarm: " + f.says.en};
  if (event.number > 1) out = joined({fmt::format("第 {} 次", event.number), fmt::format("For the {} time, ", ordinal(event.number))}, out);
  if (f.flapping) out = joined(out, {"，时有时无", ", on and off"});
  return joined(out, until_told(event, names));
}

Text cleared_told(Event const& event, Text const& who) {
  if (event.actor != "system") return {who.zh + " 解除告警", who.en + " cleared the alarm"};
  switch (event.cause) {
    case Cause::rule_gone: return {"规则已停用，告警解除", "The rule is not in force any more: cleared"};
    case Cause::subject_gone: return {"设备或数据流已不在，告警解除", "The thing or its streams are gone: cleared"};
    default: return {"已恢复正常，告警解除", "Back to normal: cleared"};
  }
}

Text assigned_told(Event const& event, Text const& who, Names const& names) {
  Text to;
  if (!event.assigned.post.empty()) to = names.post(event.assigned.post);
  if (!event.assigned.person.empty()) {
    auto const person = names.person(event.assigned.person);
    to = to.zh.empty() ? person : Text{to.zh + " " + person.zh, person.en + " (" + to.en + ")"};
  }
  return {who.zh + " 交给 " + to.zh, who.en + " gave it to " + to.en};
}

Text signalled_told(Event const& event) {
  if (event.signal == 0) return {"没有上报：" + event.waits.zh, "Not reported: " + event.waits.en};
  if (event.case_id != 0) return {"已上报，有案卷在办", "Reported; a case is open"};
  if (!event.waits.zh.empty()) return {"已上报，等受理：" + event.waits.zh, "Reported, and waits at the desk: " + event.waits.en};
  return {"已上报，等受理", "Reported, and waits at the desk"};
}

}  // namespace

Text value_words(Value const& value) {
  if (!value.known) return {"–", "–"};
  switch (value.kind) {
    case catalogue::ValueKind::boolean: return value.number != 0 ? Text{"是", "yes"} : Text{"否", "no"};
    case catalogue::ValueKind::text: return {value.text, value.text};
    default: break;
  }
  auto const number = fmt::format("{:.6g}{}{}", value.number, value.unit.empty() ? "" : " ", value.unit);
  return {number, number};
}

Text sentence_of(Event const& event, Names const& names) {
  auto const who = names.person(event.actor);
  switch (event.kind) {
    case K::alarm_raised: return event.finding ? raised_told(event, names) : Text{"告警", "Raised"};
    case K::alarm_escalated: {
      auto const grave = event.finding ? title(event.finding->severity) : Text{};
      auto const says = event.finding ? event.finding->says : Text{};
      return {"升级为" + grave.zh + "：" + says.zh, "Now " + grave.en + ": " + says.en};
    }
    case K::alarm_acknowledged: return {who.zh + " 确认", who.en + " acknowledged it"};
    case K::alarm_assigned: return assigned_told(event, who, names);
    case K::alarm_commented: return {who.zh + " 说", who.en + " says"};
    case K::alarm_suppressed: return joined(event.actor == "system" ? Text{"维护开始", "Maintenance"} : Text{who.zh + " 抑制告警", who.en + " suppressed it"}, until_told(event, names));
    case K::alarm_resumed: return {"抑制结束，告警仍在", "Suppression is over, and it stands"};
    case K::alarm_cleared: return cleared_told(event, who);
    case K::alarm_reopened:
      if (event.actor == "system") return joined({"解除后更严重，重新告警", "Graver after it was cleared: raised again"}, until_told(event, names));
      return {who.zh + " 重新打开", who.en + " reopened it"};
    case K::alarm_flapping: return event.flapping ? Text{"时有时无，合为一条", "On and off: kept as one"} : Text{"不再时有时无", "No more on and off"};
    case K::alarm_signalled: return signalled_told(event);
    default: return {"记下一步", "A step was noted"};
  }
}

core::Result<std::vector<StoryLine>> story_of(store::Reader& reader, Id alarm, Names const& names) {
  auto const entries = store::newest_entries_of(reader, alarm, story_lines_max);
  std::vector<StoryLine> out;
  for (auto const& entry : entries) {
    auto const at = entry.happened.value_or(entry.at);
    ZHILI_TRY(auto const event, decode(entry.kind, at, entry.actor, entry.payload));
    out.push_back({.seq = entry.seq, .at = at, .kind = entry.kind, .actor = entry.actor, .sentence = sentence_of(event, names), .words = event.reason});
  }
  return out;
}

}  // namespace zhili::respond::alarms
