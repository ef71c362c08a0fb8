#include "respond/clocks.hpp"

#include <algorithm>

namespace zhili::respond {

core::Clock const* Clocks::find(std::string_view name) const {
  auto const it = std::ranges::find(all, name, &core::Clock::name);
  return it == all.end() ? nullptr : &*it;
}

void Clocks::apply(std::vector<core::ClockStep> const& steps) {
  for (auto const& step : steps) {
    auto it = std::ranges::find(all, step.clock, &core::Clock::name);
    if (it == all.end()) it = all.insert(it, core::Clock{});
    it->apply(step);
    if (step.op == core::ClockStep::Op::start || step.op == core::ClockStep::Op::grow)
      std::erase(expired, step.clock);
  }
}

bool Clocks::has_run_out(std::string_view name, core::Instant now, core::Calendar const& calendar) const {
  auto const* clock = find(name);
  return clock && clock->running_since && clock->left(now, calendar) <= 0 &&
         std::ranges::find(expired, name) == expired.end();
}

std::string name_of(core::Calendar const& calendar) {
  return calendar.code() + "@" + calendar.version();
}

core::Result<> can_be_armed(std::vector<core::ClockStep> const& steps, core::Calendar const& calendar) {
  for (auto const& step : steps)
    if (step.op == core::ClockStep::Op::start)
      if (auto const end = core::due(step.budget, step.at, calendar); !end) return core::fail(end.error());
  return {};
}

std::optional<core::Instant> end_of(core::Budget budget, std::optional<core::Instant> since,
                                    core::Calendar const& calendar) {
  if (!since) return std::nullopt;
  auto const end = core::due(budget, *since, calendar);
  return end ? std::optional(*end) : std::nullopt;
}

std::optional<core::Instant> due_of(core::Clock const& clock, core::Calendar const& calendar) {
  if (clock.running_since) return clock.due(calendar).value_or(std::nullopt);
  if (clock.state != core::ClockState::stopped || clock.spans.empty()) return std::nullopt;
  auto const& last = clock.spans.back();  // had it run on, it would have run out then
  auto const until = last.to.value_or(last.from);
  if (!last.ran) return end_of({clock.budget.unit, clock.budget.amount - clock.consumed}, until, calendar);
  auto const before = clock.consumed - core::used(clock.budget.unit, last.from, until, calendar);
  return end_of({clock.budget.unit, clock.budget.amount - before}, last.from, calendar);
}

}  // namespace zhili::respond
