#include "sense/devices/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>

#include "sense/devices/watch_inside.hpp"

namespace zhili::sense::devices {

using boost::json::object;

DeviceWatch::DeviceWatch(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
DeviceWatch::~DeviceWatch() = default;

core::Result<std::unique_ptr<DeviceWatch>> DeviceWatch::open(Parts parts) {
  std::unique_ptr<DeviceWatch> out(new DeviceWatch(std::unique_ptr<Inside>(new Inside{.parts = std::move(parts)})));
  auto& inside = *out->inside_;
  for (auto const* type : inside.parts.catalogue->device_types()) inside.type_number(type->id);
  // Listens first: what is registered while this reads is taken in twice rather than not at all.
  inside.parts.gate.on_change([watch = out->inside_.get()](std::span<Id const> devices) { watch->refresh(devices); });
  ZHILI_CHECK(inside.read_everything());
  ZHILI_CHECK(inside.read_history());
  return out;
}

void DeviceWatch::heard(std::span<Heard const> readings, core::Instant received) {
  std::lock_guard const lock(inside_->mutex);
  auto const received_ms = core::to_ms(received);
  for (auto const& reading : readings) inside_->hear(reading, received_ms);
}

void DeviceWatch::Inside::hear(Heard const& reading, std::int64_t received_ms) {
  auto const device = reading.device != 0 ? reading.device : parts.gate.owner(reading.datastream);
  auto* slot = find_slot(device);
  if (!slot) return;
  slot->last_seen_ms = std::max(slot->last_seen_ms, received_ms);
  for (auto& stream : streams_of(*slot))
    if (stream.datastream == reading.datastream) {
      take(*slot, stream, reading);
      return;
    }
}

void DeviceWatch::Inside::take(WatchSlot& slot, StreamFacts& stream, Heard const& reading) {
  auto const at = core::to_ms(reading.at);
  if (at < stream.last_ms) return;
  stream.last_ms = at;
  stream.blemishes = reading.blemishes;
  if (reading.blemishes == 0) stream.blemish_ms = 0;
  else if (stream.blemish_ms == 0) stream.blemish_ms = at;
  if (!reading.number || stream.of_type == no_stream_type) return;
  auto const& health = types[slot.type].health;
  for (auto const& [which, kept] : {std::pair(health.battery, &slot.battery), std::pair(health.signal, &slot.signal)}) {
    auto const value = static_cast<float>(*reading.number);
    if (stream.of_type != which || *kept == value) continue;
    *kept = value;
    slot.changed = true;
  }
}

core::Result<> DeviceWatch::says(Id device, std::vector<std::pair<std::string, std::string>> const& firmware, core::Instant received) {
  std::lock_guard const lock(inside_->mutex);
  auto* slot = inside_->find_slot(device);
  if (!slot) return core::fail(core::Errc::not_found, "device.unknown", {"没有这台设备。", "There is no such device."}, "id");
  auto const* type = inside_->types[slot->type].type;
  object said;
  for (auto const& [field, text] : firmware) {
    bool const known = type && std::ranges::any_of(type->firmware, [&](auto const& f) { return f.id == field; });
    if (!known || text.size() > firmware_bytes_max || said.size() == firmware_fields_max)
      return core::fail(core::Errc::invalid, "device.firmware",
                        {fmt::format("这种设备没有字段“{}”，或内容超过 {} 字节。", field, firmware_bytes_max),
                         fmt::format("This type of device has no field \"{}\", or its text is longer than {} bytes.", field, firmware_bytes_max)},
                        "firmware." + field);
    said[field] = text;
  }
  slot->last_seen_ms = std::max(slot->last_seen_ms, core::to_ms(received));
  if (!said.empty()) {
    auto const number = inside_->firmware_number(boost::json::serialize(said));
    slot->changed = slot->changed || number != slot->firmware;
    slot->firmware = number;
  }
  return {};
}

std::optional<Sight> DeviceWatch::sight(Id device) const {
  auto const now = inside_->parts.time.now();
  std::lock_guard const lock(inside_->mutex);
  auto const* slot = inside_->find_slot(device);
  if (!slot) return std::nullopt;
  auto const number = [](float value) { return std::isnan(value) ? std::nullopt : std::optional<double>(value); };
  return Sight{.state = inside_->state(*slot, now), .last_seen = slot->last_seen_ms == 0 ? std::nullopt : std::optional(core::from_ms(slot->last_seen_ms)), .battery = number(slot->battery),
               .signal = number(slot->signal), .firmware = inside_->firmware[slot->firmware]};
}

std::optional<Condition> DeviceWatch::condition(Id device) const {
  auto const now = inside_->parts.time.now();
  std::lock_guard const lock(inside_->mutex);
  auto const* slot = inside_->find_slot(device);
  if (!slot) return std::nullopt;
  return state_of(inside_->types[slot->type].type, inside_->facts(*slot), now);
}

std::vector<Id> DeviceWatch::find(WatchFilter const& filter, Id after, std::size_t most) const {
  auto const now = inside_->parts.time.now();
  std::lock_guard const lock(inside_->mutex);
  auto const wanted = inside_->prepared(filter);
  std::vector<Id> out;
  auto const& slots = inside_->slots;
  for (auto at = std::ranges::upper_bound(slots, after, {}, &WatchSlot::id); at != slots.end() && out.size() < most; ++at)
    if (inside_->fits(wanted, *at, now)) out.push_back(at->id);
  return out;
}

bool DeviceWatch::fits(WatchFilter const& filter, Id device) const {
  auto const now = inside_->parts.time.now();
  std::lock_guard const lock(inside_->mutex);
  auto const* slot = inside_->find_slot(device);
  return slot && inside_->fits(inside_->prepared(filter), *slot, now);
}

WatchCounts DeviceWatch::counts(WatchFilter const& filter) const {
  auto const now = inside_->parts.time.now();
  std::lock_guard const lock(inside_->mutex);
  auto const wanted = inside_->prepared(filter);
  std::vector<std::array<std::int64_t, states>> by_type(inside_->types.size());
  WatchCounts out;
  for (auto const& slot : inside_->slots) {
    if (!inside_->fits(wanted, slot, now)) continue;
    auto const state = static_cast<std::size_t>(inside_->state(slot, now));
    ++out.by_state[state];
    ++by_type[slot.type][state];
  }
  for (std::size_t i = 0; i < by_type.size(); ++i)
    if (std::ranges::any_of(by_type[i], [](auto n) { return n > 0; })) out.by_type[inside_->types[i].id] = by_type[i];
  return out;
}

std::size_t DeviceWatch::bytes() const {
  std::lock_guard const lock(inside_->mutex);
  auto out = inside_->slots.capacity() * sizeof(WatchSlot) + inside_->streams.capacity() * sizeof(StreamFacts);
  for (auto const& text : inside_->firmware) out += 2 * (sizeof text + text.capacity());
  return out;
}

core::Result<std::size_t> DeviceWatch::write_back() { return write(seen_written_every); }
core::Result<std::size_t> DeviceWatch::write_all() { return write(core::Duration{0}); }

core::Result<std::size_t> DeviceWatch::write(core::Duration seen_older_than) {
  std::vector<WatchRow> rows;
  {
    std::lock_guard const lock(inside_->mutex);
    for (auto& slot : inside_->slots) {
      bool const seen = slot.last_seen_ms > slot.written_ms && slot.last_seen_ms - slot.written_ms >= seen_older_than.count();
      if (!slot.changed && !seen) continue;
      rows.push_back(inside_->row_of(slot));
      slot.changed = false;
      slot.written_ms = slot.last_seen_ms;
    }
  }
  auto const uses = inside_->parts.gate.take_uses();
  auto const number = [](float value) { return std::isnan(value) ? std::nullopt : std::optional<double>(value); };
  for (std::size_t from = 0; from < std::max(rows.size(), uses.size()); from += conditions_of_piece) {
    auto const written = inside_->parts.db.write([&](store::Writer& w) {
      for (auto i = from; i < std::min(rows.size(), from + conditions_of_piece); ++i) {
        auto const& row = rows[i];
        w.exec("INSERT INTO device_condition (device, last_seen, battery, signal, firmware) VALUES (?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET "
               "last_seen = excluded.last_seen, battery = excluded.battery, signal = excluded.signal, firmware = excluded.firmware",
               row.device, row.last_seen_ms, number(row.battery), number(row.signal), row.firmware);
      }
      for (auto i = from; i < std::min(uses.size(), from + conditions_of_piece); ++i)
        w.exec("UPDATE device_credential SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)", uses[i].second, uses[i].first, uses[i].second);
    });
    if (!written) {
      inside_->not_written(std::span(rows).subspan(std::min(from, rows.size())));
      return core::fail(written.error());
    }
  }
  return std::max(rows.size(), uses.size());
}

}  // namespace zhili::sense::devices
