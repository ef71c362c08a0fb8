#pragma once
// Calling other systems over HTTP: webhooks, other cities, providers of sign-on. What a call may reach is decided by the
// address that it really connects to, so a name that points inside changes nothing.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "web/http.hpp"

namespace zhili::web::client {

/// What one call may take.
struct Limits {
  std::chrono::milliseconds connect_ms{5'000};   ///< for name, connection and TLS together
  std::chrono::milliseconds total_ms{15'000};    ///< for the whole call
  std::size_t answer_bytes_max = 1024 * 1024;    ///< a longer answer is an error, and the rest of it is not read
  int redirects_max = 0;                         ///< 0: a redirect is an answer like any other
};

struct Call {
  std::string method = "GET";
  std::string url = {};  ///< http or https, absolute
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  Limits limits = {};
};

/// Whatever the other side said, errors of its own (404, 500) included.
struct Answer {
  int status = 0;
  Headers headers = {};  ///< of the last answer, when redirects were followed
  std::string body = {};
};

/// Where a client may connect to.
enum class Reach {
  anywhere,  ///< for addresses that the installation's own files name
  outside    ///< for addresses that somebody enters: only what is public on the internet, and `inside_allowed`
};

struct Options {
  Reach reach = Reach::outside;
  std::vector<std::string> inside_allowed = {};  ///< "10.20.0.0/16", "fd00::/8", "127.0.0.1": reached all the same
  std::string ca_file = {};  ///< PEM; instead of the system's authorities
};

/// Whether an address is "192.0.2.0/24", "2001:db8::1" or the like. For checking settings.
bool is_range(std::string_view text);

/// Errors: invalid, key "client.url": not absolute, not http or https, no host, a user or password in it. For checking settings.
core::Result<> check_url(std::string_view url);

/// Keeps connections for the next call to the same server. TLS is verified against the system's authorities; the
/// environment's proxies are not used, because a proxy would connect where we must not. Thread-safe: each call under way
/// has a connection of its own.
class Client {
 public:
  /// Errors: invalid (`inside_allowed` has something that is no range).
  static core::Result<std::unique_ptr<Client>> make(Options options);
  ~Client();

  /// Blocks for `limits.total_ms` at most. Errors: invalid "client.url"; forbidden "client.inside"; limit
  /// "client.answer_size"; unavailable "client.timeout", "client.tls", "client.unreachable" (name, connection, broken
  /// answer), "client.stopped".
  core::Result<Answer> call(Call const& call);
  /// Ends the calls under way within a second, and all later ones at once.
  void stop();

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zhili::web::client
