#pragma once
// Inside of cases: the row and the timers that follow from a state.

#include <vector>

#include "respond/cases/case.hpp"
#include "respond/timers.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// What is to happen by itself while the state stays as it is. A recorded case arms nothing.
std::vector<Due> timers_of(CaseState const& state, Context const& context);

/// When the promise runs out: by the clock of the whole case, where its condition has one; else, while it is open, when the
/// next of its running clocks runs out. Of a closed case with a whole clock: when it would have. None while that clock
/// stands still, and none for a closed case that was promised nothing as a whole.
std::optional<core::Instant> promised_until(CaseState const& state, Context const& context);

/// A new row, with the place of the signal's row.
void insert_case(store::Writer& writer, CaseState const& state, Context const& context);
void update_case(store::Writer& writer, CaseState const& state, Context const& context);

}  // namespace zhili::respond
