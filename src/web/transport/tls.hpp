#pragma once
// The TLS side of the server, as OpenSSL's own handle.

#include <memory>

#include "core/result.hpp"
#include "web/server.hpp"

struct ssl_ctx_st;

namespace zhili::web {

/// TLS 1.2 or newer, with the certificate and key of the files, checked to belong together.
/// Errors: invalid (names the file that cannot be used).
core::Result<std::shared_ptr<ssl_ctx_st>> load_tls(TlsFiles const& files);

}  // namespace zhili::web
