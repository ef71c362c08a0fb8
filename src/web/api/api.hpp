#pragma once
// The interface that the web application uses: /api/v1.

#include <functional>
#include <memory>
#include <optional>

#include "catalogue/catalogue.hpp"
#include "catalogue/installation.hpp"
#include "core/time.hpp"
#include "sense/places/places.hpp"
#include "store/db.hpp"
#include "web/http.hpp"

namespace zhili::respond {
class CaseIndex;
class SignalDesk;
}

namespace zhili::web {

class PhotoStore;

/// What the routes work on. Everything outlives the server.
struct ApiParts {
  store::Db* db = nullptr;
  core::TimeSource const* time = nullptr;
  std::shared_ptr<catalogue::Catalogue const> catalogue;
  catalogue::Installation const* installation = nullptr;
  sense::places::LivePlaces const* places = nullptr;
  core::Zone zone = core::Zone::utc();
  core::Calendar const* calendar = nullptr;
  respond::CaseIndex* cases = nullptr;
  respond::SignalDesk* desk = nullptr;
  PhotoStore* photos = nullptr;  ///< nothing: no photos are taken
  std::function<std::optional<double>()> demo_speed;  ///< nothing where it is no demo
};

/// Adds the routes. All but POST /api/v1/signals only read. Until people can sign in they show what everybody may see.
void mount_api(Router& router, ApiParts const& parts);

}  // namespace zhili::web
