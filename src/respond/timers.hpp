#pragma once
// Inside of respond: the rows of clocks and timers that follow from a state.

#include <cstdint>
#include <string>
#include <vector>

#include "respond/clocks.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// Numbers are stored. The kind says whose timer it is.
enum class TimerKind : std::uint8_t {
  // of a case
  clock = 1,
  dispute = 2,
  suspension = 3,
  evaluation = 4,
  archive = 5,
  // of a signal
  signal_clock = 6,
  signal_archive = 7,
  signal_join = 8  ///< its item's rule may join it to a case by itself
};

struct Due {
  TimerKind kind = TimerKind::clock;
  std::string name = {};  ///< of the clock
  core::Instant at{};
};

/// One for each clock that runs and was not said to have run out.
std::vector<Due> timers_of(Clocks const& clocks, TimerKind kind, core::Calendar const& calendar);

/// Rows of the clocks that these steps touched.
void write_clocks(store::Writer& writer, std::int64_t subject, Clocks const& clocks,
                  std::vector<core::ClockStep> const& steps, core::Calendar const& calendar);
/// Replaces the timers; older ones, also those that another process has read already, can no longer fire.
void arm_timers(store::Writer& writer, std::int64_t subject, std::int64_t generation,
                std::vector<Due> const& timers);

}  // namespace zhili::respond
