#include "web/transport/negotiate.hpp"

#include <zlib.h>

#include <array>
#include <chrono>

#include "web/transport/ascii.hpp"

namespace zhili::web {

namespace {

constexpr std::pair<std::string_view, std::string_view> security_headers[] = {
    // Element Plus and the map set styles from script, so styles may be inline; scripts may not.
    {"Content-Security-Policy",
     "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
     "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Permissions-Policy", "geolocation=(self), camera=(self), microphone=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

bool is_text(std::string_view type) {
  return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("image/svg") ||
         type.starts_with("application/problem+json") || type.starts_with("application/geo+json") ||
         type.starts_with("application/vnd.mapbox-vector-tile") ||
         type.starts_with("application/manifest+json") || type.starts_with("application/javascript") ||
         type.starts_with("application/xml");
}

bool has_no_body(int status) {
  return status == 204 || status == 304;
}

bool is_safe_value(std::string_view value) {
  for (char const c : value)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) return false;
  return true;
}

}  // namespace

bool accepts_gzip(std::string_view list) {
  double any = 0;
  while (!list.empty()) {
    auto const item = ascii::trim(ascii::take(list, ','));
    auto const coding = ascii::trim(item.substr(0, item.find(';')));
    if (ascii::same(coding, "gzip")) return ascii::quality(item) > 0;
    if (coding == "*") any = ascii::quality(item);
  }
  return any > 0;
}

bool names_etag(std::string_view list, std::string_view etag) {
  auto const opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
  while (!list.empty()) {
    auto const tag = ascii::trim(ascii::take(list, ','));
    if (tag == "*" || opaque(tag) == opaque(etag)) return true;
  }
  return false;
}

std::string gzip(std::string_view bytes, int level) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  constexpr int memory_level = 8;
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  bool const whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  out.shrink_to_fit();  // it may be kept for ever, and the bound is that of bytes that do not shrink
  deflateEnd(&stream);
  return out;
}

std::string http_date(core::Instant at) {
  static constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const clock{std::chrono::floor<std::chrono::seconds>(at - day)};
  std::string out;
  auto const two = [&](long n) { out += {static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)}; };
  out += days[std::chrono::weekday{day}.c_encoding()];
  out += ", ";
  two(static_cast<long>(unsigned{date.day()}));
  out += ' ';
  out += months[unsigned{date.month()} - 1];
  out += ' ' + std::to_string(int{date.year()}) + ' ';
  two(clock.hours().count());
  out += ':';
  two(clock.minutes().count());
  out += ':';
  two(clock.seconds().count());
  return out + " GMT";
}

void finish(Request const& request, Response& response) {
  auto& headers = response.headers;
  for (auto const& [name, value] : security_headers)
    if (!headers.has(name)) headers.add(std::string(name), std::string(value));
  if (!headers.has("Cache-Control")) headers.add("Cache-Control", "no-store");
  if (!request.id.empty()) headers.set("X-Request-Id", request.id);

  auto const etag = headers.get("ETag");
  auto const condition = request.headers.get("if-none-match");
  if (response.status == 200 && etag && condition && names_etag(*condition, *etag)) {
    response.status = 304;
    response.body.clear();
    response.shared.reset();
    response.stream.reset();
  }
  auto const bytes = response.bytes();
  bool const may_pack =
      is_text(response.type) && bytes.size() >= gzip_least_bytes && !headers.has("Content-Encoding");
  if (!may_pack) return;
  headers.add("Vary", "Accept-Encoding");
  if (!accepts_gzip(request.headers.get("accept-encoding").value_or(""))) return;
  auto packed = gzip(bytes, gzip_level);
  if (packed.empty() || packed.size() >= bytes.size()) return;
  response.body = std::move(packed);
  response.shared.reset();
  headers.add("Content-Encoding", "gzip");
  // The packed bytes are another representation: a strong tag would lie.
  if (auto const tag = headers.get("ETag"); tag && !tag->starts_with("W/"))
    headers.set("ETag", "W/" + std::string(*tag));
}

std::string write_head(Response const& response, bool keep_alive, bool chunked, core::Instant now) {
  std::string out;
  out.reserve(1024);
  out += "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out += reason_of(response.status);
  auto const line = [&](std::string_view name, std::string_view value) {
    if (!is_safe_value(value)) return;
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  };
  line("Date", http_date(now));
  if (!has_no_body(response.status)) {
    if (!response.type.empty()) line("Content-Type", response.type);
    if (!response.stream) line("Content-Length", std::to_string(response.bytes().size()));
    else if (chunked) line("Transfer-Encoding", "chunked");
  }
  if (!keep_alive) line("Connection", "close");
  for (auto const& [name, value] : response.headers) line(name, value);
  out += "\r\n\r\n";
  return out;
}

}  // namespace zhili::web
