#pragma once
// Inside of cases: what a row of the table does to the clocks, as steps of their ledgers.

#include "respond/cases/case.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {

/// Clocks that no condition promises but the loop itself.
namespace own_clock {
inline constexpr std::string_view dispute = "dispute";
inline constexpr std::string_view appeal = "appeal";
inline constexpr std::string_view supervision = "supervise/";  ///< and its number
}  // namespace own_clock

/// The phase's name up to the first "/" tells which clock it is: "handle/stop" and "rework/2" are of the
/// handling.
bool belongs_to(core::Clock const& clock, Which which, Context const& context);

/// The budget with which a running clock would be due at `until`.
core::Amount amount_until(core::Clock const& clock, core::Instant until, core::Calendar const& calendar);

/// Errors: invalid (the calendar has no time for a promise that would begin to run: it cannot be armed).
core::Result<std::vector<core::ClockStep>> clock_steps(Row const& row, CaseState const& state,
                                                       Command const& command, Context const& context);

}  // namespace zhili::respond
