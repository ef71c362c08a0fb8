#pragma once
// Between the sockets and the handlers: what all connections share, and how one request becomes one response.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "web/http.hpp"
#include "web/metrics.hpp"
#include "web/server.hpp"
#include "web/stream.hpp"
#include "web/transport/head.hpp"
#include "web/transport/workers.hpp"

namespace zhili::web {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What all connections of one server share.
struct Shared {
  Shared(ServerOptions o, Router r, Metrics& m, core::TimeSource const& t)
      : options(std::move(o)),
        router(std::move(r)),
        metrics(m),
        time(t),
        workers(options.worker_threads, options.limits.queue_max) {}

  ServerOptions const options;
  Router const router;
  Metrics& metrics;
  core::TimeSource const& time;
  Workers workers;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> bodies_bytes{0};

  HeadLimits head_limits() const {
    return {options.limits.target_bytes_max, options.limits.head_bytes_max, options.limits.header_lines_max};
  }

  /// A connection is gone; the last one wakes who waits for that.
  void connection_ended() {
    if (connections.fetch_sub(1) > 1) return;
    std::lock_guard const lock(empty_mutex_);
    empty_.notify_all();
  }
  void wait_for_no_connection(SteadyTime until) {
    std::unique_lock lock(empty_mutex_);
    empty_.wait_until(lock, until, [this] { return connections.load() == 0; });
  }

 private:
  std::mutex empty_mutex_;
  std::condition_variable empty_;
};

/// Who is at the other end of a connection.
struct Peer {
  std::string address;
  bool loopback = false;
  bool tls = false;
  bool v6 = false;
};

/// A request whose head is known and whose body is still to come.
struct Opened {
  std::shared_ptr<Request> request;
  Router::Match match;
  std::size_t body_bytes_max = RouteOptions::body_default_bytes;
};

/// Errors: the target is not well formed.
core::Result<Opened> open_request(Shared const& shared, Head head, Peer const& peer);

/// Gets the answer from wherever it is: a route's handler on a worker, or at once (404, 405, OPTIONS, full
/// queue). `send` is called once, on any thread, with the finished response.
void answer_request(std::shared_ptr<Shared> const& shared, Opened opened, SteadyTime began,
                    Responder::Send send);

/// Asks for the next piece of a streamed body on a worker. `give` is called once, on any thread; with nothing if the body has
/// to be cut.
void pull_piece(std::shared_ptr<Shared> const& shared, std::function<Stream::Piece()> pull,
                std::function<void(std::optional<Stream::Piece>)> give);

/// The finished response for a request that could not even be read.
Response refuse_request(Shared const& shared, core::Error const& error);

}  // namespace zhili::web
