// Publishes readings of many devices by MQTT 3.1.1 over many connections, from one thread, so that it costs little beside whoever takes them.
//
//   mqtt PORT USER PASSWORD DEVICES CONNECTIONS ROUNDS QOS RATE PATTERN
//
// Device n is "B-n" and publishes {"t":…,"v":…} to devices/B-n/level, always over the same connection, one reading a round. RATE: messages a second,
// 0: as fast as they are acknowledged. With QoS 1 a connection that breaks is made again, and what was not acknowledged is sent again. PATTERN:
//   thrice  every tenth device ends with three readings above the limit; the others are above it twice and below once, again and again
//   once    in each round other devices are above the limit, each once; times are those of sending
//   last    one low reading after the other; times are those of sending
// Prints JSON: messages, acknowledged, broken connections, seconds, and when the last one was sent (Unix, seconds).

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "web/mqtt/packets.hpp"

namespace {

namespace mqtt = zhili::web::mqtt;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t window = 200;           // messages of a connection that are not acknowledged
constexpr std::size_t out_bytes_max = 256 << 10;
constexpr double low = 3.5, high = 22.5;
constexpr std::int64_t raised_every = 500, raised_shift = 83;

std::int64_t unix_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

struct Plan {
  std::uint16_t port = 0;
  std::string user, password;
  std::int64_t devices = 0, connections = 0, rounds = 0;
  int qos = 1;
  double rate = 0;
  std::string pattern;
  std::int64_t begin_ms = 0;

  std::int64_t messages() const { return devices * rounds; }
  double value(std::int64_t device, std::int64_t round) const {
    if (pattern == "last") return low;
    if (pattern == "once") return (device + round * raised_shift) % raised_every == 0 ? high : low;
    if (device % 10 == 0) return round >= rounds - 3 ? high : low;
    return round % 3 == 2 ? low : high;
  }
  std::int64_t time(std::int64_t round) const { return pattern == "thrice" ? begin_ms + round * 1'000 : unix_ms(); }
};

/// Devices number, number + connections, …; message n of it is reading n / (its devices) of its device n % (its devices).
class Connection {
 public:
  Connection(Plan const& plan, std::int64_t number) : plan_(plan), number_(number), devices_((plan.devices - number + plan.connections - 1) / plan.connections), all_(devices_ * plan.rounds) { open(); }

  int fd() const { return fd_; }
  bool wants_to_write() const { return !out_.empty(); }
  std::int64_t sent() const { return next_; }
  std::int64_t acknowledged() const { return plan_.qos == 0 ? next_ : done_; }
  std::int64_t broken() const { return broken_; }
  bool is_done() const { return acknowledged() == all_ && out_.empty(); }
  bool may_send() const { return next_ < all_ && out_.size() < out_bytes_max && (plan_.qos == 0 || next_ - done_ < window); }

  void send_one() {
    auto const device = number_ + next_ % devices_ * plan_.connections;
    auto const round = next_ / devices_;
    auto const topic = fmt::format("devices/B-{}/level", device);
    auto const payload = fmt::format(R"({{"t":{},"v":{}}})", plan_.time(round), plan_.value(device, round));
    mqtt::write_publish(out_, topic, payload, plan_.qos == 0 ? 0 : id_of(next_));
    ++next_;
  }

  void write() {
    auto const n = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) out_.erase(0, static_cast<std::size_t>(n));
    else if (n < 0 && errno != EAGAIN) again();
  }

  void read() {
    char bytes[16 << 10];
    auto const n = ::recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return again();
    if (n < 0) return;
    in_.append(bytes, static_cast<std::size_t>(n));
    std::size_t read = 0;
    while (true) {
      auto const packet = mqtt::next_packet(std::string_view(in_).substr(read));
      if (!packet) throw std::runtime_error("not MQTT");
      if (!*packet) break;
      take(**packet);
      read += (*packet)->bytes;
    }
    in_.erase(0, read);
  }

  /// A server that is away is asked again with the next look.
  void reopen_if_lost() {
    if (fd_ < 0) open();
  }

 private:
  static std::uint16_t id_of(std::int64_t message) { return static_cast<std::uint16_t>(message % 60'000 + 1); }

  void take(mqtt::Packet const& packet) {
    if (packet.type == mqtt::Type::connack && packet.body.size() == 2 && packet.body[1] != 0) throw std::runtime_error("refused");
    if (packet.type != mqtt::Type::puback) return;
    auto const id = static_cast<std::uint16_t>(static_cast<unsigned char>(packet.body[0]) << 8 | static_cast<unsigned char>(packet.body[1]));
    if (early_.empty() && id == id_of(done_)) {
      ++done_;
      return;
    }
    for (auto message = done_; message < next_; ++message)
      if (id_of(message) == id) early_.push_back(message);
    std::ranges::sort(early_);
    while (!early_.empty() && early_.front() <= done_) {
      done_ = std::max(done_, early_.front() + 1);
      early_.erase(early_.begin());
    }
  }

  void again() {
    if (plan_.qos == 0) throw std::runtime_error("the connection is gone");
    ::close(fd_);
    fd_ = -1;
    ++broken_;
    in_.clear();
    out_.clear();
    early_.clear();
    next_ = done_;
    open();
  }

  void open() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(plan_.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0) {
      ::close(fd_);
      fd_ = -1;
      return;
    }
    int const on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    mqtt::write_connect(out_, {.client = fmt::format("bench-{}", number_), .user = plan_.user, .password = plan_.password});
  }

  Plan const& plan_;
  std::int64_t number_, devices_, all_;
  std::int64_t next_ = 0, done_ = 0, broken_ = 0;
  std::vector<std::int64_t> early_;  // acknowledged before one that was sent before
  int fd_ = -1;
  std::string in_, out_;
};

/// How many messages may have been sent by now.
std::int64_t allowed(Plan const& plan, Clock::time_point begin) {
  if (plan.rate == 0) return plan.messages();
  return static_cast<std::int64_t>(std::chrono::duration<double>(Clock::now() - begin).count() * plan.rate);
}

void publish_all(Plan const& plan, std::vector<Connection>& all, Clock::time_point begin) {
  std::vector<pollfd> waiting(all.size());
  for (;;) {
    std::int64_t sent = 0;
    bool done = true;
    for (auto& one : all) {
      one.reopen_if_lost();
      sent += one.sent();
      done = done && one.is_done();
    }
    if (done) return;
    // In turns, so that rounds stay together.
    auto const may = allowed(plan, begin);
    for (bool some = true; some && sent < may;) {
      some = false;
      for (auto& one : all)
        if (sent < may && one.fd() >= 0 && one.may_send()) {
          one.send_one();
          ++sent;
          some = true;
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) waiting[i] = {all[i].fd(), static_cast<short>(POLLIN | (all[i].wants_to_write() ? POLLOUT : 0)), 0};
    ::poll(waiting.data(), waiting.size(), plan.rate == 0 ? 20 : 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (waiting[i].revents & POLLOUT) all[i].write();
      if (all[i].fd() == waiting[i].fd && (waiting[i].revents & (POLLIN | POLLHUP | POLLERR))) all[i].read();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 10) {
    fmt::print(stderr, "mqtt PORT USER PASSWORD DEVICES CONNECTIONS ROUNDS QOS RATE thrice|once|last\n");
    return 2;
  }
  Plan plan{.port = static_cast<std::uint16_t>(std::atoi(argv[1])), .user = argv[2], .password = argv[3], .devices = std::atoll(argv[4]), .connections = std::atoll(argv[5]),
            .rounds = std::atoll(argv[6]), .qos = std::atoi(argv[7]), .rate = std::atof(argv[8]), .pattern = argv[9]};
  plan.begin_ms = unix_ms() - plan.rounds * 1'000;
  try {
    std::vector<Connection> all;
    for (std::int64_t i = 0; i < plan.connections; ++i) all.emplace_back(plan, i);
    auto const begin = Clock::now();
    publish_all(plan, all, begin);
    auto const seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::int64_t acknowledged = 0, broken = 0;
    for (auto const& one : all) {
      acknowledged += one.acknowledged();
      broken += one.broken();
    }
    fmt::print(R"({{"messages":{},"acknowledged":{},"broken":{},"seconds":{:.3f},"last":{:.3f}}})"
               "\n",
               plan.messages(), acknowledged, broken, seconds, static_cast<double>(unix_ms()) / 1000);
  } catch (std::exception const& error) {
    fmt::print(stderr, "mqtt: {}\n", error.what());
    return 1;
  }
}
