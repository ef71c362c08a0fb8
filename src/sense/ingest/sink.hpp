#pragma once
// Where accepted observations go: the observation store, as the intake sees it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "sense/ingest/incoming.hpp"

namespace zhili::sense::ingest {

/// Accepted observations of one sender; values are in the streams' units, flags are set, every row has its time.
struct Accepted {
  Batch batch = {};
  core::Instant came{};      ///< resultTime of rows that have none
  bool wants_ids = false;
  // filled by the sink:
  core::Result<std::int64_t> position = 0;  ///< of the store; 0: all were there before. An error: nothing of this batch was stored
  std::size_t stored = 0;
  std::size_t duplicates = 0;           ///< were stored before, all the same: same stream, time and value
  std::vector<std::int64_t> ids = {};   ///< if wanted: of each row; of a duplicate the one that was there
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// Stores these in this order, each batch whole or not at all, and returns when all are durable or have failed: `position` says which.
  /// Called by one thread at a time.
  virtual void append(std::span<Accepted> batches) = 0;
};

}  // namespace zhili::sense::ingest
