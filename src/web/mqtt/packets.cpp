#include "web/mqtt/packets.hpp"

#include "web/utf8.hpp"

namespace zhili::web::mqtt {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t length_bytes_max = 4;
constexpr std::uint8_t level_3_1_1 = 4;

tl::unexpected<core::Error> malformed(char const* what) { return fail(Errc::invalid, "mqtt.packet", {"不是正确的 MQTT 3.1.1 报文。", "This is not a well-formed packet of MQTT 3.1.1."}, {}, what); }

/// The parts of a body in their order. After one that is not there all are empty, and `good` is false.
class BodyParts {
 public:
  explicit BodyParts(std::string_view body) : rest_(body) {}
  std::uint8_t byte() {
    if (rest_.empty()) {
      good = false;
      return 0;
    }
    auto const out = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return out;
  }
  std::uint16_t number() {
    auto const high = byte();
    return static_cast<std::uint16_t>(high << 8U | byte());
  }
  std::string_view bytes() {
    std::size_t const size = number();
    if (size > rest_.size()) good = false;
    if (!good) return {};
    auto const out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::string_view text() {
    auto const out = bytes();
    good = good && is_clean_utf8(out);
    return out;
  }
  std::string_view rest() const { return rest_; }
  bool good = true;

 private:
  std::string_view rest_;
};

core::Result<Filters> read_filters(Packet const& packet, bool with_qos) {
  if (packet.flags != 2) return malformed("flags");
  BodyParts parts(packet.body);
  Filters out{.id = parts.number()};
  while (parts.good && !parts.rest().empty()) {
    out.filters.push_back(parts.text());
    if (with_qos && parts.byte() > 2) parts.good = false;
    if (out.filters.size() > filters_of_packet_max) return malformed("too many filters");
  }
  if (!parts.good || out.id == 0 || out.filters.empty()) return malformed("filters");
  return out;
}

void write_head(std::string& out, Type type, std::uint8_t flags, std::size_t length) {
  out += static_cast<char>(static_cast<std::uint8_t>(type) << 4U | flags);
  do {
    auto byte = static_cast<std::uint8_t>(length & 0x7FU);
    length >>= 7U;
    if (length > 0) byte |= 0x80U;
    out += static_cast<char>(byte);
  } while (length > 0);
}

void write_number(std::string& out, std::size_t number) {
  out += static_cast<char>(number >> 8U & 0xFFU);
  out += static_cast<char>(number & 0xFFU);
}

}  // namespace

core::Result<std::optional<Packet>> next_packet(std::string_view input) {
  if (input.empty()) return std::nullopt;
  auto const first = static_cast<std::uint8_t>(input[0]);
  Packet out{.type = static_cast<Type>(first >> 4U), .flags = static_cast<std::uint8_t>(first & 0x0FU)};
  if (out.type < Type::connect || out.type > Type::disconnect) return malformed("type");
  std::size_t length = 0, at = 1;
  for (;; ++at) {
    if (at > length_bytes_max) return malformed("length");
    if (at == input.size()) return std::nullopt;
    auto const byte = static_cast<std::uint8_t>(input[at]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << (7 * (at - 1));
    if ((byte & 0x80U) == 0) break;
  }
  ++at;
  if (length > packet_bytes_max) return fail(Errc::limit, "mqtt.packet_bytes", {"报文太长。", "The packet is too long."});
  if (input.size() < at + length) return std::nullopt;
  out.body = input.substr(at, length);
  out.bytes = at + length;
  return out;
}

core::Result<Connect> read_connect(Packet const& packet) {
  BodyParts parts(packet.body);
  auto const protocol = parts.text();
  auto const level = parts.byte();
  if (packet.flags != 0 || !parts.good || (protocol != "MQTT" && protocol != "MQIsdp")) return malformed("protocol");
  if (protocol != "MQTT" || level != level_3_1_1) return Connect{.level_known = false};
  auto const flags = parts.byte();
  enum : unsigned { reserved = 1, clean = 2, will = 4, will_qos = 0x18, will_retain = 0x20, password = 0x40, user = 0x80 };
  Connect out{.keep_alive_s = parts.number(), .clean = (flags & clean) != 0, .has_will = (flags & will) != 0};
  out.client = parts.text();
  if (out.has_will) {
    parts.text();
    parts.bytes();
  }
  if ((flags & user) != 0) out.user = parts.text();
  if ((flags & password) != 0) out.password = parts.bytes();
  bool const will_flags_good = out.has_will ? (flags & will_qos) != will_qos : (flags & (will_qos | will_retain)) == 0;
  bool const user_flags_good = (flags & password) == 0 || (flags & user) != 0;
  if (!parts.good || !parts.rest().empty() || (flags & reserved) != 0 || !will_flags_good || !user_flags_good) return malformed("connect");
  return out;
}

core::Result<Publish> read_publish(Packet const& packet) {
  BodyParts parts(packet.body);
  Publish out{.topic = parts.text(), .qos = static_cast<std::uint8_t>(packet.flags >> 1U & 3U)};
  if (out.qos == 2) return malformed("QoS 2 is not offered");
  if (out.qos > 2 || (out.qos == 0 && (packet.flags & 8U) != 0)) return malformed("flags");
  if (out.qos == 1) out.id = parts.number();
  bool const plain = out.topic.find_first_of("+#") == std::string_view::npos;
  if (!parts.good || out.topic.empty() || !plain || (out.qos == 1 && out.id == 0)) return malformed("publish");
  out.payload = parts.rest();
  return out;
}

core::Result<Filters> read_subscribe(Packet const& packet) { return read_filters(packet, true); }
core::Result<Filters> read_unsubscribe(Packet const& packet) { return read_filters(packet, false); }

void write_connack(std::string& out, Welcome welcome) {
  write_head(out, Type::connack, 0, 2);
  out += '\0';
  out += static_cast<char>(welcome);
}

void write_puback(std::string& out, std::uint16_t id) {
  write_head(out, Type::puback, 0, 2);
  write_number(out, id);
}

void write_suback(std::string& out, std::uint16_t id, std::vector<bool> const& granted) {
  write_head(out, Type::suback, 0, 2 + granted.size());
  write_number(out, id);
  for (bool const good : granted) out += good ? '\0' : '\x80';
}

void write_unsuback(std::string& out, std::uint16_t id) {
  write_head(out, Type::unsuback, 0, 2);
  write_number(out, id);
}

void write_pingresp(std::string& out) { write_head(out, Type::pingresp, 0, 0); }

void write_publish(std::string& out, std::string_view topic, std::string_view payload, std::uint16_t id) {
  constexpr std::uint8_t qos_1 = 0x02;
  write_head(out, Type::publish, id == 0 ? 0 : qos_1, 2 + topic.size() + (id == 0 ? 0 : 2) + payload.size());
  write_number(out, topic.size());
  out += topic;
  if (id != 0) write_number(out, id);
  out += payload;
}

void write_connect(std::string& out, Connect const& connect) {
  using namespace std::string_view_literals;
  constexpr char user_password_clean = '\xc2';
  auto const head = "\0\4MQTT\4"sv;
  auto const words = {connect.client, connect.user, connect.password};
  std::size_t length = head.size() + 3;
  for (auto const word : words) length += 2 + word.size();
  write_head(out, Type::connect, 0, length);
  out += head;
  out += user_password_clean;
  write_number(out, connect.keep_alive_s);
  for (auto const word : words) {
    write_number(out, word.size());
    out += word;
  }
}

}  // namespace zhili::web::mqtt
