#include "respond/cases/projection.hpp"

#include <algorithm>

#include "respond/cases/effects.hpp"
#include "respond/filled.hpp"

namespace zhili::respond {

std::vector<Due> timers_of(CaseState const& state, Context const& context) {
  if (state.recorded || state.stage == Stage::merged || state.stage == Stage::archived) return {};
  auto out = timers_of(state.clocks, TimerKind::clock, context.calendar);
  for (auto& due : out)
    if (due.name == own_clock::dispute) due.kind = TimerKind::dispute;
  auto const& policy = context.policy;
  if (state.stage == Stage::suspended && state.suspended_until)
    out.push_back({TimerKind::suspension, "", *state.suspended_until});
  if (state.stage == Stage::closed && (!state.appeal || state.appeal->upheld)) {
    auto const rated = end_of(policy.rate_within, state.closed_at, context.calendar);
    auto const appealed = end_of(policy.appeal_within, state.closed_at, context.calendar);
    if (rated && appealed) out.push_back({TimerKind::evaluation, "", std::max(*rated, *appealed)});
  }
  if (state.stage == Stage::evaluated)
    if (auto const end = end_of(policy.keep, state.evaluated_at, context.calendar))
      out.push_back({TimerKind::archive, "", *end});
  return out;
}

std::optional<core::Instant> promised_until(CaseState const& state, Context const& context) {
  if (state.recorded) return state.opening.promised;
  if (state.stage == Stage::merged) return std::nullopt;  // the case for which it stands aside has the promise
  std::optional<core::Instant> first;
  bool whole = false;
  for (auto const& clock : state.clocks) {
    if (!belongs_to(clock, Which::whole, context)) continue;
    whole = true;
    auto const at = due_of(clock, context.calendar);
    if (at && (!first || *at < *first)) first = at;
  }
  if (whole || !state.open()) return first;
  for (auto const& clock : state.clocks) {
    auto const at = clock.state == core::ClockState::running ? due_of(clock, context.calendar) : std::nullopt;
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

void insert_case(store::Writer& w, CaseState const& state, Context const& context) {
  using Number = std::optional<std::int64_t>;
  auto const& opening = state.opening;
  auto const place = w.row<Number, Number, std::int64_t, Number, std::optional<std::string>, std::int64_t>(
      "SELECT lat_e7, lon_e7, location_unknown, area_id, grid, private FROM signal WHERE id = ?",
      opening.signal);
  auto const [lat, lon, unknown, area, grid, is_private] = place.value_or(std::tuple(
      Number{}, Number{}, std::int64_t{1}, Number{}, std::optional<std::string>{}, std::int64_t{0}));
  w.exec(
      "INSERT INTO casefile (id, signal_id, incident_id, item, condition_code, pack, pack_version, stage, "
      "area_id, grid, lat_e7, lon_e7, location_unknown, opened_at, due_at, closed_at, department, version, origin, "
      "contradiction, "
      "private, source, external_no) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      state.id, opening.signal, opening.incident, opening.item.code, filled(opening.condition),
      opening.item.pack, opening.item.version, state.stage, area, grid, lat, lon, unknown,
      opening.received_at, promised_until(state, context), state.closed_at, filled(state.department),
      state.version, state.recorded, !opening.contradiction.empty(), is_private,
      state.recorded ? filled(state.changed_by) : std::nullopt, filled(opening.external_no));
}

void update_case(store::Writer& w, CaseState const& state, Context const& context) {
  w.exec(
      "UPDATE casefile SET stage = ?, due_at = ?, closed_at = ?, department = ?, version = ?, origin = ?, asked = ? "
      "WHERE id = ?",
      state.stage, promised_until(state, context), state.closed_at, filled(state.department), state.version,
      state.recorded, state.asked(), state.id);
}

}  // namespace zhili::respond
