#include "respond/evaluation/facts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "respond/clocks.hpp"

namespace zhili::respond::evaluation {

namespace {

using catalogue::bit;
using catalogue::Fact;
using core::Clock;
using core::ClockState;
using K = core::EventKind;

constexpr int satisfied_from = 4;  // of max_score

std::string_view family(Clock const& clock) { return std::string_view(clock.name).substr(0, clock.name.find('/')); }
bool kept(Clock const& clock) { return clock.consumed <= clock.budget.amount; }

/// Whether there is a clock of these families, and none of them used more than it had.
bool all_kept(Clocks const& clocks, std::initializer_list<std::string_view> families) {
  bool any = false;
  for (auto const& clock : clocks) {
    if (std::ranges::find(families, family(clock)) == families.end()) continue;
    any = true;
    if (!kept(clock)) return false;
  }
  return any;
}

/// When a clock that stands still would run out had it never been paused: counted from where it last began to run, for
/// parts of work days do not add up to whole ones.
std::optional<core::Instant> had_it_run_on(Clock const& clock, core::Calendar const& calendar) {
  for (auto span = clock.spans.rbegin(); span != clock.spans.rend(); ++span) {
    if (!span->ran) continue;
    auto const before = clock.consumed - core::used(clock.budget.unit, span->from, span->to.value_or(span->from), calendar);
    return end_of({clock.budget.unit, clock.budget.amount - before}, span->from, calendar);
  }
  return std::nullopt;
}

/// When the promise for the whole case runs out.
std::optional<core::Instant> promise(CaseState const& state, core::Calendar const& calendar) {
  std::optional<core::Instant> first;
  bool whole = false;
  for (auto const& clock : state.clocks) {
    if (family(clock) != "whole") continue;
    whole = true;
    auto at = due_of(clock, calendar);
    if (!at && clock.state == ClockState::paused) at = had_it_run_on(clock, calendar);
    if (at && (!first || *at < *first)) first = at;
  }
  return whole ? first : state.opening.promised;
}

/// What can be read off single entries, as they pass.
class Reading {
 public:
  void pass(CaseState const& after, Event const& event) {
    switch (event.kind) {
      case K::case_dispatched:
      case K::case_settled:
        if (out_.dispatches++ == 0) set(Fact::dispatched_on_time, all_kept(after.clocks, {"dispatch"}));
        return set(Fact::dispatched);
      case K::case_returned:
        ++out_.returns;
        return set(Fact::returned);
      case K::case_self_handled:
        set(Fact::self_handled);
        set(Fact::handled);
        return set(Fact::handled_on_time);
      case K::case_reported_back:
        set(Fact::handled);
        return set(Fact::handled_on_time, all_kept(after.clocks, {"handle", "rework"}));
      case K::case_verified:
        judged(after);
        return set(Fact::first_time_fix, out_.reworks == 0 && !out_.has(Fact::reopened));
      case K::case_reworked:
        judged(after);
        ++out_.reworks;
        return set(Fact::reworked);
      case K::case_reopened:
        set(Fact::first_time_fix, false);  // what came back was not fixed
        return set(Fact::reopened);
      case K::case_extension_decided:
        return set(Fact::extended, out_.has(Fact::extended) || event.what == "granted");
      case K::case_supervised:
        return set(Fact::supervised);
      default:
        return;
    }
  }
  void set(Fact fact, bool on = true) { out_.bits = on ? out_.bits | bit(fact) : out_.bits & ~bit(fact); }
  Facts& facts() { return out_; }

 private:
  void judged(CaseState const& after) {
    set(Fact::verified_on_time, all_kept(after.clocks, {"verify"}) && (!out_.has(Fact::verified) || out_.has(Fact::verified_on_time)));
    set(Fact::verified);
  }
  Facts out_;
};

void read_end(CaseState const& state, Reading& reading) {
  auto& facts = reading.facts();
  auto const closed = state.closed_at.has_value();
  reading.set(Fact::closed, closed);
  reading.set(Fact::forced, state.ending == Ending::forced);
  reading.set(Fact::suspended, state.stage == Stage::suspended);
  reading.set(Fact::contradicted, !state.opening.contradiction.empty());
  reading.set(Fact::recorded, state.recorded);
  reading.set(Fact::rated, state.rating > 0);
  reading.set(Fact::satisfied, state.rating >= satisfied_from);
  reading.set(Fact::appealed, state.appeal.has_value());
  reading.set(Fact::appeal_upheld, state.appeal && state.appeal->upheld.value_or(false));
  reading.set(Fact::urgent, std::ranges::any_of(state.clocks, [](Clock const& clock) {
                return family(clock) == "handle" && clock.budget.unit == core::Unit::urgent_hours;
              }));
  if (!closed) return;
  if (facts.day) reading.set(*state.closed_at <= *facts.day ? Fact::on_time : Fact::late);
  if (facts.has(Fact::contradicted)) return;
  facts.minutes = std::max<std::int64_t>(0, std::chrono::floor<std::chrono::minutes>(*state.closed_at - state.opening.received_at).count());
}

}  // namespace

Facts facts_of_case(std::span<Event const> story, core::Calendar const& calendar, CaseState& state) {
  Reading reading;
  for (auto const& event : story) {
    state = apply(std::move(state), event);
    reading.pass(state, event);
  }
  if (state.stage != Stage::merged) reading.facts().day = promise(state, calendar);
  read_end(state, reading);
  return reading.facts();
}

Facts facts_of_signal(Stage stage, std::string_view channel, core::Instant received_at, std::span<SignalEvent const> story) {
  Reading reading;
  reading.facts().day = received_at;
  bool const refused = stage == Stage::rejected || stage == Stage::archived;
  reading.set(Fact::decided, stage != Stage::collected && stage != Stage::checking);
  reading.set(Fact::valid, reading.facts().has(Fact::decided) && !refused);
  reading.set(Fact::registered, stage == Stage::registered);
  reading.set(Fact::merged, stage == Stage::merged);
  reading.set(Fact::rejected, refused);
  reading.set(Fact::by_staff, channel == "patrol" || channel == "staff");
  Clocks clocks;
  for (auto const& event : story) {
    clocks.apply(event.clocks);
    if (event.kind != K::signal_checked) continue;
    reading.set(Fact::checked);
    reading.set(Fact::checked_on_time, all_kept(clocks, {"check"}));
  }
  return reading.facts();
}

Stage stage_after(std::span<SignalEvent const> story) {
  SignalState state;
  for (auto const& event : story) state = apply(std::move(state), event);
  return state.stage;
}

}  // namespace zhili::respond::evaluation
