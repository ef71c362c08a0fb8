#pragma once
// The engine for many machines: PostgreSQL.

#include <memory>
#include <string>

#include "store/session.hpp"

namespace zhili::store {

/// Connects. `schema` may be empty for the server's default; a schema that does not exist is made. Throws
/// Failure.
std::unique_ptr<Session> open_postgres(std::string const& url, std::string const& schema);

}  // namespace zhili::store
