#pragma once
// What evaluation counts of one case or one signal. Pure: read from what happened to it, and from nothing else.

#include <cstdint>
#include <optional>
#include <span>

#include "catalogue/indicators.hpp"
#include "core/calendar.hpp"
#include "respond/cases/case.hpp"
#include "respond/signals/signal.hpp"

namespace zhili::respond::evaluation {

/// A case is frequent when it is at least the so-manieth of its item at one place (a cell of cell_centre) within that time.
inline constexpr std::int64_t frequent_times_min = 3;
inline constexpr std::chrono::days frequent_within{30};

/// Facts as bits of catalogue::Fact, and what is added up.
struct Facts {
  std::uint64_t bits = 0;
  std::int64_t dispatches = 0;
  std::int64_t returns = 0;
  std::int64_t reworks = 0;
  std::int64_t minutes = 0;                ///< from the report to the end; 0 while it is open
  std::optional<core::Instant> day = {};  ///< when a case was due, a signal came; none: it is in no cohort

  bool has(catalogue::Fact fact) const { return (bits & catalogue::bit(fact)) != 0; }
  bool operator==(Facts const&) const = default;
};

/// A case's facts from its whole story, oldest first. It is due when the promise for the whole case runs out, as granted
/// extensions have moved it; while it is suspended, when it would have run out. A case that stands aside, and one that was
/// promised nothing as a whole, is in no cohort. `calendar` says on which day a promise in work days runs out.
/// `after` becomes the state that the story leads to.
Facts facts_of_case(std::span<Event const> story, core::Calendar const& calendar, CaseState& after);

/// A signal's facts: where it stands, and what happened to it, of which only the check (核实) is read.
Facts facts_of_signal(Stage stage, std::string_view channel, core::Instant received_at, std::span<SignalEvent const> story);
/// Where a signal stands after its whole story.
Stage stage_after(std::span<SignalEvent const> story);

}  // namespace zhili::respond::evaluation
