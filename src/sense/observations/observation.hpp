#pragma once
// An Observation (OGC SensorThings 18-088, 8.2.7): what a stream said about a moment.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace zhili::sense::observations {

/// What kind of value a result is.
enum class ValueKind : std::uint8_t { number, truth, count, text, json };
inline constexpr std::size_t value_kinds = 5;

/// A result. `number` is good for a number; `integer` for a count, and 0 or 1 for a truth; `text` for a text, or JSON as it was sent.
struct Value {
  ValueKind kind = ValueKind::number;
  double number = 0;
  std::int64_t integer = 0;
  std::string text = {};
  bool operator==(Value const&) const = default;
};

/// Bits of what an observation was found to be like when it came; the store keeps them and knows none of them.
using Flags = std::uint16_t;

/// Names one observation for ever: its datastream and its number there. A program sees it as one integer below 2^53, so that
/// JavaScript reads it exactly.
struct ObservationId {
  std::int64_t datastream = 0;
  std::int64_t n = 0;
  auto operator<=>(ObservationId const&) const = default;
};
inline constexpr int id_number_bits = 31;
/// Observations that one datastream can ever have: one a second for 68 years.
inline constexpr std::int64_t observations_of_a_stream_max = (std::int64_t{1} << id_number_bits) - 1;
/// Datastreams that can have observations: their numbers are below this.
inline constexpr std::int64_t datastream_number_max = (std::int64_t{1} << (53 - id_number_bits)) - 1;
constexpr std::int64_t packed(ObservationId id) { return (id.datastream << id_number_bits) | id.n; }
constexpr ObservationId unpacked(std::int64_t id) { return {id >> id_number_bits, id & observations_of_a_stream_max}; }

/// Times that are kept: the years 1 to 9999.
inline constexpr std::int64_t observed_ms_min = -62'135'596'800'000;
inline constexpr std::int64_t observed_ms_max = 253'402'300'799'999;
inline bool within_times(core::Instant at) { return core::to_ms(at) >= observed_ms_min && core::to_ms(at) <= observed_ms_max; }

/// One observation as it is read.
struct Observation {
  ObservationId id = {};
  core::Instant phenomenon_time{};
  std::optional<core::Instant> phenomenon_end = {};  ///< of an interval
  std::optional<core::Instant> result_time = {};
  Value value = {};
  Flags flags = 0;
  std::int64_t feature = 0;  ///< FeatureOfInterest; 0: that of its datastream
  std::string extra = {};    ///< JSON object: parameters, validTime, resultQuality as they were given; usually empty
  bool operator==(Observation const&) const = default;
};

/// What few observations have beside time and number.
struct Side {
  std::optional<core::Instant> phenomenon_end = {};
  std::optional<core::Instant> result_time = {};
  std::int64_t feature = 0;
  std::string text = {};
  std::string extra = {};
  bool operator==(Side const&) const = default;
};

/// Many observations on their way in, in the order of their sender. Plain rows in one block of memory, what is rare beside them.
struct Batch {
  struct Row {
    std::int64_t datastream = 0;
    std::int64_t t = 0;        ///< phenomenonTime in ms since 1970; of an interval its begin
    double number = 0;
    std::int64_t integer = 0;
    std::uint32_t side = 0;    ///< 1 + position in `sides`; 0: nothing
    ValueKind kind = ValueKind::number;
    Flags flags = 0;
  };
  std::vector<Row> rows = {};
  std::vector<Side> sides = {};
  /// When it came: to us, or before that to a broker that kept it. Nothing: when it is stored. A time in the future counts as now.
  std::optional<core::Instant> received = {};

  Row& add(std::int64_t datastream, core::Instant at, double number) {
    return rows.emplace_back(Row{.datastream = datastream, .t = core::to_ms(at), .number = number});
  }
  Side& side_of(Row& row) {
    if (row.side == 0) {
      sides.emplace_back();
      row.side = static_cast<std::uint32_t>(sides.size());
    }
    return sides[row.side - 1];
  }
  Side const* find_side(Row const& row) const { return row.side == 0 ? nullptr : &sides[row.side - 1]; }
};

}  // namespace zhili::sense::observations
