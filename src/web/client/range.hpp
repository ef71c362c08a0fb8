#pragma once
// Ranges of IP addresses, and which of them are public on the internet. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

struct sockaddr;

namespace zhili::web::client {

/// IPv6, or IPv4 as ::ffff:a.b.c.d.
using Address = std::array<std::uint8_t, 16>;

struct Range {
  Address base{};
  int bits = 128;  ///< of `base` that count
  bool holds(Address const& address) const;
};

/// "10.0.0.0/8", "fd00::/8", "192.0.2.1". Nothing if it is neither.
std::optional<Range> parse_range(std::string_view text);

/// The address of an IPv4 or IPv6 socket; nothing for other families.
std::optional<Address> address_of(sockaddr const& socket_address);

/// Whether IANA's special-purpose registries (RFC 6890) leave it to the public internet. An IPv4 address that an IPv6
/// one carries (mapped, NAT64, 6to4) is judged as the IPv4 address.
bool is_public(Address const& address);

}  // namespace zhili::web::client
