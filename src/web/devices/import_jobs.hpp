#pragma once
// Files of devices that are being taken in: begun by one request, asked after by others.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "sense/devices/desk.hpp"

namespace zhili::web {

inline constexpr std::size_t import_jobs_max = 2;                     ///< at the same time; more are refused
inline constexpr std::size_t import_jobs_remembered_max = 20;         ///< with their results; the oldest are forgotten
inline constexpr std::chrono::minutes import_remembered{60};          ///< and each of them after so long: results hold secrets

/// In memory of one process: whoever asks after one asks the same process, or finds nothing. Thread-safe.
class ImportJobs {
 public:
  struct Seen {
    std::size_t done = 0, total = 0;
    bool running = false;
    std::shared_ptr<core::Result<sense::devices::Import> const> result = {};  ///< null while it runs
  };

  /// Begins one. Gives its name, which nobody guesses. Errors: busy.
  core::Result<std::string> start(sense::devices::DeviceDesk& desk, std::string file, sense::devices::ImportOptions options, std::string actor, core::Instant now);
  /// Of the one who began it. Nothing: there is none.
  std::optional<Seen> find(std::string const& name, std::string const& actor, core::Instant now);

 private:
  struct Job {
    std::string actor;
    core::Instant begun{};
    std::atomic<std::size_t> done = 0, total = 0;
    std::atomic<bool> running = true;
    std::shared_ptr<core::Result<sense::devices::Import> const> result = {};
    std::jthread thread;  // last: it uses the others
  };
  void forget(core::Instant now);

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Job>> jobs_;
};

}  // namespace zhili::web
