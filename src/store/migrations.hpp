#pragma once
// The schema as a list of numbered steps that only ever grows.

#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::store {

class Session;

/// One step: `migrations/NNNN_name.sql`. The SQL is in the common subset; `BIGINT PRIMARY KEY` becomes the
/// row's own number on SQLite. Several statements may stand in one file.
struct Migration {
  int number;
  std::string_view name;
  std::string_view sql;
};

/// What src/store/migrations holds, by number.
std::span<Migration const> embedded_migrations();
/// What src/store/key_migrations holds: the schema of the store of keys.
std::span<Migration const> embedded_key_migrations();
/// What src/store/observation_migrations holds: the schema of the store of observations.
std::span<Migration const> embedded_observation_migrations();

/// SHA-256 of the SQL in hex, kept beside the number so that an edited step is noticed.
std::string checksum(Migration const& migration);

/// Brings the database to `steps`: each missing step in one transaction with its row in
/// `migration`, so that a kill in the middle leaves the step undone as a whole. Errors: conflict (the
/// database is newer than the program, or a step was edited), and those of the engine.
core::Result<> migrate(Session& session, std::span<Migration const> steps, core::TimeSource const& time);

}  // namespace zhili::store
