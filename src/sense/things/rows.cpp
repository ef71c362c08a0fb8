#include "sense/things/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sense/things/evaluate.hpp"
#include "sense/things/geometry.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::fail;

namespace {

store::Value value_of(Content const& content) {
  if (auto const* const text = std::get_if<std::string>(&content)) return *text;
  if (auto const* const json = std::get_if<Json>(&content)) return json->text;
  if (auto const* const at = std::get_if<core::Instant>(&content)) return core::to_ms(*at);
  return {};
}

std::string text_in(Columns const& columns, std::string_view name) {
  for (auto const& [column, value] : columns)
    if (column == name)
      if (auto const* const text = std::get_if<std::string>(&value)) return *text;
  return {};
}

bool has(Columns const& columns, std::string_view name) {
  return std::ranges::any_of(columns, [&](auto const& one) { return one.first == name; });
}

bool says_private(std::string_view properties) {
  if (properties.empty()) return false;
  auto const said = json_at(properties, {"private"});
  auto const* const truth = std::get_if<bool>(&said);
  return truth != nullptr && *truth;
}

core::Result<> add_box(Columns& out, Draft const& draft, Columns const& now) {
  bool const datastream = draft.type == EntityType::datastream;
  bool const shaped = datastream || draft.type == EntityType::location || draft.type == EntityType::feature_of_interest;
  if (!shaped || (!has(out, "shape") && !has(out, "encoding_type"))) return {};
  auto const either = [&](std::string_view name) { return has(out, name) ? text_in(out, name) : text_in(now, name); };
  auto const shape = either("shape");
  std::optional<Box> box;
  if (!shape.empty() && (datastream || is_geojson(either("encoding_type")))) {
    auto const geometry = Geometry::from_geojson(shape);
    if (!geometry) {
      auto error = geometry.error();
      error.field = field_in(draft, datastream ? "observedArea" : draft.type == EntityType::location ? "location" : "feature");
      return fail(std::move(error));
    }
    box = geometry->box();
  }
  auto const add = [&](char const* name, std::int64_t Box::*side) { out.emplace_back(name, box ? store::Value((*box).*side) : store::Value()); };
  add("west", &Box::west);
  add("south", &Box::south);
  add("east", &Box::east);
  add("north", &Box::north);
  if (datastream) out.emplace_back("area_given", std::int64_t{!shape.empty()});
  return {};
}

}  // namespace

std::string field_in(Draft const& draft, std::string_view name) { return draft.where.empty() ? std::string(name) : fmt::format("{}.{}", draft.where, name); }

core::Result<> check_values(Draft const& draft, bool whole) {
  for (auto const& property : entity(draft.type).properties) {
    auto const* const content = draft.find(property);
    if (content == nullptr && (!whole || !property.needed)) continue;
    if (property.needed && (content == nullptr || std::holds_alternative<std::monostate>(*content)))
      return fail(Errc::invalid, "sensorthings.needed",
                  {fmt::format("{} 须有 {}。", entity(draft.type).name, property.name), fmt::format("A {} needs {}.", entity(draft.type).name, property.name)},
                  field_in(draft, property.name));
    std::size_t bytes = 0, most = property.name == "name" ? name_bytes_max : text_bytes_max;
    if (auto const* const text = std::get_if<std::string>(content)) bytes = text->size();
    if (auto const* const json = std::get_if<Json>(content)) {
      bytes = json->text.size();
      most = json_bytes_max;
    }
    if (bytes > most)
      return fail(Errc::invalid, "sensorthings.bytes", {fmt::format("{} 最多 {} 字节。", property.name, most), fmt::format("{} has at most {} bytes.", property.name, most)},
                  field_in(draft, property.name));
  }
  return {};
}

std::string unit_code(std::string_view unit_json) {
  constexpr std::string_view scheme = "ucum:";
  auto const definition = json_at(unit_json, {"definition"});
  auto const* const text = std::get_if<std::string>(&definition);
  return text != nullptr && text->starts_with(scheme) ? text->substr(scheme.size()) : std::string();
}

core::Result<Columns> columns_of(Draft const& draft, Columns const& now) {
  Columns out;
  for (auto const& [property, content] : draft.values)
    if (!property->made) out.emplace_back(property->column, value_of(content));
  ZHILI_CHECK(add_box(out, draft, now));
  bool const fresh = now.empty();
  bool const may_be_private = draft.type != EntityType::historical_location && draft.type != EntityType::observed_property;
  if (may_be_private && (fresh || has(out, "properties"))) out.emplace_back("is_private", std::int64_t{says_private(text_in(out, "properties"))});
  if (draft.type == EntityType::datastream) {
    if (has(out, "unit")) out.emplace_back("unit_code", unit_code(text_in(out, "unit")));
    if (fresh) {
      out.emplace_back("device_type", draft.device_type);
      out.emplace_back("stream", draft.stream);
      if (!has(out, "area_given")) out.emplace_back("area_given", std::int64_t{0});
    }
  }
  if (fresh && draft.type == EntityType::sensor) out.emplace_back("device_type", draft.device_type);
  if (fresh && draft.type == EntityType::observed_property) out.emplace_back("code", draft.stream);
  return out;
}

std::vector<std::string> const& own_columns(EntityType type) {
  static auto const& all = *new std::map<EntityType, std::vector<std::string>>([] {
    std::map<EntityType, std::vector<std::string>> out;
    for (auto const& one : all_entities()) {
      auto& columns = out[one.type];
      if (one.table.empty()) continue;
      for (auto const& property : one.properties)
        if (!property.made) columns.emplace_back(property.column);
      for (auto const& link : one.links)
        if (!link.many && !link.own.empty()) columns.emplace_back(link.own);
      auto const more = [&](std::vector<std::string> const& names) { columns.insert(columns.end(), names.begin(), names.end()); };
      bool const shaped = one.type == EntityType::location || one.type == EntityType::feature_of_interest || one.type == EntityType::datastream;
      if (shaped) more({"west", "south", "east", "north"});
      if (one.type != EntityType::historical_location && one.type != EntityType::observed_property) more({"is_private"});
      if (one.type == EntityType::datastream) more({"unit_code", "device_type", "stream", "area_given"});
      if (one.type == EntityType::sensor) more({"device_type"});
      if (one.type == EntityType::observed_property) more({"code"});
      if (one.type == EntityType::feature_of_interest) more({"location"});
    }
    return out;
  }());
  return all.at(type);
}

}  // namespace zhili::sense::things
