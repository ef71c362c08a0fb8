// What the entries of an alarm make of it.

#include "respond/alarms/alarm.hpp"

namespace zhili::respond::alarms {

namespace {

using K = core::EventKind;

/// It wants attention: whoever acknowledged it did not know this.
void alarm_anew(AlarmState& state) {
  state.state = State::raised;
  state.acknowledged_by.clear();
  state.acknowledged_at.reset();
  state.suppression.reset();
}

void alarm_hushed(AlarmState& state, std::optional<Suppression> const& until) {
  if (!until) return;
  alarm_anew(state);
  state.state = State::suppressed;
  state.suppression = until;
}

void alarm_back(AlarmState& state, Event const& event) {
  state.cleared_at.reset();
  state.cleared_by.clear();
  if (event.finding) state.finding = *event.finding;
  alarm_anew(state);
  alarm_hushed(state, event.suppression);
}

}  // namespace

AlarmState apply(AlarmState state, Event const& event) {
  ++state.version;
  switch (event.kind) {
    case K::alarm_raised:
      state.kind = event.of;
      state.rule = event.rule;
      state.subject = event.subject;
      state.times = event.number;
      state.raised_at = event.at;
      state.assigned = {};
      alarm_back(state, event);
      break;
    case K::alarm_escalated:
      if (event.finding) state.finding = *event.finding;
      if (state.state == State::acknowledged) alarm_anew(state);
      break;
    case K::alarm_acknowledged:
      state.state = State::acknowledged;
      state.acknowledged_by = event.actor;
      state.acknowledged_at = event.at;
      break;
    case K::alarm_assigned: state.assigned = event.assigned; break;
    case K::alarm_suppressed: alarm_hushed(state, event.suppression); break;
    case K::alarm_resumed: alarm_anew(state); break;
    case K::alarm_cleared:
      state.state = State::cleared;
      state.cleared_at = event.at;
      state.cleared_by = event.actor;
      state.suppression.reset();
      state.finding.flapping = false;
      break;
    case K::alarm_reopened: alarm_back(state, event); break;
    case K::alarm_flapping: state.finding.flapping = event.flapping; break;
    case K::alarm_signalled:
      state.signal = event.signal;
      state.signal_of = event.number;
      state.waits = event.waits;
      break;
    default: break;  // comments
  }
  return state;
}

std::string contradiction(AlarmState const& s) {
  if (s.state == State::none) return s.version == 0 && s.times == 0 ? "" : "entries, and it was never raised";
  if (s.version < 1 || s.times < 1) return "it was never raised";
  if (s.rule.empty() || s.subject.empty()) return "of nothing";
  if ((s.state == State::cleared) != s.cleared_at.has_value()) return "cleared_at if and only if it is cleared";
  if ((s.state == State::cleared) == s.cleared_by.empty()) return "cleared_by if and only if it is cleared";
  if ((s.state == State::suppressed) != s.suppression.has_value()) return "suppression if and only if it is suppressed";
  if (s.acknowledged_by.empty() != !s.acknowledged_at.has_value()) return "acknowledged by and at go together";
  if (s.state == State::acknowledged && s.acknowledged_by.empty()) return "acknowledged by nobody";
  if ((s.state == State::raised || s.state == State::suppressed) && !s.acknowledged_by.empty()) return "acknowledged, and wants attention";
  if (s.signal_of > s.times) return "a report of a raising that is not yet";
  if (s.state == State::cleared && s.finding.flapping) return "cleared, and flapping";
  if ((s.kind == Kind::fault) != (s.rule == fault_rule)) return "faults of devices have one rule";
  return "";
}

}  // namespace zhili::respond::alarms
