#include "sense/ingest/stream_table.hpp"

#include <utility>

namespace zhili::sense::ingest {

void StreamTable::put(StreamFact fact) {
  auto& stream = streams_[fact.datastream];
  if (!stream.fact.name.empty())
    if (auto const known = names_.find(NameView{stream.fact.device, stream.fact.name}); known != names_.end() && known->second == fact.datastream) names_.erase(known);
  if (stream.fact.kind != fact.kind || stream.fact.unit != fact.unit) {
    stream.state = {};
    stream.seeded = false;
  }
  stream.fact = std::move(fact);
  if (stream.fact.device != 0 && !stream.fact.name.empty()) names_[Name{stream.fact.device, stream.fact.name}] = stream.fact.datastream;
}

void StreamTable::put(DeviceFact fact) {
  auto& device = devices_[fact.device];
  if (auto const known = serials_.find(device.fact.serial); known != serials_.end() && known->second == fact.device) serials_.erase(known);
  device.fact = std::move(fact);
  if (!device.fact.serial.empty()) serials_[device.fact.serial] = device.fact.device;
}

void StreamTable::forget_stream(std::int64_t datastream) {
  auto const found = streams_.find(datastream);
  if (found == streams_.end()) return;
  if (auto const known = names_.find(NameView{found->second.fact.device, found->second.fact.name}); known != names_.end() && known->second == datastream) names_.erase(known);
  streams_.erase(found);
}

void StreamTable::forget_device(std::int64_t device) {
  auto const found = devices_.find(device);
  if (found == devices_.end()) return;
  if (auto const known = serials_.find(found->second.fact.serial); known != serials_.end() && known->second == device) serials_.erase(known);
  devices_.erase(found);
}

void StreamTable::clear() {
  streams_.clear();
  devices_.clear();
  names_.clear();
  serials_.clear();
}

StreamTable::Stream* StreamTable::find(std::int64_t datastream) {
  auto const found = streams_.find(datastream);
  return found == streams_.end() ? nullptr : &found->second;
}

StreamTable::Stream const* StreamTable::find(std::int64_t datastream) const {
  auto const found = streams_.find(datastream);
  return found == streams_.end() ? nullptr : &found->second;
}

StreamTable::Device& StreamTable::device(std::int64_t device) {
  auto const [found, made] = devices_.try_emplace(device);
  if (made) found->second.fact.device = device;
  return found->second;
}

std::int64_t StreamTable::named(std::int64_t device, std::string_view stream) const {
  auto const found = names_.find(NameView{device, stream});
  return found == names_.end() ? 0 : found->second;
}

std::int64_t StreamTable::device_with(std::string_view serial) const {
  auto const found = serials_.find(serial);
  return found == serials_.end() ? 0 : found->second;
}

}  // namespace zhili::sense::ingest
