#pragma once
// A thread that does one thing again and again.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace zhili::bus {

/// `work` says how long to wait before it is done again. It ends with the object: a wait is cut short, work that runs is
/// waited for. What it throws ends the program: it handles its own errors.
class Worker {
 public:
  using Work = std::function<std::chrono::nanoseconds()>;
  explicit Worker(Work work) : thread_([this, work = std::move(work)](std::stop_token stop) { run(stop, work); }) {}
  ~Worker() = default;
  Worker(Worker const&) = delete;

  /// Does not wait on: there is something to do. Thread-safe.
  void wake() {
    std::lock_guard const lock(mutex_);
    woken_ = true;
    wake_.notify_all();
  }

 private:
  void run(std::stop_token const& stop, Work const& work) {
    while (!stop.stop_requested()) {
      auto const pause = work();
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause, [this] { return woken_; });
      woken_ = false;
    }
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool woken_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace zhili::bus
