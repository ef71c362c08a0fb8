#pragma once
// The store of observations as the intake's sink.

#include "sense/ingest/sink.hpp"
#include "sense/observations/store.hpp"

namespace zhili::sense::ingest {

/// Hands over batches one after the other and waits for them together, so that they share a commit.
class StoreSink final : public Sink {
 public:
  explicit StoreSink(observations::ObservationStore& store) : store_(store) {}
  void append(std::span<Accepted> batches) override;

 private:
  observations::ObservationStore& store_;
};

/// As the store takes them. Flags have the same bits.
observations::Batch to_stored(Batch const& batch);

}  // namespace zhili::sense::ingest
