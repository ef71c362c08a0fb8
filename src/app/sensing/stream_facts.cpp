#include "app/sensing/stream_facts.hpp"

#include <spdlog/spdlog.h>

#include "sense/ingest/ucum_units.hpp"
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
  ingest::StreamFact out;
  auto const* type = datastream.device_type.empty() ? nullptr : catalogue_->device_type(datastream.device_type);
  auto const* stream = type ? type->stream(datastream.stream) : nullptr;
  auto const* property = stream ? catalogue_->property(stream->property) : nullptr;
  if (property) {
    out = ingest::fact_of(*stream, *property);
  } else {
    out.kind = kind_of(datastream.observation_type);
    out.any_kind = datastream.observation_type.ends_with("OM_Observation");
    out.unit = datastream.unit_code;
  }
  out.datastream = datastream.id;
  out.device = gate_.owner(datastream.id);
  out.name = datastream.stream;
  return out;
}

ingest::DeviceFact KnownStreams::fact(devices::GateDevice const& device) {
  return {.device = device.device, .serial = device.serial, .disabled = device.life != devices::Life::active};
}

core::Result<> KnownStreams::visit(std::function<void(ingest::StreamFact)> const& stream, std::function<void(ingest::DeviceFact)> const& device) {
  gate_.each([&](devices::GateDevice const& it) { device(fact(it)); });
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
