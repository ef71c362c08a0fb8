#pragma once
// What is usual at a place: for each hour of the city's day, what some share of the readings stay below.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catalogue/rules/rule.hpp"
#include "core/time.hpp"

namespace zhili::respond::rules {

/// Of one hour of the day so many readings are kept, drawn by lot among all: the quantile of a lot of n is that of all give or take √(q(1−q)/n) of the readings.
inline constexpr std::size_t usual_readings_max = 10'000;

/// Takes readings of some streams in any order; the same readings in the same order give the same. Memory: usual_readings_max numbers an hour.
class UsualHours {
 public:
  /// Of the city's days since `from`; what is before it, or more than 63 days after, does not count.
  UsualHours(core::Zone zone, core::Instant from);
  void add(core::Instant at, double value);
  /// The smallest reading that at least `share` (0…1) of the readings of its hour do not exceed (nearest rank). NaN: on fewer than usual_days_min days was
  /// anything read in that hour.
  std::array<double, 24> below(double share) const;

 private:
  struct Hour {
    std::vector<double> kept = {};
    std::uint64_t seen = 0;
    std::uint64_t days = 0;  ///< bits: on which days
  };
  core::Zone zone_;
  std::int64_t first_day_;
  std::array<Hour, 24> hours_ = {};
  std::uint64_t lot_ = 1;
};

}  // namespace zhili::respond::rules
