#pragma once
// GET /api/v1/events: what happens, as it happens.

#include <memory>

#include "web/live/hub.hpp"
#include "web/metrics.hpp"
#include "web/operation/operation.hpp"

namespace zhili::web::live {

/// Adds the route and its metrics. `hub` outlives the server.
void mount_events(Operations& operations, Hub& hub, ApiParts const& parts, std::shared_ptr<Gate const> gate, Metrics& metrics);

}  // namespace zhili::web::live
