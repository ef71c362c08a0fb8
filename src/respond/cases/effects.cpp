#include "respond/cases/effects.hpp"

#include <algorithm>

namespace zhili::respond {

namespace {

using core::Clock;
using core::ClockState;
using core::ClockStep;

/// Collects the steps of one row.
class Steps {
 public:
  Steps(CaseState const& state, Command const& command, Context const& context)
      : state_(state), command_(command), context_(context) {}

  void add(ClockEffect const& effect) {
    switch (effect.effect) {
      case Effect::start:
        return start(effect.which, context_.now);
      case Effect::from_receipt:
        return start(effect.which, command_.opening ? command_.opening->received_at : context_.now);
      case Effect::take_up:
        return some(effect.which, {ClockState::paused}) ? resume(effect.which, ClockState::paused)
                                                        : start(effect.which, context_.now);
      case Effect::go_on:
        return go_on(effect.which);
      case Effect::rework:
        return rework();
      case Effect::pause:
        return pause(effect.which);
      case Effect::stop:
        return stop(effect.which);
      case Effect::grow:
        return grow(effect.which);
      case Effect::of_stage:
        return of_stage();
      case Effect::recount:
        return recount();
    }
  }
  std::vector<ClockStep> take() { return std::move(steps_); }

 private:
  void begin(std::string name, core::Instant at, core::Budget budget) {
    Clock fresh;
    fresh.name = std::move(name);
    steps_.push_back(fresh.start_step(at, budget));
  }

  void start(Which which, core::Instant at) {
    auto const phase = [&](catalogue::Phase p) {
      for (auto const& spec : context_.condition.clocks)
        if (spec.phase == p) begin(spec.code, at, spec.budget);
    };
    switch (which) {
      case Which::dispatch:
        return phase(catalogue::Phase::dispatch);
      case Which::handle:
        return phase(catalogue::Phase::handle);
      case Which::verify:
        return phase(catalogue::Phase::verify);
      case Which::whole:
        return phase(catalogue::Phase::whole);
      case Which::dispute:
        return begin(std::string(own_clock::dispute), at, context_.policy.dispute_within);
      case Which::appeal:
        return begin(std::string(own_clock::appeal), at, context_.policy.appeal_decided_within);
      case Which::supervision:
        return start_supervision(at);
      case Which::check:  // of signals only
      case Which::every:
        return;
    }
  }

  void start_supervision(core::Instant at) {
    auto const unit = core::Unit::urgent_hours;
    auto const until = command_.until.value_or(at);
    begin(std::string(own_clock::supervision) + std::to_string(state_.supervisions.size() + 1), at,
          {unit, core::used(unit, at, until, context_.calendar)});
  }

  template <class Do>
  void each(Which which, Do&& action) {
    for (auto const& clock : state_.clocks)
      if (belongs_to(clock, which, context_)) action(clock);
  }
  bool some(Which which, std::initializer_list<ClockState> in) {
    bool found = false;
    each(which, [&](Clock const& clock) { found = found || std::ranges::find(in, clock.state) != in.end(); });
    return found;
  }
  void resume(Which which, ClockState from) {
    each(which, [&](Clock const& clock) {
      if (clock.state == from) steps_.push_back(clock.resume_step(context_.now));
    });
  }

  void go_on(Which which) {
    if (some(which, {ClockState::running})) return;
    if (some(which, {ClockState::paused})) return resume(which, ClockState::paused);
    if (some(which, {ClockState::stopped})) return resume(which, ClockState::stopped);
    start(which, context_.now);
  }

  void rework() {
    bool own = false;
    for (auto const& spec : context_.condition.clocks) {
      if (spec.phase != catalogue::Phase::rework) continue;
      begin(spec.code + "/" + std::to_string(state_.reworks + 1), context_.now, spec.budget);
      own = true;
    }
    if (!own) go_on(Which::handle);
  }

  void pause(Which which) {
    auto const& reason = state_.request ? state_.request->reason : command_.reason;
    each(which, [&](Clock const& clock) {
      if (clock.running_since)
        steps_.push_back(clock.pause_step(context_.now, context_.calendar, reason, context_.actor.ref));
    });
  }

  void stop(Which which) {
    auto const replied = std::string(own_clock::supervision) + std::to_string(command_.number);
    each(which, [&](Clock const& clock) {
      if (which == Which::supervision && clock.name != replied) return;
      if (clock.state == ClockState::running || clock.state == ClockState::paused)
        steps_.push_back(clock.stop_step(context_.now, context_.calendar));
    });
  }

  /// The asked clock gets the budget with which it is due at the new date. The whole promise moves by the
  /// same stretch, counted in its own unit: nothing is converted.
  void grow(Which which) {
    if (!state_.request) return;
    auto const until = state_.request->until;
    auto const* asked = state_.clocks.find(state_.request->clock);
    if (!asked || !asked->running_since) return;
    auto const now = context_.now;
    auto const& calendar = context_.calendar;
    if (which == Which::handle) {
      auto const more = amount_until(*asked, until, calendar) - asked->budget.amount;
      if (more > 0) steps_.push_back(asked->grow_step(now, more, calendar));
      return;
    }
    auto const old_due = asked->due(calendar);
    each(which, [&](Clock const& clock) {
      if (!clock.running_since || !old_due || !*old_due) return;
      auto const more = core::used(clock.budget.unit, **old_due, until, calendar);
      if (more > 0) steps_.push_back(clock.grow_step(now, more, calendar));
    });
  }

  void of_stage() {
    auto const now = context_.now;
    if (state_.open()) start(Which::whole, now);
    switch (state_.stage) {
      case Stage::registered:
        return start(Which::dispatch, now);
      case Stage::dispatched:
      case Stage::handling:
        return start(Which::handle, now);
      case Stage::reported_back:
      case Stage::verifying:
        return start(Which::verify, now);
      default:
        return;
    }
  }

  void recount() {
    for (auto const& clock : state_.clocks)
      if (can_be_recounted(clock)) steps_.push_back(clock.reproject_step(context_.now, context_.calendar));
  }

  CaseState const& state_;
  Command const& command_;
  Context const& context_;
  std::vector<ClockStep> steps_;
};

}  // namespace

bool belongs_to(core::Clock const& clock, Which which, Context const& context) {
  auto const family = std::string_view(clock.name).substr(0, clock.name.find('/'));
  for (auto const& spec : context.condition.clocks) {
    if (spec.code != clock.name &&
        !(spec.phase == catalogue::Phase::rework && clock.name.starts_with(spec.code + "/")))
      continue;
    switch (spec.phase) {
      case catalogue::Phase::dispatch:
        return which == Which::dispatch || which == Which::every;
      case catalogue::Phase::handle:
      case catalogue::Phase::rework:
        return which == Which::handle || which == Which::every;
      case catalogue::Phase::verify:
        return which == Which::verify || which == Which::every;
      case catalogue::Phase::whole:
        return which == Which::whole || which == Which::every;
      case catalogue::Phase::check:
        return which == Which::check || which == Which::every;
    }
  }
  switch (which) {
    case Which::every:
      return true;
    case Which::dispute:
      return family == own_clock::dispute;
    case Which::appeal:
      return family == own_clock::appeal;
    case Which::supervision:
      return clock.name.starts_with(own_clock::supervision);
    default:
      return false;
  }
}

core::Amount amount_until(Clock const& clock, core::Instant until, core::Calendar const& calendar) {
  return clock.used(until, calendar);
}

core::Result<std::vector<ClockStep>> clock_steps(Row const& row, CaseState const& state,
                                                 Command const& command, Context const& context) {
  Steps steps(state, command, context);
  for (auto const& effect : row.clocks) steps.add(effect);
  auto all = steps.take();
  ZHILI_CHECK(can_be_armed(all, context.calendar));
  return all;
}

}  // namespace zhili::respond
