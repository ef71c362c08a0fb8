#pragma once
// The HTTP/1.1 server: sockets, TLS, limits and deadlines around a table of routes.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "web/http.hpp"
#include "web/metrics.hpp"

namespace zhili::web {

/// What one client may take. Each has its unit in its name; the values are for a machine with 2 cores.
struct ServerLimits {
  std::size_t connections_max = 4096;
  std::size_t requests_per_connection_max = 100'000;
  std::size_t target_bytes_max = 8 * 1024;
  std::size_t head_bytes_max = 16 * 1024;  ///< request line and header lines together
  std::size_t header_lines_max = 64;
  std::size_t bodies_bytes_max =
      256 * 1024 * 1024;  ///< all bodies that are being received or handled together
  std::size_t body_rate_min_bytes_per_s =
      8 * 1024;                               ///< a body may take its message's time plus its size over this
  std::chrono::milliseconds idle_ms{60'000};  ///< between two requests
  std::chrono::milliseconds head_ms{10'000};  ///< from the first byte of a request to the end of its head
  std::chrono::milliseconds body_ms{10'000};  ///< for the body, besides what body_rate_min gives
  std::chrono::milliseconds handler_ms{30'000};  ///< for the handler's answer
  std::chrono::milliseconds write_ms{30'000};    ///< for the client to take the answer
  std::chrono::milliseconds tls_ms{10'000};      ///< for the TLS handshake
  std::chrono::milliseconds stop_ms{10'000};     ///< for running requests after stop()
  std::size_t queue_max = 1024;                  ///< requests that wait for a worker; more get 503
};

struct TlsFiles {
  std::string certificate;  ///< PEM, the chain from the leaf up
  std::string key;          ///< PEM
};

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< an IP address; "::" or "0.0.0.0" opens it to the network
  std::uint16_t port = 8080;          ///< 0: any free one, see Server::port()
  std::optional<TlsFiles> tls = {};
  std::vector<std::string> trusted_proxies = {};  ///< addresses whose X-Forwarded-For and -Proto are believed
  std::size_t io_threads = 1;
  std::size_t worker_threads = 16;
  ServerLimits limits = {};
};

/// A running server. Thread-safe.
class Server {
 public:
  /// Listens and begins to serve. `metrics` and `time` must outlive the server.
  /// Errors: unavailable (address in use or not ours), invalid (address, TLS files).
  static core::Result<std::unique_ptr<Server>> start(ServerOptions options, Router router, Metrics& metrics,
                                                     core::TimeSource const& time);
  virtual ~Server() = default;  ///< stops

  virtual std::uint16_t port() const = 0;
  /// Reads the TLS files again; connections that exist keep the old ones. If it fails, the old ones stay.
  virtual core::Result<> reload_tls() = 0;
  /// Accepts no more, lets running requests end for limits.stop_ms, then closes. Blocks. A second call does
  /// nothing.
  virtual void stop() = 0;
};

}  // namespace zhili::web
