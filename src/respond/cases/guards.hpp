#pragma once
// Inside of cases: whether a guard of the table holds, and the refusal when it does not.

#include "respond/cases/case.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {

/// What a decision looks at.
struct Question {
  CaseState const& state;
  Command const& command;
  Context const& context;
};

bool holds(Guard guard, Question const& question);

/// "Cannot X: it needs <guard>. <what to do>", for a signal's guards as well.
core::Error refusal(Verb verb, Guard guard);
/// No row has this verb at this stage: says where it has one, and what can be done now.
core::Error refusal_of_stage(Subject subject, Verb verb, Stage stage);
/// No row lets these roles do it: says who may.
core::Error refusal_of_role(Verb verb, Stage stage, Roles may);
core::Error refusal_of_version(std::int64_t expected, std::int64_t actual, std::string const& changed_by);

/// Lengths and ranges of what a command brings, before anything looks at it.
core::Result<> check_bounds(Command const& command, core::Instant now);

/// Did this person or their department have a hand in the work?
bool has_hand_in(CaseState const& state, std::string_view person, std::string_view department);

/// The clock that a wish for an extension means: the one it names, or the only one that runs; null if
/// unclear.
core::Clock const* clock_to_extend(CaseState const& state, std::string_view name, Context const& context);

}  // namespace zhili::respond
