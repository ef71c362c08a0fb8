#pragma once
// How every device is now: kept in memory, told by whoever reads along what was stored, written down coarsely.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "sense/devices/device.hpp"
#include "sense/devices/gatekeeper.hpp"
#include "sense/places/places.hpp"
#include "store/db.hpp"

namespace zhili::sense::devices {

/// How often write_back() is to be called.
inline constexpr std::chrono::minutes write_back_every{1};
/// When nothing else of a device has changed, the time it was last seen is written down only so often: the history knows it, too.
inline constexpr std::chrono::minutes seen_written_every{15};
/// Rows that are written together.
inline constexpr std::size_t conditions_of_piece = 500;

/// A reading that was stored, as far as it tells of its device.
struct Heard {
  Id device = 0;  ///< 0: whoever owns the datastream
  std::int64_t datastream = 0;
  core::Instant at{};                     ///< phenomenonTime
  std::optional<double> number = {};      ///< in the unit of the observed property
  Blemishes blemishes = 0;
};

/// What the history of observations knows; owned here, the store of observations is behind it. Thread-safe.
class LastReadings {
 public:
  virtual ~LastReadings() = default;
  /// The newest reading of each datastream that has one. Asked for all of them, once, at the start.
  virtual core::Result<> newest(std::span<std::int64_t const> datastreams, std::function<void(Heard const&)> const& visit) = 0;
  /// phenomenonTime of the first of the newest readings that all have a blemish; asked only where the newest one has.
  virtual core::Result<std::optional<core::Instant>> blemished_since(std::int64_t datastream) = 0;
};

/// A device as a list shows it.
struct Sight {
  State state = State::active;
  std::optional<core::Instant> last_seen = {};
  std::optional<double> battery = {};  ///< per cent
  std::optional<double> signal = {};   ///< dBm
  std::string firmware = {};           ///< JSON object of what it says of itself; empty: nothing
};

/// What is asked for: filters that are set.
struct WatchFilter {
  std::string type = {};
  std::optional<State> state = {};
  std::string area = {};  ///< prefix of codes
  std::optional<places::Box> box = {};
  bool with_private = false;  ///< devices in homes too; they are never found by a box
};

struct WatchCounts {
  std::array<std::int64_t, states> by_state{};
  std::map<std::string, std::array<std::int64_t, states>> by_type = {};
};

/// Thread-safe. What it is given outlives it. Memory: 64 bytes a device and 32 a stream.
class DeviceWatch {
 public:
  struct Parts {
    store::Db& db;
    core::TimeSource const& time;
    std::shared_ptr<catalogue::Catalogue const> catalogue;
    Gatekeeper& gate;
    LastReadings& history;
  };
  /// Reads what was written down, and what the history knows beyond that: after a restart everything is as it was. Listens to the
  /// gatekeeper's changes. Errors: those of the store and of the history.
  static core::Result<std::unique_ptr<DeviceWatch>> open(Parts parts);
  ~DeviceWatch();

  /// Readings that are durable, with the time at which they came in. To be fed from the batches of the store of observations, which
  /// has those of other processes too. Cost: some hundred nanoseconds each; no allocation, no input or output.
  void heard(std::span<Heard const> readings, core::Instant received);
  /// What a device says of itself: fields of its type, at most `firmware_bytes_max` each. Counts as a sign of life.
  /// Errors: not_found; invalid (`field` firmware: one that its type does not have, or too long).
  core::Result<> says(Id device, std::vector<std::pair<std::string, std::string>> const& firmware, core::Instant received);

  std::optional<Sight> sight(Id device) const;
  /// With its faults; nothing: there is no such device.
  std::optional<Condition> condition(Id device) const;
  /// Ids after `after` in their order that fit, at most `most`. Cost: a walk over what lies between.
  std::vector<Id> find(WatchFilter const& filter, Id after, std::size_t most) const;
  bool fits(WatchFilter const& filter, Id device) const;
  WatchCounts counts(WatchFilter const& filter) const;

  /// Writes down what has changed, and when credentials were last used. Gives how many rows. A kill loses nothing that the history does
  /// not have but firmware fields of the last minute.
  core::Result<std::size_t> write_back();
  /// Everything, at a quiet end.
  core::Result<std::size_t> write_all();

  /// What it takes in memory.
  std::size_t bytes() const;

 private:
  struct Inside;
  explicit DeviceWatch(std::unique_ptr<Inside> inside);
  core::Result<std::size_t> write(core::Duration seen_older_than);
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::sense::devices
