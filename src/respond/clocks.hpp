#pragma once
// What signals and cases both do with their clocks. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace zhili::respond {

/// The clocks of one signal or case, and which of them were said to have run out.
struct Clocks {
  std::vector<core::Clock> all = {};
  std::vector<std::string> expired = {};  ///< growing or starting a clock takes it off
  std::string counted_by = {};            ///< calendar and version by which they were last counted again
  bool operator==(Clocks const&) const = default;

  auto begin() const { return all.begin(); }
  auto end() const { return all.end(); }
  bool empty() const { return all.empty(); }
  core::Clock const* find(std::string_view name) const;
  void apply(std::vector<core::ClockStep> const& steps);
  /// Runs, has nothing left, and nobody said so yet.
  bool has_run_out(std::string_view name, core::Instant now, core::Calendar const& calendar) const;
};

inline bool can_be_recounted(core::Clock const& clock) {
  return clock.state == core::ClockState::running || clock.state == core::ClockState::paused;
}

/// "cn@2026.1": what is said of a recount.
std::string name_of(core::Calendar const& calendar);

/// A promise that can never be used up must fail where it begins, not be forgotten.
/// Errors: invalid (the calendar has no time left for a step that starts).
core::Result<> can_be_armed(std::vector<core::ClockStep> const& steps, core::Calendar const& calendar);

/// When a time that began then is over; none where it has not begun or never ends.
std::optional<core::Instant> end_of(core::Budget budget, std::optional<core::Instant> since,
                                    core::Calendar const& calendar);

/// When it runs out if it runs on; of a stopped clock: when it would have. None while it stands still.
std::optional<core::Instant> due_of(core::Clock const& clock, core::Calendar const& calendar);

}  // namespace zhili::respond
