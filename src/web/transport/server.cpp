#include "web/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <mutex>

#include "web/transport/listener.hpp"
#include "web/transport/loop.hpp"
#include "web/transport/tls.hpp"

namespace zhili::web {

namespace {

constexpr std::string_view full_answer =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

class SocketServer final : public Server {
 public:
  SocketServer(std::shared_ptr<Shared> shared, std::shared_ptr<ssl_ctx_st> tls)
      : shared_(std::move(shared)), tls_(std::move(tls)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, shared_->options.io_threads); ++i)
      loops_.push_back(std::make_unique<Loop>(shared_));
  }
  ~SocketServer() override { stop(); }

  core::Result<> listen() {
    auto const& options = shared_->options;
    auto taken = [this](int socket, Peer peer) { take(socket, std::move(peer)); };
    ZHILI_TRY(listener_, Listener::open(options.address, options.port, std::move(taken)));
    return {};
  }

  std::uint16_t port() const override { return listener_->port(); }

  core::Result<> reload_tls() override {
    if (!shared_->options.tls) return {};
    ZHILI_TRY(auto fresh, load_tls(*shared_->options.tls));
    std::lock_guard const lock(tls_mutex_);
    tls_ = std::move(fresh);
    return {};
  }

  void stop() override {
    if (stopped_.exchange(true)) return;
    if (listener_) listener_->close();
    for (auto& loop : loops_) loop->end_soon();
    shared_->wait_for_no_connection(std::chrono::steady_clock::now() + shared_->options.limits.stop_ms);
    for (auto& loop : loops_) loop->end_now();
    shared_->workers.stop();
  }

 private:
  void take(int socket, Peer peer) {
    if (shared_->connections.fetch_add(1) >= shared_->options.limits.connections_max) {
      shared_->connection_ended();
      shared_->metrics.refused("http.connections_full");
      if (!shared_->options.tls)
        static_cast<void>(
            ::send(socket, full_answer.data(), full_answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
      ::close(socket);
      return;
    }
    std::shared_ptr<ssl_ctx_st> tls;
    {
      std::lock_guard const lock(tls_mutex_);
      tls = tls_;
    }
    peer.tls = tls != nullptr;
    loops_[next_++ % loops_.size()]->adopt(socket, std::move(peer), std::move(tls));
  }

  std::shared_ptr<Shared> shared_;
  std::mutex tls_mutex_;
  std::shared_ptr<ssl_ctx_st> tls_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::size_t next_ = 0;  // of the listener's thread
  std::unique_ptr<Listener> listener_;
  std::atomic<bool> stopped_{false};
};

void register_gauges(Metrics& metrics, std::weak_ptr<Shared> const& weak) {
  auto const read = [weak](auto get) {
    return [weak, get]() -> double {
      auto const shared = weak.lock();
      return shared ? static_cast<double>(get(*shared)) : 0.0;
    };
  };
  metrics.add(Metrics::Kind::gauge, "zhili_http_connections", "", "Open connections.",
              read([](Shared const& s) { return s.connections.load(); }));
  metrics.add(Metrics::Kind::gauge, "zhili_http_queue", "", "Requests that wait for a worker.",
              read([](Shared const& s) { return s.workers.queued(); }));
  metrics.add(Metrics::Kind::gauge, "zhili_http_bodies_bytes", "", "Bytes of bodies that are being received.",
              read([](Shared const& s) { return s.bodies_bytes.load(); }));
}

}  // namespace

core::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Router router, Metrics& metrics,
                                                    core::TimeSource const& time) {
  std::shared_ptr<ssl_ctx_st> tls;
  if (options.tls) {
    ZHILI_TRY(tls, load_tls(*options.tls));
  }
  auto shared = std::make_shared<Shared>(std::move(options), std::move(router), metrics, time);
  register_gauges(metrics, shared);
  auto server = std::make_unique<SocketServer>(std::move(shared), std::move(tls));
  ZHILI_CHECK(server->listen());
  return server;
}

}  // namespace zhili::web
