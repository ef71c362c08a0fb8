#pragma once
// What was observed, as those read it who show it, count it, or let rules run over it. One way to all of it, however old.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/observations/observation.hpp"

namespace zhili::sense::observations {

/// A place in the order of a datastream: by phenomenonTime, then by number.
struct Place {
  std::int64_t t = 0;
  std::int64_t n = 0;
  auto operator<=>(Place const&) const = default;
};

/// Which observations of one datastream are wanted.
struct Wanted {
  std::optional<core::Instant> from = {};   ///< at or after
  std::optional<core::Instant> until = {};  ///< before
  bool descending = false;
  std::optional<Place> after = {};          ///< only what comes after this in the chosen order: the next page
  std::size_t limit = 100;
};

/// The first and last of a datastream, and how many.
struct Extent {
  core::Instant first{};
  core::Instant last{};
  std::int64_t count = 0;
};

/// Some time in figures. Counts only results that are numbers (a truth is 0 or 1).
struct Figures {
  std::int64_t count = 0;
  double sum = 0;
  double min = 0;
  double max = 0;
  double last = 0;
  double mean() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
  bool operator==(Figures const&) const = default;
};

enum class Step : std::uint8_t { raw, minute, hour, day };
std::string_view name(Step step);

struct Point {
  core::Instant at{};  ///< begin of the step
  Figures figures = {};
};
/// A datastream drawn with few points.
struct Series {
  Step step = Step::raw;
  std::vector<Point> points = {};
};
inline constexpr std::size_t series_points_max = 10'000;

/// Thread-safe. Errors of all: unavailable, corrupt (a block is damaged: `detail` names datastream and day; others are not touched).
class History {
 public:
  virtual ~History() = default;
  /// In the order asked for, at most `limit`. Costs the days that it touches, never the whole history.
  virtual core::Result<std::vector<Observation>> read(std::int64_t datastream, Wanted const& wanted) const = 0;
  virtual core::Result<std::optional<Observation>> find(ObservationId id) const = 0;
  virtual core::Result<std::optional<Observation>> last(std::int64_t datastream) const = 0;
  /// Nothing where there is no observation. Exact; reads the heads of blocks, not their bodies.
  virtual core::Result<std::optional<Extent>> extent(std::int64_t datastream) const = 0;
  /// Everything in [from, until) in order of time, one after the other; `visit` gives false to stop.
  virtual core::Result<> each(std::int64_t datastream, core::Instant from, core::Instant until,
                              std::function<bool(Observation const&)> const& visit) const = 0;
  /// At most about `points` points: the finest step that has so few. `raw` gives each observation that is a number. `day_begins`: how
  /// far the city's midnight is before that of UTC, in whole hours (480 minutes in China).
  virtual core::Result<Series> series(std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points,
                                      std::chrono::minutes day_begins) const = 0;
};

}  // namespace zhili::sense::observations
