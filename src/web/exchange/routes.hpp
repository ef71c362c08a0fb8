#pragma once
// Who works with us: a case's page, and the administrator's.

#include "web/exchange/exchange.hpp"
#include "web/people/people.hpp"

namespace zhili::web::exchange {

/// Adds /api/v1/exchange and /api/v1/cases/{no}/exchange. `exchange` outlives the server.
void mount_exchange(Operations& operations, Exchange& exchange, PeopleParts const& parts);

}  // namespace zhili::web::exchange
