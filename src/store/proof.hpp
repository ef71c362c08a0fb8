#pragma once
// One entry, proved without the rest of the ledger.

#include <optional>
#include <string>
#include <string_view>

#include "store/db.hpp"

namespace zhili::store {

/// What a proof shows, once checked.
struct Proved {
  Seq seq = 0;
  core::Instant at{};
  core::EventKind kind{};
  Seq subject = 0;
  std::string payload;
  std::string chain;  ///< hex: the link that the proof ends at
};

/// A JSON text with the entry, its path to the root of its batch, and the headers of the batches up to
/// `until_batch` (the head, if not given). src/store/README.md has the format. Cost: the entries of one batch
/// and one row for each later batch. Errors: not_found, invalid (`until_batch` before the entry's), corrupt.
core::Result<std::string> prove(Db& db, Seq seq, std::optional<std::int64_t> until_batch = {});

/// Recomputes everything that the proof says; needs no database. `expected_chain` is the hex link that the
/// reader trusts, from wherever he noted it. Errors: invalid (`field` names the part that does not hold).
core::Result<Proved> check_proof(std::string_view json, std::string_view expected_chain);

}  // namespace zhili::store
