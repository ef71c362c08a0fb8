#pragma once
// Work that is done again and again until it is to stop.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace zhili::app {

/// `work` says how long to wait before it is done again. Returns soon after the stop is asked for, not in the middle of `work`.
template <class Work>
void repeat(std::stop_token const& stop, Work const& work) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    auto const pause = work();
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace zhili::app
