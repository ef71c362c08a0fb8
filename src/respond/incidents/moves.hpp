#pragma once
// Which signals move when one of them is joined to a case or parted from it. Pure.

#include <span>
#include <vector>

#include "respond/signals/signal.hpp"

namespace zhili::respond {

/// The signals that go along with `first` when it is joined: where it began a case, all that stand in that case, because the
/// case stands aside as a whole. `incident` has the signals of its incident.
std::vector<Id> go_along(SignalState const& first, std::span<SignalState const> incident);

/// The signals that go back along with `first` when it is parted: where it began a case, all that stood in that case when it
/// was set aside, wherever they have been joined to since.
std::vector<Id> go_back_along(SignalState const& first, std::span<SignalState const> incident);

/// The case that a merged signal began and that stands aside for now; 0 where it began none.
Id case_aside(SignalState const& state);

}  // namespace zhili::respond
