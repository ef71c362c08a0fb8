#pragma once
// What happened, told to whoever listens. A listener reads the ledger on from its own place in batches, so it may be away for
// as long as it likes and misses nothing.

#include <functional>
#include <span>
#include <string_view>

#include "store/db.hpp"
#include "store/ledger.hpp"

namespace zhili::bus {

inline constexpr std::size_t batch_entries_max = 500;  ///< entries that one piece of work takes in

/// What a listener does about entries, oldest first. An error undoes it, and the batch comes again.
using Take = std::function<core::Result<>(store::Writer&, std::span<store::Recorded const>)>;

/// Takes in the next batch of a listener that keeps its place in the database: what it does and its new place are one piece of
/// work, so nothing is missed and nothing done twice, whatever is killed in between. Somebody who listens for the first time
/// begins at the end. True if there may be more. Cost: one write, and none when nothing happened.
/// Errors: those of `take`, and of the store.
core::Result<bool> follow(store::Db& db, std::string_view listener, Take const& take);

/// The place of a listener: the last entry that it has taken in; nothing before its first time.
std::optional<store::Seq> place_of(store::Reader& reader, std::string_view listener);

}  // namespace zhili::bus
