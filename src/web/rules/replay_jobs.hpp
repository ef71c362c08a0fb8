#pragma once
// Replays that run: begun by one request, asked after by others.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "respond/rules/replay.hpp"

namespace zhili::web {

inline constexpr std::size_t replays_running_max = 1;  ///< one core of a small machine is the rules' own
inline constexpr std::size_t replays_remembered_max = 20;

/// In memory of one process. Thread-safe. Its end ends what runs.
class ReplayJobs {
 public:
  using Progress = std::function<bool(std::size_t done, std::size_t all)>;
  using Work = std::function<core::Result<respond::rules::Replayed>(Progress const&)>;
  struct Seen {
    std::string rule;
    std::size_t done = 0, all = 0;
    std::shared_ptr<core::Result<respond::rules::Replayed> const> result = {};  ///< null while it runs
  };

  /// Begins one; gives its name, which nobody guesses. Errors: busy.
  core::Result<std::string> start(std::string rule, Work work, std::string actor);
  /// Of the one who began it. Nothing: there is none.
  std::optional<Seen> find(std::string const& name, std::string const& actor);

 private:
  struct Job {
    std::string rule, actor;
    std::int64_t number = 0;
    std::atomic<std::size_t> done = 0, all = 0;
    std::shared_ptr<core::Result<respond::rules::Replayed> const> result = {};
    std::jthread thread;  // last: it uses the others
  };

  std::mutex mutex_;
  std::int64_t last_ = 0;
  std::map<std::string, std::unique_ptr<Job>> jobs_;
};

}  // namespace zhili::web
