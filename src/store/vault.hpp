#pragma once
// Personal fields: written as noise, opened with a purpose, destroyed by forgetting the key.

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/db.hpp"

namespace zhili::store {

/// "name", "phone" and "mail" can be looked up; any other field ("words", "address") is only kept. UTF-8.
using PrivateFields = std::map<std::string, std::string>;

/// What goes into the main database. It is noise to whoever has not the key.
struct Sealed {
  std::string record;  ///< random name of the record and of its key
  std::string text;    ///< suite and ciphertext
  core::Instant keep_until{};
  /// `{"record":"…","sha-256":"…"}`: put it into the payload of the entry that the fields belong to, as
  /// "private", so that the ledger vouches for the ciphertext.
  std::string reference() const;
};

/// One private record, opened.
struct Opened {
  std::string record;
  PrivateFields fields;
};

struct VaultOptions {
  std::string url;  ///< where the keys are: "sqlite:DIR" or "postgresql://…" (its own schema); usually as
                    ///< Options::url
  std::filesystem::path
      master_key;  ///< file with the key that wraps all others; made at the first start (0600)
};

struct Destroyed {
  std::int64_t records = 0;
  bool wiped = true;  ///< false: somebody was reading, so old pages may still lie in a WAL; run it again
};

struct Rotated {
  std::int64_t records = 0;
  bool wiped = true;  ///< false: somebody was reading, so what the old key wrapped may still lie in a WAL
};

/// Keeps keys apart from ciphertext. Thread-safe. All calls but `keep` block and must not run on the writer's
/// thread.
class Vault {
 public:
  /// Opens the keys beside `db`, which must outlive the vault. Errors: unavailable (held by another process,
  /// cannot be read), corrupt (the master key is missing though there are keys, or is another one), invalid
  /// (url).
  static core::Result<std::unique_ptr<Vault>> open(Db& db, VaultOptions const& options,
                                                   core::TimeSource const& time);
  ~Vault();

  /// Encrypts under a new key, which is on the disk when this returns. Errors: invalid (`keep_until` is past,
  /// or a field is over `max_private_bytes`), those of the engine.
  core::Result<Sealed> seal(PrivateFields const& fields, core::Instant keep_until);
  /// Stores what was sealed, inside the piece of work that appends the entry of `subject`.
  static void keep(Writer& writer, Seq subject, Sealed const& sealed);

  /// Gives the private records of a subject, and first appends who read them and why (`private_read`). `post` is the post in
  /// which the actor reads, where there is one: it is what the person whose words they are is told.
  /// Errors: invalid (no actor or purpose), not_found (there are none, or their keys are destroyed), corrupt.
  core::Result<std::vector<Opened>> read(Seq subject, std::string_view actor, std::string_view purpose, std::string_view post = {});
  /// The subjects of which a field is exactly this, after normalising (phone: digits, without +86 or 00;
  /// mail, name: case and spaces), newest first. Appends `private_read` without the text: one for each of the newest
  /// `max_told_found` subjects, and one without a subject for the rest, or where nothing is found. At most `max_found`.
  core::Result<std::vector<Seq>> find(std::string_view field, std::string_view text, std::string_view actor,
                                      std::string_view purpose, std::string_view post = {});

  /// Destroys the keys whose time is over, and wipes what is left of them. Appends `key_destroyed` for each
  /// record.
  core::Result<Destroyed> destroy_expired(std::string_view actor);
  /// The same for all records of these subjects, before their time.
  core::Result<Destroyed> destroy(std::vector<Seq> const& subjects, std::string_view actor);

  /// Makes a new master key, and writes everything that the old one protects again under the new one; the ledger says so
  /// (`master_key_rotated`). No other thread or process may use the keys meanwhile: one that still has the old master
  /// key can keep no new fields until it is opened again. A kill at any moment leaves the old key or the new one in use.
  /// Cost: opens every record once. Errors: corrupt, those of the engine and of the file.
  core::Result<Rotated> rotate_master(std::string_view actor);

  /// The installation's own key of that name ("devices"), made when it is first asked for and the same ever after, also for other
  /// processes with the same keys and after a rotation. Errors: corrupt (it does not open), those of the engine.
  core::Result<std::array<unsigned char, 32>> named_key(std::string const& name);

  /// Copies keys and master key into an empty directory of their own. SQLite only. Whoever holds this copy
  /// and a backup of the main database can read all, and a key that is destroyed later lives on in it: keep
  /// it short and apart.
  core::Result<> backup_keys(std::filesystem::path const& directory);

 private:
  struct Inside;
  explicit Vault(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

inline constexpr std::size_t max_private_bytes = 64 * 1024;  ///< of one record, all fields together
inline constexpr std::size_t max_found = 1'000;
inline constexpr std::size_t max_told_found = 20;  ///< a look-up that finds more leaves one trace for all the rest

}  // namespace zhili::store
