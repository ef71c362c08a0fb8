#include "app/sensing/stream_facts.hpp"

#include <spdlog/spdlog.h>

#include "sense/observations/rollup.hpp"

namespace zhili::app {

using namespace sense;

namespace {

constexpr std::string_view observation_types = "http://www.opengis.net/def/observationType/OGC-OM/2.0/";

ingest::ValueKind kind_of(std::string_view type) {
  if (type.starts_with(observation_types)) type.remove_prefix(observation_types.size());
  if (type == "OM_TruthObservation") return ingest::ValueKind::truth;
  if (type == "OM_CountObservation") return ingest::ValueKind::count;
  if (type == "OM_CategoryObservation") return ingest::ValueKind::text;
  return ingest::ValueKind::number;
}

}  // namespace

ingest::StreamFact KnownStreams::fact(things::DatastreamFacts const& datastream) const {
  if (auto own = devices_.stream_fact(datastream.id)) return *own;
  return {.datastream = datastream.id,
          .name = datastream.stream,
          .kind = kind_of(datastream.observation_type),
          .any_kind = datastream.observation_type.ends_with("OM_Observation"),
          .unit = datastream.unit_code};
}

core::Result<> KnownStreams::visit(std::function<void(ingest::StreamFact)> const& stream, std::function<void(ingest::DeviceFact)> const& device) {
  devices_.gate().each([&](devices::GateDevice const& it) { device(devices_.device_fact(it)); });
  return db_.read([&](store::Reader& reader) { things::Things::each_datastream(reader, [&](things::DatastreamFacts const& it) { stream(fact(it)); }); });
}

core::Result<std::optional<ingest::StreamFact>> KnownStreams::stream(std::int64_t datastream) {
  return db_.read([&](store::Reader& reader) -> std::optional<ingest::StreamFact> {
    auto const found = things::Things::datastream(reader, datastream);
    return found ? std::optional(fact(*found)) : std::nullopt;
  });
}

std::optional<ingest::LastReading> KnownStreams::last(std::int64_t datastream) {
  auto const found = history_.last(datastream);
  if (!found) spdlog::warn("observations: {} {}", found.error().text.en, found.error().detail);
  if (!found || !*found) return std::nullopt;
  return ingest::LastReading{(*found)->phenomenon_time, observations::figure_of((*found)->value)};
}

}  // namespace zhili::app
