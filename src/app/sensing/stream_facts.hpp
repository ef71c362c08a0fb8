#pragma once
// What the intake must know of datastreams and devices: from the entities of SensorThings, the register of devices, and the history.

#include "app/sensing/devices.hpp"
#include "sense/ingest/intake.hpp"
#include "sense/ingest/stream_facts.hpp"
#include "sense/things/things.hpp"

namespace zhili::app {

/// Thread-safe. What it is given outlives it.
class SensingFacts final : public sense::ingest::StreamFacts {
 public:
  SensingFacts(store::Db& db, Devices& devices, sense::observations::History const& history) : db_(db), devices_(devices), history_(history) {}

  core::Result<> visit(std::function<void(sense::ingest::StreamFact)> const& stream, std::function<void(sense::ingest::DeviceFact)> const& device) override;
  core::Result<std::optional<sense::ingest::StreamFact>> stream(std::int64_t datastream) override;
  std::optional<sense::ingest::LastReading> last(std::int64_t datastream) override;

  /// One datastream, as the intake judges it: by its device's type, else by what its entity says.
  sense::ingest::StreamFact fact_of(sense::things::DatastreamFacts const& facts) const;
  /// Lets an intake follow: devices that change here or in another process. To be called once, before Devices::start().
  void keep_informed(sense::ingest::Intake& intake);

 private:
  store::Db& db_;
  Devices& devices_;
  sense::observations::History const& history_;
};

}  // namespace zhili::app
