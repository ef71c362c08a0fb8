#pragma once
// The life of signals and cases as a table. Each row is one command; what is not a row is refused. The page
// docs/reference/lifecycle.md is printed from it.

#include <array>
#include <optional>
#include <span>
#include <string>

#include "core/event_kind.hpp"
#include "respond/cases/words.hpp"

namespace zhili::respond {

enum class Subject : std::uint8_t { signal, a_case };

/// What must hold besides stage and role. Checked in this order, so the first ones are what people most need
/// to hear.
enum class Guard : std::uint8_t {
  // who judges did not act
  not_own_work,  ///< neither the person nor their department had a hand in the work
  not_asker,     ///< another person than the one who asked
  other_post,    ///< not the one who appealed, verified or closed, nor their department
  not_reporter,
  not_releaser,  ///< another person than the one who released, and than the one who objects
  reporter,
  // whose case it is
  own_department,
  handler,      ///< who took it, or their lead
  duty_holder,  ///< the department that has it; before dispatch the dispatcher
  joint_department,
  assigned_verifier,
  verifier_apart,  ///< the chosen verifier did not act
  // what the case is in
  recorded,
  disputed,
  dispute_over,
  returns_left,
  within_return,
  extension_asked,
  suspension_asked,
  nothing_asked,
  suspension_over,
  joint_finished,
  supervision_open,
  not_rated,
  within_rating,
  no_appeal_yet,
  appeal_pending,
  no_appeal_pending,
  within_appeal,
  within_reopening,
  evaluation_due,
  keeping_over,
  clock_over,
  clocks_running,
  item_self_handled,
  check_asked_for,
  checked_if_needed,
  rule_named,
  case_to_join,
  own_case_untouched,
  with_its_case,
  another_report,
  not_released,
  something_withheld,
  no_release_appeal_yet,
  release_appeal_pending,
  // what the command brings
  opening,
  reason,
  reason_if_withheld,
  department,
  person,
  until_ahead,
  until_extends,
  level,
  score,
  evidence_handle,
  evidence_verify,
  photo_if_found,
  closing_condition
};
using Guards = Set<Guard>;

/// Which clock, and what happens to it.
enum class Which : std::uint8_t { check, dispatch, handle, verify, whole, dispute, supervision, appeal, every };
enum class Effect : std::uint8_t {
  start,         ///< afresh, with the whole budget
  from_receipt,  ///< afresh, counted from when the signal was received
  take_up,       ///< goes on if it was paused, else afresh
  go_on,         ///< with what is left
  rework,        ///< a rework budget of its own if the condition has one, else what is left
  pause,
  stop,
  grow,      ///< until the new date
  of_stage,  ///< what the stage calls for starts
  recount    ///< by the changed calendar
};
struct ClockEffect {
  Which which = Which::every;
  Effect effect = Effect::stop;
};

/// At most five effects of one row.
struct ClockEffects {
  std::array<ClockEffect, 5> all{};
  std::size_t count = 0;
  constexpr ClockEffects() = default;
  constexpr ClockEffects(std::initializer_list<ClockEffect> effects) {
    for (auto const& e : effects) all[count++] = e;
  }
  constexpr auto begin() const { return all.begin(); }
  constexpr auto end() const { return all.begin() + static_cast<std::ptrdiff_t>(count); }
};

/// Where a row leads.
enum class To : std::uint8_t { stage, same, before, by_decision, as_source_says };

struct Row {
  Subject subject;
  Verb verb;
  Stages from;
  Roles who;
  Guards guards;
  To to;
  Stage stage;  ///< when `to` is a stage
  ClockEffects clocks;
  core::EventKind event;
};

std::span<Row const> rows();

/// Who may do this at that stage, by any row.
Roles who_may(Subject subject, Verb verb, Stage stage);
/// The role in which somebody acts who has these: the first that the row lets do it; else system.
Role role_in(Roles row, Roles actor);

/// What a guard asks for, as a clause: "not by whoever did the work".
core::Text words(Guard guard);

/// The page docs/reference/lifecycle.md (en) or lifecycle.zh.md (zh).
std::string lifecycle_page(core::Lang lang);

}  // namespace zhili::respond
