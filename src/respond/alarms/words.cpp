// What alarms are called.

#include "respond/alarms/alarm.hpp"

namespace zhili::respond::alarms {

std::string_view name(Kind kind) { return kind == Kind::fault ? "fault" : "condition"; }

std::string_view name(State state) {
  switch (state) {
    case State::none: return "none";
    case State::raised: return "raised";
    case State::acknowledged: return "acknowledged";
    case State::suppressed: return "suppressed";
    case State::cleared: return "cleared";
  }
  return "none";
}

core::Text title(State state) {
  switch (state) {
    case State::none: return {"—", "–"};
    case State::raised: return {"未确认", "not acknowledged"};
    case State::acknowledged: return {"已确认", "acknowledged"};
    case State::suppressed: return {"已抑制", "suppressed"};
    case State::cleared: return {"已解除", "cleared"};
  }
  return {"—", "–"};
}

std::optional<State> state_from(std::string_view text) {
  for (auto const state : all_states)
    if (text == name(state)) return state;
  return std::nullopt;
}

core::Text title(Severity severity) {
  switch (severity) {
    case Severity::info: return {"提示", "info"};
    case Severity::warning: return {"预警", "warning"};
    case Severity::minor: return {"一般", "minor"};
    case Severity::major: return {"重要", "major"};
    case Severity::critical: return {"紧急", "critical"};
  }
  return {"提示", "info"};
}

std::string_view name(Verb verb) {
  switch (verb) {
    case Verb::raise: return "raise";
    case Verb::escalate: return "escalate";
    case Verb::settle: return "settle";
    case Verb::acknowledge: return "acknowledge";
    case Verb::assign: return "assign";
    case Verb::comment: return "comment";
    case Verb::suppress: return "suppress";
    case Verb::clear: return "clear";
    case Verb::reopen: return "reopen";
    case Verb::hush: return "hush";
    case Verb::resume: return "resume";
    case Verb::signal: return "signal";
  }
  return "comment";
}

std::optional<Verb> verb_from(std::string_view text) {
  for (auto const verb : all_verbs)
    if (by_people(verb) && text == name(verb)) return verb;
  return std::nullopt;
}

Opens opens_of(std::string_view written) {
  auto const slash = written.find('/');
  if (slash == std::string_view::npos) return {std::string(written), {}};
  return {std::string(written.substr(0, slash)), std::string(written.substr(slash + 1))};
}

std::string subject_name(rules::Subject const& subject) {
  return (subject.scope == catalogue::rules::Scope::thing ? "thing:" : "place:") + subject.id;
}

}  // namespace zhili::respond::alarms
