#pragma once
// Days as the store cuts them: UTC, since every block lies within one.

#include <cstdint>

namespace zhili::sense::observations {

inline constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::int64_t day_of(std::int64_t ms) { return ms >= 0 ? ms / ms_per_day : (ms - ms_per_day + 1) / ms_per_day; }
constexpr std::int64_t begin_of(std::int64_t day) { return day * ms_per_day; }

}  // namespace zhili::sense::observations
