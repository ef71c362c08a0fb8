#pragma once
// Keys with which other programs talk to this one. A key may do what its scopes say and nothing else, ends on a day, and is shown
// once, when it is issued: what is stored is a hash.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::size_t key_holder_characters_max = 100;
inline constexpr int key_days_default = 365;
inline constexpr int key_days_max = 1095;  ///< three years: whoever still needs it then can say so
/// How long a look-up is remembered: a revoked key may live on for so long in other processes.
inline constexpr std::chrono::seconds key_remembered{10};
inline constexpr std::size_t keys_remembered_max = 10'000;
inline constexpr std::chrono::minutes key_touch_after{1};  ///< use is written down at most so often

/// What a key may do.
enum class Scope : std::uint8_t {
  open311_write,  ///< report through Open311
  hotline_write,  ///< send the work orders of a hotline, in whose name the key is made out
  sensing_write,  ///< send observations of every datastream; make and change things
};
inline constexpr std::array all_scopes{Scope::open311_write, Scope::hotline_write, Scope::sensing_write};
/// "open311.write".
std::string_view name(Scope scope);
core::Text title(Scope scope);
/// Errors: invalid, `field` scopes: there is no such scope; names those that there are.
core::Result<Scope> scope_from(std::string_view name);

struct ApiKey {
  std::int64_t id = 0;
  std::string holder;
  std::vector<Scope> scopes;
  core::Instant issued_at{};
  core::Instant expires_at{};
  std::optional<core::Instant> used_at = {};  ///< to a minute
  std::optional<core::Instant> revoked_at = {};

  bool may(Scope scope) const;
  /// Who acts, as the ledger names it: "key:17".
  std::string ref() const { return "key:" + std::to_string(id); }
};

/// Errors: forbidden, naming the scope that the key lacks.
core::Result<> need_scope(ApiKey const& key, Scope scope);

struct NewApiKey {
  std::string holder;
  std::vector<Scope> scopes;
  std::int64_t days = key_days_default;
};

struct IssuedKey {
  std::int64_t id = 0;
  std::string secret;  ///< "zk_" and 43 characters of 258 random bits
};

/// Thread-safe.
class ApiKeys {
 public:
  ApiKeys(store::Db& db, core::TimeSource const& time) : db_(db), time_(time) {}

  /// Errors: invalid (holder, scopes, days).
  core::Result<IssuedKey> issue(NewApiKey const& wanted, std::string const& actor);
  core::Result<IssuedKey> issue(store::Writer& w, NewApiKey const& wanted, std::string const& actor) const;
  /// From now on; elsewhere after `key_remembered`. Errors: not_found; conflict (it was revoked before).
  core::Result<> revoke(std::int64_t id, std::string const& actor);
  /// All of them, the newest first.
  std::vector<ApiKey> list(store::Reader& reader) const;
  /// The key behind a secret. Errors: forbidden (unknown, revoked, past its day). Cost: a hash; a read the first time, and again after
  /// `key_remembered`.
  core::Result<ApiKey> find(std::string_view secret);

 private:
  struct Known {
    std::optional<ApiKey> key;
    core::Instant until;
    core::Instant touched;
  };
  void touch(Known& known, core::Instant now);

  store::Db& db_;
  core::TimeSource const& time_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by hash
};

}  // namespace zhili::organise
