#pragma once
// The head of a request, read strictly: what two programs could read differently is refused, because that is
// how requests are smuggled past a proxy.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "web/http.hpp"

namespace zhili::web {

struct HeadLimits {
  std::size_t target_bytes_max = 8 * 1024;
  std::size_t head_bytes_max = 16 * 1024;
  std::size_t header_lines_max = 64;
};

/// How the body follows.
enum class Framing : std::uint8_t { none, length, chunked };

struct Head {
  Method method = Method::get;
  std::string target;
  bool version_1_1 = true;
  Headers headers;
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;  ///< with Framing::length
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Where the head ends (after its empty line), 0 if more bytes are needed. Looks at each byte once: `seen` is
/// kept between calls and begins at 0. Errors: as soon as they can be seen: a control character, a line feed
/// without its carriage return, or more than the limits.
core::Result<std::size_t> find_head_end(std::string_view bytes, std::size_t& seen, HeadLimits const& limits);

/// Reads a whole head, up to and with its empty line. Errors carry the keys of http_status(): "http.method"
/// never comes from here (an unknown method is "http.not_implemented").
core::Result<Head> parse_head(std::string_view bytes, HeadLimits const& limits);

}  // namespace zhili::web
