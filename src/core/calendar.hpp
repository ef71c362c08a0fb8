#pragma once
// Work time: which hours and days count, and how a budget of time is used up by them.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::core {

/// The four units of a promise (紧急工作时、工作时、工作日、自然日). One is never converted into another.
enum class Unit : std::uint8_t { urgent_hours, work_hours, work_days, natural_days };

inline constexpr std::array all_units{Unit::urgent_hours, Unit::work_hours, Unit::work_days,
                                      Unit::natural_days};

/// "urgent_hours", "work_hours", "work_days", "natural_days": as packs and the API write them.
std::string_view name(Unit unit);
Text title(Unit unit);
/// Errors: invalid.
Result<Unit> unit_from(std::string_view name);

/// Time measured in one unit, exact. An hour has 3,600,000 parts (milliseconds), a day 86,400,000 parts,
/// whatever the length of its work hours.
using Amount = std::int64_t;

constexpr Amount parts_of_one(Unit unit) {
  return unit == Unit::work_days || unit == Unit::natural_days ? 86'400'000 : 3'600'000;
}

inline constexpr std::int64_t max_budget_units =
    20'000;  ///< hours or days; longer is surely a slip of the pen

/// How much time is promised. Amount > 0 for a promise, 0 is "at once".
struct Budget {
  Unit unit = Unit::natural_days;
  Amount amount = 0;
  bool operator==(Budget const&) const = default;
  /// `thousandths` of a unit: 2 work hours are 2000, half a day is 500.
  static constexpr Budget of(Unit unit, std::int64_t thousandths) {
    return {unit, thousandths * (parts_of_one(unit) / 1000)};
  }
};

/// "4 工作时" / "4 work hours"; at most three decimals.
Text words(Unit unit, Amount amount);

/// What counts for a unit. A city may override each.
struct UnitRule {
  bool continuous = false;      ///< every day, around the clock; the other flags are not looked at
  bool use_work_time = true;    ///< only the hours of the calendar count, else the whole day
  bool count_weekends = false;  ///< a weekday that has no hours counts like the first one that has
  bool count_holidays = false;  ///< a holiday counts like the weekday that it is
  bool operator==(UnitRule const&) const = default;
};

/// The rules that hold unless a calendar says otherwise.
UnitRule usual_rule(Unit unit);

/// From … to, in seconds of the local day, 0 ≤ from < to ≤ 86,400.
struct HourSpan {
  int from_s = 0;
  int to_s = 0;
  auto operator<=>(HourSpan const&) const = default;
};

/// One date that is not like its weekday.
struct DateRule {
  enum class Kind : std::uint8_t {
    holiday,  ///< no work
    workday,  ///< 调休: worked although its weekday is free; with `hours`, or those of the first weekday that
              ///< has some
    hours     ///< worked at its own `hours`
  };
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  Kind kind = Kind::holiday;
  std::vector<HourSpan> hours = {};
  bool operator==(DateRule const&) const = default;
};

inline constexpr std::size_t max_spans_per_day = 8;
inline constexpr std::size_t max_date_rules = 10'000;

/// A calendar as a pack or an installation writes it.
struct CalendarSpec {
  std::string code;
  std::string version = {};
  Zone zone = Zone::utc();
  std::array<std::vector<HourSpan>, 7> week = {};  ///< Monday … Sunday; an empty one is a weekend day
  std::vector<DateRule> dates = {};
  std::array<UnitRule, 4> rules = {usual_rule(Unit::urgent_hours), usual_rule(Unit::work_hours),
                                   usual_rule(Unit::work_days), usual_rule(Unit::natural_days)};
};

/// A checked calendar. Immutable, cheap to copy, thread-safe. Exact for 1970 … 2199; daylight saving as the
/// machine's zone database knows it.
class Calendar {
 public:
  /// Errors: invalid (`field` names the weekday or date: spans that overlap or are out of order, a date that
  /// does not exist or is named twice), limit.
  static Result<Calendar> make(CalendarSpec spec);
  /// Around the clock in UTC; for tests and for sources without a calendar.
  static Calendar always();

  std::string const& code() const;
  std::string const& version() const;
  Zone const& zone() const;
  CalendarSpec const& spec() const;
  /// The work spans of a local date (Civil's `second` is not looked at).
  std::vector<HourSpan> hours(Civil const& date) const;

  struct Compiled;
  Compiled const& compiled() const { return *compiled_; }

 private:
  explicit Calendar(std::shared_ptr<Compiled const> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<Compiled const> compiled_;
};

/// When a budget that starts at `start` is used up.
///
/// Hours count the time that the unit's rule counts. N days end at the same local time of the Nth counted day
/// after the start; a start outside counted time is first rolled to the next counted time, and so is an end
/// (so who starts later is never due earlier, and a pause in which nobody works changes nothing). A part of a
/// day is that part of the counted time between the same time on two counted days. Cost: logarithmic in days
/// and date rules. Errors: invalid (`calendar.no_time`: the budget can never be used up).
Result<Instant> due(Budget budget, Instant start, Calendar const& calendar);

/// How much of a unit passes from `from` to `to`; 0 when `to` ≤ `from`; it never shrinks when `to` grows.
/// `due` is the first millisecond at which the budget's amount is reached. Cost: logarithmic in days and date
/// rules.
Amount used(Unit unit, Instant from, Instant to, Calendar const& calendar);

}  // namespace zhili::core
