#pragma once
// The web application's files, carried inside the program.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "web/http.hpp"

namespace zhili::web {

/// One file. The texts live as long as the process.
struct Asset {
  std::string type;
  std::string etag;  ///< quoted
  std::shared_ptr<std::string const> plain;
  std::shared_ptr<std::string const> gzip;  ///< nothing where packing does not help
};

using Assets = std::map<std::string, Asset, std::less<>>;

/// Reads what the build packed. Empty if the program was built without the web application.
Assets carried_assets();

/// Serves them: names with a content hash for ever, the rest after asking; every path below the application's own
/// routes (`/cases/…`) gives index.html. Adds the routes to `router`.
void mount_assets(Router& router, std::shared_ptr<Assets const> assets);

}  // namespace zhili::web
