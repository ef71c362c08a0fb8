#pragma once
// A rule over history: what it would have found, without anything being raised.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "respond/rules/engine.hpp"

namespace zhili::respond::rules {

inline constexpr std::size_t replay_readings_max = 50'000'000;  ///< of one replay
inline constexpr std::size_t replay_held_max = 500'000;         ///< of those in memory at once
inline constexpr std::size_t replay_times_max = 1'000;          ///< that are told one by one; all are counted
inline constexpr std::chrono::days replay_span_max{366};

/// What was read before. Thread-safe.
class Past {
 public:
  virtual ~Past() = default;
  /// Readings of one stream in the order of their times, until `visit` says false.
  virtual core::Result<> each(std::int64_t stream, core::Instant from, core::Instant until, std::function<bool(Reading const&)> const& visit) const = 0;
};

/// One alarm that there would have been.
struct WouldFire {
  Subject subject = {};
  std::int64_t thing = 0;
  core::Instant at{};
  std::optional<core::Instant> until = {};  ///< nothing: it would stand at the end
  Severity severity = Severity::minor;      ///< the gravest that it reached
  catalogue::ValueKind value_kind = catalogue::ValueKind::number;
  bool has_value = false;
  double value = 0;
  std::string unit = {};
};

struct Replayed {
  std::size_t subjects = 0;  ///< at which it ran
  std::size_t concerned = 0; ///< of those, where it would have fired
  std::size_t readings = 0;
  std::size_t fired = 0;
  std::size_t faults = 0;    ///< of devices
  std::size_t broken = 0;    ///< subjects at which it stopped
  std::optional<core::Text> broken_why = {};
  std::vector<WouldFire> times = {};  ///< the first replay_times_max, by time
};

/// Runs a rule at each of its subjects over [from, until). It remembers nothing from before `from`. `progress` is told of subjects that are
/// done and of all; false ends the replay (Errc::unavailable "replay.ended"). Errors: invalid (from, until), limit (readings), those of `past`.
/// Memory: replay_held_max readings. Cost: that of reading history, and some tens of nanoseconds a reading.
core::Result<Replayed> replay(Rule const& rule, std::span<StreamOf const> streams, Knowledge const& knowledge, Past const& past, core::Instant from, core::Instant until,
                              std::function<bool(std::size_t done, std::size_t all)> const& progress = {});

}  // namespace zhili::respond::rules
