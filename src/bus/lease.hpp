#pragma once
// One of several processes does a piece of work for all of them.

#include <string>

#include "store/db.hpp"

namespace zhili::bus {

/// Takes or keeps the work of that name for `holder` until `now + length`; false: another has it. A process that stops keeping it,
/// or is killed, loses it when its time is over. A holder that stands still for longer than `length` may overlap with its
/// successor, so the work itself must bear being done twice. Cost: one write.
core::Result<bool> hold(store::Db& db, std::string_view name, std::string const& holder, core::Instant now, std::chrono::milliseconds length);

}  // namespace zhili::bus
