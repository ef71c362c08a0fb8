#pragma once
// Keys for those who may send requests. What is stored is a hash; a key is shown once, when it is issued.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "store/db.hpp"

namespace zhili::web::open311 {

/// Thread-safe.
class ApiKeys {
 public:
  /// How long a look-up is remembered: a revoked key may live on for so long in other processes.
  static constexpr std::chrono::seconds remember_s{10};
  static constexpr std::size_t remembered_max = 10'000;
  static constexpr std::size_t holder_max_characters = 100;

  ApiKeys(store::Db& db, core::TimeSource const& time) : db_(db), time_(time) {}

  /// A new key: "zk_" and 43 characters of 256 random bits. Errors: invalid (holder empty or too long).
  core::Result<std::string> issue(std::string const& holder, std::string const& actor);
  /// Revokes every key of the holder; how many there were.
  core::Result<std::int64_t> revoke(std::string const& holder, std::string const& actor);
  /// Who the key belongs to. Errors: forbidden. Cost: a hash; a read the first time, and again after
  /// remember_s.
  core::Result<std::string> holder(std::string_view key);

 private:
  struct Known {
    std::optional<std::string> holder;
    core::Instant until;
  };
  store::Db& db_;
  core::TimeSource const& time_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by hash
};

}  // namespace zhili::web::open311
