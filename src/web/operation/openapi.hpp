#pragma once
// The description of the table of routes as a document that programs read: OpenAPI 3.1.

#include <string>

#include "web/operation/operation.hpp"

namespace zhili::web {

/// The document, as JSON. Its schemas are those that check requests. Of a route it also says, under "x-who", who may: `{kind, roles,
/// everywhere, within}` (see Who). Throws std::logic_error if a route under /api/v1 has no description, if two have one id, or if two different
/// shapes have one name.
std::string openapi_json(Router const& router);

/// Adds GET /api/v1/openapi.json: call it last, when the table is complete.
void mount_openapi(Operations& operations, Router const& router);

}  // namespace zhili::web
