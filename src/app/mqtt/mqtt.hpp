#pragma once
// Everything that speaks MQTT, put together: our own door, the feed to those who listen, and the stream of a NATS server.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/mqtt/commands.hpp"
#include "app/mqtt/fetching.hpp"
#include "app/mqtt/message_pump.hpp"
#include "app/mqtt/nats_server.hpp"
#include "bus/worker.hpp"
#include "web/ingest/ingest.hpp"
#include "web/mqtt/door.hpp"
#include "web/mqtt/feed.hpp"

namespace zhili::app {

/// Where a nats-server is looked for when nobody named one.
inline constexpr std::uint16_t nats_port_usual = 4222;

struct MqttOptions {
  std::optional<web::mqtt::DoorOptions> door = {};  ///< nothing: no door of our own
  std::string nats = {};                            ///< URL; empty: none is used
  std::string base = {};                            ///< of SensorThings, for links: "https://city.example/sensorthings/v1.1"
};

/// What it is given outlives it.
class Mqtt {
 public:
  struct Parts {
    sense::ingest::Intake& intake;
    core::TimeSource const& time;  ///< the city's
    core::TimeSource const& wall;  ///< the world's, which may be the same
    /// The caller behind user and password: a device by its serial number and its password (devices::Gatekeeper), a program as user "key" with an
    /// API key of the scope sensing.write. Nothing: refused.
    std::function<std::optional<web::mqtt::Who>(std::string_view user, std::string_view password)> who;
    /// Whether everybody may know of a datastream.
    std::function<bool(std::int64_t datastream)> is_public;
    MqttCommands& commands;  ///< to devices at our own door
    Fetching& fetching;      ///< says who fetches from the NATS server, and is told what waits there
  };
  /// Errors: those of the door. A NATS server that does not answer is no error: it is tried again and again.
  static core::Result<std::unique_ptr<Mqtt>> open(MqttOptions options, Parts parts);
  /// Ends the connections; what was taken is acknowledged first.
  ~Mqtt();

  web::mqtt::Door* door() { return door_.get(); }
  web::mqtt::Feed* feed() { return feed_.get(); }
  bool has_stream() const { return stream_ != nullptr; }
  /// Of the stream; for GET /api/v1/ingest.
  web::MqttHealth health() const;
  void add_metrics(web::Metrics& metrics) const;

 private:
  explicit Mqtt(Parts parts) : parts_(std::move(parts)) {}
  std::chrono::nanoseconds round();

  Parts parts_;
  std::unique_ptr<web::mqtt::Door> door_;
  std::unique_ptr<web::mqtt::Feed> feed_;
  std::unique_ptr<bus::JetStream> stream_;
  std::unique_ptr<MessagePump> pump_;
  std::atomic<bool> elsewhere_ = false;
  bool fetching_ = false;    // of the worker
  core::Instant renewed_{};  // the same
  std::string broker_;       // the same
  std::unique_ptr<bus::Worker> worker_;
};

/// "nats://127.0.0.1:4222" if something listens there; else empty.
std::string nats_on_loopback();

}  // namespace zhili::app
