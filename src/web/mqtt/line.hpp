#pragma once
// A client's connection. Inside of the MQTT door only.

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "sense/ingest/messages.hpp"
#include "web/mqtt/door.hpp"
#include "web/mqtt/session.hpp"

namespace zhili::web::mqtt {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// What anybody listens to, for other threads to ask. Thread-safe.
class Topics {
 public:
  void add(Subscription const& subscription);
  void remove(Subscription const& subscription);
  bool wants(std::string_view topic) const;
  bool wants_anything() const { return any_ > 0; }

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::size_t, std::less<>> plain_, wild_;  // filter → how many
  std::atomic<std::size_t> any_{0};
};

/// Lets other threads post to the door's for as long as it is there.
struct HouseGate {
  std::mutex mutex;
  asio::io_context* io = nullptr;
};

/// What all lines share.
struct House {
  asio::io_context& io;
  sense::ingest::Intake& intake;
  core::TimeSource const& time;
  std::function<std::optional<Who>(std::string_view, std::string_view)> who;
  CommandPost* commands = nullptr;
  Topics topics = {};
  std::shared_ptr<HouseGate> gate = std::make_shared<HouseGate>();
  std::atomic<std::uint64_t> received{0}, sent{0}, left_out{0}, held{0};
};

/// Everything but the socket. Lives on the door's thread.
class Line : public std::enable_shared_from_this<Line> {
 public:
  explicit Line(House& house);
  virtual ~Line();
  Line(Line const&) = delete;

  virtual void start() = 0;
  /// A message for it, if it listens to its topic.
  void tell(std::string_view topic, std::string_view payload);
  void look_at_clock(std::chrono::steady_clock::time_point now);

  std::function<void()> ended;

 protected:
  /// What came; then reads on or ends.
  void heard(std::string_view bytes);
  /// What was sent is gone.
  void wrote();
  void end();
  virtual void read() = 0;
  virtual void write(std::string const& bytes) = 0;
  virtual void close() = 0;
  bool over() const { return over_; }

 private:
  /// What a device says of a command.
  struct Answer {
    std::string serial;
    std::int64_t command = 0;
    std::string payload;
  };
  /// Messages of one client on their way, with what is acknowledged when they are durable.
  struct Bundle {
    sense::ingest::MessageReader::Group group = {};
    std::vector<std::uint16_t> ids = {};
    std::optional<Answer> answer = {};  ///< instead of readings
  };
  void subscribed(Subscription const& subscription);
  std::optional<Answer> answer_in(Publish const& published) const;
  std::function<void(bool)> on_the_disk(std::uint64_t number);
  void take(std::span<Publish const> published);
  void hand_over();
  void taken(std::uint64_t number, bool good);
  void read_on();
  void send();

  House& house_;
  Session session_;
  sense::ingest::MessageReader reader_;
  /// What the intake has and has not answered: acknowledged in the order in which it came (MQTT 3.1.1, 4.6).
  struct Flight {
    std::uint64_t number;
    std::vector<std::uint16_t> ids;
    bool durable = false;
  };
  std::deque<Bundle> waiting_;  // for the intake to have room for them
  std::deque<Flight> flights_;
  std::uint64_t flight_ = 0;
  asio::steady_timer hold_;
  std::string out_, sending_;
  bool reading_ = false, writing_ = false, holding_ = false, ending_ = false, over_ = false;
  std::chrono::steady_clock::time_point const began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_heard_ = began_, write_began_{};
};

template <class Stream>
class LineOver final : public Line {
 public:
  template <class... Args>
  LineOver(House& house, Args&&... args) : Line(house), stream_(std::forward<Args>(args)...) {}

  void start() override {
    if constexpr (is_tls)
      stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](error_code failed) {
        if (failed) self->end();
        else self->read();
      });
    else
      read();
  }

 private:
  static constexpr bool is_tls = !std::is_same_v<Stream, tcp::socket>;
  std::shared_ptr<LineOver> self() { return std::static_pointer_cast<LineOver>(this->shared_from_this()); }

  void read() override {
    stream_.async_read_some(asio::buffer(buffer_), [self = self()](error_code failed, std::size_t n) {
      if (failed) self->end();
      else self->heard({self->buffer_.data(), n});
    });
  }
  void write(std::string const& bytes) override {
    asio::async_write(stream_, asio::buffer(bytes), [self = self()](error_code failed, std::size_t) {
      if (failed) self->end();
      else self->wrote();
    });
  }
  void close() override {
    error_code ignored;
    auto& socket = [this]() -> tcp::socket& {
      if constexpr (is_tls) return stream_.next_layer();
      else return stream_;
    }();
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
  }

  Stream stream_;
  std::array<char, 16 * 1024> buffer_{};
};

}  // namespace zhili::web::mqtt
