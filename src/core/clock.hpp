#pragma once
// A clock is a small ledger: what was promised, what is used, when it ran and why it stood still. "Due" and
// "overdue" are derived from it and never kept.

#include <optional>
#include <string>
#include <vector>

#include "core/calendar.hpp"

namespace zhili::core {

/// A stretch in which the clock ran or stood still.
struct ClockSpan {
  Instant from;
  std::optional<Instant> to = {};  ///< none: until now
  bool ran = true;
  std::string reason = {};  ///< of a pause
  std::string by = {};      ///< who approved the pause
  bool operator==(ClockSpan const&) const = default;
};

/// One line of the clock's ledger: what happened to it and how much was used by then. Carried by events, so
/// that the clock can be read again without the calendar of that day.
struct ClockStep {
  enum class Op : std::uint8_t {
    start,   ///< begins to run, afresh; `budget` is the promise
    pause,   ///< stands still, with `reason` and `by`
    resume,  ///< runs again
    stop,    ///< has ended; may be resumed (rework)
    grow,    ///< `budget` is the new promise (extension)
    set      ///< re-projected by a changed calendar: `consumed` is the new figure for the stretches that have
             ///< ended
  };
  std::string clock;  ///< "dispatch", "handle", "verify", "whole", "supervise", …
  Op op = Op::start;
  Instant at;
  Budget budget = {};   ///< start, grow
  Amount consumed = 0;  ///< used up to `at`
  std::string reason = {};
  std::string by = {};
  bool operator==(ClockStep const&) const = default;
};

enum class ClockState : std::uint8_t { idle, running, paused, stopped };
std::string_view name(ClockState state);

/// A clock. Plain data; every change goes through a step: make one with the functions below, then apply it.
struct Clock {
  std::string name;
  Budget budget;
  Amount consumed = 0;                        ///< used by the stretches that have ended
  std::optional<Instant> running_since = {};  ///< set while it runs
  ClockState state = ClockState::idle;
  std::vector<ClockSpan> spans = {};
  bool operator==(Clock const&) const = default;

  Amount used(Instant now, Calendar const& calendar) const;
  /// Negative when overdue. `used + left == budget.amount`, always.
  Amount left(Instant now, Calendar const& calendar) const { return budget.amount - used(now, calendar); }
  /// When it runs out, if it runs on as it runs now; none while it does not run.
  /// Errors: invalid (the calendar has no time left).
  Result<std::optional<Instant>> due(Calendar const& calendar) const;
  bool overdue(Instant now, Calendar const& calendar) const { return left(now, calendar) < 0; }

  ClockStep start_step(Instant at, Budget promised) const;
  ClockStep pause_step(Instant at, Calendar const& calendar, std::string reason, std::string by) const;
  ClockStep resume_step(Instant at) const;
  ClockStep stop_step(Instant at, Calendar const& calendar) const;
  ClockStep grow_step(Instant at, Amount by_amount, Calendar const& calendar) const;
  /// All stretches counted again by another calendar.
  ClockStep reproject_step(Instant at, Calendar const& changed) const;

  void apply(ClockStep const& step);
};

}  // namespace zhili::core
