#include <algorithm>

#include "respond/cases/case.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {

namespace {

using K = core::EventKind;

/// The stage that a kind of event leads to, read from the table.
std::optional<Stage> stage_after(core::EventKind kind) {
  for (auto const& row : rows())
    if (row.subject == Subject::a_case && row.event == kind && row.to == To::stage) return row.stage;
  return std::nullopt;
}

void add_hand(CaseState& state, std::string person, std::string department) {
  Hand hand{std::move(person), std::move(department)};
  if (std::ranges::find(state.hands, hand) == state.hands.end()) state.hands.push_back(std::move(hand));
}

void begin(CaseState& state, Event const& event) {
  state.opening = event.opening.value_or(Opening{});
  if (event.kind != K::case_recorded) return;
  state.recorded = true;
  state.stage = state.opening.stage;
  state.closed_at = state.opening.closed_at;
  state.department = event.department;
  if (state.stage == Stage::closed) state.ending = Ending::closed;
}

/// The work goes back to where a department is looked for.
void back_to_registered(CaseState& state) {
  state.department.clear();
  state.post.clear();
  state.handler.clear();
  state.verifier.clear();
  state.request.reset();
  state.suspended_until.reset();
  state.dispatched_at.reset();
  state.joint.clear();
}

void apply_work(CaseState& state, Event const& event) {
  switch (event.kind) {
    case K::case_dispatched:
    case K::case_settled:
      state.department = event.department;
      state.post = event.post;
      state.disputed = false;
      state.dispatched_at.reset();  // what was settled cannot be returned
      if (event.kind == K::case_dispatched) state.dispatched_at = event.at;
      return;
    case K::case_returned:
      back_to_registered(state);
      state.disputed = true;
      state.returns = event.number;
      return;
    case K::case_taken:
      state.handler = event.actor;
      return add_hand(state, event.actor, event.actor_department);
    case K::case_handed_over:
      state.handler = event.person;
      return add_hand(state, event.person, event.actor_department);
    case K::case_joint_added:
      state.joint.push_back({event.department, false});
      return;
    case K::case_joint_done:
      for (auto& joint : state.joint) joint.done = joint.done || joint.department == event.department;
      return add_hand(state, event.actor, event.actor_department);
    case K::case_self_handled:
      state.disputed = false;
      state.handler = event.actor;
      return add_hand(state, event.actor, "");  // other collectors of the same centre may still judge it
    case K::case_reported_back:
      state.request.reset();  // a wish that nobody decided lapses
      return add_hand(state, event.actor, event.actor_department);
    default:
      return;
  }
}

void apply_requests(CaseState& state, Event const& event) {
  bool const granted = event.what == "granted";
  switch (event.kind) {
    case K::case_extension_asked:
    case K::case_suspension_asked:
      state.request = Request{.suspension = event.kind == K::case_suspension_asked,
                              .clock = event.what,
                              .by = event.actor,
                              .reason = event.reason,
                              .until = event.until.value_or(event.at)};
      return;
    case K::case_extension_decided:
      if (granted) ++state.extensions;
      return state.request.reset();
    case K::case_suspension_decided:
      if (granted) {
        ++state.suspensions;
        state.suspended_until = event.until;
        if (state.handler.empty()) {  // asked before anybody took it: who asked has it when it goes on
          state.handler = event.person;
          add_hand(state, event.person, state.department);
        }
      }
      return state.request.reset();
    case K::case_resumed:
      state.suspended_until.reset();
      return;
    default:
      return;
  }
}

void apply_judgement(CaseState& state, Event const& event) {
  switch (event.kind) {
    case K::case_verification_sent:
      state.verifier = event.person;
      return;
    case K::case_verified:
      state.verifier = event.actor;
      return;
    case K::case_reworked:
      state.reworks = event.number;
      state.verifier.clear();
      return;
    case K::case_verification_unable:
      state.verifier.clear();
      return;
    case K::case_closed:
    case K::case_force_closed:
      state.ending = event.kind == K::case_closed ? Ending::closed : Ending::forced;
      state.closer = event.actor;
      state.closed_at = event.at;
      state.request.reset();
      state.suspended_until.reset();
      state.disputed = false;
      return;
    case K::case_reopened:
      back_to_registered(state);
      state.reopens = event.number;
      state.ending = Ending::none;
      state.closer.clear();
      state.closed_at.reset();
      state.evaluated_at.reset();
      state.appeal.reset();
      state.rating = 0;
      return;
    case K::case_supervised:
      state.supervisions.push_back({event.number, event.level, event.until.value_or(event.at), false});
      return;
    case K::case_supervision_replied:
      for (auto& s : state.supervisions) s.replied = s.replied || s.number == event.number;
      return;
    case K::case_rated:
      state.rating = event.number;
      return;
    case K::case_appealed:
      state.appeal = Appeal{event.actor, event.actor_department};
      return;
    case K::case_appeal_decided:
      if (state.appeal) state.appeal->upheld = event.what == "upheld";
      return;
    case K::case_evaluated:
      state.evaluated_at = event.at;
      return;
    case K::case_adopted:
      state.recorded = false;
      return;
    case K::clock_reprojected:
      state.clocks.counted_by = event.what;
      return;
    case K::clock_expired:
      state.clocks.expired.push_back(event.what);
      return;
    default:
      return;
  }
}

}  // namespace

CaseState apply(CaseState state, Event const& event) {
  ++state.version;
  state.changed_by = event.actor;
  state.changed_at = event.at;
  if (event.kind == K::case_registered || event.kind == K::case_recorded) begin(state, event);
  auto const refused = event.what == "refused";
  if (event.kind == K::case_merged) state.joined_to = event.into;
  if (event.kind == K::case_split) {
    state.stage = Stage::registered;  // only a registered case stands aside
    state.joined_to = 0;
  } else if (auto const stage = stage_after(event.kind); stage && !refused) {
    state.stage = *stage;
  }
  state.clocks.apply(event.clocks);
  apply_work(state, event);
  apply_requests(state, event);
  apply_judgement(state, event);
  return state;
}

}  // namespace zhili::respond
