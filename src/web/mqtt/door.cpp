#include "web/mqtt/door.hpp"

#include <openssl/ssl.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ssl/context.hpp>
#include <set>
#include <thread>
#include <vector>

#include "web/mqtt/line.hpp"
#include "web/transport/listener.hpp"
#include "web/transport/tls.hpp"

namespace zhili::web::mqtt {

std::string commands_topic(std::string_view serial) { return std::string(of_devices) + std::string(serial) + "/commands"; }

struct Door::Inside {
  Inside(sense::ingest::Intake& to, core::TimeSource const& clock, std::function<std::optional<Who>(std::string_view, std::string_view)> asked, CommandPost* post)
      : house{.io = io, .intake = to, .time = clock, .who = std::move(asked), .commands = post} {}

  House house;  // outlives what still waits in `io`
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::optional<TlsFiles> files;
  std::shared_ptr<ssl_ctx_st> tls;  // the door's thread, once it runs
  std::set<std::shared_ptr<Line>> lines;  // the door's thread
  std::atomic<std::size_t> connections{0};
  asio::steady_timer ticker{io};
  std::unique_ptr<Listener> listener;
  std::thread thread;

  void adopt(int fd, Peer const& peer) {
    if (connections >= mqtt_connections_max) {
      ::close(fd);
      return;
    }
    ++connections;
    asio::post(io, [this, fd, v6 = peer.v6] {
      tcp::socket socket(io, v6 ? tcp::v6() : tcp::v4(), fd);
      std::shared_ptr<Line> line;
      if (tls) {
        SSL_CTX_up_ref(tls.get());
        asio::ssl::context context(tls.get());  // takes over one reference
        line = std::make_shared<LineOver<asio::ssl::stream<tcp::socket>>>(house, std::move(socket), context);
      } else {
        line = std::make_shared<LineOver<tcp::socket>>(house, std::move(socket));
      }
      lines.insert(line);
      line->ended = [this, weak = std::weak_ptr(line)] {
        auto const gone = weak.lock();
        if (gone && lines.erase(gone) > 0) --connections;
      };
      line->start();
    });
  }

  void tick() {
    ticker.expires_after(std::chrono::seconds(1));
    ticker.async_wait([this](boost::system::error_code stopped) {
      if (stopped) return;
      auto const now = std::chrono::steady_clock::now();
      for (auto const& line : std::vector(lines.begin(), lines.end())) line->look_at_clock(now);
      tick();
    });
  }
};

core::Result<std::unique_ptr<Door>> Door::open(DoorOptions options, sense::ingest::Intake& intake, core::TimeSource const& time,
                                               std::function<std::optional<Who>(std::string_view user, std::string_view password)> who, CommandPost* commands) {
  auto inside = std::make_unique<Inside>(intake, time, std::move(who), commands);
  if (options.tls) {
    ZHILI_TRY(inside->tls, load_tls(*options.tls));
    inside->files = options.tls;
  }
  ZHILI_TRY(inside->listener, Listener::open(options.address, options.port, [in = inside.get()](int socket, Peer const& peer) { in->adopt(socket, peer); }));
  inside->house.gate->io = &inside->io;
  inside->tick();
  inside->thread = std::thread([io = &inside->io] { io->run(); });
  return std::unique_ptr<Door>(new Door(std::move(inside)));
}

Door::Door(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Door::~Door() {
  inside_->listener->close();
  {
    // What the intake still answers finds nobody at home.
    std::lock_guard const lock(inside_->house.gate->mutex);
    inside_->house.gate->io = nullptr;
  }
  inside_->io.stop();
  inside_->thread.join();
  inside_->lines.clear();
}

core::Result<> Door::reload_tls() {
  if (!inside_->files) return {};
  ZHILI_TRY(auto fresh, load_tls(*inside_->files));
  asio::post(inside_->io, [in = inside_.get(), fresh = std::move(fresh)]() mutable { in->tls = std::move(fresh); });
  return {};
}

std::uint16_t Door::port() const { return inside_->listener->port(); }

bool Door::wants(std::string_view topic) const { return inside_->house.topics.wants(topic); }
bool Door::wants_anything() const { return inside_->house.topics.wants_anything(); }

void Door::publish(std::string topic, std::string payload) {
  asio::post(inside_->io, [in = inside_.get(), topic = std::move(topic), payload = std::move(payload)] {
    for (auto const& line : std::vector(in->lines.begin(), in->lines.end())) line->tell(topic, payload);
  });
}

Door::Health Door::health() const {
  auto const& house = inside_->house;
  return {.connections = inside_->connections, .received = house.received, .sent = house.sent, .left_out = house.left_out, .held = house.held};
}

}  // namespace zhili::web::mqtt
