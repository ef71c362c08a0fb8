#pragma once
// Events as the ledger keeps them: compact JSON. What a newer program wrote and this one does not know is
// skipped.

#include <string>
#include <string_view>

#include "respond/cases/case.hpp"

namespace zhili::respond {

/// The payload. Kind, time and actor are columns of the entry and not repeated.
std::string encode(Event const& event);

/// Errors: corrupt (not a JSON object, or a known field of another type).
core::Result<Event> decode(core::EventKind kind, core::Instant at, std::string_view actor,
                           std::string_view payload);

}  // namespace zhili::respond
