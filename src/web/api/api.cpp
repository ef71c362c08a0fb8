#include "web/api/api.hpp"

#include "web/api/routes.hpp"

namespace zhili::web {

void mount_api(Router& router, ApiParts const& parts) {
  mount_city(router, parts);
  mount_cases(router, parts);
  mount_now(router, parts);
  mount_signals(router, parts);
}

}  // namespace zhili::web
