#pragma once
// Devices: what they are, and how each of them is. A device has a Thing of SensorThings with a Datastream for each stream of its type;
// what those observe is elsewhere. Nothing here judges a place: a fault is always the device's own.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/device_type.hpp"
#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::sense::devices {

/// The number of the ledger entry that made it: of a device, a credential, a command.
using Id = std::int64_t;

inline constexpr std::size_t serial_characters_max = 64;
inline constexpr std::size_t device_name_characters_max = 100;
inline constexpr std::size_t device_code_characters_max = 64;  ///< of a component or an area
inline constexpr std::size_t firmware_bytes_max = 100;         ///< of one field
inline constexpr std::size_t firmware_fields_max = 20;

/// How far a device has come. What it is like is its State.
enum class Life : std::uint8_t {
  unclaimed,  ///< it has announced itself, and nobody has said where it stands: it may send nothing
  active,
  disabled    ///< refused, with whatever credential
};

/// How a device is, as lists show it.
enum class State : std::uint8_t { active, silent, fault, disabled, unclaimed };
inline constexpr std::size_t states = 5;
/// "active", "silent", "fault", "disabled", "unclaimed".
std::string_view name(State state);
std::optional<State> state_from(std::string_view name);

/// One of its streams, and the Datastream that it became.
struct DeviceStream {
  std::string stream = {};  ///< of the type: "level"
  std::int64_t datastream = 0;
};

/// As the register has it.
struct Device {
  Id id = 0;
  std::string type = {};    ///< of a pack
  std::string name = {};
  std::string serial = {};  ///< unique; letters, digits, - _ :
  Life life = Life::active;
  std::int64_t thing = 0;   ///< 0 while it is unclaimed
  std::optional<core::LatLon> at = {};
  std::string area = {};       ///< code of the smallest area that it is in; empty: none
  std::string place = {};      ///< what that place is called: the component's name, or what somebody wrote; may be empty
  std::string component = {};  ///< code of the component that it sits on; may be empty
  bool is_private = false;     ///< stands in a home
  core::Instant made_at{};
  std::optional<core::Instant> active_since = {};  ///< registered, or claimed
};

// ---- state ----------------------------------------------------------------------------------------------------------------------

/// What is wrong with a reading, as far as it speaks of the device.
enum class Blemish : std::uint8_t { out_of_range = 1, stuck = 2 };
using Blemishes = std::uint8_t;  ///< any number of them

/// What is remembered of one stream of a device. Plain data.
struct StreamFacts {
  std::int64_t datastream = 0;
  std::int64_t last_ms = 0;       ///< phenomenonTime of its newest reading; 0: none
  std::int64_t blemish_ms = 0;    ///< since when it has had any blemish without a break; 0: it has none
  std::uint8_t of_type = 0;       ///< position in DeviceType::streams; no_stream_type: the type has it no more
  Blemishes blemishes = 0;        ///< of the newest reading
};
inline constexpr std::uint8_t no_stream_type = 255;

/// What is remembered of a device. `streams` are its own.
struct DeviceFacts {
  Life life = Life::active;
  std::int64_t active_since_ms = 0;
  std::int64_t last_seen_ms = 0;  ///< when anything of it last came in; 0: never
  std::span<StreamFacts const> streams = {};
};

enum class FaultCode : std::uint8_t { silent, stream_silent, out_of_range, stuck, type_unknown };
/// "silent", "stream_silent", "out_of_range", "stuck", "type_unknown".
std::string_view name(FaultCode code);

/// Something that is wrong with a device.
struct Fault {
  FaultCode code = FaultCode::silent;
  core::Instant since{};
  std::string stream = {};  ///< of the type; empty: the whole device
  core::Text words = {};    ///< for people: what, since when, what to look at
};

/// A device at an instant.
struct Condition {
  State state = State::active;
  std::vector<Fault> faults = {};  ///< the gravest first; none while it is disabled or unclaimed
};

/// How a device is. Pure. `type` null: no pack in force has it.
///
/// It is silent when nothing of it came in for the shortest `silent_after` of its streams; a single stream that is overdue while others
/// speak is a fault of it, and so is a newest reading that is stuck or out of range. Before its first reading the time since it was
/// registered counts, so that one that never speaks is found too. A stream without an interval (silent_after 0) is never overdue.
Condition state_of(catalogue::DeviceType const* type, DeviceFacts const& facts, core::Instant now);
/// The same without words: for lists and counts. No allocation.
State state_only(catalogue::DeviceType const* type, DeviceFacts const& facts, core::Instant now);

/// Observed properties of packs/sensing that lists of devices show.
inline constexpr std::string_view battery_property = "battery";         ///< per cent
inline constexpr std::string_view signal_property = "signal-strength";  ///< dBm

/// The streams of a type that tell the charge of its battery and the strength of its radio signal. no_stream_type: it has none.
struct HealthStreams {
  std::uint8_t battery = no_stream_type;
  std::uint8_t signal = no_stream_type;
};
HealthStreams health_streams(catalogue::DeviceType const& type);

/// A serial number as it is kept: without blanks around it. Errors: invalid (`field` serial), saying what it may be made of.
core::Result<std::string> checked_serial(std::string_view written);

}  // namespace zhili::sense::devices
