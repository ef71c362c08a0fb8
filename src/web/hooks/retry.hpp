#pragma once
// When something that failed is tried again. Pure.

#include <chrono>
#include <optional>

namespace zhili::web {

inline constexpr std::chrono::seconds retry_first_s{5};       ///< after the first failure; twice as long after each other one
inline constexpr std::chrono::hours retry_longest_h{6};       ///< between two attempts
inline constexpr std::chrono::hours retry_give_up_h{72};      ///< after the first attempt could be made

/// How long to wait after so many failures (≥ 1) of something that waits since `waited`; nothing: it is given up. `chance`
/// (0…1) spreads it over 80 to 120 %, so that all who failed together do not come back together.
std::optional<std::chrono::milliseconds> retry_wait(int failures, std::chrono::milliseconds waited, double chance);

}  // namespace zhili::web
