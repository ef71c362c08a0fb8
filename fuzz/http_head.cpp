// Whatever our strict reader and Beast's parser both take as a request, they must read the same way, and it
// must not matter how the bytes are cut into pieces: a request that two programs read differently is how
// proxies are fooled.
#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "web/transport/body.hpp"
#include "web/transport/head.hpp"

namespace {

namespace http = boost::beast::http;
using zhili::web::BodyReader;
using zhili::web::find_head_end;
using zhili::web::HeadLimits;
using zhili::web::parse_head;

constexpr std::size_t body_bytes_max = 4096;

struct Message {
  std::string method, target, body;
  std::size_t bytes = 0;
  bool operator==(Message const&) const = default;
};

/// Reads a message that arrives in two pieces.
std::optional<Message> read_ours(std::string_view bytes, std::size_t cut) {
  HeadLimits const limits;
  std::size_t seen = 0;
  auto end = find_head_end(bytes.substr(0, cut), seen, limits);
  if (end && *end == 0) end = find_head_end(bytes, seen, limits);
  if (!end || *end == 0) return std::nullopt;
  auto const head = parse_head(bytes.substr(0, *end), limits);
  if (!head) return std::nullopt;
  BodyReader reader(head->framing, head->content_length, body_bytes_max);
  auto const middle = std::max(*end, cut);
  auto first = bytes.substr(*end, middle - *end);
  if (!reader.feed(first)) return std::nullopt;
  auto rest = bytes.substr(middle - first.size());
  if (!reader.feed(rest) || !reader.done()) return std::nullopt;
  return Message{std::string(zhili::web::name(head->method)), head->target, reader.take(),
                 bytes.size() - rest.size()};
}

std::optional<Message> read_beast(std::string_view bytes) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(body_bytes_max);
  boost::system::error_code failed;
  std::size_t used = 0;
  while (!parser.is_done()) {
    auto const n = parser.put(boost::asio::buffer(bytes.substr(used)), failed);
    used += n;
    if (failed || n == 0) return std::nullopt;
  }
  auto const& message = parser.get();
  return Message{std::string(message.method_string()), std::string(message.target()), message.body(), used};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const ours = read_ours(bytes, data[0] * bytes.size() / 256);
  if (ours != read_ours(bytes, bytes.size())) std::abort();
  if (!ours) return 0;
  auto const beast = read_beast(bytes);
  if (beast && *beast != *ours) std::abort();
  return 0;
}
