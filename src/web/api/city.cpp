#include <boost/json.hpp>

#include "catalogue/pack.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

array lon_lat(core::LatLon at) { return {at.lon(), at.lat()}; }

/// Of the map; where nothing on it has an outline, what the installation says.
core::LatLon centre_of(sense::places::PlaceIndex const& places, ApiParts const& parts) {
  auto const box = places.bounds();
  if (box == sense::places::Box{} && parts.installation->centre) return *parts.installation->centre;
  return {box.min.lat_e7 / 2 + box.max.lat_e7 / 2, box.min.lon_e7 / 2 + box.max.lon_e7 / 2};
}

value demo_json(std::optional<DemoFace> const& demo) {
  if (!demo) return nullptr;
  array accounts;
  for (auto const& account : demo->accounts) accounts.push_back(object{{"login", account.login}, {"post", to_json(account.post)}});
  return object{{"speed", demo->speed()}, {"accounts", std::move(accounts)}, {"password", demo->password}};
}

Response city(ApiParts const& parts) {
  auto const places = parts.places->now();
  auto const box = places->bounds();
  array levels;
  for (auto const& level : places->city().scheme.areas)
    levels.push_back(object{{"code", level.code}, {"name", to_json(level.name)}});
  return Response::json(boost::json::serialize(object{
      {"name", to_json(parts.installation->name)},
      {"now", time_json(parts.time->now(), parts.zone)},
      {"zone", parts.zone.name()},
      {"demo", demo_json(parts.demo)},
      {"has_places", box != sense::places::Box{}},
      {"centre", lon_lat(centre_of(*places, parts))},
      {"bounds", array{box.min.lon(), box.min.lat(), box.max.lon(), box.max.lat()}},
      {"levels", std::move(levels)},
      {"languages", array{"zh", "en"}}}));
}

Response areas(ApiParts const& parts) {
  auto const places = parts.places->now();
  array out;
  for (auto const& area : places->city().areas) {
    auto const* parent = area.parent.empty() ? nullptr : places->area(area.parent);
    out.push_back(object{{"id", area.id},
                         {"code", area.code},
                         {"level", area.level},
                         {"name", to_json(area.name)},
                         {"parent", parent ? value(parent->id) : value(nullptr)},
                         {"centre", lon_lat(area.shape.empty() ? centre_of(*places, parts) : sense::places::PlaceIndex::centre(area.shape))}});
  }
  return Response::json(boost::json::serialize(object{{"areas", std::move(out)}}));
}

Response departments(ApiParts const& parts) {
  array out;
  for (auto const& department : parts.installation->departments)
    out.push_back(object{{"code", department.code}, {"name", to_json(department.name)}});
  return Response::json(boost::json::serialize(object{{"departments", std::move(out)}}));
}

Response items(Request const& request, ApiParts const& parts) {
  catalogue::SearchOptions options;
  options.open_only = request.query.get("public").value_or("0") == "1";
  return Response::json(catalogue::items_json(*parts.catalogue, request.query.get("q").value_or(""), options));
}

}  // namespace

void mount_city(Router& router, ApiParts const& parts) {
  router.get("/api/v1/city", [parts](Request const&) { return city(parts); });
  router.get("/api/v1/areas", [parts](Request const&) { return areas(parts); });
  router.get("/api/v1/departments", [parts](Request const&) { return departments(parts); });
  router.get("/api/v1/items", [parts](Request const& request) { return items(request, parts); });
}

}  // namespace zhili::web
