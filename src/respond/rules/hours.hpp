#pragma once
// Inside of rules: hours and days of the city, and until when what they say holds.

#include <cstdint>
#include <optional>

#include "catalogue/rules/rule.hpp"
#include "core/calendar.hpp"
#include "core/time.hpp"

namespace zhili::respond::rules {

/// What `between` or `on` says at a time, and the stretch [from, until) in which it goes on saying it.
struct Spell {
  bool holds = false;
  std::int64_t from_ms = 0;
  std::int64_t until_ms = 0;  ///< nothing is remembered where this is not above from_ms
  bool covers(std::int64_t at_ms) const { return at_ms >= from_ms && at_ms < until_ms; }
};

/// `expr` is between or on_days. Hours are those of the wall clock: where daylight saving repeats an hour, the first; where it skips one,
/// the moment of the change. Without a calendar Monday to Friday are workdays.
Spell spell_at(catalogue::rules::Expr const& expr, core::Zone const& zone, std::optional<core::Calendar> const& calendar, core::Instant at);

/// The hour of the local day, 0…23, when it began and when the next does.
struct LocalHour {
  int hour = 0;
  std::int64_t from_ms = 0;
  std::int64_t until_ms = 0;
};
LocalHour local_hour(core::Zone const& zone, core::Instant at);

}  // namespace zhili::respond::rules
