#include "app/demo/mqtt_gateway.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "web/mqtt/packets.hpp"

namespace zhili::app::demo {

namespace mqtt = web::mqtt;

namespace {

constexpr std::size_t in_flight_max = 200;  ///< messages that are sent before the first is acknowledged
constexpr int gateway_patience_s = 20;

}  // namespace

core::Result<> MqttGateway::lost(std::string detail) {
  close();
  return core::fail(core::Errc::unavailable, "demo.mqtt", {"演示网关和 MQTT 服务器的连接断了，下一分钟再试。", "The gateway of the demonstration has lost its MQTT server. It tries again in a minute."}, {}, std::move(detail));
}

void MqttGateway::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  in_.clear();
}

core::Result<> MqttGateway::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return lost(std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

core::Result<> MqttGateway::receive() {
  char bytes[4 * 1024];
  auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n <= 0) return lost(n == 0 ? "ended" : std::strerror(errno));
  in_.append(bytes, static_cast<std::size_t>(n));
  return {};
}

core::Result<> MqttGateway::connect() {
  if (fd_ >= 0) return {};
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval const patience{.tv_sec = gateway_patience_s, .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(options_.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0) return lost(std::strerror(errno));
  std::string out;
  mqtt::write_connect(out, {.client = "demo-gateway", .user = options_.user, .password = options_.password});
  ZHILI_CHECK(send(out));
  for (;;) {
    ZHILI_TRY(auto const packet, mqtt::next_packet(in_));
    if (!packet) {
      ZHILI_CHECK(receive());
      continue;
    }
    if (packet->type != mqtt::Type::connack || packet->body.size() != 2 || packet->body[1] != 0) return lost("refused");
    in_.erase(0, packet->bytes);
    return {};
  }
}

/// The first messages that wait leave when all of them were acknowledged.
core::Result<> MqttGateway::send_some() {
  auto const many = std::min(waiting_.size(), in_flight_max);
  std::string out;
  for (std::size_t i = 0; i < many; ++i) mqtt::write_publish(out, waiting_[i].topic, waiting_[i].payload, static_cast<std::uint16_t>(i + 1));
  ZHILI_CHECK(send(out));
  for (std::size_t heard = 0; heard < many;) {
    ZHILI_TRY(auto const packet, mqtt::next_packet(in_));
    if (!packet) {
      ZHILI_CHECK(receive());
      continue;
    }
    if (packet->type == mqtt::Type::puback) ++heard;
    in_.erase(0, packet->bytes);
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(many));
  return {};
}

core::Result<> MqttGateway::publish(std::vector<Message> messages) {
  std::ranges::move(messages, std::back_inserter(waiting_));
  while (waiting_.size() > waiting_max) waiting_.pop_front();
  while (!waiting_.empty()) {
    ZHILI_CHECK(connect());
    ZHILI_CHECK(send_some());
  }
  return {};
}

}  // namespace zhili::app::demo
