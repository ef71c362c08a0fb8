#include "sense/ingest/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace zhili::sense::ingest {

namespace {

/// A text as a number, so that equal texts are found equal: 52 bits of FNV-1a, which a double holds exactly.
double text_as_number(std::string_view text) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (char const c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  return static_cast<double>(hash >> 12U);
}

/// Makes the row's value one of `wanted`, if it is the same value written otherwise: 12 for 12.0, 1 for true.
Wrong to_kind(Incoming& row, ValueKind wanted) {
  if (row.kind == wanted) return Wrong::nothing;
  double const number = row.kind == ValueKind::number ? row.number : static_cast<double>(row.integer);
  bool const numeric = row.kind == ValueKind::number || row.kind == ValueKind::count;
  switch (wanted) {
    case ValueKind::number:
      if (!numeric) return Wrong::kind;
      row.number = number;
      break;
    case ValueKind::count:
      if (!numeric) return Wrong::kind;
      if (!(std::abs(number) <= static_cast<double>(count_max)) || number != std::trunc(number)) return Wrong::not_a_count;
      row.integer = static_cast<std::int64_t>(number);
      break;
    case ValueKind::truth:
      if (!numeric || (number != 0 && number != 1)) return Wrong::kind;
      row.integer = number == 1 ? 1 : 0;
      break;
    case ValueKind::text:
    case ValueKind::json:
      return Wrong::kind;
  }
  row.kind = wanted;
  return Wrong::nothing;
}

Wrong check_value(Incoming& row, StreamFact const& fact, Linear const* unit) {
  if (row.kind == ValueKind::number && !std::isfinite(row.number)) return Wrong::not_finite;
  if (!fact.any_kind)
    if (auto const wrong = to_kind(row, fact.kind); wrong != Wrong::nothing) return wrong;
  if (row.kind == ValueKind::number) {
    if (unit) row.number = (*unit)(row.number);
    else if (row.device_words) row.number = fact.from_device(row.number);
    if (!std::isfinite(row.number)) return Wrong::not_finite;
  } else if (row.kind == ValueKind::count) {
    if (row.integer > count_max || row.integer < -count_max) return Wrong::not_a_count;
  } else if (row.text_bytes > result_bytes_max) {
    return Wrong::text_length;
  }
  return Wrong::nothing;
}

Wrong check_times(Incoming& row, More const* more, Circumstances const& now) {
  if (row.phenomenon_ms == time_absent) row.phenomenon_ms = now.came_ms;
  auto const begin = row.phenomenon_ms;
  auto const end = more && more->phenomenon_end ? core::to_ms(*more->phenomenon_end) : begin;
  if (end < begin) return Wrong::interval;
  if (now.source.believed) return Wrong::nothing;
  auto const result = more && more->result_time ? core::to_ms(*more->result_time) : end;
  if (std::max(end, result) > now.came_ms + clock_ahead_max_ms) return Wrong::future;
  return begin < phenomenon_min_ms ? Wrong::before_2000 : Wrong::nothing;
}

/// 0.6745 · |x − median| / MAD over the recent values; 0 where it says nothing.
double modified_z(StreamState const& state, float value) {
  std::size_t const n = state.recent_count;
  if (n < recent_readings_min) return 0;
  auto sorted = state.recent;
  auto const [least, most] = std::minmax_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(n));
  if (value >= *least && value <= *most) return 0;
  auto const middle = sorted.begin() + static_cast<std::ptrdiff_t>(n / 2);
  auto const end = sorted.begin() + static_cast<std::ptrdiff_t>(n);
  std::nth_element(sorted.begin(), middle, end);
  double const median = *middle;
  for (auto one = sorted.begin(); one != end; ++one) *one = std::abs(*one - static_cast<float>(median));
  std::nth_element(sorted.begin(), middle, end);
  double const spread = *middle;
  return spread == 0 ? 0 : 0.6745 * std::abs(static_cast<double>(value) - median) / spread;
}

void remember(StreamState& state, double value, std::int64_t at_ms) {
  if (state.same == 0 || value != state.last) {
    state.same = 0;
    state.same_since_ms = at_ms;
  }
  if (state.same < UINT32_MAX) ++state.same;
  state.last = value;
  state.last_ms = at_ms;
  state.recent[state.recent_next] = static_cast<float>(value);
  state.recent_next = static_cast<std::uint8_t>((state.recent_next + 1U) % recent_readings);
  if (state.recent_count < recent_readings) ++state.recent_count;
}

/// What the value looks like after those before it; it is the newest.
Flags compared(double value, bool measured, std::int64_t at_ms, StreamFact const& fact, StreamState const& state) {
  if (state.last_ms == time_absent) return 0;
  Flags out = 0;
  auto const since = at_ms - state.last_ms;
  bool const gap = fact.every.count() > 0 && static_cast<double>(since) > fact.gap_intervals * static_cast<double>(fact.every.count());
  if (gap) out |= bit(Flag::gap_before);
  if (state.same > 0 && value == state.last) {
    bool const often = fact.stuck_readings > 0 && state.same + 1 >= fact.stuck_readings;
    bool const long_enough = fact.stuck_for.count() > 0 && at_ms - state.same_since_ms >= fact.stuck_for.count();
    if (often || long_enough) out |= bit(Flag::stuck);
  } else if (measured) {
    bool const jump = !gap && std::abs(value - state.last) > fact.jump_max;
    if (jump || (fact.robust_z_max > 0 && modified_z(state, static_cast<float>(value)) > fact.robust_z_max)) out |= bit(Flag::spike);
  }
  return out;
}

}  // namespace

StreamState state_after(LastReading const& last) {
  StreamState out;
  if (last.number) remember(out, *last.number, core::to_ms(last.at));
  else out.last_ms = core::to_ms(last.at);
  return out;
}

Wrong check(Incoming& row, More const* more, std::string_view text, Linear const* unit, StreamFact const& fact, StreamState& state, Circumstances const& now) {
  if (!now.source.any_stream && (now.source.device == 0 || fact.device != now.source.device)) return Wrong::foreign_stream;
  if (auto const wrong = check_times(row, more, now); wrong != Wrong::nothing) return wrong;  // first: what is kept aside is kept as it was said
  if (auto const wrong = check_value(row, fact, unit); wrong != Wrong::nothing) return wrong;

  bool const measured = row.kind == ValueKind::number || row.kind == ValueKind::count;
  double const value = row.kind == ValueKind::number                                   ? row.number
                       : row.kind == ValueKind::text || row.kind == ValueKind::json ? text_as_number(text)
                                                                                       : static_cast<double>(row.integer);
  row.flags = measured && (value < fact.least || value > fact.most) ? bit(Flag::out_of_range) : Flags{0};
  if (state.last_ms != time_absent && row.phenomenon_ms <= state.last_ms) {
    if (row.phenomenon_ms < state.last_ms) row.flags |= bit(Flag::late);
    else if (state.same > 0 && value != state.last) row.flags |= bit(Flag::duplicate);
    return Wrong::nothing;  // the store finds those that are all the same
  }
  row.flags |= compared(value, measured, row.phenomenon_ms, fact, state);
  remember(state, value, row.phenomenon_ms);
  return Wrong::nothing;
}

}  // namespace zhili::sense::ingest
