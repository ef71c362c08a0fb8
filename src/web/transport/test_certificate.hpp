#pragma once
// For tests: a certificate that is made on the spot.

#include <string>

#include "web/server.hpp"

namespace zhili::web::test {

/// Writes a self-signed certificate for `name`, and its key, as PEM. It is its own authority.
void make_certificate(std::string const& name, TlsFiles const& to);

}  // namespace zhili::web::test
