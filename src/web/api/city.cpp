#include <boost/json.hpp>

#include "catalogue/pack.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

namespace {

/// A longer search is refused.
constexpr std::size_t search_characters_max = 200;

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

Response items(Call const& call, ApiParts const& parts) {
  catalogue::SearchOptions options;
  options.open_only = call.query.flag("public");
  return Response::json(catalogue::items_json(*parts.catalogue, call.query.text("q"), options));
}

Shape city_shape() {
  using namespace shape;
  auto const account = record("", {{"login", text()}, {"post", both_languages()}});
  auto const demo = record("Demo", {{"speed", number()}, {"accounts", list(account)}, {"password", text()}});
  return record("City", {{"name", both_languages()},
                         {"now", time(), {"这座城市的时间；演示走得快", "The city's time, which runs fast in a demonstration"}},
                         {"zone", text()},
                         {"demo", nullable(demo)},
                         {"has_places", flag(), {"地图上有区域轮廓", "Areas have outlines on the map"}},
                         {"centre", list(number()), {"经度, 纬度", "longitude, latitude"}},
                         {"bounds", list(number()), {"西, 南, 东, 北", "west, south, east, north"}},
                         {"levels", list(named_shape())},
                         {"languages", list(text())}});
}

Shape areas_shape() {
  using namespace shape;
  return record("Areas", {{"areas", list(record("Area", {{"id", integer()},
                                                          {"code", text()},
                                                          {"level", text()},
                                                          {"name", both_languages()},
                                                          {"parent", nullable(integer()), {"上一级的 id", "id of the area above"}},
                                                          {"centre", list(number()), {"经度, 纬度", "longitude, latitude"}}}))}});
}

Shape items_shape() {
  using namespace shape;
  auto const ask = record("Ask", {{"code", text()}, {"type", text()}, {"label", both_languages()}, {"required", flag()},
                                  {"options", list(record("", {{"key", text()}, {"name", both_languages()}}))}});
  auto const clock = record("", {{"code", text()}, {"name", both_languages()}, {"amount", number()}, {"unit", text()}});
  auto const condition = record("Condition", {{"code", text()},
                                              {"when", both_languages()},
                                              {"closed_when", both_languages()},
                                              {"function", named_shape(), {"谁的职责", "Whose duty it is"}},
                                              {"clocks", list(clock)}});
  return record("Items", {{"items", list(record("Item", {{"code", text()},
                                                          {"kind", text()},
                                                          {"name", both_languages()},
                                                          {"group", named_shape()},
                                                          {"words", list(text()), {"找得到它的词", "Words by which it is found"}},
                                                          {"public", flag(), {"人人可报", "Everybody may report it"}},
                                                          {"asks", list(ask)},
                                                          {"conditions", list(condition)},
                                                          {"pack", text()},
                                                          {"version", text()},
                                                          {"source", text()}}))}});
}

}  // namespace

void mount_city(Operations& operations, ApiParts const& parts) {
  operations.add({.id = "getCity", .method = Method::get, .pattern = "/api/v1/city", .summary = {"这座城市：名称、时间、范围", "The city: its name, time and extent"},
                  .who = everybody(), .good = {{.shape = city_shape()}}},
                 [parts](Call const&) { return city(parts); });
  operations.add({.id = "listAreas", .method = Method::get, .pattern = "/api/v1/areas", .summary = {"全部区域", "All areas"},
                  .who = everybody(), .good = {{.shape = areas_shape()}}},
                 [parts](Call const&) { return areas(parts); });
  operations.add({.id = "listDepartments", .method = Method::get, .pattern = "/api/v1/departments", .summary = {"全部部门", "All departments"},
                  .who = everybody(), .good = {{.shape = shape::record("Departments", {{"departments", shape::list(named_shape())}})}}},
                 [parts](Call const&) { return departments(parts); });
  operations.add({.id = "listItems", .method = Method::get, .pattern = "/api/v1/items", .summary = {"事项目录，可按字词找", "The catalogue of items, to be searched by words"},
                  .who = everybody(),
                  .query = {optional("q", shape::text(search_characters_max), {"要找的字词", "Words to look for"}),
                            optional("public", shape::flag(), {"只要人人可报的", "Only what everybody may report"})},
                  .good = {{.shape = items_shape()}}},
                 [parts](Call const& call) { return items(call, parts); });
}

}  // namespace zhili::web
