#pragma once
// The web application's files, carried inside the program.

#include "web/assets.hpp"

namespace zhili::web {

/// What the build packed (tools/pack_assets.py); empty if the program was built without the web application.
Assets carried_assets();

}  // namespace zhili::web
