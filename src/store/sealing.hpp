#pragma once
// The cryptography of the vault: pure functions over libsodium.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::store {

/// A secret that is wiped when it goes.
class Key {
 public:
  Key() = default;
  Key(Key const&) = default;
  Key& operator=(Key const&) = default;
  ~Key();
  static Key random();
  unsigned char* data() { return bytes_.data(); }
  unsigned char const* data() const { return bytes_.data(); }
  static constexpr std::size_t size = 32;

 private:
  std::array<unsigned char, size> bytes_{};
};

/// "xchacha20-poly1305:" and base64url of nonce and ciphertext. `context` is not in it, but must be the same
/// to open it.
std::string seal_text(std::string_view plain, Key const& key, std::string_view context);
/// Nothing if the suite is unknown, or key, context or text are not those of sealing.
std::optional<std::string> open_text(std::string_view sealed, Key const& key, std::string_view context);

std::string wrap_key(Key const& key, Key const& with, std::string_view context);
std::optional<Key> unwrap_key(std::string_view wrapped, Key const& with, std::string_view context);

/// A key for one purpose, from the master key.
Key derive(Key const& master, std::string_view purpose);

/// "blake2b:" and 32 hex digits over the normalised text; empty for a field that is not looked up, or an
/// empty text.
std::string blind_tag(Key const& key, std::string_view field, std::string_view text);
/// What two spellings of one phone number, mail address or name have in common.
std::string normalised(std::string_view field, std::string_view text);

/// 32 random hex digits.
std::string random_record_name();

/// Reads the file, or makes it (0600, synced) if `may_make`. Errors: corrupt (not a key, or missing and may
/// not be made), unavailable (cannot be read or written), forbidden (others may read it).
core::Result<Key> master_key(std::filesystem::path const& file, bool may_make);

}  // namespace zhili::store
