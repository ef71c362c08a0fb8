#include "respond/rules/usual.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>

namespace zhili::respond::rules {

namespace {

std::int64_t day_in(core::Zone const& zone, core::Instant at) { return std::chrono::floor<std::chrono::days>(at.time_since_epoch() + zone.offset(at)).count(); }

}  // namespace

UsualHours::UsualHours(core::Zone zone, core::Instant from) : zone_(zone), first_day_(day_in(zone, from)) {}

/// Vitter's algorithm R (1985): each reading has the same chance to be among those that are kept.
void UsualHours::add(core::Instant at, double value) {
  auto const day = day_in(zone_, at) - first_day_;
  if (day < 0 || day > 63 || !std::isfinite(value)) return;
  constexpr int seconds_per_hour = 3'600;
  auto& hour = hours_[static_cast<std::size_t>(zone_.civil(at).second / seconds_per_hour)];
  hour.days |= std::uint64_t{1} << day;
  ++hour.seen;
  if (hour.kept.size() < usual_readings_max) {
    hour.kept.push_back(value);
    return;
  }
  lot_ = lot_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;  // Knuth's MMIX generator; its high bits
  auto const at_kept = (lot_ >> 20) % hour.seen;
  if (at_kept < usual_readings_max) hour.kept[at_kept] = value;
}

std::array<double, 24> UsualHours::below(double share) const {
  std::array<double, 24> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = std::numeric_limits<double>::quiet_NaN();
    auto kept = hours_[i].kept;
    if (std::popcount(hours_[i].days) < catalogue::rules::usual_days_min) continue;
    auto const count = static_cast<double>(kept.size());
    auto const rank = static_cast<std::ptrdiff_t>(std::clamp(std::ceil(share * count) - 1, 0.0, count - 1));
    std::ranges::nth_element(kept, kept.begin() + rank);
    out[i] = kept[static_cast<std::size_t>(rank)];
  }
  return out;
}

}  // namespace zhili::respond::rules
