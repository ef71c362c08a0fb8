#include "web/operation/shape.hpp"

#include <utility>

namespace zhili::web {

Field needed(std::string name, Shape shape, core::Text meaning) {
  if (shape.type == Shape::Type::text && shape.choices.empty()) shape.least = 1;
  return {std::move(name), std::move(shape), std::move(meaning), true};
}

Field optional(std::string name, Shape shape, core::Text meaning) { return {std::move(name), std::move(shape), std::move(meaning), false}; }

namespace shape {

namespace {

constexpr std::int64_t integer_most = std::int64_t{1} << 53;

using Type = Shape::Type;

Shape of_type(Type type, std::optional<double> least = {}, std::optional<double> most = {}) {
  Shape out;
  out.type = type;
  out.least = least;
  out.most = most;
  return out;
}

std::optional<double> limit(std::size_t most) { return most == any ? std::nullopt : std::optional(static_cast<double>(most)); }

}  // namespace

Shape text(std::size_t characters_max) { return of_type(Type::text, std::nullopt, limit(characters_max)); }
Shape choice(std::vector<std::string> choices) {
  auto out = of_type(Type::text);
  out.choices = std::move(choices);
  return out;
}
Shape time() { return of_type(Type::time); }
Shape integer() { return integer(-integer_most, integer_most); }
Shape integer(std::int64_t least, std::int64_t most) { return of_type(Type::integer, static_cast<double>(least), static_cast<double>(most)); }
Shape number() { return of_type(Type::number); }
Shape number(double least, double most) { return of_type(Type::number, least, most); }
Shape flag() { return of_type(Type::flag); }
Shape list(Shape of, std::size_t elements_max) {
  auto out = of_type(Type::list, std::nullopt, limit(elements_max));
  out.of.push_back(std::move(of));
  return out;
}
Shape record(std::string name, std::vector<Field> fields) {
  auto out = of_type(Type::record);
  out.name = std::move(name);
  out.fields = std::move(fields);
  return out;
}
Shape map(Shape of) {
  auto out = of_type(Type::map);
  out.of.push_back(std::move(of));
  return out;
}
Shape file(std::size_t bytes_max) { return of_type(Type::file, std::nullopt, limit(bytes_max)); }
Shape anything() { return {}; }

Shape nullable(Shape shape) {
  shape.nullable = true;
  return shape;
}

Shape both_languages() { return record("Text", {{"zh", text()}, {"en", text()}}); }

}  // namespace shape
}  // namespace zhili::web
