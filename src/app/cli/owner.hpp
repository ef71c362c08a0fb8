#pragma once
// Verbs that only the owner of the data may do.

#include "app/cli/verbs.hpp"
#include "app/control.hpp"

namespace zhili::app {

/// Asks the process that serves the data; where none does, opens the data here. What it says: do_control(), do_with_user().
core::Result<std::string> ask_owner(CommonOptions const& common, ControlRequest const& request);

}  // namespace zhili::app
