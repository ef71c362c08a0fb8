#pragma once
// What changed when: the ledger is in the order of time, so a time is found in it by halving.

#include <vector>

#include "store/db.hpp"
#include "web/open311/backend.hpp"

namespace zhili::web::open311 {

/// The last entry before `at`; 0 if there is none. Cost: some thirty look-ups by key.
store::Seq last_before(store::Reader& reader, core::Instant at);

/// The signals that changed, or whose case changed, in the query's time; each once, in the order of their last change, and the
/// page that `offset` and `limit` say.
core::Result<std::vector<std::int64_t>> changed_signals(store::Db& db, Query const& query);

}  // namespace zhili::web::open311
