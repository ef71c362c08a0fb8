#pragma once
// The weather over Liucheng and what it does to water: pure, the same for the same time.

#include "core/time.hpp"

namespace zhili::app::demo {

/// Storms come so long after the city opens, and again and again; each lasts an hour of the city's time.
inline constexpr core::Duration first_storm_after = std::chrono::minutes(25);
inline constexpr core::Duration storm_every = std::chrono::hours(8);
inline constexpr core::Duration storm_lasts = std::chrono::hours(1);
inline constexpr double storm_peak_mm_h = 60;  ///< a downpour (GB/T 28592-2012: over 50 mm in 12 h is a storm)

/// A gas main leaks in one place, so long after the city opens, and again.
inline constexpr core::Duration first_leak_after = std::chrono::minutes(75);
inline constexpr core::Duration leak_every = std::chrono::hours(12);
inline constexpr core::Duration leak_lasts = std::chrono::minutes(40);

/// Rain in mm/h, `open` for how long the city has been open: rises for a third of the storm and falls for the rest. 0 or more.
double rain_mm_h(core::Duration open);

/// Water in an underpass: a basin of asphalt that collects rain, drains slowly by itself and faster by its pump, which starts at 5 cm.
class Underpass {
 public:
  /// `catchment`: how many times its own area drains into it.
  explicit Underpass(double catchment, double pump_cm_min) : catchment_(catchment), pump_cm_min_(pump_cm_min) {}
  /// A minute passes with this rain. Never below 0.
  void minute(double rain_mm_h);
  double level_cm() const { return level_cm_; }
  bool pump_runs() const { return pump_runs_; }

 private:
  double catchment_;
  double pump_cm_min_;
  double level_cm_ = 0;
  bool pump_runs_ = false;
};

/// Share of the lower explosive limit beside the leak, in per cent: up within some minutes, down once it is shut off. 0 when nothing leaks.
double leaking_gas_lel(core::Duration open);

/// Temperature of the air in Cel by the local hour (0…24).
double air_temperature(double hour);
/// Whether lamps should be lit: from dusk to dawn.
bool is_dark(double hour);
/// How busy the streets are, 0…1, with two rush hours.
double bustle(double hour);

}  // namespace zhili::app::demo
