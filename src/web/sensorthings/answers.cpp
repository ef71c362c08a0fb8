#include "web/sensorthings/answers.hpp"

#include <fmt/format.h>

#include "sense/things/evaluate.hpp"
#include "web/base_url.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;

namespace {

auto not_there(Step const& step) {
  auto const name = step.id ? fmt::format("{}({})", step.entity->set, *step.id) : std::string(step.entity->name);
  return fail(Errc::not_found, "sensorthings.none", {fmt::format("这里没有 {}。", name), fmt::format("There is no {} here.", name)});
}

core::Result<bool> is_there(things::Reading& reading, things::EntityType type, things::Id id) {
  if (type != things::EntityType::observation) return reading.exists(type, id);
  ZHILI_TRY(auto const found, reading.one(type, id, {}));
  return found.has_value();
}

bool mentions_extents(things::Expr const& expr) {
  bool out = false;
  things::each_path(expr, [&](things::Path const& path) { out = out || (path.property != nullptr && path.property->made); });
  return out;
}

bool mentions_extents(things::Query const& query) {
  if (query.filter && mentions_extents(*query.filter)) return true;
  for (auto const& key : query.order)
    if (mentions_extents(key.expr)) return true;
  for (auto const& expand : query.expand)
    if (mentions_extents(expand.query)) return true;
  return false;
}

}  // namespace

core::Result<Target> resolve(things::Reading& reading, ResourcePath const& path) {
  Target at;
  for (auto const& step : path.steps) {
    if (step.link == nullptr) {
      at = {.type = step.entity->type, .id = step.id};
      if (!step.id) continue;
      ZHILI_TRY(auto const there, is_there(reading, at.type, *step.id));
      if (!there) return not_there(step);
      continue;
    }
    things::From const from{at.type, *at.id, step.link};
    if (!step.link->many) {
      ZHILI_TRY(auto const to, reading.follow(at.type, *at.id, *step.link));
      if (!to) return not_there(step);
      at = {.type = step.link->to, .id = *to};
    } else if (step.id) {
      ZHILI_TRY(auto const linked, reading.linked(from, *step.id));
      if (!linked) return not_there(step);
      at = {.type = step.link->to, .id = *step.id};
    } else {
      at = {.type = step.link->to, .from = from};
    }
  }
  return at;
}

Response refused(core::Error error) {
  bool const own = error.key.starts_with("sensorthings.");
  if (own && error.code == Errc::limit) error.code = Errc::invalid;
  return Response::problem(error);
}

std::string root_of(Request const& request) { return base_url(request) + std::string(service_path); }

things::ReadingParts reading_parts(SensorThingsParts const& parts, things::Viewer const& viewer) {
  return {.dialect = things::Dialect::of(parts.db->engine()), .viewer = viewer, .observations = parts.observations, .extents = parts.extents};
}

core::Result<> write_extents(SensorThingsParts const& parts, things::Query const& query) {
  return mentions_extents(query) ? parts.extents->flush() : core::Result<>{};
}

core::Error no_method(std::string_view allowed) {
  return {Errc::invalid, "http.method", {fmt::format("此网址不支持这一方法，可用：{}。", allowed), fmt::format("This address does not take that method; it takes {}.", allowed)}};
}

}  // namespace zhili::web::sensorthings
