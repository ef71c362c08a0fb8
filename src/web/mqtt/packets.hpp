#pragma once
// Control packets of MQTT 3.1.1 (OASIS standard, 2014), read and written. Pure; believes nothing.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace zhili::web::mqtt {

/// A packet; a longer one ends the connection.
inline constexpr std::size_t packet_bytes_max = 300 * 1024;
/// Filters in one SUBSCRIBE or UNSUBSCRIBE.
inline constexpr std::size_t filters_of_packet_max = 100;

enum class Type : std::uint8_t {
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14
};

/// One packet as it stands in the input.
struct Packet {
  Type type{};
  std::uint8_t flags = 0;
  std::string_view body = {};
  std::size_t bytes = 0;  ///< with its head
};

/// The packet that the input begins with; nothing: it is not whole yet. Errors: invalid (no packet of MQTT), limit.
core::Result<std::optional<Packet>> next_packet(std::string_view input);

struct Connect {
  bool level_known = true;  ///< false: another version of MQTT; the rest was not read
  std::string_view client = {};
  std::string_view user = {}, password = {};
  std::uint16_t keep_alive_s = 0;
  bool clean = true;
  bool has_will = false;
};

struct Publish {
  std::string_view topic = {};
  std::string_view payload = {};
  std::uint16_t id = 0;  ///< of QoS 1
  std::uint8_t qos = 0;
};

struct Filters {
  std::uint16_t id = 0;
  std::vector<std::string_view> filters = {};
};

// What the body says. Errors: invalid, whatever the standard calls malformed; QoS 2 is not offered.
core::Result<Connect> read_connect(Packet const& packet);
core::Result<Publish> read_publish(Packet const& packet);
core::Result<Filters> read_subscribe(Packet const& packet);
core::Result<Filters> read_unsubscribe(Packet const& packet);

enum class Welcome : std::uint8_t { accepted = 0, wrong_level = 1, unavailable = 3, not_authorized = 5 };

// Packets, appended to `out`.
void write_connack(std::string& out, Welcome welcome);
void write_puback(std::string& out, std::uint16_t id);
/// All with QoS 0, or refused.
void write_suback(std::string& out, std::uint16_t id, std::vector<bool> const& granted);
void write_unsuback(std::string& out, std::uint16_t id);
void write_pingresp(std::string& out);
/// `id` 0: QoS 0; else QoS 1.
void write_publish(std::string& out, std::string_view topic, std::string_view payload, std::uint16_t id = 0);
/// As a client does: `client`, `user`, `password`, `keep_alive_s` of it, a clean session and no will.
void write_connect(std::string& out, Connect const& connect);

}  // namespace zhili::web::mqtt
