#include "web/operation/schema.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using Type = Shape::Type;

namespace {

void set_limit(object& out, std::string_view key, std::optional<double> limit) {
  if (!limit) return;
  auto const whole = static_cast<std::int64_t>(*limit);
  out[key] = static_cast<double>(whole) == *limit ? value(whole) : value(*limit);
}

object record_schema(Shape const& shape, object& named) {
  object properties;
  array required;
  for (auto const& field : shape.fields) {
    auto of_field = to_schema(field.shape, named);
    if (!field.meaning.zh.empty()) of_field.as_object()["description"] = field.meaning.zh + " / " + field.meaning.en;
    properties[field.name] = std::move(of_field);
    if (field.needed) required.emplace_back(field.name);
  }
  object out{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

object plain_schema(Shape const& shape, object& named) {
  object out;
  switch (shape.type) {
    case Type::text:
      out["type"] = "string";
      set_limit(out, "minLength", shape.least);
      set_limit(out, "maxLength", shape.most);
      if (!shape.choices.empty()) out["enum"] = array(shape.choices.begin(), shape.choices.end());
      break;
    case Type::time:
      out["type"] = "string";
      out["format"] = "date-time";
      break;
    case Type::integer:
    case Type::number:
      out["type"] = shape.type == Type::integer ? "integer" : "number";
      set_limit(out, "minimum", shape.least);
      set_limit(out, "maximum", shape.most);
      break;
    case Type::flag: out["type"] = "boolean"; break;
    case Type::list:
      out["type"] = "array";
      out["items"] = to_schema(shape.of.front(), named);
      set_limit(out, "maxItems", shape.most);
      break;
    case Type::record: return record_schema(shape, named);
    case Type::map:
      out["type"] = "object";
      out["additionalProperties"] = to_schema(shape.of.front(), named);
      break;
    case Type::file:
      out["type"] = "string";
      out["contentMediaType"] = "application/octet-stream";
      set_limit(out, "maxLength", shape.most);
      break;
    case Type::anything: break;
  }
  return out;
}

object orderly(Shape const& shape, object& named) {
  if (shape.name.empty()) return plain_schema(shape, named);
  auto made = plain_schema(shape, named);
  auto const* known = named.if_contains(shape.name);
  if (known && *known != value(made)) throw std::logic_error("two shapes are called " + shape.name);
  if (!known) named[shape.name] = std::move(made);
  return {{"$ref", "#/components/schemas/" + shape.name}};
}

}  // namespace

value to_schema(Shape const& shape, object& named) {
  auto out = orderly(shape, named);
  if (!shape.nullable) return out;
  if (auto* type = out.if_contains("type"); type && !out.contains("enum")) {
    *type = array{*type, "null"};
    return out;
  }
  return object{{"anyOf", array{std::move(out), object{{"type", "null"}}}}};
}

}  // namespace zhili::web
