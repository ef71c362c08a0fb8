#pragma once
// The engine for one machine: SQLite, one file, one writer.

#include <cstddef>
#include <filesystem>
#include <memory>

#include "store/session.hpp"

namespace zhili::store {

enum class SqliteRole { writer, reader };

/// Opens (a writer also makes) the database file. Throws Failure.
std::unique_ptr<Session> open_sqlite(std::filesystem::path const& file, SqliteRole role,
                                     std::size_t cache_mib);

}  // namespace zhili::store
