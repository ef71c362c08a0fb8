#pragma once
// What the watch keeps of each device. Inside of devices only.

#include <limits>

#include "sense/devices/watch.hpp"

namespace zhili::sense::devices {

inline constexpr std::int32_t nowhere_e7 = std::numeric_limits<std::int32_t>::min();

/// One device: 64 bytes.
struct WatchSlot {
  Id id = 0;
  std::int64_t active_since_ms = 0;
  std::int64_t last_seen_ms = 0;
  std::int64_t written_ms = 0;  ///< last_seen as it was written down
  float battery = std::numeric_limits<float>::quiet_NaN();
  float signal = std::numeric_limits<float>::quiet_NaN();
  std::int32_t lat_e7 = nowhere_e7, lon_e7 = nowhere_e7;
  std::uint32_t first_stream = 0;
  std::uint32_t firmware = 0;  ///< in Inside::firmware; 0: nothing
  std::uint16_t type = 0;      ///< in Inside::types
  std::uint16_t area = 0;      ///< in Inside::areas
  std::uint8_t stream_count = 0;
  Life life = Life::active;
  bool is_private = false;
  bool changed = false;  ///< something besides last_seen that is not written down
};
static_assert(sizeof(WatchSlot) <= 64);
static_assert(sizeof(StreamFacts) <= 32);

struct WatchType {
  std::string id;
  catalogue::DeviceType const* type = nullptr;  ///< null: no pack in force has it
  HealthStreams health = {};
};

struct WatchRow {
  Id device = 0;
  std::int64_t last_seen_ms = 0;
  float battery = 0, signal = 0;
  std::string firmware;
};

/// A filter with its words looked up.
struct PreparedFilter {
  std::optional<State> state = {};
  std::optional<places::Box> box = {};
  bool with_private = false;
  bool nothing = false;                   ///< a type that no device has
  std::optional<std::uint16_t> type = {};
  std::vector<bool> areas = {};           ///< by number; empty: all
};

struct DeviceWatch::Inside {
  Parts parts;
  mutable std::mutex mutex = {};
  std::vector<WatchSlot> slots = {};      // by id
  std::vector<StreamFacts> streams = {};  // those of a device together
  std::vector<WatchType> types = {};
  std::vector<std::string> areas = {};
  std::vector<std::string> firmware = {std::string()};
  std::unordered_map<std::string, std::uint32_t> firmware_numbers = {};

  std::uint16_t type_number(std::string_view id);
  std::uint16_t area_number(std::string_view code);
  std::uint32_t firmware_number(std::string text);

  WatchSlot* find_slot(Id device);
  std::span<StreamFacts> streams_of(WatchSlot const& slot) { return std::span(streams).subspan(slot.first_stream, slot.stream_count); }
  DeviceFacts facts(WatchSlot const& slot) const;
  State state(WatchSlot const& slot, core::Instant now) const { return state_only(types[slot.type].type, facts(slot), now); }
  PreparedFilter prepared(WatchFilter const& filter) const;
  bool fits(PreparedFilter const& filter, WatchSlot const& slot, core::Instant now) const;

  void hear(Heard const& reading, std::int64_t received_ms);
  void take(WatchSlot& slot, StreamFacts& stream, Heard const& reading);
  WatchRow row_of(WatchSlot const& slot) const;
  void not_written(std::span<WatchRow const> rows);

  /// At the start.
  core::Result<> read_everything();
  core::Result<> read_history();
  /// Devices that have changed.
  void refresh(std::span<Id const> devices);
  void read_devices(store::Reader& r, std::string const& where, std::vector<store::Value> const& args);
  void read_streams(store::Reader& r, std::string const& where, std::vector<store::Value> const& args);
  void add_stream(Id device, std::string_view stream, std::int64_t datastream);
  void read_condition(store::Reader& r);
};

}  // namespace zhili::sense::devices
