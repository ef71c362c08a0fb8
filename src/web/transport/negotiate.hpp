#pragma once
// From a handler's response to the bytes on the wire: what client and server agree on.

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "web/http.hpp"

namespace zhili::web {

/// Whether an Accept-Encoding list takes gzip.
bool accepts_gzip(std::string_view accept_encoding);

/// Whether an If-None-Match list names this ETag (weak comparison) or is `*`.
bool names_etag(std::string_view if_none_match, std::string_view etag);

/// gzip (RFC 1952) without a time stamp: the same bytes in give the same bytes out.
std::string gzip(std::string_view bytes, int level);

/// "Sat, 21 Nov 2026 08:05:00 GMT"
std::string http_date(core::Instant at);

inline constexpr std::size_t gzip_least_bytes = 1024;
inline constexpr int gzip_level = 5;

/// Turns the response into what is sent: 304 if the client has it, gzip if it is text and worth it, no body
/// for HEAD. `response.headers` then has everything but Date, Content-Length and Connection.
void finish(Request const& request, Response& response);

/// The head as bytes. A header value with a control character in it is left out: nobody splits our responses.
/// `chunked`: a stream says its length piece by piece; without it, by ending the connection (HTTP/1.0).
std::string write_head(Response const& response, bool keep_alive, bool chunked, core::Instant now);

}  // namespace zhili::web
