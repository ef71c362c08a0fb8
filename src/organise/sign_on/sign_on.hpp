#pragma once
// Signing in with an identity provider: OpenID Connect's code flow with PKCE. The provider says who somebody is; what they may do here
// their posts say, and an account is never made by it.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "organise/people/accounts.hpp"
#include "organise/people/sessions.hpp"
#include "organise/sign_on/jws.hpp"
#include "organise/sign_on/oidc.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::chrono::minutes sign_on_answer_within{10};  ///< a person types a password there
inline constexpr std::int64_t sign_on_attempts_max = 20'000;      ///< under way at once; more are refused
inline constexpr std::chrono::hours discovery_kept{1};
inline constexpr std::chrono::seconds keys_fetched_again_after{60};  ///< where none fits: a provider changes keys, a liar makes them up

/// A call to a provider. With a form it is a POST.
struct ProviderCall {
  std::string url;
  std::string authorization = {};
  std::string form = {};
};
struct ProviderSaid {
  int status = 0;
  std::string body;
};
/// How providers are reached. Blocks for some seconds at most. Errors: unavailable.
using ProviderLine = std::function<core::Result<ProviderSaid>(ProviderCall const&)>;

/// An account, and who it is at a provider.
struct Link {
  std::int64_t id = 0;
  std::string login;
  std::string provider;  ///< code
  std::string subject;
};

/// Somebody who came in by a provider.
struct Arrived : SignedIn {
  std::string id_token;  ///< for the browser to keep: providers want it back when the session ends (RP-Initiated Logout 1.0)
};

/// Thread-safe. What calls a provider blocks for some seconds, so never on a thread that serves others.
class SignOn {
 public:
  /// `address` is where people reach this installation: "https://city.example.org".
  SignOn(store::Db& db, Accounts const& accounts, Sessions& sessions, std::vector<Provider> providers, std::string address,
         ProviderLine line);

  std::span<Provider const> providers() const { return providers_; }

  struct Begun {
    std::string url;      ///< where the browser goes
    std::string browser;  ///< for a cookie: the answer must come from the same browser
  };
  /// `again`: the provider is to ask for the password even if it knows the person. Calls the provider. Errors: not_found (provider);
  /// unavailable; busy; invalid "sign_on.discovery".
  core::Result<Begun> begin(std::string_view provider, bool again);

  /// What the provider sent back with the browser.
  struct Answer {
    std::string state;
    std::string code = {};
    std::string issuer = {};
    std::string error = {};
  };
  /// Calls the provider. Errors: forbidden "sign_on.state" (unknown, used, too late, another browser), "sign_on.denied", "sign_on.nobody"
  /// (no account here is theirs; says the words to link it with); invalid "sign_on.token"; unavailable.
  core::Result<Arrived> finish(Answer const& answer, std::string_view browser);

  /// Where the browser of a session that `means` began ends the provider's session too; empty where it does not. `id_token` as it was
  /// given to the browser, or empty: the provider may then ask whom to sign out. Calls nobody.
  std::string logout_url(std::string_view means, std::string_view id_token);
  /// The provider says that somebody signed out there (Back-Channel Logout): ends their sessions here. Calls the provider perhaps.
  /// Errors: invalid "sign_on.token"; unavailable.
  core::Result<> logged_out(std::string_view logout_token);

  std::vector<Link> links(store::Reader& reader) const;
  /// Errors: not_found (login, provider); conflict (that person of the provider has an account here); invalid (subject).
  core::Result<std::int64_t> link(std::string const& login, std::string const& provider, std::string const& subject, std::string const& actor);
  core::Result<std::int64_t> link(store::Writer& w, std::string const& login, std::string const& provider, std::string const& subject,
                                  std::string const& actor) const;
  /// Ends the sessions that the provider began for it. Errors: not_found.
  core::Result<> unlink(std::int64_t id, std::string const& actor);

 private:
  struct Known {
    std::shared_ptr<Discovery const> discovery;
    core::Instant discovered{};
    std::shared_ptr<std::vector<SigningKey> const> keys;
    core::Instant keys_fetched{};
    core::Instant keys_asked_again{};
  };
  core::Result<Provider const*> provider(std::string_view code) const;
  core::Result<std::string> fetch(Provider const& provider, ProviderCall const& call);
  core::Result<std::shared_ptr<Discovery const>> discovery(Provider const& provider);
  core::Result<Claims> believed(Provider const& provider, std::string_view token);
  core::Result<std::shared_ptr<std::vector<SigningKey> const>> keys_of(Provider const& provider, bool again);
  core::Result<Attempt> take_attempt(Answer const& answer, std::string_view browser, std::string& provider);
  core::Result<SignedIn> enter(Provider const& provider, Claims const& claims);
  std::string redirect_uri() const { return address_ + "/sign-on"; }

  store::Db& db_;
  Accounts const& accounts_;
  Sessions& sessions_;
  std::vector<Provider> providers_;
  std::string address_;
  ProviderLine line_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by code
};

}  // namespace zhili::organise
