#include "web/transport/head.hpp"

#include <array>
#include <charconv>

#include "web/transport/ascii.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace head {

auto bad(std::string detail) {
  return fail(Errc::invalid, "http.malformed",
              {"请求不符合 HTTP/1.1。", "The request is not well-formed HTTP/1.1."}, {}, std::move(detail));
}

auto too_large() {
  return fail(Errc::limit, "http.head_too_large",
              {"请求头过大。", "The header of the request is too large."});
}

auto target_too_long() {
  return fail(Errc::limit, "http.target_too_long", {"网址过长。", "The address is too long."});
}

core::Result<Method> method_of(std::string_view token) {
  for (auto const method :
       {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options})
    if (name(method) == token) return method;
  bool well_formed = !token.empty();
  for (char const c : token) well_formed = well_formed && ascii::is_token(c);
  if (!well_formed) return bad("method");
  return fail(Errc::invalid, "http.not_implemented",
              {"不支持这一 HTTP 方法。", "This HTTP method is not supported."}, {}, std::string(token));
}

core::Result<> read_request_line(std::string_view line, Head& out, HeadLimits const& limits) {
  auto const first = line.find(' ');
  auto const last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("request line");
  ZHILI_TRY(out.method, method_of(line.substr(0, first)));
  auto const target = line.substr(first + 1, last - first - 1);
  auto const version = line.substr(last + 1);
  if (target.size() > limits.target_bytes_max) return target_too_long();
  for (char const c : target)
    if (!ascii::is_visible(c) || c == '#') return bad("target");
  bool const known = version.size() == 8 && version.starts_with("HTTP/") && ascii::is_digit(version[5]) &&
                     version[6] == '.' && ascii::is_digit(version[7]);
  if (target.empty() || !known) return bad("request line");
  if (version[5] != '1' || (version[7] != '0' && version[7] != '1')) {
    return fail(Errc::invalid, "http.version",
                {"只支持 HTTP/1.1（和 HTTP/1.0）。", "Only HTTP/1.1 (and HTTP/1.0) is spoken here."});
  }
  out.version_1_1 = version[7] == '1';
  out.target = target;
  return {};
}

core::Result<> read_header_line(std::string_view line, Head& out) {
  auto const colon = line.find(':');
  // A line that begins with a blank is the old way to fold lines; a blank before the colon was used to
  // smuggle.
  if (colon == 0 || colon == std::string_view::npos) return bad("header line without a name");
  for (char const c : line.substr(0, colon))
    if (!ascii::is_token(c)) return bad("header name");
  auto const value = ascii::trim(line.substr(colon + 1));
  for (char const c : value)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') return bad("header value");
  out.headers.add(std::string(line.substr(0, colon)), std::string(value));
  return {};
}

std::size_t count(Headers const& headers, std::string_view name) {
  std::size_t n = 0;
  for (auto const& [key, value] : headers) n += ascii::same(key, name) ? 1 : 0;
  return n;
}

core::Result<> read_host(Head const& out) {
  auto const hosts = count(out.headers, "host");
  if (hosts > 1 || (hosts == 0 && out.version_1_1)) return bad("exactly one Host is needed");
  if (hosts == 0) return {};
  auto const host = *out.headers.get("host");
  for (char const c : host)
    if (!ascii::is_alnum(c) && std::string_view("-._~:[]%!$&'()*+,;=").find(c) == std::string_view::npos)
      return bad("Host");
  if (host.empty()) return bad("Host");
  return {};
}

core::Result<> read_framing(Head& out) {
  auto const encodings = count(out.headers, "transfer-encoding");
  auto const lengths = count(out.headers, "content-length");
  if (encodings + lengths > 1) return bad("more than one of Content-Length and Transfer-Encoding");
  if (encodings == 1) {
    if (!out.version_1_1) return bad("Transfer-Encoding in HTTP/1.0");
    if (!ascii::same(*out.headers.get("transfer-encoding"), "chunked")) {
      return fail(Errc::invalid, "http.not_implemented",
                  {"Transfer-Encoding 只支持 chunked。", "The only Transfer-Encoding here is chunked."});
    }
    out.framing = Framing::chunked;
  }
  if (lengths == 1) {
    auto const text = *out.headers.get("content-length");
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, out.content_length);
    if (text.empty() || read.ptr != end || !ascii::is_digit(text.front()) || read.ec != std::errc{})
      return bad("Content-Length");
    out.framing = Framing::length;
  }
  return {};
}

core::Result<> read_connection(Head& out) {
  out.keep_alive = out.version_1_1;
  for (auto const& [key, value] : out.headers) {
    if (!ascii::same(key, "connection")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      auto const option = ascii::trim(ascii::take(rest, ','));
      if (ascii::same(option, "close")) out.keep_alive = false;
      if (ascii::same(option, "keep-alive") && !out.version_1_1) out.keep_alive = true;
    }
  }
  if (auto const expect = out.headers.get("expect")) {
    if (!ascii::same(*expect, "100-continue")) {
      return fail(Errc::invalid, "http.expect",
                  {"Expect 只支持 100-continue。", "The only Expect here is 100-continue."}, "Expect");
    }
    out.expects_continue = out.version_1_1;
  }
  return {};
}

}  // namespace head

core::Result<std::size_t> find_head_end(std::string_view bytes, std::size_t& seen, HeadLimits const& limits) {
  for (; seen < bytes.size(); ++seen) {
    auto const c = static_cast<unsigned char>(bytes[seen]);
    if (c == '\n') {
      if (seen == 0 || bytes[seen - 1] != '\r') return head::bad("line feed alone");
      if (seen >= 3 && bytes[seen - 2] == '\n') return seen + 1;
    } else if (seen > 0 && bytes[seen - 1] == '\r') {
      return head::bad("carriage return alone");
    } else if ((c < 0x20 && c != '\r' && c != '\t') || c == 0x7F) {
      return head::bad("control character");
    }
    if (seen + 1 >= limits.head_bytes_max) {
      if (bytes.substr(0, seen).find('\n') == std::string_view::npos) return head::target_too_long();
      return head::too_large();
    }
  }
  return 0U;
}

core::Result<Head> parse_head(std::string_view bytes, HeadLimits const& limits) {
  Head out;
  bool first = true;
  std::size_t lines = 0;
  for (auto end = bytes.find("\r\n"); end != 0; end = bytes.find("\r\n")) {
    if (end == std::string_view::npos) return head::bad("cut off");
    auto const line = bytes.substr(0, end);
    if (first) {
      ZHILI_CHECK(head::read_request_line(line, out, limits));
    } else {
      if (++lines > limits.header_lines_max) return head::too_large();
      ZHILI_CHECK(head::read_header_line(line, out));
    }
    first = false;
    bytes.remove_prefix(end + 2);
  }
  if (first) return head::bad("no request line");
  ZHILI_CHECK(head::read_host(out));
  ZHILI_CHECK(head::read_framing(out));
  ZHILI_CHECK(head::read_connection(out));
  return out;
}

}  // namespace zhili::web
