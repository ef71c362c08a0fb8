#pragma once
// Webhooks: who is told of what. Delivering is deliveries.hpp.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "store/db.hpp"
#include "web/live/event.hpp"

namespace zhili::web::hooks {

inline constexpr std::size_t hooks_max = 32;
inline constexpr std::size_t hook_name_characters_max = 100;
inline constexpr std::size_t hook_url_bytes_max = 2'000;
inline constexpr std::size_t hook_filters_max = 50;  ///< kinds and items of one hook, each

/// What an administrator says of a hook.
struct Wanted {
  std::string name;
  std::string url;
  live::Filter filter = {};  ///< kinds, items and area; nothing of a single case
  std::string department = {};  ///< reports that are sent to it are delivered here, whatever the filter; empty: none
  bool enabled = true;
};

struct Hook {
  std::int64_t id = 0;
  Wanted wanted;
  std::string stopped;  ///< why the program disabled it; empty: it did not
  core::Instant made_at{};
  bool secret_lost = false;  ///< the key file is another one than when its receiver was given the secret
};

struct Made {
  std::int64_t id = 0;
  std::string secret;  ///< "whsec_…", shown once
};

/// The register of webhooks. Secrets are made from the key file, so none is in the database. Thread-safe.
class Hooks {
 public:
  /// `key_file` is made if it is not there. Errors: those of the file.
  static core::Result<std::unique_ptr<Hooks>> open(store::Db& db, std::filesystem::path const& key_file);
  ~Hooks();

  std::vector<Hook> list(store::Reader& reader) const;
  /// Errors: invalid (`field`), limit (hooks_max).
  core::Result<Made> add(store::Writer& writer, Wanted const& wanted, std::string const& actor) const;
  /// Errors: not_found; those of add.
  core::Result<> change(std::int64_t id, Wanted const& wanted, std::string const& actor);
  /// Forgets the hook and what it was to be told. Errors: not_found.
  core::Result<> remove(std::int64_t id, std::string const& actor);
  /// Disables it by the program's own decision, which `why` says in the ledger and to the administrator.
  core::Result<> stop(std::int64_t id, std::string const& why);

  /// The key that messages of a hook are signed with; raw bytes.
  std::string key_of(std::int64_t id) const;

 private:
  struct Inside;
  explicit Hooks(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::web::hooks
