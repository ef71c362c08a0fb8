#include "respond/signals/signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "respond/cases/guards.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using core::EventKind;
using core::fail;

bool other_post(SignalState const& state, Actor const& actor) {
  if (actor.ref == state.rejected_by) return false;
  return !state.appeal || (actor.ref != state.appeal->by &&
                           (actor.department.empty() || actor.department != state.appeal->department));
}

bool undecided(std::optional<Appeal> const& appeal) { return appeal && !appeal->upheld; }

/// Once more when an objection was upheld, or when later steps brought photos; not while an objection waits for its answer.
bool may_release(SignalState const& state, bool photos_wait) {
  if (!state.released) return true;
  return (state.release_appeal && state.release_appeal->upheld == true) || (photos_wait && !undecided(state.release_appeal));
}

bool no_appeal_pending(SignalState const& state) { return !state.appeal || state.appeal->upheld; }

bool guard_holds(Guard guard, SignalState const& state, SignalCommand const& command, SignalContext const& context) {
  switch (guard) {
    case Guard::reason: return !command.reason.empty();
    case Guard::not_reporter: return context.actor.ref != state.reporter;
    case Guard::photo_if_found: return command.found != Found::found || !command.photos.empty();
    case Guard::rule_named: return !command.rule.empty();
    case Guard::not_released: return may_release(state, context.photos_wait);
    case Guard::reason_if_withheld: return command.withheld.empty() || !command.reason.empty();
    case Guard::something_withheld: return !state.withheld.empty();
    case Guard::no_release_appeal_yet: return !state.release_appeal;
    case Guard::release_appeal_pending: return undecided(state.release_appeal);
    case Guard::not_releaser: return context.actor.ref != state.released_by && (!state.release_appeal || context.actor.ref != state.release_appeal->by);
    case Guard::reporter: return context.actor.reporter;
    case Guard::other_post: return other_post(state, context.actor);
    case Guard::no_appeal_yet: return !state.appeal;
    case Guard::appeal_pending: return undecided(state.appeal);
    case Guard::no_appeal_pending: return no_appeal_pending(state);
    case Guard::clock_over: return state.clocks.has_run_out(command.clock, context.now, context.calendar);
    case Guard::clocks_running: return std::ranges::any_of(state.clocks, can_be_recounted);
    case Guard::within_appeal: {
      auto const end = end_of(context.policy.appeal_within, state.rejected_at, context.calendar);
      return !end || context.now <= *end;  // a budget that never ends is never over
    }
    case Guard::keeping_over: {
      auto const end = end_of(context.policy.keep, state.rejected_at, context.calendar);
      return end && context.now >= *end;
    }
    case Guard::case_to_join: return context.case_to_join;
    case Guard::own_case_untouched: return context.own_case_untouched;
    case Guard::with_its_case: return command.with != 0;
    case Guard::another_report: return command.other > 0 && command.other != state.id;
    case Guard::check_asked_for: return state.checked != Found::found;  // who could not look may be asked again
    case Guard::checked_if_needed: {
      auto const* condition = context.item.condition(command.condition.empty() && !context.item.conditions.empty()
                                                         ? context.item.conditions.front().code
                                                         : command.condition);
      auto const before = condition ? condition->check.before : catalogue::Occasion::never;
      bool const needed = before == catalogue::Occasion::always ||
                          (before == catalogue::Occasion::citizen_reports && state.reporter == "citizen");
      return !needed || state.checked == Found::found;
    }
    default: return true;  // guards of cases do not stand in rows of signals
  }
}

core::Result<Row const*> row_for(SignalState const& state, SignalCommand const& command, SignalContext const& context) {
  std::optional<core::Error> refused;
  bool any = false;
  for (auto const& row : rows()) {
    if (row.subject != Subject::signal || row.verb != command.verb || !row.from.has(state.stage)) continue;
    any = true;
    if (!row.who.meets(context.actor.roles)) continue;
    refused.reset();
    for (int i = 0; i <= static_cast<int>(Guard::closing_condition) && !refused; ++i) {
      auto const guard = static_cast<Guard>(i);
      if (row.guards.has(guard) && !guard_holds(guard, state, command, context)) refused = refusal(row.verb, guard);
    }
    if (!refused) return &row;
  }
  if (refused) return fail(*refused);
  if (any) return fail(refusal_of_role(command.verb, state.stage, who_may(Subject::signal, command.verb, state.stage)));
  return fail(refusal_of_stage(Subject::signal, command.verb, state.stage));
}

core::Result<std::vector<core::ClockStep>> clock_steps(Row const& row, SignalState const& state, SignalContext const& context) {
  std::vector<core::ClockStep> out;
  for (auto const& [which, effect] : row.clocks) {
    if (effect == Effect::start && !context.item.conditions.empty())
      for (auto const* spec : context.item.conditions.front().clocks_of(catalogue::Phase::check)) {
        core::Clock fresh;
        fresh.name = spec->code;
        out.push_back(fresh.start_step(context.now, spec->budget));
      }
    for (auto const& clock : state.clocks) {
      if (effect == Effect::stop && clock.running_since) out.push_back(clock.stop_step(context.now, context.calendar));
      if (effect == Effect::recount && can_be_recounted(clock)) out.push_back(clock.reproject_step(context.now, context.calendar));
    }
  }
  ZHILI_CHECK(can_be_armed(out, context.calendar));
  return out;
}

/// To where it stood in that case, or, with 0, before all joins.
void go_back(SignalState& state, Id case_id) {
  while (state.stood.size() > 1 && (case_id == 0 || state.stood.back().case_id != case_id)) state.stood.pop_back();
  if (state.stood.empty()) return;
  auto const before = state.stood.back();
  state.stood.pop_back();
  state.stage = before.stage;
  state.incident = before.incident;
  state.case_id = before.case_id;
}

void tell_apart(SignalState& state, Id other) {
  if (other != 0 && std::ranges::find(state.apart, other) == state.apart.end()) state.apart.push_back(other);
}

}  // namespace

bool withholds(std::string_view parts, std::string_view part) {
  return std::ranges::any_of(std::views::split(parts, ' '), [&](auto const one) { return std::string_view(one.begin(), one.end()) == part; });
}

std::string_view name(Found found) {
  switch (found) {
    case Found::unasked: return "unasked";
    case Found::found: return "found";
    case Found::not_found: return "not_found";
    case Found::unable: return "unable";
  }
  return "unasked";
}

core::Result<SignalEvent> decide(SignalState const& state, SignalCommand const& command, SignalContext const& context) {
  if (command.expected_version >= 0 && command.expected_version != state.version)
    return fail(refusal_of_version(command.expected_version, state.version, state.reporter));
  if (command.reason.size() > max_reason_chars * 4 || command.words.size() > max_words_chars * 4)
    return fail(Errc::limit, "signal.length", {fmt::format("文字太长，最多 {} 字。", max_reason_chars),
                                               fmt::format("The text is too long; at most {} characters.", max_reason_chars)}, "reason");
  if (command.withheld.size() > max_withheld)
    return fail(Errc::limit, "signal.withheld", {fmt::format("最多写 {} 项不公开的内容。", max_withheld),
                                                 fmt::format("At most {} parts can be withheld.", max_withheld)}, "withheld");
  ZHILI_TRY(auto const* row, row_for(state, command, context));
  if (command.verb == Verb::register_case && !command.condition.empty() && !context.item.condition(command.condition))
    return fail(Errc::invalid, "signal.condition",
                {fmt::format("事项 {} 没有立案条件“{}”。", context.item.code, command.condition),
                 fmt::format("Item {} has no condition \"{}\".", context.item.code, command.condition)}, "condition");
  SignalEvent event{.kind = row->event, .at = context.now, .actor = context.actor.ref, .role = role_in(row->who, context.actor.roles)};
  event.reason = command.reason;
  event.found = command.found;
  event.rule = command.rule;
  event.upheld = (command.verb == Verb::decide_rejection || command.verb == Verb::decide_release) && command.upheld;
  if (command.verb == Verb::release) {
    event.withheld = command.withheld;
    event.photos_until = command.photos_until;
  }
  if (command.verb == Verb::appeal_rejection) event.department = context.actor.department;
  event.words = command.words;
  event.case_id = command.into;
  event.other = command.other;
  event.with = command.with;
  if (command.verb == Verb::expire) event.what = command.clock;
  if (command.verb == Verb::reproject) event.what = name_of(context.calendar);
  ZHILI_TRY(event.clocks, clock_steps(*row, state, context));
  for (auto const& photo : command.photos) event.photos.push_back(photo.name);
  if (command.verb == Verb::register_case)
    event.condition = command.condition.empty() && !context.item.conditions.empty() ? context.item.conditions.front().code
                                                                                    : command.condition;
  return event;
}

SignalState apply(SignalState state, SignalEvent const& event) {
  ++state.version;
  state.clocks.apply(event.clocks);
  switch (event.kind) {
    case EventKind::signal_received:
      state.stage = Stage::collected;
      state.item = event.item;
      state.reporter = event.actor;
      state.received_at = event.at;
      state.is_private = event.is_private;
      break;
    case EventKind::signal_check_asked: state.stage = Stage::checking; break;
    case EventKind::signal_checked:
      state.stage = Stage::collected;
      state.checked = event.found;
      break;
    case EventKind::signal_rejected:
      state.stage = Stage::rejected;
      state.rejected_by = event.actor;
      state.rejected_at = event.at;
      state.appeal.reset();
      state.reason = event.reason;
      break;
    case EventKind::signal_registered:
      state.stage = Stage::registered;
      state.incident = event.incident;
      state.case_id = event.case_id;
      break;
    case EventKind::signal_merged:
      state.stood.push_back({state.stage, state.incident, state.case_id});
      state.stage = Stage::merged;
      state.incident = event.incident;
      state.case_id = event.case_id;
      std::erase(state.apart, event.other);  // somebody thought again
      break;
    case EventKind::signal_split:
      go_back(state, event.case_id);
      tell_apart(state, event.other);
      break;
    case EventKind::signal_told_apart: tell_apart(state, event.other); break;
    case EventKind::signal_released:
      state.released = true;
      state.withheld = event.withheld;
      state.released_by = event.actor;
      state.release_appeal.reset();
      break;
    case EventKind::signal_release_appealed: state.release_appeal = Appeal{event.actor, event.department}; break;
    case EventKind::signal_release_decided:
      if (state.release_appeal) state.release_appeal->upheld = event.upheld;
      break;
    case EventKind::signal_appealed: state.appeal = Appeal{event.actor, event.department}; break;
    case EventKind::signal_appeal_decided:
      if (state.appeal) state.appeal->upheld = event.upheld;
      if (event.upheld) state.stage = Stage::collected;
      break;
    case EventKind::signal_archived: state.stage = Stage::archived; break;
    case EventKind::clock_expired: state.clocks.expired.push_back(event.what); break;
    case EventKind::clock_reprojected: state.clocks.counted_by = event.what; break;
    default: break;  // entries that change nothing of the state
  }
  return state;
}

std::vector<Due> timers_of(SignalState const& state, SignalContext const& context) {
  auto out = timers_of(state.clocks, TimerKind::signal_clock, context.calendar);
  if (state.stage == Stage::rejected && no_appeal_pending(state))
    if (auto const end = end_of(context.policy.keep, state.rejected_at, context.calendar))
      out.push_back({TimerKind::signal_archive, "", *end});
  return out;
}

}  // namespace zhili::respond
