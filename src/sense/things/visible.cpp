#include "sense/things/visible.hpp"

#include <fmt/format.h>

namespace zhili::sense::things {

namespace {

constexpr std::string_view private_things = "(SELECT id FROM thing WHERE is_private = 1)";

/// Used by private ones and by nobody else. `uses`: a query of the things and datastreams that use it, `$` for the condition on them.
std::string shared(std::string_view alias, std::string_view uses_private, std::string_view uses_public) {
  return fmt::format("{0}.is_private = 0 AND (NOT EXISTS ({1}) OR EXISTS ({2}))", alias, uses_private, uses_public);
}

std::string of_location(std::string_view alias) {
  auto const uses = [&](int is_private) {
    return fmt::format(
        "SELECT 1 FROM thing_location vl JOIN thing vt ON vt.id = vl.thing WHERE vl.location = {0}.id AND vt.is_private = {1} UNION ALL "
        "SELECT 1 FROM historical_location_location vh JOIN historical_location vo ON vo.id = vh.historical_location JOIN thing vt ON vt.id = vo.thing "
        "WHERE vh.location = {0}.id AND vt.is_private = {1}",
        alias, is_private);
  };
  return shared(alias, uses(1), uses(0));
}

constexpr std::string_view open_stream = "vd.is_private = 0 AND vt.is_private = 0";
constexpr std::string_view closed_stream = "(vd.is_private = 1 OR vt.is_private = 1)";

std::string of_sensor(std::string_view alias) {
  auto const uses = [&](std::string_view which) {
    return fmt::format("SELECT 1 FROM datastream vd JOIN thing vt ON vt.id = vd.thing WHERE vd.sensor = {}.id AND {}", alias, which);
  };
  return shared(alias, uses(closed_stream), uses(open_stream));
}

std::string of_feature(std::string_view alias) {
  auto const uses = [&](std::string_view which) {
    return fmt::format(
        "SELECT 1 FROM datastream_feature vf JOIN datastream vd ON vd.id = vf.datastream JOIN thing vt ON vt.id = vd.thing "
        "WHERE vf.feature = {}.id AND {}",
        alias, which);
  };
  return shared(alias, uses(closed_stream), uses(open_stream));
}

}  // namespace

std::string visible_sql(EntityType type, std::string_view alias, Viewer const& viewer) {
  if (viewer.staff) return {};
  switch (type) {
    case EntityType::thing: return fmt::format("{}.is_private = 0", alias);
    case EntityType::datastream: return fmt::format("{0}.is_private = 0 AND {0}.thing NOT IN {1}", alias, private_things);
    case EntityType::historical_location: return fmt::format("{}.thing NOT IN {}", alias, private_things);
    case EntityType::location: return of_location(alias);
    case EntityType::sensor: return of_sensor(alias);
    case EntityType::feature_of_interest: return of_feature(alias);
    case EntityType::observed_property:
    case EntityType::observation: return {};
  }
  return {};
}

}  // namespace zhili::sense::things
