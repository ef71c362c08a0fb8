#include "respond/cases/guards.hpp"

#include <algorithm>
#include <chrono>

#include "respond/cases/effects.hpp"

namespace zhili::respond {

namespace {

using core::Budget;
using core::Instant;

bool within(Budget budget, std::optional<Instant> since, Context const& context) {
  auto const end = end_of(budget, since, context.calendar);
  return since && (!end || context.now <= *end);  // a budget that never ends is never over
}

bool over(Budget budget, std::optional<Instant> since, Context const& context) {
  auto const end = end_of(budget, since, context.calendar);
  return end && context.now >= *end;
}

bool shows_all(std::vector<std::string> const& wanted, std::vector<Photo> const& photos) {
  return std::ranges::all_of(wanted, [&](auto const& kind) {
    return std::ranges::any_of(photos, [&](auto const& photo) { return photo.shows == kind; });
  });
}

bool dispute_is_over(Question const& q) {
  auto const* clock = q.state.clocks.find(own_clock::dispute);
  return clock && clock->running_since && clock->left(q.context.now, q.context.calendar) <= 0;
}

bool extends(Question const& q) {
  if (!q.command.until || *q.command.until <= q.context.now) return false;
  auto const* clock = clock_to_extend(q.state, q.command.clock, q.context);
  return clock && amount_until(*clock, *q.command.until, q.context.calendar) > clock->budget.amount;
}

bool is_handler(Question const& q) {
  auto const& actor = q.context.actor;
  return actor.ref == q.state.handler ||
         (actor.roles.has(Role::handler_lead) && actor.department == q.state.department);
}

bool holds_duty(Question const& q) {
  auto const& actor = q.context.actor;
  Stages const with_department{Stage::dispatched, Stage::handling, Stage::suspended};
  if (!with_department.has(q.state.stage)) return actor.roles.has(Role::dispatcher);
  return !q.state.department.empty() && actor.department == q.state.department;
}

bool is_joint(Question const& q) {
  return std::ranges::any_of(q.state.joint, [&](Joint const& joint) {
    return joint.department == q.context.actor.department && !joint.done;
  });
}

bool is_other_post(Question const& q) {
  auto const& actor = q.context.actor;
  auto const& state = q.state;
  if (state.appeal && (actor.ref == state.appeal->by ||
                       (!actor.department.empty() && actor.department == state.appeal->department)))
    return false;
  return actor.ref != state.closer && actor.ref != state.verifier &&
         !has_hand_in(state, actor.ref, actor.department);
}

bool supervision_is_open(Question const& q) {
  return std::ranges::any_of(
      q.state.supervisions, [&](Supervision const& s) { return s.number == q.command.number && !s.replied; });
}

bool opening_is_whole(Question const& q) {
  auto const& opening = q.command.opening;
  if (!opening || opening->item.code.empty() || opening->signal <= 0 || opening->incident <= 0) return false;
  Stages const can_be_recorded = open_stages | Stage::closed;
  return q.command.verb == Verb::record ? can_be_recorded.has(opening->stage) : !opening->condition.empty();
}

bool department_is_new(Question const& q) {
  if (q.command.department.empty()) return false;
  if (q.command.verb != Verb::add_joint) return true;
  return q.command.department != q.state.department && q.state.joint.size() < max_joint_departments &&
         std::ranges::none_of(
             q.state.joint, [&](Joint const& j) { return j.department == q.command.department; });
}

bool actor_holds(Guard guard, Question const& q) {
  auto const& [state, command, context] = q;
  auto const& actor = context.actor;
  switch (guard) {
    case Guard::not_own_work:
      return !has_hand_in(state, actor.ref, actor.department);
    case Guard::not_asker:
      return !state.request || state.request->by != actor.ref;
    case Guard::other_post:
      return is_other_post(q);
    case Guard::reporter:
      return actor.reporter;
    case Guard::own_department:
      return !actor.department.empty() && actor.department == state.department;
    case Guard::handler:
      return is_handler(q);
    case Guard::duty_holder:
      return holds_duty(q);
    case Guard::joint_department:
      return is_joint(q);
    case Guard::assigned_verifier:
      return state.verifier.empty() || state.verifier == actor.ref;
    case Guard::verifier_apart:
      return !has_hand_in(state, command.person, command.person_department);
    default:
      return false;  // not_reporter is a guard of signals only
  }
}

bool state_holds(Guard guard, Question const& q) {
  auto const& [state, command, context] = q;
  auto const& policy = context.policy;
  switch (guard) {
    case Guard::recorded:
      return state.recorded;
    case Guard::disputed:
      return state.disputed;
    case Guard::dispute_over:
      return dispute_is_over(q);
    case Guard::returns_left:
      return !state.disputed || state.returns < policy.max_returns;
    case Guard::within_return:
      return within(policy.return_within, state.dispatched_at, context);
    case Guard::extension_asked:
      return state.request && !state.request->suspension;
    case Guard::suspension_asked:
      return state.request && state.request->suspension;
    case Guard::nothing_asked:
      return !state.request;
    case Guard::suspension_over:
      return state.suspended_until && context.now >= *state.suspended_until;
    case Guard::joint_finished:
      return std::ranges::all_of(state.joint, &Joint::done);
    case Guard::supervision_open:
      return supervision_is_open(q);
    case Guard::not_rated:
      return state.rating == 0;
    case Guard::within_rating:
      return within(policy.rate_within, state.closed_at, context);
    case Guard::no_appeal_yet:
      return !state.appeal;
    case Guard::appeal_pending:
      return state.appeal && !state.appeal->upheld;
    case Guard::no_appeal_pending:
      return !state.appeal || state.appeal->upheld;
    case Guard::within_appeal:
      return within(policy.appeal_within, state.closed_at, context);
    case Guard::within_reopening:
      return within(policy.reopen_within, state.closed_at, context);
    case Guard::evaluation_due:
      return over(policy.rate_within, state.closed_at, context) &&
             over(policy.appeal_within, state.closed_at, context);
    case Guard::keeping_over:
      return over(policy.keep, state.evaluated_at, context);
    case Guard::clock_over:
      return state.clocks.has_run_out(command.clock, context.now, context.calendar);
    case Guard::clocks_running:
      return std::ranges::any_of(state.clocks, can_be_recounted);
    case Guard::item_self_handled:
      return context.item.self_handle;
    case Guard::case_to_join:  // whether it is open knows the desk of signals, which sets a case aside
      return command.into > 0 && command.into != state.id;
    default:
      return false;  // the others are guards of signals
  }
}

bool command_holds(Guard guard, Question const& q) {
  auto const& [state, command, context] = q;
  switch (guard) {
    case Guard::opening:
      return opening_is_whole(q);
    case Guard::reason:
      return !command.reason.empty();
    case Guard::department:
      return department_is_new(q);
    case Guard::person:
      return !command.person.empty();
    case Guard::until_ahead:
      return command.until && *command.until > context.now;
    case Guard::until_extends:
      return extends(q);
    case Guard::level:
      return command.level >= 1 && command.level <= max_supervision_level;
    case Guard::score:
      return command.score >= 1 && command.score <= max_score;
    case Guard::evidence_handle:
      return shows_all(context.condition.evidence.handle, command.photos);
    case Guard::evidence_verify:
      return shows_all(context.condition.evidence.verify, command.photos);
    case Guard::closing_condition:
      return command.closing_condition_met;
    default:
      return false;
  }
}

}  // namespace

bool has_hand_in(CaseState const& state, std::string_view person, std::string_view department) {
  return std::ranges::any_of(state.hands, [&](Hand const& hand) {
    return (!person.empty() && hand.person == person) ||
           (!department.empty() && hand.department == department);
  });
}

core::Clock const* clock_to_extend(CaseState const& state, std::string_view name, Context const& context) {
  core::Clock const* only = nullptr;
  for (auto const& clock : state.clocks) {
    if (!clock.running_since || !belongs_to(clock, Which::handle, context)) continue;
    if (clock.name == name) return &clock;
    if (!name.empty()) continue;
    if (only) return nullptr;
    only = &clock;
  }
  return only;
}

bool holds(Guard guard, Question const& question) {
  if (guard < Guard::recorded) return actor_holds(guard, question);
  if (guard < Guard::opening) return state_holds(guard, question);
  return command_holds(guard, question);
}

}  // namespace zhili::respond
