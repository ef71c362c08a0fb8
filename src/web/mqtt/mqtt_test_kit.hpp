#pragma once
// For tests of the MQTT door: packets as a client writes them, and a client on a socket.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "web/mqtt/packets.hpp"

namespace zhili::web::mqtt::test {

inline constexpr int patience_ms = 30'000;

inline std::string text(std::string_view bytes) { return std::string{static_cast<char>(bytes.size() >> 8U), static_cast<char>(bytes.size() & 0xFFU)} + std::string(bytes); }

inline std::string packet(unsigned first, std::string const& body) {
  std::string out(1, static_cast<char>(first));
  std::size_t length = body.size();
  do {
    out += static_cast<char>((length & 0x7FU) | (length > 0x7FU ? 0x80U : 0U));
    length >>= 7U;
  } while (length > 0);
  return out + body;
}

inline std::string number(unsigned n) { return {static_cast<char>(n >> 8U), static_cast<char>(n & 0xFFU)}; }

inline std::string connect(std::string_view client, std::string_view user, std::string_view password, unsigned keep_alive_s = 0) {
  return packet(0x10, text("MQTT") + "\x04\xc2" + number(keep_alive_s) + text(client) + text(user) + text(password));
}

/// `id` 0: QoS 0.
inline std::string publish(std::string_view topic, std::string_view payload, unsigned id) {
  return packet(id == 0 ? 0x30 : 0x32, text(topic) + (id == 0 ? std::string() : number(id)) + std::string(payload));
}

inline std::string subscribe(std::string_view filter, unsigned id = 1) { return packet(0x82, number(id) + text(filter) + std::string(1, '\0')); }
inline std::string unsubscribe(std::string_view filter, unsigned id = 1) { return packet(0xa2, number(id) + text(filter)); }

/// A client that waits for what it expects.
class MqttClient {
 public:
  explicit MqttClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~MqttClient() { ::close(fd_); }
  MqttClient(MqttClient const&) = delete;

  MqttClient& send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return *this;
  }
  /// The next packet, whole; empty when the connection has ended.
  std::string next() {
    for (;;) {
      auto const found = next_packet(in_);
      if (found && *found) {
        auto const out = in_.substr(0, (*found)->bytes);
        in_.erase(0, out.size());
        return out;
      }
      if (!more()) return {};
    }
  }
  bool ended() {
    while (more()) {
    }
    return in_.empty();
  }
  /// Whether something comes within a moment.
  bool hears_soon(int ms) {
    pollfd ready{fd_, POLLIN, 0};
    return !in_.empty() || ::poll(&ready, 1, ms) > 0;
  }

 private:
  bool more() {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0) {
      ADD_FAILURE() << "the door keeps us waiting";
      return false;
    }
    char bytes[16 * 1024];
    auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n > 0) in_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }
  int fd_;
  std::string in_;
};

inline std::string const welcome("\x20\x02\0\0", 4);
inline std::string puback(unsigned id) { return packet(0x40, number(id)); }

}  // namespace zhili::web::mqtt::test
