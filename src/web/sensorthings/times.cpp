#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

core::Result<core::Instant> read_time(std::string_view text) { return core::from_iso(text); }

std::optional<core::Duration> read_duration(std::string_view text) {
  bool const minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  constexpr double longest_ms = 1e14;  // three thousand years
  double ms = 0;
  bool clock = false, any = false;
  while (!text.empty()) {
    if (text.front() == 'T' && !clock) {
      clock = true;
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
      continue;
    }
    double number = 0;
    if (text.front() < '0' || text.front() > '9') return std::nullopt;
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || *(stop - 1) == '.') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (text.empty()) return std::nullopt;
    double unit = 0;
    switch (text.front()) {
      case 'W': unit = clock ? 0 : 7 * 86'400'000.0; break;
      case 'D': unit = clock ? 0 : 86'400'000.0; break;
      case 'H': unit = clock ? 3'600'000.0 : 0; break;
      case 'M': unit = clock ? 60'000.0 : 0; break;
      case 'S': unit = clock ? 1'000.0 : 0; break;
      default: break;
    }
    if (unit == 0) return std::nullopt;
    text.remove_prefix(1);
    ms += number * unit;
    any = true;
    if (!(ms < longest_ms)) return std::nullopt;
  }
  if (!any) return std::nullopt;
  auto const whole = static_cast<std::int64_t>(std::llround(ms));
  return core::Duration(minus ? -whole : whole);
}

core::Result<things::Span> read_span(std::string_view text) {
  auto const slash = text.find('/');
  ZHILI_TRY(auto const begin, read_time(text.substr(0, slash)));
  if (slash == std::string_view::npos) return things::Span{begin};
  auto const rest = text.substr(slash + 1);
  things::Span out{begin};
  if (auto const length = read_duration(rest)) {
    out.end = begin + *length;
  } else {
    ZHILI_TRY(out.end, read_time(rest));
  }
  if (*out.end < out.begin)
    return core::fail(core::Errc::invalid, "sensorthings.span", {"时段的终点早于起点。", "The span ends before it begins."});
  return out;
}

}  // namespace zhili::web::sensorthings
