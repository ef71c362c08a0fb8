#pragma once
// Signing in, and what a browser holds afterwards. Only hashes of tokens are stored.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "organise/people/accounts.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::chrono::hours session_idle_max{4};
inline constexpr std::chrono::hours session_life_max{16};        ///< a long shift
inline constexpr std::chrono::minutes session_touch_after{1};    ///< use is written down at most so often
inline constexpr int sign_in_failures_max = 10;                  ///< in a row, then the login is locked
inline constexpr std::chrono::minutes sign_in_lock{15};
inline constexpr std::chrono::hours sign_in_failures_kept{24};   ///< after the last one
inline constexpr int address_failures_max = 30;                  ///< a whole office may share an address
inline constexpr std::chrono::minutes address_failures_within{10};
inline constexpr std::size_t addresses_remembered_max = 10'000;

/// A session as the browser gets it; shown once.
struct SignedIn {
  std::string token;  ///< for the cookie
  std::string csrf;   ///< to be sent along with whatever changes something
  Account account;
};

struct Session {
  std::int64_t account_id = 0;
  Account account;
  std::string csrf;
  core::Instant began_at{};
};

/// Counts wrong passwords by address, in memory. Thread-safe.
class AddressFailures {
 public:
  /// The instant from which an address may try again, if it may not now.
  std::optional<core::Instant> shut_until(std::string_view address, core::Instant now);
  void failed(std::string_view address, core::Instant now);

 private:
  struct Window {
    core::Instant began{};
    int failures = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;
};

/// What of an address counts: all of IPv4, the first 64 bits of IPv6 (a household has as many as it likes of the rest).
std::string counted_address(std::string_view address);

/// Thread-safe.
class Sessions {
 public:
  Sessions(store::Db& db, Accounts const& accounts, core::TimeSource const& time) : db_(db), accounts_(accounts), time_(time) {}

  /// Errors: forbidden (login or password is wrong, or the account is disabled: the same words and the same time for all),
  /// limit (too many wrong ones for this login or from this address; says until when). Cost: some 20 ms of hashing, so never
  /// on a thread that serves others.
  core::Result<SignedIn> sign_in(std::string const& login, std::string const& password, std::string const& address);
  /// Errors: forbidden (unknown, over, or the account is disabled). Cost: a look-up by key.
  core::Result<Session> find(std::string_view token);
  core::Result<> sign_out(std::string_view token);
  /// Removes sessions and failures whose time is over. Gives how many sessions.
  core::Result<std::int64_t> sweep();

 private:
  core::Result<> check_lock(std::string_view login_hash, std::string_view address);
  core::Result<SignedIn> refuse(std::string const& login, std::string const& login_hash, std::string const& address);

  store::Db& db_;
  Accounts const& accounts_;
  core::TimeSource const& time_;
  AddressFailures addresses_;
};

/// Inside a piece of work that changes what a session stands on.
void end_sessions(store::Writer& writer, std::int64_t account);
void forget_failures(store::Writer& writer, std::string_view login);

}  // namespace zhili::organise
