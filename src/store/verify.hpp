#pragma once
// Is the ledger still what was written?

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "store/db.hpp"

namespace zhili::store {

/// The first thing that is wrong.
struct Finding {
  Seq seq = 0;  ///< the entry, or the first entry of the batch, at which it shows
  core::Text what;
};

struct Verdict {
  std::int64_t entries = 0;  ///< checked
  std::int64_t batches = 0;
  Seq head_seq = 0;
  std::string
      head_chain;  ///< hex; note it elsewhere (a page, a notary): only that tells a ledger cut at its end
  std::optional<Finding> first;  ///< nothing: the ledger is sound
};

/// Entries checked so far, of how many. Called from the caller's thread.
using VerifyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

inline constexpr std::size_t verify_threads = 2;

/// Recomputes every hash, root and link, and compares actors with the entries that made them known. Checks
/// what was there when it began; writers go on. `expected_chain` (hex, may be empty) is a head that was noted
/// before: it must be one of the chain's links. Uses `verify_threads` read connections. Errors: those of the
/// engine.
core::Result<Verdict> verify(Db& db, VerifyProgress const& progress = {},
                             std::string const& expected_chain = {});

}  // namespace zhili::store
