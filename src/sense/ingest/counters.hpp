#pragma once
// How the intake is doing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "sense/ingest/incoming.hpp"

namespace zhili::sense::ingest {

/// A point of the recent past, and how many there are: five minutes.
inline constexpr std::int64_t point_ms = 5'000;
inline constexpr std::size_t points_kept = 60;

struct Counts {
  std::uint64_t received = 0, stored = 0, duplicates = 0, late = 0, flagged = 0, throttled = 0, refused = 0, quarantined = 0;
};

/// Since the start of the program. Thread-safe.
class Counters {
 public:
  struct Point {
    core::Instant at;  ///< its begin
    std::uint64_t received = 0, stored = 0;
  };
  struct Health {
    double rate_per_s = 0;                      ///< stored, over the last whole minute of points
    std::optional<core::Duration> lag = {};     ///< now − phenomenonTime of the newest observation that was stored; none: nothing yet
    Counts all;
    std::array<Counts, ways> by_way;
    std::vector<Point> recent;                  ///< the last five minutes, oldest first, without holes
  };

  void add(Way way, Counts const& counts, core::Instant now);
  /// Stored ones are told when they are durable.
  void newest(core::Instant phenomenon);
  Health health(core::Instant now) const;
  Counts of(Way way) const;
  std::optional<core::Duration> lag(core::Instant now) const;

 private:
  mutable std::mutex mutex_;
  std::array<Counts, ways> by_way_{};
  std::array<Point, points_kept> ring_{};  // by at / point_ms
  std::optional<core::Instant> newest_;
};

}  // namespace zhili::sense::ingest
