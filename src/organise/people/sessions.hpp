#pragma once
// Signing in, and what a browser holds afterwards. Only hashes of tokens are stored.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "organise/people/accounts.hpp"
#include "organise/people/rates.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::string_view means_password = "password";
inline constexpr std::string_view means_passkey = "passkey";

/// How long a proof of who somebody is counts for a sensitive act; after that they prove it again.
inline constexpr std::chrono::minutes proof_fresh{15};
inline constexpr std::chrono::hours session_idle_max{4};
inline constexpr std::chrono::hours session_life_max{16};        ///< a long shift
inline constexpr std::chrono::minutes session_touch_after{1};    ///< use is written down at most so often
inline constexpr int sign_in_failures_max = 10;                  ///< in a row, then the login is locked
inline constexpr std::chrono::minutes sign_in_lock{15};
inline constexpr std::chrono::hours sign_in_failures_kept{24};   ///< after the last one
inline constexpr int address_failures_max = 30;                  ///< a whole office may share an address
inline constexpr std::chrono::minutes address_failures_within{10};

/// A session as the browser gets it; shown once.
struct SignedIn {
  std::string token;  ///< for the cookie
  std::string csrf;   ///< to be sent along with whatever changes something
  Account account;
};

/// By what somebody signed in: "password", "passkey", or the code of a provider of sign-on with its own words for the person and for its
/// session.
struct Means {
  std::string by;
  std::string subject = {};
  std::string session = {};
  core::Instant proved_at{};  ///< when they last proved who they are
};

struct Session {
  std::string id;  ///< names it among the sessions of its account; opens nothing
  Account account;
  std::string csrf;
  std::string means;
  core::Instant began_at{};
  core::Instant proved_at{};
};

/// A session as its owner sees it in a list.
struct OpenSession {
  std::string id;
  std::string means;
  core::Instant began_at{};
  core::Instant used_at{};
};

/// What is about a person at a keyboard — how long a session lasts, how fresh a proof is, how long a login is locked — is measured by
/// `wall`, the clock of the world, even where a city lives faster than we do (`zhili demo`). Thread-safe.
class Sessions {
 public:
  Sessions(store::Db& db, Accounts const& accounts, core::TimeSource const& wall) : db_(db), accounts_(accounts), wall_(wall) {}

  /// By the clock of the world.
  core::Instant now() const { return wall_.now(); }

  /// Errors: forbidden (login or password is wrong, or the account is disabled: the same words and the same time for all),
  /// limit (too many wrong ones for this login or from this address; says until when). Cost: some 20 ms of hashing, so never
  /// on a thread that serves others.
  core::Result<SignedIn> sign_in(std::string const& login, std::string const& password, std::string const& address);
  /// Chooses another password, knowing the one until now: ends all sessions of the account and begins this one. Errors: those of sign_in;
  /// invalid (password). Cost: twice that of sign_in.
  core::Result<SignedIn> change_password(Session const& session, std::string const& before, std::string const& after, std::string const& address);
  /// Inside a piece of work: a session for an account that is in use, however its owner was recognised.
  SignedIn begin(store::Writer& writer, Account const& account, Means const& means) const;
  /// Errors: forbidden (unknown, over, or the account is disabled). Cost: a look-up by key.
  core::Result<Session> find(std::string_view token);
  core::Result<> sign_out(std::string_view token);

  /// Inside a piece of work: notes that the session's owner has proved who they are just now. Errors: forbidden (it is over).
  core::Result<> prove(store::Writer& writer, Session const& session) const;
  /// The same by the account's password, as a piece of work. Errors and cost: those of sign_in.
  core::Result<> prove(Session const& session, std::string const& password, std::string const& address);
  /// Errors: forbidden "session.proof": the last proof is older than `proof_fresh`.
  core::Result<> need_proof(Session const& session) const;

  /// Those of an account that are not over, the last used first.
  std::vector<OpenSession> of(store::Reader& reader, std::int64_t account) const;
  /// Errors: not_found: the account has no such session.
  core::Result<> end(std::int64_t account, std::string const& id);
  /// Removes sessions and failures whose time is over. Gives how many sessions.
  core::Result<std::int64_t> sweep();

 private:
  core::Result<> check_lock(std::string_view login_hash, std::string_view address);
  struct Fitting {
    Account account;
    std::string stored;  ///< what the password was checked against
  };
  core::Result<Fitting> fitting(std::string const& login, std::string const& password, std::string const& address);
  static bool still_fits(store::Writer& writer, Fitting const& known);
  core::Error refuse(std::string const& login, std::string const& login_hash, std::string const& address);

  store::Db& db_;
  Accounts const& accounts_;
  core::TimeSource const& wall_;
  Rate failures_by_address_{address_failures_max, address_failures_within};
};

/// Inside a piece of work that changes what a session stands on.
void end_sessions(store::Writer& writer, std::int64_t account);
void forget_failures(store::Writer& writer, std::string_view login);

}  // namespace zhili::organise
