#pragma once
// Inside of cases: the rows that follow from a state: casefile, case_clock, timer.

#include <string>
#include <vector>

#include "respond/cases/case.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// Numbers are stored.
enum class TimerKind : std::uint8_t { clock = 1, dispute = 2, suspension = 3, evaluation = 4, archive = 5 };

struct Due {
  TimerKind kind = TimerKind::clock;
  std::string name = {};  ///< of the clock
  core::Instant at{};
};

/// What is to happen by itself while the state stays as it is. A recorded case arms nothing.
std::vector<Due> timers_of(CaseState const& state, Context const& context);

/// When the promise runs out: by the clock of the whole case, where its condition has one; else, while it is open, when the
/// next of its running clocks runs out. Of a closed case with a whole clock: when it would have. None while that clock
/// stands still, and none for a closed case that was promised nothing as a whole.
std::optional<core::Instant> promised_until(CaseState const& state, Context const& context);

/// A new row, with the place of the signal's row.
void insert_case(store::Writer& writer, CaseState const& state, Context const& context);
void update_case(store::Writer& writer, CaseState const& state, Context const& context);
/// Rows of the clocks that these events touched.
void update_clocks(store::Writer& writer, CaseState const& state, std::vector<Event> const& events,
                   Context const& context);
/// Replaces the timers; older ones, also those that another process has read already, can no longer fire.
void arm_timers(store::Writer& writer, CaseState const& state, Context const& context);

}  // namespace zhili::respond
