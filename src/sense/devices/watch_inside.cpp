#include "sense/devices/watch_inside.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "sense/devices/changes.hpp"
#include "store/among.hpp"

namespace zhili::sense::devices {

namespace {

/// Memory grows by an eighth, not to the double: there is much of it.
template <class T>
void make_room(std::vector<T>& in) {
  constexpr std::size_t least = 1'024;
  if (in.size() == in.capacity()) in.reserve(in.capacity() + std::max(in.capacity() / 8, least));
}

template <class Words>
std::uint16_t number_in(Words& words, std::string_view word) {
  auto const found = std::ranges::find(words, word);
  if (found != words.end()) return static_cast<std::uint16_t>(found - words.begin());
  words.emplace_back(word);
  return static_cast<std::uint16_t>(words.size() - 1);
}

}  // namespace

std::uint16_t DeviceWatch::Inside::type_number(std::string_view id) {
  auto const found = std::ranges::find(types, id, &WatchType::id);
  if (found != types.end()) return static_cast<std::uint16_t>(found - types.begin());
  auto const* type = parts.catalogue->device_type(id);
  types.push_back({std::string(id), type, type ? health_streams(*type) : HealthStreams{}});
  return static_cast<std::uint16_t>(types.size() - 1);
}

std::uint16_t DeviceWatch::Inside::area_number(std::string_view code) { return number_in(areas, code); }

std::uint32_t DeviceWatch::Inside::firmware_number(std::string text) {
  if (text.empty() || text == "{}") return 0;
  auto const [at, is_new] = firmware_numbers.try_emplace(text, static_cast<std::uint32_t>(firmware.size()));
  if (is_new) firmware.push_back(std::move(text));
  return at->second;
}

WatchSlot* DeviceWatch::Inside::find_slot(Id device) {
  auto const found = std::ranges::lower_bound(slots, device, {}, &WatchSlot::id);
  return found != slots.end() && found->id == device ? &*found : nullptr;
}

DeviceFacts DeviceWatch::Inside::facts(WatchSlot const& slot) const {
  return {.life = slot.life, .active_since_ms = slot.active_since_ms, .last_seen_ms = slot.last_seen_ms,
          .streams = std::span<StreamFacts const>(streams).subspan(slot.first_stream, slot.stream_count)};
}

PreparedFilter DeviceWatch::Inside::prepared(WatchFilter const& filter) const {
  PreparedFilter out{.state = filter.state, .box = filter.box, .with_private = filter.with_private};
  if (!filter.type.empty()) {
    auto const found = std::ranges::find(types, filter.type, &WatchType::id);
    if (found == types.end()) out.nothing = true;
    else out.type = static_cast<std::uint16_t>(found - types.begin());
  }
  if (!filter.area.empty()) {
    out.areas.resize(areas.size());
    for (std::size_t i = 0; i < areas.size(); ++i) out.areas[i] = areas[i].starts_with(filter.area);
  }
  return out;
}

bool DeviceWatch::Inside::fits(PreparedFilter const& filter, WatchSlot const& slot, core::Instant now) const {
  if (filter.nothing || (filter.type && slot.type != *filter.type)) return false;
  if (slot.is_private && (!filter.with_private || filter.box)) return false;
  if (!filter.areas.empty() && !filter.areas[slot.area]) return false;
  if (filter.box && (slot.lat_e7 == nowhere_e7 || slot.lat_e7 < filter.box->min.lat_e7 || slot.lat_e7 > filter.box->max.lat_e7 || slot.lon_e7 < filter.box->min.lon_e7 ||
                     slot.lon_e7 > filter.box->max.lon_e7))
    return false;
  return !filter.state || state(slot, now) == *filter.state;
}

WatchRow DeviceWatch::Inside::row_of(WatchSlot const& slot) const {
  return {.device = slot.id, .last_seen_ms = slot.last_seen_ms, .battery = slot.battery, .signal = slot.signal, .firmware = firmware[slot.firmware]};
}

void DeviceWatch::Inside::not_written(std::span<WatchRow const> rows) {
  std::lock_guard const lock(mutex);
  for (auto const& row : rows)
    if (auto* slot = find_slot(row.device)) slot->changed = true;
}

void DeviceWatch::Inside::read_devices(store::Reader& r, std::string const& where, std::vector<store::Value> const& args) {
  using Maybe = std::optional<std::int64_t>;
  r.each<std::int64_t, std::string_view, std::int64_t, Maybe, Maybe, std::string_view, std::int64_t, Maybe>(
      "SELECT id, type, life, lat_e7, lon_e7, area, is_private, active_since FROM device" + where + " ORDER BY id",
      [&](std::int64_t id, std::string_view type, std::int64_t life, Maybe lat, Maybe lon, std::string_view area, std::int64_t is_private, Maybe active) {
        auto at = std::ranges::lower_bound(slots, id, {}, &WatchSlot::id);
        if (at == slots.end() || at->id != id) {
          auto const position = at - slots.begin();
          make_room(slots);
          at = slots.insert(slots.begin() + position, WatchSlot{.id = id});
        }
        at->type = type_number(type);
        at->life = static_cast<Life>(life);
        at->lat_e7 = lat && lon ? static_cast<std::int32_t>(*lat) : nowhere_e7;
        at->lon_e7 = lat && lon ? static_cast<std::int32_t>(*lon) : nowhere_e7;
        at->area = area_number(area);
        at->is_private = is_private != 0;
        at->active_since_ms = active.value_or(0);
      },
      args);
}

void DeviceWatch::Inside::add_stream(Id device, std::string_view stream, std::int64_t datastream) {
  auto* slot = find_slot(device);
  if (!slot) return;
  auto const mine = streams_of(*slot);
  if (std::ranges::any_of(mine, [&](auto const& known) { return known.datastream == datastream; })) return;
  if (slot->stream_count == std::numeric_limits<std::uint8_t>::max()) return;
  // Streams of a device are read together, so they are usually the last ones; where not, the device moves to the end.
  if (slot->stream_count > 0 && slot->first_stream + slot->stream_count != streams.size()) {
    std::vector<StreamFacts> const moved(mine.begin(), mine.end());
    slot->first_stream = static_cast<std::uint32_t>(streams.size());
    streams.insert(streams.end(), moved.begin(), moved.end());
  }
  if (slot->stream_count == 0) slot->first_stream = static_cast<std::uint32_t>(streams.size());
  StreamFacts added{.datastream = datastream, .of_type = no_stream_type};
  if (auto const* type = types[slot->type].type)
    for (std::size_t i = 0; i < type->streams.size() && i < no_stream_type; ++i)
      if (type->streams[i].id == stream) added.of_type = static_cast<std::uint8_t>(i);
  make_room(streams);
  streams.push_back(added);
  ++slot->stream_count;
}

void DeviceWatch::Inside::read_streams(store::Reader& r, std::string const& where, std::vector<store::Value> const& args) {
  r.each<std::int64_t, std::string_view, std::int64_t>("SELECT device, stream, datastream FROM device_stream" + where + " ORDER BY device, datastream",
                                                       [&](std::int64_t device, std::string_view stream, std::int64_t datastream) { add_stream(device, stream, datastream); }, args);
}

void DeviceWatch::Inside::read_condition(store::Reader& r) {
  using MaybeReal = std::optional<double>;
  r.each<std::int64_t, std::int64_t, MaybeReal, MaybeReal, std::string>(
      "SELECT device, last_seen, battery, signal, firmware FROM device_condition",
      [&](std::int64_t device, std::int64_t seen, MaybeReal battery, MaybeReal signal, std::string said) {
        auto* slot = find_slot(device);
        if (!slot) return;
        slot->last_seen_ms = slot->written_ms = seen;
        if (battery) slot->battery = static_cast<float>(*battery);
        if (signal) slot->signal = static_cast<float>(*signal);
        slot->firmware = firmware_number(std::move(said));
      });
}

core::Result<> DeviceWatch::Inside::read_everything() {
  auto const read = parts.db.read([&](store::Reader& r) {
    std::lock_guard const lock(mutex);
    read_devices(r, "", {});
    read_streams(r, "", {});
    read_condition(r);
  });
  if (!read) return core::fail(read.error());
  return {};
}

core::Result<> DeviceWatch::Inside::read_history() {
  std::vector<std::int64_t> datastreams;
  std::vector<std::pair<Id, Heard>> newest;
  {
    std::lock_guard const lock(mutex);
    for (auto const& slot : slots)
      for (auto const& stream : streams_of(slot)) datastreams.push_back(stream.datastream);
  }
  std::vector<Heard> blemished;
  ZHILI_CHECK(parts.history.newest(datastreams, [&](Heard const& reading) {
    std::lock_guard const lock(mutex);
    auto* slot = find_slot(reading.device != 0 ? reading.device : parts.gate.owner(reading.datastream));
    if (!slot) return;
    // A device's clock may be ahead of ours: it was not seen later than now.
    slot->last_seen_ms = std::max(slot->last_seen_ms, std::min(core::to_ms(reading.at), core::to_ms(parts.time.now())));
    for (auto& stream : streams_of(*slot)) {
      if (stream.datastream != reading.datastream) continue;
      take(*slot, stream, reading);
      if (reading.blemishes != 0) blemished.push_back({.device = slot->id, .datastream = stream.datastream});
    }
  }));
  for (auto const& one : blemished) {
    ZHILI_TRY(auto const since, parts.history.blemished_since(one.datastream));
    std::lock_guard const lock(mutex);
    auto* slot = find_slot(one.device);
    if (!slot || !since) continue;
    for (auto& stream : streams_of(*slot))
      if (stream.datastream == one.datastream && stream.blemish_ms != 0) stream.blemish_ms = core::to_ms(*since);
  }
  return {};
}

void DeviceWatch::Inside::refresh(std::span<Id const> devices) {
  auto const read = parts.db.read([&](store::Reader& r) {
    for (std::size_t from = 0; from < devices.size(); from += devices_read_max) {
      auto const part = devices.subspan(from, std::min(devices_read_max, devices.size() - from));
      std::vector<store::Value> args;
      auto const in = store::among(std::vector<Id>(part.begin(), part.end()), args);
      std::lock_guard const lock(mutex);
      read_devices(r, " WHERE id" + in, args);
      read_streams(r, " WHERE device" + in, args);
    }
  });
  if (!read) spdlog::error("devices: {} {}", read.error().text.en, read.error().detail);
}

}  // namespace zhili::sense::devices
