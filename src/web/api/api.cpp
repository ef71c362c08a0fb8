#include "web/api/api.hpp"

#include "web/api/routes.hpp"

namespace zhili::web {

void mount_api(Operations& operations, ApiParts const& parts) {
  mount_city(operations, parts);
  mount_cases(operations, parts);
  mount_export(operations, parts);
  mount_now(operations, parts);
  mount_signals(operations, parts);
}

}  // namespace zhili::web
