#include "app/demo/device_town.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sense/devices/desk.hpp"

namespace zhili::app::demo {

namespace devices = sense::devices;

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::size_t body_bytes_max = 2 << 20;  // some fifty thousand readings
constexpr std::int64_t remembered_every_min = 30;
constexpr std::size_t underpasses = 2;
constexpr double catchment = 24, pump_cm_min = 0.5;

/// How often devices speak here: as seldom as their type allows, because the city lives faster than we do.
int every_minutes(catalogue::DeviceType const& type) {
  auto shortest = std::chrono::minutes(240);
  for (auto const& stream : type.streams)
    if (stream.silent_after.count() > 0) shortest = std::min(shortest, std::chrono::duration_cast<std::chrono::minutes>(stream.silent_after) / 3);
  return static_cast<int>(std::clamp<std::int64_t>(shortest.count(), 1, 240));
}

/// They do not all speak at once.
std::int64_t reading_ms(std::size_t index, std::int64_t minute) { return minute * minute_ms + static_cast<std::int64_t>(index % 50) * 1'000; }

}  // namespace

DeviceTown::DeviceTown(Service& service, core::TimeSource const& time, Options options)
    : service_(service), time_(time), options_(std::move(options)), client_("127.0.0.1", options_.port), opened_(time.now()), sent_minute_(core::to_ms(opened_) / minute_ms) {
  places_.emplace_back("", Underpass(0, 0));
  if (options_.mqtt) mqtt_.emplace(*options_.mqtt);
}

core::Result<std::unique_ptr<DeviceTown>> DeviceTown::open(Service& service, core::TimeSource const& time, Options options) {
  std::unique_ptr<DeviceTown> out(new DeviceTown(service, time, std::move(options)));
  auto const planned = plan_devices(service.places().now()->city(), *service.runtime().catalogue(), out->options_.seed);
  ZHILI_TRY(auto const done, service.sensing().devices().desk().import_csv(devices_csv(planned), {.mode = devices::ImportMode::all}, "system"));
  if (!done.written) {
    auto const wrong = std::ranges::find(done.lines, devices::LineFate::refused, &devices::ImportLine::fate);
    if (wrong != done.lines.end()) return core::fail(wrong->error);
  }
  ZHILI_CHECK(out->take_in(planned));
  return out;
}

/// Which datastreams the devices got.
core::Result<> DeviceTown::take_in(std::vector<PlannedDevice> const& planned) {
  std::map<std::string, PlannedDevice const*> by_serial;
  for (auto const& one : planned) by_serial[one.serial] = &one;
  auto const& catalogue = *service_.runtime().catalogue();
  bool leaks = true;  // the first gas detector stands at the leak
  return service_.db().read([&](store::Reader& r) -> core::Result<> {
    std::vector<devices::Device> all;
    devices::DeviceDesk::each(r, [&](devices::Device one) { all.push_back(std::move(one)); });
    for (auto const& one : all) {
      auto const found = by_serial.find(one.serial);
      auto const* type = catalogue.device_type(one.type);
      if (found == by_serial.end() || !type) continue;
      bool const by_mqtt = mqtt_ && sensors_.size() % 2 == 0;
      auto& sensor = sensors_.emplace_back();
      sensor.by_mqtt = by_mqtt;
      sensor.serial = one.serial;
      sensor.every_min = every_minutes(*type);
      if (one.type == "gas-detector") sensor.leaks = std::exchange(leaks, false);
      if (!found->second->place.empty()) {
        auto const at = std::ranges::find(places_, found->second->place, [](auto const& place) { return place.first; });
        sensor.place = static_cast<std::size_t>(at - places_.begin());
        bool const is_underpass = places_.size() <= underpasses;  // they are planned first
        if (at == places_.end()) places_.emplace_back(found->second->place, is_underpass ? Underpass(catchment, pump_cm_min) : Underpass(catchment / 4, 0));
      }
      for (auto const& stream : devices::DeviceDesk::streams(r, one.id)) {
        auto const* known = type->stream(stream.stream);
        auto const* property = known ? catalogue.property(known->property) : nullptr;
        if (property) sensor.streams.push_back({.datastream = stream.datastream, .name = known->id, .property = property->id, .unit = property->unit});
      }
    }
    return {};
  });
}

Surroundings DeviceTown::around(Sensor const& sensor, std::int64_t minute) const {
  auto const at = core::from_ms(minute * minute_ms);
  auto const civil = service_.runtime().zone().civil(at);
  auto const open = std::max(at - opened_, core::Duration(0));
  auto const& water = places_[sensor.place].second;
  auto const rain = rain_mm_h(open);
  return {.hour = static_cast<double>(civil.second) / 3600, .rain_mm_h = rain, .rain_mm = rain * sensor.every_min / 60, .water_cm = water.level_cm(), .pump_runs = water.pump_runs(),
          .gas_lel = sensor.leaks ? leaking_gas_lel(open) : 0, .minute = minute};
}

void DeviceTown::lines_of(std::string& out, Sensor const& sensor, std::size_t index, std::int64_t minute) const {
  auto const now = around(sensor, minute);
  for (auto const& stream : sensor.streams) {
    auto const value = reading_json(stream.property, static_cast<std::uint64_t>(stream.datastream) * 7 + options_.seed, now);
    if (value) out += fmt::format("{{\"d\":{},\"t\":{},\"v\":{}}}\n", stream.datastream, reading_ms(index, minute), *value);
  }
}

/// By the names that the device itself has for its streams.
std::string DeviceTown::message_of(Sensor const& sensor, std::size_t index, std::int64_t minute) const {
  auto const now = around(sensor, minute);
  std::string out;
  for (auto const& stream : sensor.streams) {
    auto const value = reading_json(stream.property, static_cast<std::uint64_t>(stream.datastream) * 7 + options_.seed, now);
    if (!value) continue;
    out += fmt::format(R"({{"s":"{}","t":{},"v":{})", stream.name, reading_ms(index, minute), *value);
    out += stream.unit.empty() ? "}\n" : fmt::format(R"(,"u":"{}"}})", stream.unit) + "\n";
  }
  return out;
}

core::Result<> DeviceTown::send(std::string body) {
  if (body.empty()) return {};
  ZHILI_TRY(auto const answer, client_.post_lines("/ingest/v1/lines", std::move(body), options_.api_key));
  if (answer.status == 201) return {};
  return core::fail(core::Errc::unavailable, "demo.readings", {"演示设备的读数没有被收下。", "The readings of the demonstration's devices were not taken."}, {}, fmt::format("{} {}", answer.status, answer.body.substr(0, 300)));
}

/// The last day is left out: what is younger would be judged by rules that expect a word every few minutes.
core::Result<> DeviceTown::remember(std::chrono::days days) {
  auto const first = sent_minute_ - std::chrono::duration_cast<std::chrono::minutes>(days).count();
  auto const last = sent_minute_ - std::chrono::duration_cast<std::chrono::minutes>(std::chrono::hours(24)).count() - remembered_every_min;
  std::string body;
  for (auto minute = first; minute < last; minute += remembered_every_min)
    for (std::size_t i = 0; i < sensors_.size(); ++i) {
      lines_of(body, sensors_[i], i, minute);
      if (body.size() > body_bytes_max) ZHILI_CHECK(send(std::exchange(body, {})));
    }
  return send(std::move(body));
}

core::Result<> DeviceTown::minute() {
  auto const now = core::to_ms(time_.now()) / minute_ms - 1;  // of a minute that is over
  std::string body;
  std::vector<MqttGateway::Message> messages;
  while (sent_minute_ < now) {
    ++sent_minute_;
    auto const rain = rain_mm_h(std::max(core::from_ms(sent_minute_ * minute_ms) - opened_, core::Duration(0)));
    for (std::size_t i = 1; i < places_.size(); ++i) places_[i].second.minute(rain);
    for (std::size_t i = 0; i < sensors_.size(); ++i) {
      auto const every = sensors_[i].place != 0 || sensors_[i].leaks ? 1 : sensors_[i].every_min;
      if ((sent_minute_ + static_cast<std::int64_t>(i)) % every != 0) continue;
      if (sensors_[i].by_mqtt) messages.push_back({.topic = "devices/" + sensors_[i].serial, .payload = message_of(sensors_[i], i, sent_minute_)});
      else lines_of(body, sensors_[i], i, sent_minute_);
    }
    if (body.size() > body_bytes_max) ZHILI_CHECK(send(std::exchange(body, {})));
  }
  if (mqtt_) ZHILI_CHECK(mqtt_->publish(std::move(messages)));
  return send(std::move(body));
}

}  // namespace zhili::app::demo
