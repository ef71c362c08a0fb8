#include "sense/devices/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace zhili::sense::devices {

using catalogue::DeviceType;
using catalogue::StreamType;

namespace {

constexpr std::array<std::string_view, states> state_names{"active", "silent", "fault", "disabled", "unclaimed"};

core::Duration shortest_silence(DeviceType const& type) {
  core::Duration out{0};
  for (auto const& stream : type.streams)
    if (stream.silent_after.count() > 0 && (out.count() == 0 || stream.silent_after < out)) out = stream.silent_after;
  return out;
}

std::int64_t last_word_ms(DeviceFacts const& facts) { return std::max(facts.last_seen_ms, facts.active_since_ms); }

bool overdue(std::int64_t last_ms, core::Duration after, core::Instant now) { return after.count() > 0 && core::to_ms(now) - last_ms > after.count(); }

/// Calls `found(code, stream facts or null, since in ms)` for each fault until it gives false.
template <class Found>
void each_fault(DeviceType const* type, DeviceFacts const& facts, core::Instant now, Found const& found) {
  if (facts.life != Life::active) return;
  if (!type) {
    found(FaultCode::type_unknown, nullptr, facts.active_since_ms);
    return;
  }
  bool const silent = overdue(last_word_ms(facts), shortest_silence(*type), now);
  if (silent && !found(FaultCode::silent, nullptr, last_word_ms(facts))) return;
  for (auto const& stream : facts.streams) {
    if (stream.of_type >= type->streams.size()) continue;
    auto const& of = type->streams[stream.of_type];
    auto const last = std::max(stream.last_ms, facts.active_since_ms);
    if (!silent && overdue(last, of.silent_after, now) && !found(FaultCode::stream_silent, &stream, last)) return;
    for (auto const& [blemish, code] : {std::pair(Blemish::out_of_range, FaultCode::out_of_range), std::pair(Blemish::stuck, FaultCode::stuck)})
      if ((stream.blemishes & static_cast<Blemishes>(blemish)) != 0 && !found(code, &stream, stream.blemish_ms)) return;
  }
}

core::Text fault_words(FaultCode code, core::Text const& stream) {
  switch (code) {
    case FaultCode::silent: return {"设备不再发来任何数据。请检查供电、信号和凭证。", "Nothing comes from the device any more. Check its power, its signal and its credential."};
    case FaultCode::stream_silent:
      return {fmt::format("设备还在发数据，但没有“{}”。请检查这个探头。", stream.zh), fmt::format("The device speaks, but its stream \"{}\" does not. Check that probe.", stream.en)};
    case FaultCode::out_of_range:
      return {fmt::format("“{}”超出了设备能量到的范围。请检查探头和接线。", stream.zh), fmt::format("\"{}\" is outside of what the device can measure. Check probe and wiring.", stream.en)};
    case FaultCode::stuck:
      return {fmt::format("“{}”长时间一动不动，像是卡住了。请检查探头。", stream.zh), fmt::format("\"{}\" has not moved for long, as if stuck. Check the probe.", stream.en)};
    case FaultCode::type_unknown:
      return {"现有的场景包里没有这种设备类型。请装上带有它的包。", "No pack in force has this type of device. Load the pack that has it."};
  }
  return {};
}

}  // namespace

std::string_view name(State state) { return state_names[static_cast<std::size_t>(state)]; }

std::optional<State> state_from(std::string_view wanted) {
  for (std::size_t i = 0; i < states; ++i)
    if (state_names[i] == wanted) return static_cast<State>(i);
  return std::nullopt;
}

std::string_view name(FaultCode code) {
  switch (code) {
    case FaultCode::silent: return "silent";
    case FaultCode::stream_silent: return "stream_silent";
    case FaultCode::out_of_range: return "out_of_range";
    case FaultCode::stuck: return "stuck";
    case FaultCode::type_unknown: return "type_unknown";
  }
  return {};
}

State state_only(DeviceType const* type, DeviceFacts const& facts, core::Instant now) {
  if (facts.life == Life::unclaimed) return State::unclaimed;
  if (facts.life == Life::disabled) return State::disabled;
  auto out = State::active;
  each_fault(type, facts, now, [&](FaultCode code, StreamFacts const*, std::int64_t) {
    out = code == FaultCode::silent ? State::silent : State::fault;
    return false;
  });
  return out;
}

Condition state_of(DeviceType const* type, DeviceFacts const& facts, core::Instant now) {
  Condition out{.state = state_only(type, facts, now)};
  each_fault(type, facts, now, [&](FaultCode code, StreamFacts const* stream, std::int64_t since_ms) {
    StreamType const* of = stream ? &type->streams[stream->of_type] : nullptr;
    out.faults.push_back({.code = code, .since = core::from_ms(since_ms), .stream = of ? of->id : std::string(), .words = fault_words(code, of ? of->name : core::Text())});
    return true;
  });
  std::ranges::stable_sort(out.faults, {}, &Fault::code);
  return out;
}

HealthStreams health_streams(DeviceType const& type) {
  HealthStreams out;
  for (std::size_t i = 0; i < type.streams.size() && i < no_stream_type; ++i) {
    auto const& property = type.streams[i].property;
    if (property == battery_property && out.battery == no_stream_type) out.battery = static_cast<std::uint8_t>(i);
    if (property == signal_property && out.signal == no_stream_type) out.signal = static_cast<std::uint8_t>(i);
  }
  return out;
}

core::Result<std::string> checked_serial(std::string_view written) {
  while (written.starts_with(' ')) written.remove_prefix(1);
  while (written.ends_with(' ')) written.remove_suffix(1);
  auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':'; };
  if (!written.empty() && written.size() <= serial_characters_max && std::ranges::all_of(written, fits)) return std::string(written);
  return core::fail(core::Errc::invalid, "device.serial",
                    {fmt::format("序列号是 1 至 {} 个字符：字母、数字、- _ :（它也是 MQTT 主题的一段，所以没有点、空格和斜线）。", serial_characters_max),
                     fmt::format("A serial number has 1 to {} characters: letters, digits, - _ : (it is a part of MQTT topics, too, hence no dots, blanks or slashes).", serial_characters_max)},
                    "serial");
}

}  // namespace zhili::sense::devices
