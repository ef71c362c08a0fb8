#include "web/transport/workers.hpp"

#include <sys/resource.h>

#include <utility>

namespace zhili::web {

namespace {
constexpr int background_niceness = 10;
}

Workers::Workers(std::size_t threads, std::size_t queue_max, Rank rank) : queue_max_(queue_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this, rank] { run(rank); });
}

bool Workers::submit(Job job) {
  {
    std::lock_guard const lock(mutex_);
    if (stopped_ || jobs_.size() >= queue_max_) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

std::size_t Workers::queued() const {
  std::lock_guard const lock(mutex_);
  return jobs_.size();
}

void Workers::stop() {
  std::deque<Job> dropped;
  {
    std::lock_guard const lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void Workers::run(Rank rank) {
  if (rank == Rank::background) setpriority(PRIO_PROCESS, 0, background_niceness);  // on Linux 0 is this thread; a refusal costs only the courtesy
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopped_ || !jobs_.empty(); });
      if (stopped_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace zhili::web
