#pragma once
// A rule over readings: what a pack means by it, checked, with all units worked out. docs/reference/rules.md has the language.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/device_type.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace zhili::catalogue::rules {

inline constexpr std::size_t condition_bytes_max = 2'000;   ///< of one condition as written
inline constexpr std::size_t condition_tokens_max = 400;
inline constexpr int condition_depth_max = 16;              ///< of parentheses and "not"
inline constexpr std::size_t rule_nodes_max = 200;          ///< of all conditions of a rule together
inline constexpr std::size_t rule_properties_max = 8;       ///< that one rule watches
inline constexpr std::size_t rule_windows_max = 16;         ///< different windows of one rule
inline constexpr std::size_t rule_parameters_max = 8;
inline constexpr std::size_t rule_escalations_max = 4;
inline constexpr int consecutive_times_max = 1'000;         ///< of "n times"
inline constexpr int flap_times_max = 16;
inline constexpr core::Duration condition_span_max = std::chrono::hours(24 * 31);  ///< of for, within, no … for, and windows
inline constexpr core::Duration condition_span_min{1};
inline constexpr core::Duration lateness_max = std::chrono::hours(1);
/// A window is counted in so many equal pieces; what is older than the window leaves it piece by piece.
inline constexpr int window_panes = 60;
/// Out of so many days `usual` is learned, and it is unknown where there are fewer than the second number.
inline constexpr int usual_days = 28;
inline constexpr int usual_days_min = 7;

enum class Severity : std::uint8_t { info, warning, minor, major, critical };
inline constexpr std::size_t severities = 5;
/// "info", "warning", "minor", "major", "critical".
std::string_view name(Severity severity);
std::optional<Severity> severity_from(std::string_view name);

/// What a rule is about: each thing by itself, or all that stands at one place together.
enum class Scope : std::uint8_t { thing, place };
/// "thing", "place".
std::string_view name(Scope scope);

/// What an expression gives. Every one may also be unknown: nothing has been read yet, or too little of it.
enum class Type : std::uint8_t { number, truth, text };

enum class Op : std::uint8_t {
  // values
  number,     ///< `number`
  truth,      ///< `number` is 0 or 1
  text,       ///< `text`
  last,       ///< newest reading of `property`
  window,     ///< `window` of `property` over `span`
  usual,      ///< what `number` (0…1) of the readings of `property` at this hour of the day stay below
  parameter,  ///< `index` in Rule::parameters
  add, subtract, multiply, divide, negate, absolute,
  convert,    ///< parts[0] · number + offset: between units
  // conditions
  equal, not_equal, less, less_equal, greater, greater_equal,  ///< of two parts
  all_of, any_of, negation,                                    ///< and, or, not; unknown counts as neither
  lasting,        ///< parts[0] without a break for `span`
  consecutive,    ///< parts[0] at `times` readings one after the other
  then,           ///< parts[0] became true, and not more than `span` later parts[1] did
  without,        ///< parts[0] became true, and for `span` after that parts[1] was not
  no_data,        ///< no reading of `property` for `span`
  no_change,      ///< readings of `property`, and all the same, for `span`
  no_sign,        ///< readings of `property`, and none of them true or above zero, for `span`: "no motion for 12 h"
  any_sensor, all_sensors, count_sensors,  ///< of the sensors of `property` at the place, those for which parts[0] holds
  between,        ///< local time of day from `from_s` to `to_s`; over midnight where it is not later
  on_days         ///< local days in `days`
};

enum class Window : std::uint8_t { least, most, mean, sum, count, rise, rate };

/// Days for `on_days`: bits of weekdays from Monday (1), and what the city's calendar says.
using Days = std::uint16_t;
inline constexpr Days workdays = 1 << 7;
inline constexpr Days free_days = 1 << 8;

/// Where something stands in a pack.
struct Spot {
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1, in characters
};

/// One node of a condition. Numbers of both sides of a comparison, sum or difference have one unit: conversions are nodes.
struct Expr {
  Op op = Op::truth;
  Type type = Type::truth;
  core::UcumUnit unit = {};     ///< of numbers
  double number = 0;
  double offset = 0;            ///< convert
  std::string text = {};
  std::uint8_t property = 0;    ///< index in Rule::watch
  std::uint8_t index = 0;       ///< parameter
  Window window = Window::least;
  Days days = 0;
  int times = 0;
  int from_s = 0, to_s = 0;     ///< of the local day
  core::Duration span{0};
  std::vector<Expr> parts = {};
  Spot at = {};
};

/// A property that a rule looks at.
struct Watched {
  std::string property = {};
  ValueKind kind = ValueKind::number;
  std::string unit = {};  ///< UCUM; of numbers
};

/// A number that may be another one at each subject.
struct Parameter {
  std::string id = {};
  core::Text name = {};
  double standard = 0;    ///< where nothing else is said
  std::string unit = {};  ///< UCUM
};

struct Escalation {
  Severity to = Severity::critical;
  Expr when = {};
};

/// When raising and clearing again and again counts as fluttering: the alarm then stays until it was calm for `calm`.
struct Flap {
  int times = 5;
  core::Duration within = std::chrono::hours(1);
  core::Duration calm = std::chrono::minutes(15);
};

/// Readings with these flags say nothing to the rule but that the device lives.
using Ignored = std::uint16_t;
inline constexpr Ignored ignore_out_of_range = 1, ignore_stuck = 2, ignore_spike = 4;

/// One rule, sound: every name in it exists, every comparison has one kind and one unit.
struct Rule {
  std::string id = {};
  core::Text name = {};
  core::Text about = {};                   ///< may be empty
  std::vector<std::string> of = {};        ///< types of devices; empty: whatever observes the properties
  Scope scope = Scope::thing;
  std::vector<Watched> watch = {};
  Expr raise = {};
  Expr clear = {};                         ///< where the pack says none: raise is over, its `for` and `times` left out
  std::optional<Expr> fault = {};          ///< of the device: any_of no_data and no_change
  std::optional<Expr> during = {};         ///< hours and days in which it may be raised
  std::vector<Escalation> escalations = {};
  std::optional<Expr> shows = {};          ///< what {value} is; else the left side of the first comparison that holds
  Severity severity = Severity::minor;
  std::string opens = {};                  ///< "item/condition" or "item"; empty: an alarm and no case
  std::string alert = {};                  ///< an alert plan; may be empty
  core::Text says = {};                    ///< with {place}, {thing}, {value}
  std::vector<Parameter> parameters = {};
  core::Duration keep_firing{0};           ///< stays so long after it could be cleared
  Flap flap = {};
  core::Duration lateness{0};              ///< readings may come so much out of order
  Ignored ignores = ignore_out_of_range;
  bool armed = true;                       ///< until somebody chooses
  std::string basis = {};
  std::string pack = {};
  std::string pack_version = {};
  std::string text = {};                   ///< its conditions as written, a line each: "raise: value > 15 cm for 3 min"
  /// What it does, in a number: two rules with the same keep each other's state. Names, words and severity do not count.
  std::uint64_t meaning = 0;
};

/// An expression as a person would write it, with all parentheses; for messages and for telling rules apart.
std::string words_of(Expr const& expr, Rule const& rule);

}  // namespace zhili::catalogue::rules
