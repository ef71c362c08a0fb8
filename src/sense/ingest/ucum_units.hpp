#pragma once
// Units of observations by UCUM, and what a type of device says of a stream.

#include <map>
#include <shared_mutex>
#include <string>

#include "catalogue/device_type.hpp"
#include "sense/ingest/stream_facts.hpp"

namespace zhili::sense::ingest {

/// Pairs of units that are remembered; whoever sends more of them makes us parse again.
inline constexpr std::size_t unit_pairs_max = 1'000;

/// Thread-safe.
class UcumUnits final : public UnitConverter {
 public:
  core::Result<Linear> convert(std::string_view from, std::string_view to) override;

 private:
  std::shared_mutex mutex_;
  std::map<std::pair<std::string, std::string>, core::Result<Linear>, std::less<>> known_;
};

/// What the type says: kind, unit, conversion from the device's, range, interval, stuck, jumps. In the property's unit, which is the one that
/// is kept. Whose datastream and device it is stays to be filled in.
StreamFact fact_of(catalogue::StreamType const& stream, catalogue::ObservedPropertyDef const& property);

}  // namespace zhili::sense::ingest
