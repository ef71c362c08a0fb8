#pragma once
// The threads on which handlers run.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace zhili::web {

/// A fixed number of threads and a queue with an end. Thread-safe.
class Workers {
 public:
  using Job = std::function<void()>;
  /// Threads in the background give way to all others of the machine: for work that computes for long, such as hashing passwords.
  enum class Rank : std::uint8_t { usual, background };

  Workers(std::size_t threads, std::size_t queue_max, Rank rank = Rank::usual);
  ~Workers() { stop(); }
  /// False if the queue is full or the pool is stopped: the job will not run.
  bool submit(Job job);
  std::size_t queued() const;
  /// Lets running jobs end and drops those that wait. Blocks.
  void stop();

 private:
  void run(Rank rank);
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::size_t queue_max_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace zhili::web
