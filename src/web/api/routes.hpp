#pragma once
// The groups of routes that api.hpp puts together.

#include "web/api/api.hpp"

namespace zhili::web {

void mount_city(Router& router, ApiParts const& parts);     ///< city, areas, departments, items
void mount_cases(Router& router, ApiParts const& parts);    ///< list, counts, one case with its story
void mount_now(Router& router, ApiParts const& parts);      ///< what the first page shows
void mount_signals(Router& router, ApiParts const& parts);  ///< taking a report, and following it

}  // namespace zhili::web
