#include "respond/cases/projection.hpp"

#include <algorithm>

#include "respond/cases/effects.hpp"
#include "respond/filled.hpp"

namespace zhili::respond {

namespace {

std::optional<core::Instant> end_of(core::Budget budget, std::optional<core::Instant> since,
                                    Context const& context) {
  if (!since) return std::nullopt;
  auto const end = core::due(budget, *since, context.calendar);
  return end ? std::optional(*end) : std::nullopt;
}

std::optional<core::Instant> due_of(core::Clock const& clock, Context const& context) {
  if (clock.running_since) return clock.due(context.calendar).value_or(std::nullopt);
  if (clock.state != core::ClockState::stopped || clock.spans.empty()) return std::nullopt;
  auto const& last = clock.spans.back();  // had it run on, it would have run out then
  auto const until = last.to.value_or(last.from);
  if (!last.ran) return end_of({clock.budget.unit, clock.budget.amount - clock.consumed}, until, context);
  auto const before = clock.consumed - core::used(clock.budget.unit, last.from, until, context.calendar);
  return end_of({clock.budget.unit, clock.budget.amount - before}, last.from, context);
}

void clock_timers(CaseState const& state, Context const& context, std::vector<Due>& out) {
  for (auto const& clock : state.clocks) {
    if (!clock.running_since || std::ranges::find(state.expired, clock.name) != state.expired.end()) continue;
    auto const at = due_of(clock, context);
    if (!at) continue;
    bool const dispute = clock.name == own_clock::dispute;
    out.push_back({dispute ? TimerKind::dispute : TimerKind::clock, clock.name, *at});
  }
}

}  // namespace

std::vector<Due> timers_of(CaseState const& state, Context const& context) {
  std::vector<Due> out;
  if (state.recorded || state.stage == Stage::merged || state.stage == Stage::archived) return out;
  clock_timers(state, context, out);
  auto const& policy = context.policy;
  if (state.stage == Stage::suspended && state.suspended_until)
    out.push_back({TimerKind::suspension, "", *state.suspended_until});
  if (state.stage == Stage::closed && (!state.appeal || state.appeal->upheld)) {
    auto const rated = end_of(policy.rate_within, state.closed_at, context);
    auto const appealed = end_of(policy.appeal_within, state.closed_at, context);
    if (rated && appealed) out.push_back({TimerKind::evaluation, "", std::max(*rated, *appealed)});
  }
  if (state.stage == Stage::evaluated)
    if (auto const end = end_of(policy.keep, state.evaluated_at, context))
      out.push_back({TimerKind::archive, "", *end});
  return out;
}

std::optional<core::Instant> promised_until(CaseState const& state, Context const& context) {
  if (state.recorded) return state.opening.promised;
  std::optional<core::Instant> first;
  for (auto const& clock : state.clocks) {
    if (!belongs_to(clock, Which::whole, context)) continue;
    auto const at = due_of(clock, context);
    if (at && (!first || *at < *first)) first = at;
  }
  if (first || !state.open()) return first;
  for (auto const& clock : state.clocks) {
    auto const at = clock.state == core::ClockState::running ? due_of(clock, context) : std::nullopt;
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
      "UPDATE casefile SET stage = ?, due_at = ?, closed_at = ?, department = ?, version = ?, origin = ? "
      "WHERE id = ?",
      state.stage, promised_until(state, context), state.closed_at, filled(state.department), state.version,
      state.recorded, state.id);
}

void update_clocks(store::Writer& w, CaseState const& state, std::vector<Event> const& events,
                   Context const& context) {
  std::vector<std::string_view> done;
  for (auto const& event : events)
    for (auto const& step : event.clocks) {
      auto const* clock = state.clock(step.clock);
      if (!clock || std::ranges::find(done, step.clock) != done.end()) continue;
      done.push_back(step.clock);
      w.exec(
          "INSERT INTO case_clock (case_id, name, unit, state, budget, consumed, running_since, due_at) "
          "VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (case_id, name) DO UPDATE SET unit = excluded.unit, "
          "state = excluded.state, budget = excluded.budget, consumed = excluded.consumed, "
          "running_since = excluded.running_since, due_at = excluded.due_at",
          state.id, clock->name, clock->budget.unit, clock->state, clock->budget.amount, clock->consumed,
          clock->running_since, clock->running_since ? due_of(*clock, context) : std::nullopt);
    }
}

void arm_timers(store::Writer& w, CaseState const& state, Context const& context) {
  w.exec("DELETE FROM timer WHERE subject = ?", state.id);
  for (auto const& due : timers_of(state, context))
    w.exec("INSERT INTO timer (subject, kind, name, generation, due_at) VALUES (?,?,?,?,?)", state.id,
           due.kind, due.name, state.version, due.at);
}

}  // namespace zhili::respond
