#include "web/transport/loop.hpp"

#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ssl/context.hpp>
#include <thread>
#include <vector>

#include "web/transport/connection.hpp"

namespace zhili::web {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds tick_ms{20};  // how late a deadline may be noticed
}


struct Loop::Impl {
  std::shared_ptr<Shared> shared;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::shared_ptr<loop::Gate> gate = std::make_shared<loop::Gate>();
  asio::steady_timer ticker{io};
  std::vector<std::weak_ptr<loop::Session>> sessions;
  bool ticking = false;
  std::thread thread;

  template <class C>
  void start(std::shared_ptr<C> connection) {
    sessions.push_back(connection);
    if (!ticking) tick();
    asio::co_spawn(io, connection->run(), [connection](std::exception_ptr failed) {
      if (!failed) return;
      try {
        std::rethrow_exception(failed);
      } catch (std::exception const& e) {
        spdlog::error("connection failed: {}", e.what());
      }
    });
  }

  template <class F>
  void each(F&& f) {
    std::erase_if(sessions, [&](auto const& weak) {
      auto const session = weak.lock();
      if (session) f(*session);
      return !session;
    });
  }

  void tick() {
    ticking = !sessions.empty();
    if (!ticking) return;
    ticker.expires_after(tick_ms);
    ticker.async_wait([this](error_code stopped) {
      if (stopped) return;
      auto const now = std::chrono::steady_clock::now();
      each([now](loop::Session& session) { session.check_deadline(now); });
      tick();
    });
  }
};

Loop::Loop(std::shared_ptr<Shared> shared) : impl_(std::make_unique<Impl>()) {
  impl_->shared = std::move(shared);
  impl_->gate->io = &impl_->io;
  impl_->thread = std::thread([io = &impl_->io] { io->run(); });
}

Loop::~Loop() {
  end_now();
}

void Loop::adopt(int fd, Peer peer, std::shared_ptr<ssl_ctx_st> tls) {
  asio::post(impl_->io, [impl = impl_.get(), fd, peer = std::move(peer), tls = std::move(tls)]() mutable {
    tcp::socket socket(impl->io, peer.v6 ? tcp::v6() : tcp::v4(), fd);
    if (tls) {
      SSL_CTX_up_ref(tls.get());
      asio::ssl::context context(tls.get());  // takes over one reference
      using TlsSocket = asio::ssl::stream<tcp::socket>;
      impl->start(std::make_shared<loop::Connection<TlsSocket>>(impl->shared, impl->gate, std::move(peer),
                                                             impl->io, std::move(socket), context));
    } else {
      impl->start(std::make_shared<loop::Connection<tcp::socket>>(impl->shared, impl->gate, std::move(peer),
                                                                  impl->io, std::move(socket)));
    }
  });
}

void Loop::end_soon() {
  asio::post(impl_->io,
             [impl = impl_.get()] { impl->each([](loop::Session& session) { session.end_soon(); }); });
}

void Loop::end_now() {
  if (!impl_) return;
  {
    std::lock_guard const lock(impl_->gate->mutex);
    impl_->gate->io = nullptr;
  }
  impl_->io.stop();
  impl_->thread.join();
  impl_.reset();  // closes what is still open
}

}  // namespace zhili::web
