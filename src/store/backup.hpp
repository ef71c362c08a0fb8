#pragma once
// A copy while everybody works, and the way back.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "store/db.hpp"
#include "store/verify.hpp"

namespace zhili::store {

/// Pages copied so far, of how many. Called on the writer's thread; it must not block.
using BackupProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Of the store of observations beside it, in a data directory and in a backup.
inline constexpr std::string_view observations_name = "observations.db";
inline constexpr int backup_pages_per_step = 1'024;  ///< copied after each commit

/// Copies the database into DIRECTORY/NAME while it serves: some pages after each commit, on the writer's own
/// connection, so that the copy ends at one moment and no long read holds the WAL. Synced when this returns.
/// Keys of personal fields are not in it (Vault::backup_keys). SQLite only: for PostgreSQL use its own tools,
/// as the error says. Errors: conflict (there is a backup already), unavailable (cannot write, disk full),
/// invalid (PostgreSQL).
core::Result<> backup(Db& db, std::filesystem::path const& directory, std::string_view name = "zhili.db",
                      BackupProgress const& progress = {});

/// Puts a backup into a data directory that has no database, after it has verified the ledger, with the observations
/// if they are in it; gives the verdict. Errors: conflict (there is a database: it is never overwritten), not_found (no backup), corrupt
/// (the ledger does not hold: nothing is restored), unavailable (cannot write, or another process owns the
/// directory).
core::Result<Verdict> restore(std::filesystem::path const& backup_directory,
                              std::filesystem::path const& data_directory, core::TimeSource const& time);

/// Empties WAL and free pages of what was deleted. False: somebody reads, so not all could be emptied now.
core::Result<bool> wipe(Db& db);

/// Gives a finished file its name in place of what was there, and syncs it and its folder.
core::Result<> rename_synced(std::filesystem::path const& from, std::filesystem::path const& to);

/// Copies a file with its mode, and syncs it and its folder.
core::Result<> copy_synced(std::filesystem::path const& from, std::filesystem::path const& to);

}  // namespace zhili::store
