#pragma once
// What one person's own work came to: for that person and their direct lead (organise::leads), never for a list of people, never ranked.

#include <cstdint>
#include <span>
#include <string_view>

#include "core/calendar.hpp"
#include "respond/cases/case.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// Counted in times: what came back for rework and was done again was handled twice.
struct OwnWork {
  std::int64_t handled = 0;   ///< reported back, or handled on the spot
  std::int64_t on_time = 0;   ///< of these, before the time for handling was over
  std::int64_t reworked = 0;  ///< of these, sent back by whoever checked, until now
  std::int64_t returned = 0;  ///< given back to the dispatcher as somebody else's work
  bool operator==(OwnWork const&) const = default;
};

/// From `from` to before `until`.
struct Within {
  core::Instant from{};
  core::Instant until{};
};

/// What `person` ("staff:dora") did in a case within a time, from the case's whole story, oldest first. Pure.
OwnWork own_work_in(std::span<Event const> story, std::string_view person, Within within, core::Calendar const& calendar);

/// The same over all cases. Cost: the story of each case that the person reported back or returned in that time. Errors: corrupt.
core::Result<OwnWork> own_work(store::Reader& reader, std::string_view person, Within within, core::Calendar const& calendar);

}  // namespace zhili::respond
