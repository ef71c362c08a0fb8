#pragma once
// What the intake must know of streams and devices: from things, from the packs' types, and from the register of devices.

#include "app/sensing/devices.hpp"
#include "sense/ingest/stream_facts.hpp"
#include "sense/observations/history.hpp"
#include "sense/things/things.hpp"
#include "store/db.hpp"

namespace zhili::app {

/// Thread-safe. What it is given outlives it.
class KnownStreams final : public sense::ingest::StreamFacts {
 public:
  KnownStreams(store::Db& db, Devices& devices, sense::observations::History const& history) : db_(db), devices_(devices), history_(history) {}

  core::Result<> visit(std::function<void(sense::ingest::StreamFact)> const& stream, std::function<void(sense::ingest::DeviceFact)> const& device) override;
  core::Result<std::optional<sense::ingest::StreamFact>> stream(std::int64_t datastream) override;
  std::optional<sense::ingest::LastReading> last(std::int64_t datastream) override;

  sense::ingest::StreamFact fact(sense::things::DatastreamFacts const& datastream) const;

 private:
  store::Db& db_;
  Devices& devices_;
  sense::observations::History const& history_;
};

}  // namespace zhili::app
