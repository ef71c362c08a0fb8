#pragma once
// What must be known of datastreams and devices so that their observations can be judged. Kept in memory by the intake; told by
// whoever knows.

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/ingest/incoming.hpp"

namespace zhili::sense::ingest {

/// Messages of one device, when nothing else is said of it.
inline constexpr double device_rate_per_s = 50;
/// So many at once, after a rest: a minute of them.
inline constexpr double device_burst = 3'000;
/// More than so many expected intervals without a reading are a gap.
inline constexpr double gap_intervals_default = 3;

/// From one unit into another: y = x · factor / divisor + offset. Two numbers, so that decimal units stay decimal.
struct Linear {
  double factor = 1;
  double divisor = 1;
  double offset = 0;
  double operator()(double value) const { return value * factor / divisor + offset; }
};

/// One datastream. From its entity and from its type in the packs.
struct StreamFact {
  std::int64_t datastream = 0;
  std::int64_t device = 0;   ///< the device that writes it; 0: none, only programs may
  std::string name = {};     ///< what the device calls it ("level"); empty: it has no such name
  ValueKind kind = ValueKind::number;
  bool any_kind = false;     ///< OM_Observation: it takes whatever comes
  std::string unit = {};     ///< UCUM code in which it is kept; empty: it has none
  Linear from_device = {};   ///< from the unit in which the device sends, for a number that names none (Incoming::device_words)
  double least = -std::numeric_limits<double>::infinity();  ///< range, in the stream's unit
  double most = std::numeric_limits<double>::infinity();
  core::Duration every{0};   ///< expected interval; 0: none, so there are no gaps
  double gap_intervals = gap_intervals_default;
  std::uint32_t stuck_readings = 0;  ///< so many equal readings in a row are stuck; 0: never
  core::Duration stuck_for{0};       ///< equal readings for so long are stuck; 0: never
  double jump_max = std::numeric_limits<double>::infinity();  ///< between two readings, in the stream's unit
  double robust_z_max = 0;   ///< modified z-score over recent readings, see check.hpp; 3.5 is usual; 0: not asked
};

struct DeviceFact {
  std::int64_t device = 0;
  std::string serial = {};  ///< as in the MQTT topics; unique
  double rate_per_s = device_rate_per_s;
  double burst = device_burst;
  bool disabled = false;    ///< nothing is taken from it
};

/// A stream's newest observation, for judging the next after a start.
struct LastReading {
  core::Instant at;
  std::optional<double> number = {};
};

/// The service that knows; owned by the intake's user. Thread-safe. Reading may take a look into a database: the intake asks only for
/// what it does not have in memory, outside of its locks.
class StreamFacts {
 public:
  virtual ~StreamFacts() = default;
  /// Every stream and device, at the start.
  virtual core::Result<> visit(std::function<void(StreamFact)> const& stream, std::function<void(DeviceFact)> const& device) = 0;
  /// One that is not known yet; it may have been made a moment ago, by another process. Nothing: there is none.
  virtual core::Result<std::optional<StreamFact>> stream(std::int64_t datastream) = 0;
  /// The newest observation that is stored. Asked once for each stream, when its first observation comes.
  virtual std::optional<LastReading> last(std::int64_t datastream) = 0;
};

/// Between units. Thread-safe, cheap: it remembers.
class UnitConverter {
 public:
  virtual ~UnitConverter() = default;
  /// Both are UCUM codes. Errors: invalid (unknown, or of another dimension).
  virtual core::Result<Linear> convert(std::string_view from, std::string_view to) = 0;
};

}  // namespace zhili::sense::ingest
