#pragma once
// Inside of rules: a rule as a flat list of steps, each with the place of its result and of its memory.

#include <cstdint>
#include <string>
#include <vector>

#include "catalogue/rules/rule.hpp"
#include "respond/rules/reading.hpp"

namespace zhili::respond::rules {

/// Truth has three values; `unknown` counts as neither.
using Tri = std::uint8_t;
inline constexpr Tri no = 0, yes = 1, unknown = 2;

/// What a window remembers; several expressions may ask the same one.
enum class WindowKind : std::uint8_t { least, most, sums, rise };

struct WindowPlan {
  WindowKind kind = WindowKind::sums;
  std::uint8_t property = 0;
  bool each_sensor = false;  ///< one for each stream of the property, for "any of"
  std::int64_t span_ms = 0;
  std::int64_t pane_ms = 1;
};

enum class Code : std::uint8_t {
  // numbers
  number, last, window_least, window_most, window_mean, window_sum, window_count, window_rise, window_rate, usual, parameter,
  add, subtract, multiply, divide, negate, absolute, convert,
  // conditions
  truth, last_truth, equal, not_equal, less, less_equal, greater, greater_equal,
  last_equal, last_not_equal, last_less, last_less_equal, last_greater, last_greater_equal,  ///< newest reading with a constant: most rules are that
  all_of, any_of, negation, not_yes, lasting, consecutive, then, without, no_data, no_change, no_sign, any_sensor, all_sensors, count_sensors, clock
};

/// One step. `a` and `b` are steps before it (for the steps over sensors: the first and the end of what is done for each), `state` is a
/// word of the instance's memory.
struct Step {
  Code code = Code::number;
  std::uint8_t property = 0;
  std::uint16_t a = 0, b = 0;
  std::uint16_t state = 0;
  std::uint16_t index = 0;   ///< window, parameter, usual, clock
  std::uint16_t properties = 0;  ///< bits of properties below it, for consecutive
  bool of_sensor = false;    ///< of the sensor that is looked at, not of the property
  double value = 0;
  double offset = 0;
  std::int64_t span_ms = 0;
};

/// What a finding may show as its value: the left side of a comparison.
struct Shown {
  std::uint16_t step = 0;       ///< the comparison
  std::uint16_t left = 0;       ///< its left side; of last_…: unused
  bool from_last = false;
  std::uint8_t property = 0;
  catalogue::ValueKind kind = catalogue::ValueKind::number;
  std::uint16_t unit = 0;
};

/// Steps [first, end).
struct Part {
  std::uint16_t first = 0, end = 0;
  std::uint16_t result = 0;  ///< the step that gives it: not the last one where steps over sensors stand behind theirs
  std::vector<Shown> shown = {};
  bool empty() const { return first == end; }
};

/// Hours and days: a condition on the time alone, whose value is remembered until its next change.
struct ClockPlan {
  catalogue::rules::Expr expr = {};  ///< between or on_days
};

struct UsualPlan {
  std::uint8_t property = 0;
  double quantile = 0;
};

/// A compiled rule. Immutable.
///
/// Memory of an instance, in words of 8 bytes, all zero at first: for each property time and value of its newest reading; then what steps
/// remember; then, where a property has several streams, for each stream time and value. A time of 0 is none.
struct Program {
  std::vector<Step> steps = {};
  Part raise = {}, clear = {}, calm = {}, fault = {}, during = {}, shows = {};
  struct Escalation {
    catalogue::rules::Severity to = catalogue::rules::Severity::critical;
    Part part = {};
  };
  std::vector<Escalation> escalations = {};
  std::vector<WindowPlan> windows = {};
  std::vector<ClockPlan> clocks = {};
  std::vector<UsualPlan> usuals = {};
  std::vector<ValueType> types = {};      ///< of properties
  std::vector<catalogue::ValueKind> kinds = {};
  std::vector<std::string> units = {};
  std::uint16_t properties = 0;
  std::uint16_t own_words = 0;            ///< of memory that does not depend on the number of streams
  std::uint16_t judged_first = 0, judged_end = 0;  ///< words that begin anew after a fault: all but those of `fault`
  std::uint16_t hours_first = 0, hours_end = 0;    ///< words that begin anew with the hours: those of raise and escalations
  std::uint16_t clear_first = 0, clear_end = 0;    ///< words that begin anew when it is raised
  catalogue::rules::Severity severity = catalogue::rules::Severity::minor;
  catalogue::rules::Flap flap = {};
  Quality ignores = 0;
  std::int64_t lateness_ms = 0;
};

inline constexpr std::size_t program_steps_max = 400;

/// Compiles a rule that is sound. The result of the same rule is the same.
Program compile(catalogue::rules::Rule const& rule);

}  // namespace zhili::respond::rules
