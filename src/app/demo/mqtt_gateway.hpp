#pragma once
// A gateway that speaks MQTT 3.1.1, as those in lamp posts do.

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace zhili::app::demo {

/// Publishes with QoS 1 to a server on this machine. Blocks. Not thread-safe.
class MqttGateway {
 public:
  /// What waits for a server that is away; the oldest go first.
  static constexpr std::size_t waiting_max = 100'000;

  struct Options {
    std::uint16_t port = 1883;
    std::string user = {}, password = {};
  };
  struct Message {
    std::string topic, payload;
  };

  explicit MqttGateway(Options options) : options_(std::move(options)) {}
  ~MqttGateway() { close(); }
  MqttGateway(MqttGateway const&) = delete;

  /// Sends what waits and these, and comes back when each was acknowledged. Connects where it has to. Errors: unavailable; what was not
  /// acknowledged waits for the next call, so that some of it may come twice.
  core::Result<> publish(std::vector<Message> messages);

 private:
  core::Result<> connect();
  core::Result<> send_some();
  core::Result<> send(std::string_view bytes);
  core::Result<> receive();
  core::Result<> lost(std::string detail);
  void close();

  Options options_;
  int fd_ = -1;
  std::string in_;
  std::deque<Message> waiting_;
};

}  // namespace zhili::app::demo
