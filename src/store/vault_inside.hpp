#pragma once
// Inside of the vault: what its parts share.

#include "store/sealing.hpp"
#include "store/vault.hpp"

namespace zhili::store {

struct Vault::Inside {
  Db& db;
  core::TimeSource const& time;
  std::unique_ptr<Db> keys;
  std::filesystem::path master_file;
  Key wrapping = {};
  Key blinding = {};
  std::string fingerprint = {};  ///< of the master key in use

  // vault.cpp
  core::Result<std::vector<Opened>> open_all(Seq subject);
  core::Result<PrivateFields> open_one(std::string const& record, std::string const& sealed);
  core::Result<std::int64_t> destroy_step(std::string_view actor);

  // vault_master.cpp
  /// Reads the master key, or makes it for a store that has no keys yet; ends a rotation that was broken off.
  core::Result<> take_master();
  void use(Key const& master);
  /// Inside a piece of work of the keys. Errors: conflict (another process has rotated the master key).
  core::Result<> master_is_mine(Reader& reader) const;
  /// Everything that the master key protects, written again under another one, in one transaction.
  core::Result<std::int64_t> rewrap(Key const& master);
  core::Result<> rewrap_one(Writer& writer, std::string const& record, std::string const& wrapped, Key const& new_wrapping,
                            Key const& new_blinding);
  core::Result<> rewrap_named(Writer& w, Key const& new_wrapping);
  core::Result<> publish_master(std::string_view actor);
  std::filesystem::path next_file() const { return master_file.string() + ".next"; }
};

std::string field_context(std::string_view record);
std::string key_context(std::string_view record);
std::string named_key_context(std::string_view name);
std::optional<PrivateFields> fields_from_json(std::string_view text);

}  // namespace zhili::store
