#pragma once
// Who sends a request, and what they may do.

#include <string>
#include <vector>

#include "organise/people/accounts.hpp"
#include "organise/people/api_keys.hpp"
#include "organise/people/rates.hpp"
#include "organise/people/sessions.hpp"
#include "web/http.hpp"

namespace zhili::web {

inline constexpr std::string_view session_cookie = "zhili_session";
/// Requests of one account, and of one key, from elsewhere than this machine; more are refused with 429.
inline constexpr int account_requests_max_per_minute = 1'200;
inline constexpr int key_requests_max_per_minute = 6'000;
/// Ways to sign in that were begun from one address, however they end; the machine itself is not counted.
inline constexpr int address_sign_ins_max_per_minute = 300;
/// The ID token of whoever came in by a provider: kept by their browser only, for the provider to know whom to sign out.
inline constexpr std::string_view id_token_cookie = "zhili_id_token";
inline constexpr std::size_t id_token_kept_bytes_max = 3'800;  ///< browsers keep cookies of 4,096 bytes; without it the provider asks
inline constexpr std::string_view csrf_header = "X-CSRF-Token";

/// Somebody who is signed in.
struct Caller {
  organise::Session session;
  std::vector<organise::Grant> grants;

  std::string ref() const { return "staff:" + session.account.person; }
  /// In whichever area, or, if `everywhere`, by a post that is narrowed neither to areas nor to items.
  bool has_role(std::string_view role, bool everywhere = false) const;
};

/// Thread-safe. What it is given outlives it.
class Gate {
 public:
  Gate(store::Db& db, organise::Accounts const& accounts, organise::Sessions& sessions, organise::ApiKeys& keys,
       core::TimeSource const& time)
      : db_(db), accounts_(accounts), sessions_(sessions), keys_(keys), time_(time) {}

  /// Who is signed in, with one of `roles` if any are named: in whichever area, or, if `everywhere`, by a post that is not narrowed. Errors: forbidden: nobody is signed in (401); a request that
  /// changes something without the session's X-CSRF-Token; a one-time password that must be changed first, unless `one_time`; no such role.
  core::Result<Caller> admit(Request const& request, bool one_time = false, std::vector<std::string> const& roles = {},
                             bool everywhere = false) const;
  /// They proved who they are a short while ago. Errors: forbidden "session.proof".
  core::Result<> need_proof(Caller const& caller) const { return sessions_.need_proof(caller.session); }
  /// Before anybody is signed in. Errors: limit.
  core::Result<> may_sign_in(Request const& request) const;
  /// The key of a program that sends `Authorization: Bearer zk_…`. Errors: forbidden: it sends none (401), or one that is not good; limit.
  core::Result<organise::ApiKey> key(Request const& request) const;
  /// The same, and it may do this. Errors: forbidden, naming the scope.
  core::Result<organise::ApiKey> key(Request const& request, organise::Scope scope) const;

 private:
  store::Db& db_;
  organise::Accounts const& accounts_;
  organise::Sessions& sessions_;
  organise::ApiKeys& keys_;
  core::TimeSource const& time_;
  mutable organise::Rate account_rate_{account_requests_max_per_minute, std::chrono::minutes(1)};
  mutable organise::Rate sign_in_rate_{address_sign_ins_max_per_minute, std::chrono::minutes(1)};
  mutable organise::Rate key_rate_{key_requests_max_per_minute, std::chrono::minutes(1)};
};

/// A cookie of the request; empty if it has none of that name.
std::string cookie(Request const& request, std::string_view name);
/// The token in the request's cookie; empty if it has none.
std::string session_token(Request const& request);
/// `Set-Cookie` for an ID token, which is sent along at the end of the session; an empty one takes the cookie away.
std::string id_token_cookie_line(std::string_view token, bool secure);
/// `Set-Cookie` for a token; an empty one takes the cookie away. Only over TLS when the request came so.
std::string session_cookie_line(std::string_view token, bool secure);

}  // namespace zhili::web
