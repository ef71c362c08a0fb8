#pragma once
// What the devices of Liucheng measure when all is well, and what a storm and a leak do to it. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace zhili::app::demo {

/// What a device can know of its surroundings.
struct Surroundings {
  double hour = 12;               ///< of the local day, 0…24
  double rain_mm_h = 0;
  double rain_mm = 0;             ///< since its last reading
  double water_cm = 0;            ///< where it stands
  bool pump_runs = false;
  double gas_lel = 0;             ///< where it stands
  std::int64_t minute = 0;        ///< of the city since 1970: what noise and drift are made of
};

/// The value of an observed property as JSON, in the property's own unit; nothing: this property is not simulated. `seed`: of the device and
/// stream, so that each has its own drift. Within what rules call well, but for water and gas.
std::optional<std::string> reading_json(std::string_view property, std::uint64_t seed, Surroundings const& now);

}  // namespace zhili::app::demo
