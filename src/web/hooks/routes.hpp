#pragma once
// The pages of an administrator for webhooks.

#include "web/hooks/deliveries.hpp"
#include "web/people/people.hpp"

namespace zhili::web::hooks {

/// Adds /api/v1/hooks. All outlive the server.
void mount_hooks(Operations& operations, Hooks& hooks, Deliveries& deliveries, PeopleParts const& parts);

}  // namespace zhili::web::hooks
