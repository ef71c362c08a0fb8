#pragma once
// Points in time, and where "now" comes from.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::core {

/// A point in time: milliseconds since 1970-01-01T00:00Z. Stored as a 64-bit integer.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

inline constexpr int seconds_per_day = 86'400;  ///< of a civil day; leap seconds are not counted

inline std::int64_t to_ms(Instant at) { return at.time_since_epoch().count(); }
inline Instant from_ms(std::int64_t ms) { return Instant{Duration{ms}}; }

/// Where "now" comes from. Every part that needs the time is given one; nothing else reads a clock. Thread-safe.
class TimeSource {
 public:
  virtual ~TimeSource() = default;
  virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemTime final : public TimeSource {
 public:
  Instant now() const override;
};

/// A clock that stands still until it is told: for tests and for playing history.
class ManualTime final : public TimeSource {
 public:
  explicit ManualTime(Instant start) : now_ms_(to_ms(start)) {}
  Instant now() const override { return from_ms(now_ms_.load()); }
  void set(Instant at) { now_ms_.store(to_ms(at)); }
  void advance(Duration by) { now_ms_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> now_ms_;
};

/// "2026-11-21T08:05:00Z"; no fractions, as Open311 clients demand.
std::string to_iso(Instant at);
/// The same in a zone's own time: "2026-11-21T16:05:00+08:00".
class Zone;
std::string to_iso(Instant at, Zone const& zone);
/// Reads `YYYY-MM-DDTHH:MM:SS[.fff](Z|±HH:MM)`; a zone is required. Years 1…9999. Errors: invalid.
Result<Instant> from_iso(std::string_view text);

/// A civil time, without a zone: what a wall clock shows.
struct Civil {
  int year = 1970;
  unsigned month = 1;  ///< 1…12
  unsigned day = 1;    ///< 1…31
  int second = 0;      ///< of the day, 0…86399
  auto operator<=>(Civil const&) const = default;
};

/// A time zone of the IANA database. Immutable; cheap to copy; thread-safe. Looking up an offset costs some nanoseconds.
class Zone {
 public:
  /// Errors: not_found (the name is not in the machine's database).
  static Result<Zone> find(std::string_view iana_name);
  static Zone utc();
  std::string name() const;
  /// Offset east of UTC at that instant.
  std::chrono::seconds offset(Instant at) const;
  Civil civil(Instant at) const;
  /// The next instant after `at` at which the offset changes; none when the database knows no more.
  std::optional<Instant> next_change(Instant at) const;
  /// The instant of a civil time. In the hour that daylight saving repeats, the first; a civil time inside the hour it
  /// skips is the instant of the change.
  Instant instant(Civil const& civil) const;

  struct Offsets;

 private:
  explicit Zone(Offsets const* zone) : zone_(zone) {}
  Offsets const* zone_;  // lives as long as the process; null: UTC
};

}  // namespace zhili::core
