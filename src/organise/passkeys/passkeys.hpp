#pragma once
// Passkeys of the staff: made once on a device, then used instead of a password, and as the fresh proof that a sensitive act needs.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "organise/passkeys/webauthn.hpp"
#include "organise/people/accounts.hpp"
#include "organise/people/sessions.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::chrono::minutes passkey_challenge_within{5};
inline constexpr std::int64_t passkey_challenges_max = 20'000;  ///< open at once; more are refused
inline constexpr std::size_t passkeys_of_account_max = 20;
inline constexpr std::size_t passkey_name_characters_max = 60;

/// A passkey as its owner sees it.
struct Passkey {
  std::int64_t id = 0;
  std::string name;
  core::Instant made_at{};
  std::optional<core::Instant> used_at = {};
  std::string credential;  ///< base64url
};

/// What a challenge may be answered for.
enum class PasskeyPurpose : std::uint8_t { make, sign_in, prove };

/// Thread-safe.
class Passkeys {
 public:
  Passkeys(store::Db& db, Accounts const& accounts, Sessions& sessions, RelyingParty party)
      : db_(db), accounts_(accounts), sessions_(sessions), party_(std::move(party)) {}

  RelyingParty const& party() const { return party_; }

  /// A challenge, base64url, good once and for `passkey_challenge_within`. `account` 0: whoever answers. Errors: busy.
  core::Result<std::string> challenge(PasskeyPurpose purpose, std::int64_t account);

  /// Errors: those of check_registration; forbidden "passkey.challenge" (unknown, used, too late); invalid (name); conflict (it is known
  /// already); limit (`passkeys_of_account_max`).
  core::Result<std::int64_t> make(Account const& account, Registration const& said, std::string const& name, std::string const& actor);
  /// Errors: not_found: it is not of this account.
  core::Result<> remove(Account const& account, std::int64_t id, std::string const& actor);
  std::vector<Passkey> of(store::Reader& reader, std::int64_t account) const;

  /// A session for whoever owns the passkey. Errors: forbidden "passkey.challenge", "passkey.proof", "passkey.unknown" (also where the
  /// account is disabled); invalid "passkey.form".
  core::Result<SignedIn> sign_in(Assertion const& said);
  /// A fresh proof for a session of this account. Errors: the same.
  core::Result<> prove(Session const& session, Assertion const& said);

 private:
  core::Result<std::string> take_challenge(std::string_view client_data, PasskeyPurpose purpose, std::int64_t account);
  /// A passkey that has signed, before that is written down.
  struct Used {
    std::int64_t id = 0;
    std::int64_t account = 0;
    std::uint32_t count_before = 0;
    std::uint32_t count = 0;
  };
  core::Result<Used> checked(Assertion const& said, std::string_view challenge);
  core::Result<Account> use(store::Writer& writer, Used const& used) const;

  store::Db& db_;
  Accounts const& accounts_;
  Sessions& sessions_;
  RelyingParty party_;
};

/// What a passkey knows its account by: no name, and the same for every passkey of the account.
std::string user_handle(std::int64_t account);

}  // namespace zhili::organise
