#include "core/clock.hpp"

namespace zhili::core {

std::string_view name(ClockState state) {
  switch (state) {
    case ClockState::idle:
      return "idle";
    case ClockState::running:
      return "running";
    case ClockState::paused:
      return "paused";
    case ClockState::stopped:
      return "stopped";
  }
  return "idle";
}

Amount Clock::used(Instant now, Calendar const& calendar) const {
  return running_since ? consumed + core::used(budget.unit, *running_since, now, calendar) : consumed;
}

Result<std::optional<Instant>> Clock::due(Calendar const& calendar) const {
  if (!running_since) return std::optional<Instant>{};
  auto at = core::due({budget.unit, budget.amount - consumed}, *running_since, calendar);
  if (!at) return fail(std::move(at).error());
  return std::optional(*at);
}

ClockStep Clock::start_step(Instant at, Budget promised) const {
  return {.clock = name, .op = ClockStep::Op::start, .at = at, .budget = promised};
}

ClockStep Clock::pause_step(Instant at, Calendar const& calendar, std::string reason, std::string by) const {
  return {.clock = name,
          .op = ClockStep::Op::pause,
          .at = at,
          .budget = budget,
          .consumed = used(at, calendar),
          .reason = std::move(reason),
          .by = std::move(by)};
}

ClockStep Clock::resume_step(Instant at) const {
  return {.clock = name, .op = ClockStep::Op::resume, .at = at, .budget = budget, .consumed = consumed};
}

ClockStep Clock::stop_step(Instant at, Calendar const& calendar) const {
  return {
      .clock = name, .op = ClockStep::Op::stop, .at = at, .budget = budget, .consumed = used(at, calendar)};
}

ClockStep Clock::grow_step(Instant at, Amount by_amount, Calendar const& calendar) const {
  return {.clock = name,
          .op = ClockStep::Op::grow,
          .at = at,
          .budget = {budget.unit, budget.amount + by_amount},
          .consumed = used(at, calendar)};
}

ClockStep Clock::reproject_step(Instant at, Calendar const& changed) const {
  Amount sum = 0;
  for (auto const& span : spans)
    if (span.ran && span.to) sum += core::used(budget.unit, span.from, *span.to, changed);
  return {.clock = name, .op = ClockStep::Op::set, .at = at, .budget = budget, .consumed = sum};
}

void Clock::apply(ClockStep const& step) {
  auto const turn = [&](bool ran) {
    if (!spans.empty() && !spans.back().to) spans.back().to = step.at;  // kept even if empty: it says since when
    spans.push_back(
        {.from = step.at, .ran = ran, .reason = ran ? "" : step.reason, .by = ran ? "" : step.by});
  };
  name = step.clock;
  budget = step.budget;
  switch (step.op) {
    case ClockStep::Op::start:
      spans.clear();  // another round: what was before stands in the ledger
      [[fallthrough]];
    case ClockStep::Op::resume:
      consumed = step.consumed;
      running_since = step.at;
      state = ClockState::running;
      return turn(true);
    case ClockStep::Op::pause:
      consumed = step.consumed;
      running_since.reset();
      state = ClockState::paused;
      return turn(false);
    case ClockStep::Op::stop:
      consumed = step.consumed;
      running_since.reset();
      state = ClockState::stopped;
      turn(true);
      return spans.pop_back();
    case ClockStep::Op::grow:
      return;  // what runs runs on: the stretch is not cut, so nothing is rounded
    case ClockStep::Op::set:
      consumed = step.consumed;
      return;
  }
}

}  // namespace zhili::core
