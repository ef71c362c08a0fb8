#include "app/demo/weather.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace zhili::app::demo {

namespace {

constexpr double dusk = 18.8, dawn = 5.6;
constexpr double drains_cm_min = 0.12;  // by itself
constexpr double pump_starts_cm = 5, pump_stops_cm = 1;
constexpr double mm_per_cm = 10, minutes_per_hour = 60;

/// How long the present one of a repeated event has lasted; negative: none lasts.
double minutes_into(core::Duration open, core::Duration first, core::Duration every, core::Duration lasts) {
  if (open < first) return -1;
  auto const into = (open - first) % every;
  return into < lasts ? static_cast<double>(into.count()) / 60'000 : -1;
}

double bell(double hour, double middle, double width) { return std::exp(-(hour - middle) * (hour - middle) / (2 * width * width)); }

}  // namespace

double rain_mm_h(core::Duration open) {
  auto const minute = minutes_into(open, first_storm_after, storm_every, storm_lasts);
  if (minute < 0) return 0;
  auto const length = static_cast<double>(storm_lasts.count()) / 60'000;
  return storm_peak_mm_h * (minute < length / 3 ? minute / (length / 3) : (length - minute) / (length * 2 / 3));
}

void Underpass::minute(double rain_mm_h) {
  level_cm_ += rain_mm_h / minutes_per_hour / mm_per_cm * catchment_;
  if (level_cm_ >= pump_starts_cm) pump_runs_ = true;
  if (level_cm_ <= pump_stops_cm) pump_runs_ = false;
  level_cm_ = std::max(0.0, level_cm_ - drains_cm_min - (pump_runs_ ? pump_cm_min_ : 0));
}

double leaking_gas_lel(core::Duration open) {
  constexpr double peak = 42, rises_min = 6, shut_off_min = 25, fades_min = 5;
  auto const minute = minutes_into(open, first_leak_after, leak_every, leak_lasts);
  if (minute < 0) return 0;
  if (minute <= shut_off_min) return peak * (1 - std::exp(-minute / rises_min));
  return peak * std::exp(-(minute - shut_off_min) / fades_min);
}

double air_temperature(double hour) { return 17 + 6 * std::sin((hour - 9) / 24 * 2 * std::numbers::pi); }
bool is_dark(double hour) { return hour >= dusk || hour < dawn; }
double bustle(double hour) { return std::min(1.0, 0.08 + 0.75 * bell(hour, 8.2, 1.2) + 0.8 * bell(hour, 18, 1.5) + 0.45 * bell(hour, 13, 3)); }

}  // namespace zhili::app::demo
