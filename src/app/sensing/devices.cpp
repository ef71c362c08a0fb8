#include "app/sensing/devices.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace zhili::app {

namespace devices = sense::devices;
namespace ingest = sense::ingest;
namespace observations = sense::observations;

namespace {

constexpr auto commands_every = std::chrono::seconds(1);

void log_failure(std::string_view what, core::Error const& error) { spdlog::error("{}: {} {}", what, error.text.en, error.detail); }

ingest::ValueKind ingest_kind(catalogue::ValueKind kind) {
  switch (kind) {
    case catalogue::ValueKind::number: return ingest::ValueKind::number;
    case catalogue::ValueKind::boolean: return ingest::ValueKind::truth;
    case catalogue::ValueKind::count: return ingest::ValueKind::count;
    case catalogue::ValueKind::text: return ingest::ValueKind::text;
  }
  return ingest::ValueKind::number;
}

}  // namespace

core::Result<std::unique_ptr<Devices>> Devices::open(Parts parts) {
  std::unique_ptr<Devices> out(new Devices(std::move(parts)));
  auto& p = out->parts_;
  ZHILI_TRY(out->key_, p.vault.named_key(std::string(device_key_name)));
  out->things_ = std::make_unique<DeviceThings>(p.things, p.catalogue);
  ZHILI_TRY(out->gate_, devices::Gatekeeper::open(p.db, out->key_, p.time));
  ZHILI_TRY(out->watch_, devices::DeviceWatch::open({p.db, p.time, p.catalogue, *out->gate_, out->readings_}));
  out->desk_ = std::make_unique<devices::DeviceDesk>(devices::DeviceDesk::Parts{p.db, p.time, p.catalogue, p.places, *out->things_, *out->gate_, out->key_});
  out->commands_ = std::make_unique<devices::CommandDesk>(p.db, p.time, p.catalogue);
  return out;
}

Devices::~Devices() { stop(); }

void Devices::start() {
  following_ = std::make_unique<bus::Worker>([this]() -> std::chrono::nanoseconds {
    if (auto const done = gate_->follow(); !done) log_failure("devices", done.error());
    if (auto const done = commands_->follow(); !done) log_failure("commands", done.error());
    return devices::gate_follow_every;
  });
  ending_ = std::make_unique<bus::Worker>([this]() -> std::chrono::nanoseconds {
    if (auto const done = commands_->run_due(parts_.time.now()); !done) log_failure("commands", done.error());
    return commands_every;
  });
  writing_ = std::make_unique<bus::Worker>([this]() -> std::chrono::nanoseconds {
    if (auto const done = watch_->write_back(); !done) log_failure("devices", done.error());
    return devices::write_back_every;
  });
}

void Devices::stop() {
  bool const was_running = following_ != nullptr;
  following_.reset();
  ending_.reset();
  writing_.reset();
  if (!was_running) return;
  commands_->let_go();
  if (auto const done = watch_->write_all(); !done) log_failure("devices", done.error());
}

void Devices::heard(observations::Delivered const& batch) {
  std::vector<devices::Heard> out;
  out.reserve(batch.batch.rows.size());
  for (auto const& row : batch.batch.rows) {
    std::optional<double> number;
    if (row.kind == observations::ValueKind::number) number = row.number;
    else if (row.kind == observations::ValueKind::truth || row.kind == observations::ValueKind::count) number = static_cast<double>(row.integer);
    out.push_back({.datastream = row.datastream, .at = core::from_ms(row.t), .number = number, .blemishes = blemishes_of(row.flags)});
  }
  watch_->heard(out, batch.received);
}

web::DeviceParts Devices::web_parts(web::PeopleParts people) {
  return {.people = std::move(people), .desk = desk_.get(), .watch = watch_.get(), .gate = gate_.get(), .commands = commands_.get(), .readings = &readings_, .alarms = {},
          .free_stream = [](store::Reader& r, std::int64_t datastream) -> std::optional<web::FreeStream> {
            auto const facts = sense::things::Things::datastream(r, datastream);
            if (!facts) return std::nullopt;
            return web::FreeStream{.unit = facts->unit_code, .is_private = facts->is_private};
          }};
}

ingest::DeviceFact Devices::device_fact(devices::GateDevice const& device) const {
  return {.device = device.device, .serial = device.serial, .disabled = device.life != devices::Life::active};
}

std::optional<ingest::StreamFact> Devices::stream_fact(std::int64_t datastream) const {
  auto const device = gate_->find(gate_->owner(datastream));
  if (!device) return std::nullopt;
  auto const named = std::ranges::find(device->streams, datastream, &devices::DeviceStream::datastream);
  auto const* type = parts_.catalogue->device_type(device->type);
  auto const* stream = type && named != device->streams.end() ? type->stream(named->stream) : nullptr;
  auto const* property = stream ? parts_.catalogue->property(stream->property) : nullptr;
  if (!property) return std::nullopt;
  auto const& to = stream->to_property;
  ingest::StreamFact out{.datastream = datastream, .device = device->device, .name = stream->id, .kind = ingest_kind(stream->kind), .unit = property->unit,
                         .from_device = {.factor = to.factor, .divisor = to.divisor, .offset = to.offset}, .every = stream->every};
  if (stream->range) {
    out.least = to(stream->range->low);
    out.most = to(stream->range->high);
  }
  if (stream->stuck_after) out.stuck_for = *stream->stuck_after;
  // A jump is a difference: the scale's zero does not count.
  if (stream->spike) out.jump_max = *stream->spike * to.factor / to.divisor;
  return out;
}

}  // namespace zhili::app
