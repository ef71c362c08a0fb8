#include "app/demo/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "app/demo/weather.hpp"

namespace zhili::app::demo {

namespace {

/// A whole number as evenly spread as any, of two others (SplitMix64's last step).
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  auto z = a * 0x9E37'79B9'7F4A'7C15ULL + b;
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
  return z ^ (z >> 31);
}
/// −1…1, smooth over some hours, another for each seed.
double drift(std::uint64_t seed, std::int64_t minute) {
  auto const phase = static_cast<double>(mixed(seed, 1) % 1'000) / 1'000 * 2 * std::numbers::pi;
  auto const period = 180 + static_cast<double>(mixed(seed, 2) % 400);
  return std::sin(static_cast<double>(minute) / period * 2 * std::numbers::pi + phase);
}
/// −1…1, new every minute.
double noise(std::uint64_t seed, std::int64_t minute) { return static_cast<double>(mixed(seed, static_cast<std::uint64_t>(minute)) % 2'001) / 1'000 - 1; }

/// A quantity that stays about `base`: drift and noise in its own unit, never outside of [least, most].
struct Usual {
  std::string_view property;
  double base, drift, noise, least, most;
};
constexpr std::array usuals{
    Usual{"electric-power", 60, 25, 3, 0, 1000}, Usual{"voltage", 224, 3, 1, 210, 234}, Usual{"electric-current", 0.4, 0.1, 0.02, 0, 10}, Usual{"electric-energy", 5'000, 0, 0, 0, 1e8},
    Usual{"dimming", 80, 20, 0, 20, 100}, Usual{"tilt", 1, 0.5, 0.2, 0, 4}, Usual{"signal-strength", -85, 8, 3, -110, -55}, Usual{"battery", 78, 15, 0, 35, 100},
    Usual{"residual-current", 40, 20, 5, 0, 120}, Usual{"illuminance", 300, 100, 30, 0, 90'000}, Usual{"surface-temperature", 28, 4, 0.5, 10, 45}, Usual{"carbon-monoxide-ppm", 2, 1, 0.3, 0, 8},
    Usual{"water-pressure", 0.32, 0.03, 0.004, 0.25, 0.4}, Usual{"gas-pressure", 2.3, 0.1, 0.03, 2, 2.8}, Usual{"smoke-chamber", 12, 5, 1, 2, 30}, Usual{"pm2-5", 38, 18, 3, 4, 80},
    Usual{"pm10", 70, 30, 6, 8, 140}, Usual{"ozone", 70, 35, 5, 5, 140}, Usual{"nitrogen-dioxide", 32, 15, 3, 3, 90}, Usual{"sulfur-dioxide", 9, 4, 1, 1, 30},
    Usual{"carbon-monoxide", 0.7, 0.3, 0.05, 0.1, 2}, Usual{"relative-humidity", 62, 15, 2, 25, 98}, Usual{"water-ph", 7.4, 0.3, 0.05, 6.6, 8.4}, Usual{"dissolved-oxygen", 7.2, 1.2, 0.2, 4, 11},
    Usual{"ammonia-nitrogen", 0.5, 0.2, 0.05, 0.05, 1.2}, Usual{"permanganate-index", 4, 1, 0.2, 1, 8}, Usual{"turbidity", 18, 8, 2, 2, 60}, Usual{"conductivity", 520, 60, 8, 300, 800},
    Usual{"water-temperature", 16, 2, 0.2, 4, 28}, Usual{"parking-occupancy", 62, 20, 2, 10, 90}, Usual{"bin-filling", 45, 30, 2, 0, 84},
    Usual{"bin-temperature", 22, 5, 1, 5, 40}, Usual{"ammonia-air", 0.25, 0.12, 0.03, 0, 0.7}, Usual{"hydrogen-sulfide", 0.006, 0.003, 0.001, 0, 0.02}, Usual{"tsp", 150, 60, 15, 20, 300},
    Usual{"wind-speed", 2.4, 1.2, 0.5, 0, 7}, Usual{"soil-moisture", 72, 8, 1, 58, 95}, Usual{"soil-temperature", 17, 2, 0.1, 6, 28}, Usual{"soil-conductivity", 0.8, 0.2, 0.02, 0.2, 2},
    Usual{"carbon-dioxide", 480, 60, 10, 380, 900}, Usual{"greenhouse-temperature", 24, 4, 0.4, 14, 33}, Usual{"irrigation-flow", 0, 0, 0, 0, 0.1}, Usual{"irrigation-pressure", 210, 15, 3, 150, 300},
    Usual{"share-of-capacity", 32, 20, 2, 0, 68}, Usual{"pipe-filling", 28, 8, 1, 5, 60}, Usual{"water-flow", 0, 0, 0, 0, 1},
};
/// True or false, and what each is when all is well.
struct Calm {
  std::string_view property;
  bool value;
};
constexpr std::array calms{Calm{"mains-power", true}, Calm{"smoke-alarm", false}, Calm{"door-open", false}, Calm{"signal-fault", false}, Calm{"pump-fault", false}, Calm{"water-on-floor", false},
                           Calm{"irrigating", false}, Calm{"exit-door-open", false}, Calm{"exit-blocked", false}, Calm{"barrier-fault", false}, Calm{"valve-open", true}};

std::string number(double value) { return fmt::format("{:.3g}", value == 0 ? 0.0 : value); }
std::string fixed(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }
char const* truth(bool value) { return value ? "true" : "false"; }
std::string whole(double value) { return fmt::format("{}", static_cast<std::int64_t>(std::max(0.0, value))); }

/// What follows the hour, the rain and the leak.
std::optional<std::string> moved(std::string_view property, std::uint64_t seed, Surroundings const& now) {
  auto const busy = bustle(now.hour) * (1 + 0.15 * noise(seed, now.minute));
  if (property == "lamp-lit" || property == "lamp-wanted") return truth(is_dark(now.hour));
  if (property == "rainfall") return fixed(now.rain_mm, 1);
  if (property == "water-level") return fixed(now.water_cm + 0.2 * std::abs(noise(seed, now.minute)), 1);
  if (property == "pump-running") return truth(now.pump_runs);
  if (property == "river-level") return fixed(31.2 + 0.25 * drift(seed, now.minute) + now.rain_mm_h / 200, 2);
  if (property == "above-warning") return fixed(-1.9 + 0.25 * drift(seed, now.minute) + now.rain_mm_h / 200, 2);
  if (property == "gas-lel") return fixed(now.gas_lel + 0.3 * std::abs(noise(seed, now.minute)), 1);
  if (property == "air-temperature") return fixed(air_temperature(now.hour) + drift(seed, now.minute), 1);
  if (property == "sound-level") return fixed((is_dark(now.hour) ? 43 : 52) + 10 * bustle(now.hour) * (is_dark(now.hour) ? 0.4 : 1) + noise(seed, now.minute), 1);
  if (property == "vehicle-count") return whole(40 * busy);
  if (property == "vehicle-speed") return fixed(46 - 20 * busy, 1);
  if (property == "lane-occupancy") return fixed(6 + 30 * busy, 1);
  if (property == "queue-length") return fixed(12 + 90 * busy, 0);
  if (property == "people-entered" || property == "people-left") return whole(14 * busy);
  if (property == "people-inside") return whole(150 * busy);
  if (property == "spaces-free") return whole(std::max(8.0, 60 + 30 * drift(seed, now.minute)));
  if (property == "visits") return whole(22 * busy);
  if (property == "signal-state") return std::string(R"("normal")");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> reading_json(std::string_view property, std::uint64_t seed, Surroundings const& now) {
  if (auto out = moved(property, seed, now)) return out;
  for (auto const& one : calms)
    if (one.property == property) return truth(one.value);
  auto const usual = std::ranges::find(usuals, property, &Usual::property);
  if (usual == usuals.end()) return std::nullopt;
  return number(std::clamp(usual->base + usual->drift * drift(seed, now.minute) + usual->noise * noise(seed, now.minute), usual->least, usual->most));
}

}  // namespace zhili::app::demo
