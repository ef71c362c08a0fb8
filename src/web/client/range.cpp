#include "web/client/range.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

namespace zhili::web::client {

namespace {

constexpr std::size_t v4_at = 12;  // where IPv4 begins in ::ffff:a.b.c.d
constexpr int v4_prefix_bits = 96;

Address mapped(std::uint8_t const* four) {
  Address out{};
  out[10] = out[11] = 0xFF;
  std::copy_n(four, 4, out.begin() + v4_at);
  return out;
}

Range range(char const* text) { return parse_range(text).value(); }

bool is_special(Address const& address) {
  static Range const special[] = {
      range("0.0.0.0/8"),       range("10.0.0.0/8"),     range("100.64.0.0/10"), range("127.0.0.0/8"),
      range("169.254.0.0/16"),  range("172.16.0.0/12"),  range("192.0.0.0/24"),  range("192.0.2.0/24"),
      range("192.88.99.0/24"),  range("192.168.0.0/16"), range("198.18.0.0/15"), range("198.51.100.0/24"),
      range("203.0.113.0/24"),  range("224.0.0.0/4"),    range("240.0.0.0/4"),   range("2001::/23"),
      range("2001:db8::/32"),   range("3fff::/20"),
  };
  return std::any_of(std::begin(special), std::end(special), [&](Range const& r) { return r.holds(address); });
}

}  // namespace

bool Range::holds(Address const& address) const {
  auto const whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  int const rest = bits % 8;
  return rest == 0 || (base[whole] >> (8 - rest)) == (address[whole] >> (8 - rest));
}

std::optional<Range> parse_range(std::string_view text) {
  auto const slash = text.find('/');
  std::string const host(text.substr(0, slash));
  Range out;
  bool const v6 = host.find(':') != std::string::npos;
  if (v6) {
    if (::inet_pton(AF_INET6, host.c_str(), out.base.data()) != 1) return {};
  } else {
    std::uint8_t four[4];
    if (::inet_pton(AF_INET, host.c_str(), four) != 1) return {};
    out.base = mapped(four);
  }
  if (slash == std::string_view::npos) return out;
  auto const length = text.substr(slash + 1);
  int bits = 0;
  auto const [end, failed] = std::from_chars(length.data(), length.data() + length.size(), bits);
  bool const number = failed == std::errc{} && end == length.data() + length.size();
  if (!number || bits < 0 || bits > (v6 ? 128 : 32)) return {};
  out.bits = v6 ? bits : v4_prefix_bits + bits;
  return out;
}

std::optional<Address> address_of(sockaddr const& at) {
  if (at.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &at, sizeof v4);
    std::uint8_t four[4];
    std::memcpy(four, &v4.sin_addr, sizeof four);
    return mapped(four);
  }
  if (at.sa_family != AF_INET6) return {};
  sockaddr_in6 v6;
  std::memcpy(&v6, &at, sizeof v6);
  Address out;
  std::memcpy(out.data(), &v6.sin6_addr, out.size());
  return out;
}

bool is_public(Address const& address) {
  static Range const mapped_v4 = range("::ffff:0:0/96");
  static Range const nat64 = range("64:ff9b::/96");
  static Range const six_to_four = range("2002::/16");
  static Range const global_unicast = range("2000::/3");
  if (nat64.holds(address)) return is_public(mapped(address.data() + v4_at));
  if (six_to_four.holds(address)) return is_public(mapped(address.data() + 2));
  if (mapped_v4.holds(address)) return !is_special(address);
  return global_unicast.holds(address) && !is_special(address);
}

}  // namespace zhili::web::client
