#pragma once
// What somebody may do next with a signal, and what they will be asked for.

#include <vector>

#include "respond/cases/next.hpp"
#include "respond/signals/signal.hpp"

namespace zhili::respond {

/// One step for each verb that has a row for the signal's state and the actor's roles, in the table's order. Joining is offered
/// before anybody has said to which case. Pure.
std::vector<NextStep> next_steps(SignalState const& state, SignalContext const& context);

}  // namespace zhili::respond
