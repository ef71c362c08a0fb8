#pragma once
// Where a client reached us, for links that leave the page on which they stand.

#include <string>

#include "web/http.hpp"

namespace zhili::web {

/// "https://zhili.example.org"; nothing where the client did not say (HTTP/1.0).
inline std::string base_url(Request const& request) {
  auto const host = request.headers.get("host");
  return host ? (request.secure ? "https://" : "http://") + std::string(*host) : std::string();
}

}  // namespace zhili::web
