#pragma once
// What waits at a server while this process was away.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

#include "core/time.hpp"

namespace zhili::app {

/// What came to the server no longer ago than this is as good as here.
inline constexpr std::chrono::milliseconds backlog_lag_max{1'000};
/// A server that does not answer, or a backlog that has not become smaller for so long, is not waited for any longer.
inline constexpr std::chrono::milliseconds backlog_waited_for{60'000};

/// Whether the rules may go by the clock. Messages that wait at a server are older than now: whoever let time pass first would raise an alarm that a
/// waiting reading ends, and find every device silent. Times are the world's. Thread-safe: one thread says how it is, any asks.
class Backlog {
 public:
  /// How it is now; `caught_up`: nothing waits that came more than backlog_lag_max ago. `waiting`: messages, if they can be counted.
  void is(bool caught_up, core::Instant now, std::uint64_t waiting = unknown) {
    if (caught_up) {
      behind_since_ms_ = not_behind;
      least_ = unknown;
    } else if (behind_since_ms_ == not_behind || waiting < least_) {
      behind_since_ms_ = core::to_ms(now);
      least_ = waiting;
    }
  }
  bool may_pass(core::Instant now) const {
    auto const since = behind_since_ms_.load();
    return since == not_behind || core::to_ms(now) - since > backlog_waited_for.count();
  }

 private:
  static constexpr std::int64_t not_behind = std::numeric_limits<std::int64_t>::max();
  static constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();
  std::atomic<std::int64_t> behind_since_ms_ = not_behind;
  std::uint64_t least_ = unknown;  // of the thread that says how it is
};

}  // namespace zhili::app
