// What happens to an alarm when a rule, a person or time does something.

#include <fmt/format.h>

#include <algorithm>

#include "respond/alarms/alarm.hpp"

namespace zhili::respond::alarms {

namespace {

using core::Errc;
using core::fail;
using K = core::EventKind;
using Events = std::vector<Event>;

struct Question {
  AlarmState const& state;
  Command const& command;
  By const& by;
};

Event alarm_event(K kind, Question const& q) {
  bool const said = q.command.verb == Verb::raise || q.command.verb == Verb::escalate || q.command.verb == Verb::settle;
  return {.kind = kind, .at = said ? q.by.happened : q.by.now, .actor = q.by.actor, .department = q.by.department};
}

/// Characters, not bytes.
std::size_t alarm_chars(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

core::Result<> alarm_text(std::string_view text, std::size_t most, std::string_view field) {
  if (alarm_chars(text) <= most && text.find('\0') == std::string_view::npos) return {};
  return fail(Errc::limit, "alarm.length",
              {fmt::format("“{}”最多 {} 字，不能有空字符。请缩短。", field, most), fmt::format("\"{}\" takes at most {} characters and no NUL. Shorten it.", field, most)},
              std::string(field));
}

core::Result<> alarm_reason_given(Question const& q) {
  if (!q.command.reason.empty()) return {};
  bool const comment = q.command.verb == Verb::comment;
  return fail(Errc::invalid, "alarm.reason",
              comment ? core::Text{"请写下要说的话。", "Write what is to be said."} : core::Text{"请写明理由，留在这条告警的经过里。", "Say why; it stays in the story of this alarm."}, "reason");
}

/// Somebody was faster, or the alarm is not what they take it for.
tl::unexpected<core::Error> not_now(Question const& q) {
  auto const& s = q.state;
  core::Text is;
  switch (s.state) {
    case State::acknowledged: is = {fmt::format("{} 已经确认了这条告警", s.acknowledged_by), fmt::format("{} has acknowledged this alarm already", s.acknowledged_by)}; break;
    case State::suppressed: is = {"这条告警正被抑制", "this alarm is suppressed"}; break;
    case State::cleared:
      is = s.cleared_by == "system" ? core::Text{"这条告警已经自行解除", "this alarm is over by itself"}
                                    : core::Text{fmt::format("{} 已经解除了这条告警", s.cleared_by), fmt::format("{} has cleared this alarm", s.cleared_by)};
      break;
    case State::raised: is = {"这条告警正在持续", "this alarm stands"}; break;
    case State::none: is = {"没有这条告警", "there is no such alarm"}; break;
  }
  auto mend = q.command.verb == Verb::reopen ? core::Text{"只有已解除或被抑制的才能重新打开。", "Only one that is cleared or suppressed can be reopened."}
                                             : core::Text{"请刷新后再看。", "Look again."};
  if (s.state == State::suppressed && q.command.verb == Verb::acknowledge) mend = {"要现在处理，先重新打开。", "To deal with it now, reopen it first."};
  return fail(Errc::conflict, "alarm.state", {is.zh + "，不能再做这一步。" + mend.zh, "This cannot be done: " + is.en + ". " + mend.en}, "command");
}

core::Result<Events> one(Event event) { return Events{std::move(event)}; }

Event raised(Question const& q) {
  auto event = alarm_event(K::alarm_raised, q);
  event.of = q.command.of;
  event.rule = q.command.rule;
  event.subject = q.command.subject;
  event.number = q.state.times + 1;
  event.finding = q.command.finding;
  event.suppression = q.command.suppression;
  return event;
}

/// It stands already; what a source says again changes nothing but how grave it is and whether it flutters.
Events said_again(Question const& q) {
  Events out;
  auto const& finding = *q.command.finding;
  if (finding.severity > q.state.finding.severity) {
    out.push_back(alarm_event(K::alarm_escalated, q));
    out.back().finding = finding;
  } else if (finding.flapping != q.state.finding.flapping) {
    out.push_back(alarm_event(K::alarm_flapping, q));
    out.back().flapping = finding.flapping;
  }
  return out;
}

Events by_source(Question const& q) {
  bool const standing = stands(q.state.state);
  if (q.command.verb == Verb::settle) {
    if (!standing) return {};
    auto event = alarm_event(K::alarm_cleared, q);
    event.cause = q.command.cause;
    return {std::move(event)};
  }
  if (!q.command.finding) return {};
  if (standing) return said_again(q);
  if (q.command.verb == Verb::raise || q.state.state == State::none) return {raised(q)};
  // Somebody cleared it, and it has become graver since: they did not know that.
  auto event = alarm_event(K::alarm_reopened, q);
  event.finding = q.command.finding;
  event.suppression = q.command.suppression;
  return {std::move(event)};
}

core::Result<> suppression_fits(Question const& q) {
  auto const& wanted = q.command.suppression;
  if (!wanted || wanted->until <= q.by.now)
    return fail(Errc::invalid, "alarm.until", {"请写明抑制到何时，要晚于现在。", "Say until when it is to be suppressed, which lies ahead."}, "until");
  if (wanted->until > q.by.now + suppression_max) {
    auto const days = std::chrono::duration_cast<std::chrono::days>(suppression_max).count();
    return fail(Errc::limit, "alarm.until", {fmt::format("最多抑制 {} 天。", days), fmt::format("It can be suppressed for {} days at most.", days)}, "until");
  }
  return {};
}

core::Result<Events> assign(Question const& q) {
  if (!stands(q.state.state)) return not_now(q);
  auto const& to = q.command.assigned;
  if (to.nobody()) return fail(Errc::invalid, "alarm.assigned", {"请写明交给哪个岗位或哪个人。", "Say which post or person it goes to."}, "post");
  ZHILI_CHECK(alarm_text(to.post, alarm_ref_chars_max, "post"));
  ZHILI_CHECK(alarm_text(to.person, alarm_ref_chars_max, "person"));
  if (to == q.state.assigned)
    return fail(Errc::conflict, "alarm.assigned", {"这条告警已经在他们手里。", "They have this alarm already."}, "post");
  auto event = alarm_event(K::alarm_assigned, q);
  event.assigned = to;
  event.reason = q.command.reason;
  return one(std::move(event));
}

core::Result<Events> with_reason(K kind, Question const& q) {
  ZHILI_CHECK(alarm_reason_given(q));
  auto event = alarm_event(kind, q);
  event.reason = q.command.reason;
  if (kind == K::alarm_suppressed) event.suppression = q.command.suppression;
  return one(std::move(event));
}

core::Result<Events> by_person(Question const& q) {
  auto const& s = q.state;
  if (q.command.expected_version >= 0 && q.command.expected_version != s.version)
    return fail(Errc::conflict, "alarm.version",
                {fmt::format("您看到的是第 {} 版，这条告警已是第 {} 版。请刷新后再操作。", q.command.expected_version, s.version),
                 fmt::format("You saw version {}; this alarm is at version {} now. Look again, then decide.", q.command.expected_version, s.version)}, "version");
  if (s.state == State::none) return not_now(q);
  ZHILI_CHECK(alarm_text(q.command.reason, alarm_reason_chars_max, "reason"));
  switch (q.command.verb) {
    case Verb::acknowledge: {
      if (s.state != State::raised) return not_now(q);
      auto event = alarm_event(K::alarm_acknowledged, q);
      event.reason = q.command.reason;
      return one(std::move(event));
    }
    case Verb::assign: return assign(q);
    case Verb::comment: return with_reason(K::alarm_commented, q);
    case Verb::suppress:
      if (!stands(s.state)) return not_now(q);
      ZHILI_CHECK(suppression_fits(q));
      return with_reason(K::alarm_suppressed, q);
    case Verb::clear: return stands(s.state) ? with_reason(K::alarm_cleared, q) : not_now(q);
    case Verb::reopen: return s.state == State::cleared || s.state == State::suppressed ? with_reason(K::alarm_reopened, q) : not_now(q);
    default: return Events{};
  }
}

Events by_time(Question const& q) {
  auto const& s = q.state;
  auto const& window = q.command.suppression;
  if (q.command.verb == Verb::hush) {
    bool const longer = !s.suppression || (window && window->until > s.suppression->until);
    if (!stands(s.state) || !window || window->until <= q.by.now || !longer) return {};
    auto event = alarm_event(K::alarm_suppressed, q);
    event.suppression = window;
    event.reason = q.command.reason;
    return {std::move(event)};
  }
  if (q.command.verb == Verb::signal) {
    if (s.state == State::none) return {};
    auto event = alarm_event(K::alarm_signalled, q);
    event.number = s.times;
    event.signal = q.command.signal;
    event.case_id = q.command.case_id;
    event.waits = q.command.waits;
    return {std::move(event)};
  }
  if (s.state != State::suppressed || (!q.command.at_once && s.suppression->until > q.by.now)) return {};
  if (window && window->until > q.by.now) {  // another window goes on
    auto event = alarm_event(K::alarm_suppressed, q);
    event.suppression = window;
    event.reason = q.command.reason;
    return {std::move(event)};
  }
  return {alarm_event(K::alarm_resumed, q)};
}

}  // namespace

core::Result<std::vector<Event>> decide(AlarmState const& state, Command const& command, By const& by) {
  Question const question{state, command, by};
  if (by_people(command.verb)) return by_person(question);
  if (command.verb == Verb::raise || command.verb == Verb::escalate || command.verb == Verb::settle) return by_source(question);
  return by_time(question);
}

}  // namespace zhili::respond::alarms
