#include "web/hooks/retry.hpp"

#include <algorithm>

namespace zhili::web {

using std::chrono::milliseconds;

std::optional<milliseconds> retry_wait(int failures, milliseconds waited, double chance) {
  if (waited >= retry_give_up_h) return std::nullopt;
  constexpr int doublings_max = 20;
  milliseconds const plain = std::min<milliseconds>(milliseconds(retry_first_s) * (1LL << std::clamp(failures - 1, 0, doublings_max)), retry_longest_h);
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(plain.count()) * (0.8 + 0.4 * chance)));
}

}  // namespace zhili::web
