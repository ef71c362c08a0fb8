#pragma once
// One client of the MQTT door, without its socket: bytes in, bytes out, and what it wants of us.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sense/ingest/incoming.hpp"
#include "web/mqtt/filters.hpp"
#include "web/mqtt/packets.hpp"

namespace zhili::web::mqtt {

inline constexpr std::size_t subscriptions_of_session_max = 200;
/// Of topics that are one device's.
inline constexpr std::string_view of_devices = "devices/";

/// Who is connected.
struct Who {
  sense::ingest::Source source = {};  ///< as which it writes; neither a device nor `any_stream`: it only listens
  std::string serial = {};            ///< of a device: it hears what is sent to devices/SERIAL/…
};

/// MQTT 3.1.1 as a server that keeps nothing of a client beyond its connection: QoS 0 and 1 in, QoS 0 out; no retained messages, no wills.
/// Not thread-safe, never blocks.
class Session {
 public:
  struct Outside {
    /// Nothing: refused.
    std::function<std::optional<Who>(std::string_view user, std::string_view password)> who;
    /// Messages in their order, good during the call. Those of QoS 1 are acknowledged by acknowledge() when they are durable.
    std::function<void(std::span<Publish const>)> take;
    std::function<void(Subscription const&)> subscribed;
    std::function<void(std::string const& asked)> unsubscribed;
  };
  explicit Session(Outside outside) : outside_(std::move(outside)) {}

  /// Takes in what came; what is to be sent is appended to `out`. False: the connection is to end when that is sent.
  bool feed(std::string_view bytes, std::string& out);
  static void acknowledge(std::span<std::uint16_t const> ids, std::string& out);

  bool connected() const { return who_.has_value(); }
  Who const& who() const { return *who_; }
  std::uint16_t keep_alive_s() const { return keep_alive_s_; }
  std::vector<Subscription> const& subscriptions() const { return subscriptions_; }
  /// Whether somebody who is connected may hear of a topic: those of SensorThings everybody, of devices/SERIAL/… that device and programs.
  static bool may_hear(Who const& who, std::string_view topic);

 private:
  bool handle(Packet const& packet, std::string& out);
  bool connect(Packet const& packet, std::string& out);
  bool subscribe(Packet const& packet, std::string& out);
  bool unsubscribe(Packet const& packet, std::string& out);

  Outside outside_;
  std::string in_;
  std::optional<Who> who_;
  std::uint16_t keep_alive_s_ = 0;
  std::vector<Subscription> subscriptions_;
  std::vector<Publish> published_;  // of the bytes that are fed
};

}  // namespace zhili::web::mqtt
