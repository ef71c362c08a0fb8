#include "app/sensing/stream_facts.hpp"

#include "app/sensing/device_readings.hpp"

namespace zhili::app {

namespace ingest = sense::ingest;
namespace things = sense::things;

namespace {

/// By SensorThings' observationType; nothing: it takes whatever comes (OM_Observation).
std::optional<ingest::ValueKind> kind_of_type(std::string_view observation_type) {
  using catalogue::ValueKind;
  if (observation_type == catalogue::observation_type(ValueKind::number)) return ingest::ValueKind::number;
  if (observation_type == catalogue::observation_type(ValueKind::boolean)) return ingest::ValueKind::truth;
  if (observation_type == catalogue::observation_type(ValueKind::count)) return ingest::ValueKind::count;
  if (observation_type == catalogue::observation_type(ValueKind::text)) return ingest::ValueKind::text;
  return std::nullopt;
}

}  // namespace

ingest::StreamFact SensingFacts::fact_of(things::DatastreamFacts const& facts) const {
  if (auto fact = devices_.stream_fact(facts.id)) return std::move(*fact);
  auto const kind = kind_of_type(facts.observation_type);
  return {.datastream = facts.id, .device = devices_.gate().owner(facts.id), .name = facts.stream, .kind = kind.value_or(ingest::ValueKind::number), .any_kind = !kind, .unit = facts.unit_code};
}

core::Result<> SensingFacts::visit(std::function<void(ingest::StreamFact)> const& stream, std::function<void(ingest::DeviceFact)> const& device) {
  ZHILI_CHECK(db_.read([&](store::Reader& r) -> core::Result<> {
    things::Things::each_datastream(r, [&](things::DatastreamFacts const& facts) { stream(fact_of(facts)); });
    return {};
  }));
  devices_.gate().each([&](sense::devices::GateDevice const& one) { device(devices_.device_fact(one)); });
  return {};
}

core::Result<std::optional<ingest::StreamFact>> SensingFacts::stream(std::int64_t datastream) {
  ZHILI_TRY(auto const facts, db_.read([&](store::Reader& r) { return things::Things::datastream(r, datastream); }));
  if (!facts) return std::nullopt;
  return fact_of(*facts);
}

std::optional<ingest::LastReading> SensingFacts::last(std::int64_t datastream) {
  auto const found = history_.last(datastream);
  if (!found || !*found) return std::nullopt;
  return ingest::LastReading{.at = (*found)->phenomenon_time, .number = number_of((*found)->value)};
}

void SensingFacts::keep_informed(ingest::Intake& intake) {
  devices_.gate().on_change([this, &intake](std::span<sense::devices::Id const> changed) {
    for (auto const id : changed) {
      auto const device = devices_.gate().find(id);
      if (!device) continue;
      intake.put(devices_.device_fact(*device));
      for (auto const& stream : device->streams)
        if (auto fact = devices_.stream_fact(stream.datastream)) intake.put(std::move(*fact));
    }
  });
}

}  // namespace zhili::app
