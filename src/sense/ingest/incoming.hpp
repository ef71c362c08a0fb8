#pragma once
// Observations as somebody says them, before anything is checked.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::sense::ingest {

/// What kind of value a result is; what a stream takes is one of these, or any.
enum class ValueKind : std::uint8_t {
  number,  ///< OM_Measurement
  truth,   ///< OM_TruthObservation
  count,   ///< OM_CountObservation
  text,    ///< OM_CategoryObservation
  json,    ///< any other JSON value, as it is written
};
/// "number", "bool", "count", "text", "json".
std::string_view name(ValueKind kind);

/// What an observation is found to be like. A flag says it; nothing is thrown away for it, and nothing is changed.
enum class Flag : std::uint16_t {
  out_of_range = 1,  ///< outside of what the type can measure
  stuck = 2,         ///< the same value for too many readings, or for too long
  spike = 4,         ///< a jump that the type does not make, or far from the last readings
  gap_before = 8,    ///< much more time than expected has passed since the reading before it
  duplicate = 16,    ///< another value came for the same time before
  late = 32,         ///< a newer one of the stream was there before
};
using Flags = std::uint16_t;  ///< any number of them
inline constexpr Flags bit(Flag flag) { return static_cast<Flags>(flag); }
inline constexpr bool has(Flags flags, Flag flag) { return (flags & bit(flag)) != 0; }
/// "out_of_range", …
std::string_view name(Flag flag);

/// No time was given: it is the time at which it came.
inline constexpr std::int64_t time_absent = std::numeric_limits<std::int64_t>::min();

/// One observation. What few of them have stands in Batch::more. Plain data of 64 bytes, so that a batch is one block of memory.
struct Incoming {
  std::int64_t datastream = 0;                ///< 0: it names none that is known
  std::int64_t phenomenon_ms = time_absent;   ///< since 1970; of an interval its begin
  double number = 0;                          ///< of a number
  std::int64_t integer = 0;                   ///< of a count; of a truth 0 or 1
  std::uint32_t text_at = 0, text_bytes = 0;  ///< of a text or JSON, in Batch::bytes
  std::uint32_t more = 0;                     ///< 1 + position in Batch::more; 0: nothing
  std::uint32_t line = 0;                     ///< what its sender calls it: line of the file, element of the array; from 1
  ValueKind kind = ValueKind::number;
  bool device_words = false;                  ///< it names the stream as its device does: a number without a unit is in the device's unit
  Flags flags = 0;                            ///< given by the check
};
static_assert(sizeof(Incoming) <= 64);

/// What became of an observation.
enum class Fate : std::uint8_t {
  accepted,     ///< stored, or was there before
  quarantined,  ///< kept aside, with the reason
  refused       ///< not kept: its sender is told
};

/// What is wrong with an observation.
struct Problem {
  std::uint32_t line = 0;  ///< Incoming::line
  Fate fate = Fate::refused;
  std::string key = {};    ///< "ingest.stream", "ingest.unit", "ingest.value", "ingest.future", …
  core::Text text = {};
  std::string field = {};  ///< in the sender's words: "v", "result", "t", "phenomenonTime"
};

/// Something that its reader could not make an observation of.
struct Unread {
  Problem problem;
  std::string sent = {};  ///< its bytes, shortened
  std::int64_t device = 0;  ///< of whom, where that is not the batch's source
  std::string topic = {};   ///< of a message, where that is not the batch's source
};
/// Of what could not be read in one batch, so much is told one by one; all of it is counted.
inline constexpr std::size_t unread_told_max = 100;

/// What few observations have.
struct More {
  std::optional<core::Instant> phenomenon_end = {};
  std::optional<core::Instant> result_time = {};
  std::int64_t feature = 0;  ///< FeatureOfInterest; 0: that of the stream
  std::string unit = {};     ///< UCUM code of a number, if it is not in the stream's unit
  std::string extra = {};    ///< JSON object: parameters, validTime, resultQuality as they were given
};

/// Observations in the order in which they were made by their sender. Cheap to move. Used again after clear() it allocates nothing.
struct Batch {
  std::vector<Incoming> rows = {};
  std::vector<More> more = {};
  std::string bytes = {};
  std::vector<Unread> unread = {};  ///< at most `unread_told_max`
  std::size_t unread_count = 0;     ///< all of them

  std::size_t size() const { return rows.size(); }
  void clear();

  /// Each adds a row and gives it, good until the next one. `line` of the row is its number in the batch until somebody sets it.
  Incoming& add(std::int64_t datastream, std::int64_t phenomenon_ms, double number);
  Incoming& add_truth(std::int64_t datastream, std::int64_t phenomenon_ms, bool value);
  Incoming& add_count(std::int64_t datastream, std::int64_t phenomenon_ms, std::int64_t value);
  Incoming& add_text(std::int64_t datastream, std::int64_t phenomenon_ms, std::string_view value);
  Incoming& add_json(std::int64_t datastream, std::int64_t phenomenon_ms, std::string_view value);
  /// All of another batch after what is here, its lines as they are.
  void append(Batch const& other);
  /// Takes away and gives what is behind the `first` rows; what could not be read stays here.
  Batch split(std::size_t first);
  void add_unread(Problem problem, std::string_view sent);
  /// The rare parts of a row, made when they are first asked for.
  More& more_of(Incoming& row);

  /// Of a text or JSON.
  std::string_view text(Incoming const& row) const { return std::string_view(bytes).substr(row.text_at, row.text_bytes); }
  More const* find_more(Incoming const& row) const { return row.more == 0 ? nullptr : &more[row.more - 1]; }

 private:
  Incoming& put(std::int64_t datastream, std::int64_t phenomenon_ms, ValueKind kind);
};

/// By which way something came in.
enum class Way : std::uint8_t {
  sensorthings,       ///< HTTP, /sensorthings/v1.1
  lines,              ///< HTTP, /ingest/v1/lines
  mqtt_sensorthings,  ///< MQTT, v1.1/Datastreams(…)/Observations
  mqtt_device,        ///< MQTT, devices/SERIAL/…
  inside,             ///< the program itself: import, release from quarantine, demo
};
inline constexpr std::size_t ways = 5;
/// "sensorthings", "lines", "mqtt-sensorthings", "mqtt", "inside".
std::string_view name(Way way);

/// Who sends, and by which way. Whoever makes one has checked who it is.
struct Source {
  Way way = Way::inside;
  std::int64_t device = 0;  ///< the device that it is: it is throttled, and may write only its own streams unless `any_stream`; 0: none
  bool any_stream = false;  ///< a program with the scope, staff: may write to every stream
  /// When it was given to us, where that is not now: a broker kept it meanwhile. Throttling counts by this, so that what piled up
  /// during an outage is not taken for a flood.
  std::optional<core::Instant> received = {};
  bool reserved = false;    ///< Intake::reserve was asked: it is not throttled again
  bool believed = false;    ///< somebody looked at the times and believes them: they are not judged
  std::string topic = {};   ///< of a message, for the quarantine

  /// Somebody waits for an answer and can be told what was wrong. Otherwise what is wrong goes to the quarantine.
  bool hears() const { return way != Way::mqtt_sensorthings && way != Way::mqtt_device; }
};

}  // namespace zhili::sense::ingest
