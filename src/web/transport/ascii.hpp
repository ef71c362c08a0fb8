#pragma once
// Small things about ASCII text that HTTP needs everywhere. They know no locale.

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace zhili::web::ascii {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

constexpr bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alnum(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}
constexpr bool is_visible(char c) {
  return c > 0x20 && c < 0x7F;
}

/// A character of an HTTP token (RFC 9110, 5.6.2).
constexpr bool is_token(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Cuts off what stands before `separator`, and the separator.
constexpr std::string_view take(std::string_view& rest, char separator) {
  auto const end = std::min(rest.find(separator), rest.size());
  auto const item = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return item;
}

/// The weight of one item of an Accept-… list: "gzip;q=0.5" → 0.5; 1 if none is given, 0 if it cannot be
/// read.
inline double quality(std::string_view item) {
  take(item, ';');
  while (!item.empty()) {
    auto const parameter = trim(take(item, ';'));
    if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
    double value = 0;
    auto const text = parameter.substr(2);
    auto const read =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return read.ec == std::errc{} && value >= 0 && value <= 1 ? value : 0;
  }
  return 1;
}

}  // namespace zhili::web::ascii
