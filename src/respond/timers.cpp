#include "respond/timers.hpp"

#include <algorithm>

namespace zhili::respond {

std::vector<Due> timers_of(Clocks const& clocks, TimerKind kind, core::Calendar const& calendar) {
  std::vector<Due> out;
  for (auto const& clock : clocks) {
    if (!clock.running_since || std::ranges::find(clocks.expired, clock.name) != clocks.expired.end()) continue;
    if (auto const at = due_of(clock, calendar)) out.push_back({kind, clock.name, *at});
  }
  return out;
}

void write_clocks(store::Writer& w, std::int64_t subject, Clocks const& clocks,
                  std::vector<core::ClockStep> const& steps, core::Calendar const& calendar) {
  std::vector<std::string_view> done;
  for (auto const& step : steps) {
    auto const* clock = clocks.find(step.clock);
    if (!clock || std::ranges::find(done, step.clock) != done.end()) continue;
    done.push_back(step.clock);
    w.exec(
        "INSERT INTO clock (subject, name, unit, state, budget, consumed, running_since, due_at) "
        "VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (subject, name) DO UPDATE SET unit = excluded.unit, "
        "state = excluded.state, budget = excluded.budget, consumed = excluded.consumed, "
        "running_since = excluded.running_since, due_at = excluded.due_at",
        subject, clock->name, clock->budget.unit, clock->state, clock->budget.amount, clock->consumed,
        clock->running_since, clock->running_since ? due_of(*clock, calendar) : std::nullopt);
  }
}

void arm_timers(store::Writer& w, std::int64_t subject, std::int64_t generation, std::vector<Due> const& timers) {
  w.exec("DELETE FROM timer WHERE subject = ?", subject);
  for (auto const& due : timers)
    w.exec("INSERT INTO timer (subject, kind, name, generation, due_at) VALUES (?,?,?,?,?)", subject, due.kind,
           due.name, generation, due.at);
}

}  // namespace zhili::respond
