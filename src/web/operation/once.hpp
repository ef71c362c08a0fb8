#pragma once
// Doing something once for a client that has to send it again because the answer was lost: Idempotency-Key.

#include <chrono>
#include <functional>
#include <string>

#include "store/db.hpp"
#include "web/http.hpp"

namespace zhili::web {

inline constexpr std::string_view once_header = "Idempotency-Key";
/// A key that is longer is refused.
inline constexpr std::size_t once_key_characters_max = 200;
/// For so long the same key does nothing again; then it is forgotten.
inline constexpr std::chrono::hours once_kept{24};

/// One request that may have been sent before.
class Once {
 public:
  /// Without a key.
  Once() = default;
  /// `who` names whoever sends it: keys of different people never meet. `operation` is its id.
  /// Errors: invalid (the key is empty, too long, or not printable ASCII).
  static core::Result<Once> of(Request const& request, std::string_view who, std::string_view operation);

  /// Runs `work` in a write and gives its answer, which is kept in the same transaction. If the key was used before, nothing is done, and the
  /// answer of then comes again, with `Idempotency-Replayed: true`. Without a key `work` just runs. A refusal is not kept: what was refused may
  /// be sent again. The kept answer is its status and body; `secret` names the field of the body that is shown this once: it is not kept,
  /// and null when the answer comes again.
  /// Errors: those of `work`; conflict, if something else was sent with this key before. Blocks until it is on the disk.
  core::Result<Response> write(store::Db& db, std::function<core::Result<Response>(store::Writer&)> const& work, std::string_view secret = {}) const;

 private:
  std::string asked_;  // empty: no key was given
  std::string digest_;
};

/// Forgets the keys whose time is over. Gives how many.
core::Result<std::int64_t> sweep_once(store::Db& db);

}  // namespace zhili::web
