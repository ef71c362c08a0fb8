#pragma once
// Whether an observation can be believed, and what it is like. Pure: what is known comes in, what is found goes out.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/ingest/incoming.hpp"
#include "sense/ingest/stream_facts.hpp"

namespace zhili::sense::ingest {

/// A clock of a device may be ahead of ours by so much.
inline constexpr std::int64_t clock_ahead_max_ms = 5 * 60 * 1000;
/// 2000-01-01T00:00Z: who says an earlier time has no clock (1970, 1980), and no sensor of a city is so old.
inline constexpr std::int64_t phenomenon_min_ms = 946'684'800'000;
/// A text or JSON as a result.
inline constexpr std::size_t result_bytes_max = 16 * 1024;
/// Readings of a stream with which the next is compared.
inline constexpr std::size_t recent_readings = 11;
/// With fewer nothing is said of spikes by the robust score.
inline constexpr std::size_t recent_readings_min = 7;
/// A count up to here is exact as a JSON number.
inline constexpr std::int64_t count_max = std::int64_t{1} << 53;

/// What is remembered of a stream between two observations. Plain data.
struct StreamState {
  std::int64_t last_ms = time_absent;  ///< phenomenonTime of the newest; time_absent: there was none
  double last = 0;                     ///< its value; of a text a number made of its bytes
  std::uint32_t same = 0;              ///< so many equal values in a row, the newest among them
  std::int64_t same_since_ms = 0;
  std::array<float, recent_readings> recent{};
  std::uint8_t recent_count = 0, recent_next = 0;
  bool operator==(StreamState const&) const = default;
};
/// As if this reading had been taken.
StreamState state_after(LastReading const& last);

enum class Wrong : std::uint8_t {
  nothing,
  unknown_stream,
  foreign_stream,   ///< of another device
  kind,             ///< a text where numbers are kept
  not_finite,
  not_a_count,      ///< with a fraction, or too large
  text_length,
  interval,         ///< it ends before it begins
  unit,             ///< unknown, or of something else
  future,           ///< the rest goes to the quarantine
  before_2000,
};
inline bool is_for_quarantine(Wrong wrong) { return wrong >= Wrong::future; }
/// "ingest.stream", "ingest.future", …; for programs.
std::string_view key(Wrong wrong);
/// For its sender: what is wrong, which rule, how to mend it.
Problem problem_of(Wrong wrong, Incoming const& row, StreamFact const* fact, Source const& source);

/// What an observation is judged by, besides its stream.
struct Circumstances {
  Source const& source;
  std::int64_t came_ms = 0;  ///< when it came to us or to the broker
};

/// Judges one observation, and if it is accepted moves `state` on. One that is not accepted keeps the value that it came with. An accepted row is in the stream's unit and kind, has its time and its
/// flags. `more`: its rare parts; `text`: its text or JSON; `unit`: conversion from the unit that it names, null if it names none.
///
/// A spike is a jump of more than `jump_max` from the reading before it, unless there is a gap between them; or, where `robust_z_max` is
/// set, a value outside of all recent ones whose modified z-score 0.6745 · |x − median| / MAD exceeds it (B. Iglewicz and D. C. Hoaglin,
/// How to Detect and Handle Outliers, ASQC 1993, section 3; they recommend 3.5). Where more than half of the recent values are equal, MAD
/// is 0 and the score says nothing: a gauge that stood at 3 cm and sees a flood is not called broken.
///
/// Late ones (a newer one was there before) are judged by range only, and leave the state alone.
Wrong check(Incoming& row, More const* more, std::string_view text, Linear const* unit, StreamFact const& fact, StreamState& state, Circumstances const& now);

}  // namespace zhili::sense::ingest
