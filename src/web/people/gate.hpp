#pragma once
// Who sends a request, and what they may do.

#include <string>
#include <vector>

#include "organise/people/accounts.hpp"
#include "organise/people/sessions.hpp"
#include "web/http.hpp"

namespace zhili::web {

inline constexpr std::string_view session_cookie = "zhili_session";
inline constexpr std::string_view csrf_header = "X-CSRF-Token";

/// Somebody who is signed in.
struct Caller {
  organise::Session session;
  std::vector<organise::Grant> grants;

  std::string ref() const { return "staff:" + session.account.person; }
  bool has_role(std::string_view role) const;
};

/// Thread-safe. What it is given outlives it.
class Gate {
 public:
  Gate(store::Db& db, organise::Accounts const& accounts, organise::Sessions& sessions)
      : db_(db), accounts_(accounts), sessions_(sessions) {}

  /// Errors: forbidden: nobody is signed in (401); a request that changes something without the session's X-CSRF-Token; a
  /// password that must be changed first.
  core::Result<Caller> caller(Request const& request) const;
  /// The same before the password is changed: for the few routes that help out of it.
  core::Result<Caller> caller_in_any_state(Request const& request) const;
  /// A caller with this role anywhere. Errors: forbidden, naming the role.
  core::Result<Caller> with_role(Request const& request, std::string_view role) const;

 private:
  store::Db& db_;
  organise::Accounts const& accounts_;
  organise::Sessions& sessions_;
};

/// The token in the request's cookie; empty if it has none.
std::string session_token(Request const& request);
/// `Set-Cookie` for a token; an empty one takes the cookie away. Only over TLS when the request came so.
std::string session_cookie_line(std::string_view token, bool secure);

}  // namespace zhili::web
