#pragma once
// The interface that the web application uses: /api/v1.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/installation.hpp"
#include "core/time.hpp"
#include "sense/places/places.hpp"
#include "store/db.hpp"
#include "web/operation/operation.hpp"

namespace zhili::respond {
class CaseIndex;
struct CaseLine;
class SignalDesk;
}

namespace zhili::web {

class PhotoStore;

/// What a demonstration shows beside the city: how fast its time runs, and accounts that anybody may try.
struct DemoFace {
  struct Account {
    std::string login;
    core::Text post;
  };
  std::function<double()> speed;
  std::vector<Account> accounts = {};
  std::string password = {};  ///< of all of them
};

/// Whether somebody is on duty for a case, and so sees what is not public of it.
using OnDuty = std::function<bool(store::Reader&, respond::CaseLine const&)>;

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
  std::optional<DemoFace> demo = {};
  /// Knows people, as these routes do not: what whoever sends a request is on duty for. Nothing where nobody is signed in.
  std::function<OnDuty(Request const&)> duty_of = {};
};

/// Adds the routes for everybody. All but POST /api/v1/signals only read, and they show what everybody may see; a single case is
/// shown whole to those on duty for it.
void mount_api(Operations& operations, ApiParts const& parts);

}  // namespace zhili::web
