#pragma once
// The door for devices that speak MQTT, and for those who want to hear what is new: a listener of MQTT 3.1.1 in front of the intake.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/ingest/intake.hpp"
#include "web/mqtt/session.hpp"
#include "web/server.hpp"

namespace zhili::web::mqtt {

inline constexpr std::size_t mqtt_connections_max = 10'000;
/// From the first byte to CONNECT.
inline constexpr std::chrono::seconds connect_max{10};
/// Without a word from a client that promised no keep-alive; one that did has one and a half times of it.
inline constexpr std::chrono::seconds quiet_max{3'600};
/// A client takes what is sent to it within this.
inline constexpr std::chrono::seconds write_max{30};
/// Batches of one client that are not durable yet; it is not read from until there are fewer.
inline constexpr std::size_t batches_in_flight_max = 16;
/// What one client has not taken yet; what is new is left out for it until it has.
inline constexpr std::size_t outbox_bytes_max = 1024 * 1024;
/// A client of a device that sends too much is not read from for at most so long at once.
inline constexpr std::chrono::milliseconds hold_max{10'000};

/// Commands to devices that listen by MQTT: they are told under devices/SERIAL/commands and answered under devices/SERIAL/commands/NUMBER. Called on the
/// door's thread: it must not block.
class CommandPost {
 public:
  virtual ~CommandPost() = default;
  /// A device listens to its commands from now on.
  virtual void listens(std::string const& serial) = 0;
  /// What a device says of a command. `done` is called once, on any thread: the answer is on the disk, or wrong for good; false: it is to be sent again.
  virtual void answered(std::string const& serial, std::int64_t command, std::string payload, std::function<void(bool)> done) = 0;
};
/// "devices/G-7/commands".
std::string commands_topic(std::string_view serial);

struct DoorOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 1883;  ///< 0: any free one
  std::optional<TlsFiles> tls = {};
};

/// Messages are acknowledged (PUBACK) when they are durable, or kept in quarantine. A device that sends too much is read from more slowly: its
/// own messages wait with it, nobody else's do. If the store fails, the connection ends, and the client sends again what was not
/// acknowledged. Thread-safe.
class Door {
 public:
  /// `who`: the caller behind user and password, on the door's thread. `intake`, `time` and `commands` (none: answers are readings that nobody knows) outlive it. Errors: those of listening, and of TLS.
  static core::Result<std::unique_ptr<Door>> open(DoorOptions options, sense::ingest::Intake& intake, core::TimeSource const& time,
                                                  std::function<std::optional<Who>(std::string_view user, std::string_view password)> who, CommandPost* commands = nullptr);
  /// Ends all connections.
  ~Door();
  Door(Door const&) = delete;

  std::uint16_t port() const;
  /// Reads the TLS files again; connections that are there keep what they have. Errors: those of the files; then the old ones stay.
  core::Result<> reload_tls();

  /// Whether anybody listens to a topic now. Cheap, so that nothing is made for nobody.
  bool wants(std::string_view topic) const;
  /// Whether anybody listens to anything.
  bool wants_anything() const;
  /// To everybody who listens. What is private is never published: whoever calls this knows.
  void publish(std::string topic, std::string payload);

  struct Health {
    std::size_t connections = 0;
    std::uint64_t received = 0, sent = 0, left_out = 0, held = 0;
  };
  Health health() const;

 private:
  struct Inside;
  explicit Door(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::web::mqtt
