#pragma once
// The time of the demo city: it can be played forward to now, and then lives faster than we do.

#include <chrono>
#include <mutex>

#include "core/time.hpp"

namespace zhili::app::demo {

/// Stands still while history is played (`set`), then runs `speed` times as fast as the machine's steady clock
/// (`run`). Never goes back. Thread-safe.
class DemoTime final : public core::TimeSource {
 public:
  explicit DemoTime(core::Instant start) : base_(start) {}

  core::Instant now() const override {
    std::lock_guard const lock(mutex_);
    return at(std::chrono::steady_clock::now());
  }

  /// While it stands still: moves on to `to`, if that is later.
  void set(core::Instant to) {
    std::lock_guard const lock(mutex_);
    if (speed_ == 0 && to > base_) base_ = to;
  }

  void run(double speed) {
    std::lock_guard const lock(mutex_);
    auto const real = std::chrono::steady_clock::now();
    base_ = at(real);
    real_ = real;
    speed_ = speed;
  }

  double speed() const {
    std::lock_guard const lock(mutex_);
    return speed_;
  }

  /// How long the machine has to wait until the city reaches `then`; zero if it has, or if the city stands still.
  std::chrono::milliseconds real_wait(core::Instant then) const {
    std::lock_guard const lock(mutex_);
    if (speed_ == 0) return {};
    auto const left = then - at(std::chrono::steady_clock::now());
    if (left <= core::Duration::zero()) return {};
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(left.count()) / speed_) + 1);
  }

 private:
  core::Instant at(std::chrono::steady_clock::time_point real) const {
    if (speed_ == 0) return base_;
    auto const passed = std::chrono::duration<double, std::milli>(real - real_).count() * speed_;
    return base_ + core::Duration(static_cast<std::int64_t>(passed));
  }

  mutable std::mutex mutex_;
  core::Instant base_;
  std::chrono::steady_clock::time_point real_{};
  double speed_ = 0;
};

}  // namespace zhili::app::demo
