#pragma once
// Which of several processes on one database fetches from a broker, and whether everything that waited at the brokers is here.

#include <chrono>
#include <mutex>
#include <string>

#include "app/mqtt/backlog.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/db.hpp"

namespace zhili::app {

/// Of several processes one fetches, so that readings keep their order. It says so again and again; another goes on after so long without a word.
inline constexpr std::chrono::milliseconds fetching_lease{4'000};
inline constexpr std::chrono::milliseconds fetching_renewed{1'000};
/// That nothing waits is believed for so long.
inline constexpr std::chrono::milliseconds caught_up_lease{2'000};

/// Each broker has a lease of its own, under the name of its stream, and a second one that is kept only while nothing waits there. So a process that
/// runs the rules knows of brokers that another fetches from. Thread-safe; times are the world's.
class Fetching {
 public:
  /// What it is given outlives it. One process owns a folder with SQLite: there nothing is written, and everything is its own.
  Fetching(store::Db& db, core::TimeSource const& wall);

  /// Takes or keeps the fetching from a broker; false: another has it. What was taken waits for says(). Errors: those of the store. Cost: one write.
  core::Result<bool> take(std::string const& broker);
  /// Whether what waited at the broker, which this process fetches from, is here, and how many messages are not. Of the thread that fetches. Cost:
  /// one write, where it is kept or changes.
  void says(std::string const& broker, bool caught_up, std::uint64_t waiting);
  /// Another may begin at once. Of the thread that fetches, or after it.
  void give_back(std::string const& broker);
  /// What waits is another's affair, or (false) this process does not know yet what waits for it.
  void is_elsewhere(bool elsewhere);

  /// Whether the rules may go by the clock: nothing waits at any broker, or it was waited for long enough (backlog_waited_for), also for somebody who
  /// fetched and was not heard of again. What others say is read once in fetching_renewed.
  bool all_is_here();

 private:
  core::Result<bool> hold(std::string_view what, std::string const& broker, std::chrono::milliseconds length);
  bool others_are_behind(core::Instant now);

  store::Db& db_;
  core::TimeSource const& wall_;
  bool const alone_;
  std::string const holder_;
  Backlog own_;
  core::Instant said_{};  // of the thread that fetches
  bool said_here_ = false;
  std::mutex mutex_;  // of what follows
  core::Instant asked_{};
  bool behind_ = false;
};

}  // namespace zhili::app
