#pragma once
// Indicators and scores as data: what is counted, among what, without what. The words that they may use are here.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace zhili::catalogue {

/// Whose cohort an indicator counts: signals by the day on which they came, cases by the day on which they were due.
enum class Cohort : std::uint8_t { signals = 1, cases = 2 };
std::string_view name(Cohort cohort);  ///< "signals", "cases"

/// What is true of one signal or case. The numbers are stored: never change one. `not_due_yet` is never stored; it follows
/// from the day on which somebody asks. `not_public` has no word: no indicator can be about it.
enum class Fact : std::uint8_t {
  // of a case
  closed = 0,
  on_time = 1,
  late = 2,
  forced = 3,
  suspended = 4,
  appealed = 5,
  appeal_upheld = 6,
  extended = 7,
  dispatched = 8,
  dispatched_on_time = 9,
  returned = 10,
  handled = 11,
  handled_on_time = 12,
  verified = 13,
  verified_on_time = 14,
  first_time_fix = 15,
  reworked = 16,
  reopened = 17,
  self_handled = 18,
  urgent = 19,
  rated = 20,
  satisfied = 21,
  supervised = 22,
  recorded = 23,
  contradicted = 24,
  frequent = 25,
  // of a signal
  decided = 32,
  valid = 33,
  registered = 34,
  merged = 35,
  rejected = 36,
  checked = 37,
  checked_on_time = 38,
  by_staff = 39,
  not_public = 61,  ///< of both: not shown to everybody, so what everybody sees does not count it
  not_due_yet = 62
};

/// A fact with its word in packs and what it means.
struct FactWords {
  Fact fact;
  Cohort of;
  std::string_view name;  ///< "first_time_fix"
  std::string_view zh;
  std::string_view en;
};
std::span<FactWords const> fact_words();
FactWords const& words(Fact fact);

constexpr std::uint64_t bit(Fact fact) { return std::uint64_t{1} << static_cast<unsigned>(fact); }

/// What is added up. Of signals only `number`.
enum class Quantity : std::uint8_t {
  number,               ///< how many there are
  dispatches,           ///< how often they were dispatched
  accurate_dispatches,  ///< those that were not returned
  returns,
  reworks,
  hours  ///< from the report to the end, natural hours; of closed ones without a contradiction
};
std::string_view name(Quantity quantity);
core::Text title(Quantity quantity);

/// All of some facts, none of others.
struct Terms {
  std::uint64_t all = 0;
  std::uint64_t none = 0;
  bool fit(std::uint64_t facts) const { return (facts & all) == all && (facts & none) == 0; }
};

enum class Unit : std::uint8_t { share, times, hours };
std::string_view name(Unit unit);  ///< "share", "times", "hours"

/// numerator / denominator over a cohort: `sum` over those that fit `among` and `count`, divided by `per` over those that fit
/// `among`; whatever has one of the facts `without` is left out of both, and counted as excluded.
struct Indicator {
  std::string code;
  core::Text name;
  core::Text about;  ///< how it is counted, for people
  Cohort of = Cohort::cases;
  Terms count = {};
  Terms among = {};
  std::uint64_t without = 0;
  Quantity sum = Quantity::number;
  Quantity per = Quantity::number;
  Unit unit = Unit::share;
  bool more_is_better = true;
  bool open = true;    ///< shown to everybody (`public` in the pack)
  std::string source = {};  ///< the standard with its clause, a published rule, or "zhili"
};

/// One part of a composite score: points for a value, or a deduction for each one counted.
struct ScorePart {
  std::string indicator;
  double points = 0;          ///< given in full where the value, in per cent, is `reach` or better
  double reach = 0;           ///< per cent
  double less_per_point = 0;  ///< taken off for each per cent that it is worse
  double each = 0;            ///< taken off for each one in the numerator,
  std::int64_t after = 0;     ///< and beyond so many
  double then_each = 0;       ///< this much for each
};

struct Score {
  std::string code;
  core::Text name;
  core::Text about;
  std::string source;
  std::vector<ScorePart> parts = {};
};

}  // namespace zhili::catalogue
