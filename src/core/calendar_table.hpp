#pragma once
// Inside of calendar: for one unit's rule, how much time counts before any day, without walking the days
// between.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/calendar.hpp"

namespace zhili::core {

using DayNo = std::int32_t;  ///< local days since 1970-01-01

inline constexpr DayNo first_day_no = 0;
inline constexpr DayNo last_day_no = 84'006;  ///< 2200-01-01

DayNo day_no(Civil const& date);
Civil civil_of(DayNo day, int second);

/// Days and their counted spans under one rule. The plain week is arithmetic; days that differ from it (date
/// rules, changes of the clocks) are a sorted list of corrections with running sums.
class DayTable {
 public:
  DayTable(CalendarSpec const& spec, UnitRule const& rule);

  bool continuous() const { return rule_.continuous; }
  std::vector<HourSpan> const& spans(DayNo day) const;
  /// Counted milliseconds of all days before `day`, from first_day_no on.
  std::int64_t ms_before(DayNo day) const;
  /// Counted days before `day`.
  std::int64_t days_before(DayNo day) const;
  /// Counted milliseconds before an instant.
  std::int64_t position(Instant at) const;
  /// The first instant whose position is at least `target`; none after last_day_no.
  std::optional<Instant> at_position(std::int64_t target) const;
  /// The n-th (1…) counted day after `day`; none after last_day_no.
  std::optional<DayNo> nth_day_after(DayNo day, std::int64_t n) const;
  /// `at` if it lies in counted time, ends included; else the next start of counted time.
  std::optional<Instant> roll(Instant at) const;
  /// The instant of a local time; second 86,400 is the next midnight.
  Instant at_time(DayNo day, int second) const;
  Zone const& zone() const { return zone_; }

 private:
  struct Difference {
    DayNo day;
    std::vector<HourSpan> spans;
    std::int64_t ms_before;    ///< sum of the differences in milliseconds of the earlier entries
    std::int64_t days_before;  ///< the same for counted days
    std::int64_t ms;
    std::int64_t days;
  };
  Difference const* difference(DayNo day) const;
  Difference const* last_before(DayNo day) const;
  std::int64_t real_ms(DayNo day, std::vector<HourSpan> const& spans) const;

  Zone zone_;
  UnitRule rule_;
  std::array<std::vector<HourSpan>, 7> week_;
  std::array<std::int64_t, 8> week_ms_before_{};
  std::array<std::int64_t, 8> week_days_before_{};
  std::vector<Difference> differences_;
};

struct Calendar::Compiled {
  CalendarSpec spec;
  std::array<DayTable, 4> tables;
  DayTable work;  ///< by work time, whatever the rules of the units
  DayTable const& table(Unit unit) const { return tables[static_cast<std::size_t>(unit)]; }
};

}  // namespace zhili::core
