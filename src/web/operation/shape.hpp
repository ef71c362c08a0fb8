#pragma once
// What a JSON value may be: one description that checks requests and is printed as JSON Schema in openapi.json.

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace zhili::web {

struct Field;

/// A value type. Made by the functions in namespace shape.
struct Shape {
  enum class Type : std::uint8_t { text, time, integer, number, flag, list, record, map, file, anything };
  Type type = Type::anything;
  std::string name = {};                         ///< of a record or a list of choices that stands once in the document; empty: it stands where it is used
  bool nullable = false;
  std::optional<double> least = {}, most = {};   ///< of a number its value, of a text its characters, of a list its elements, of a file its bytes
  std::vector<std::string> choices = {};         ///< all that a text may be; empty: anything
  std::vector<Shape> of;                         ///< one: what a list or a map has in it
  std::vector<Field> fields;                     ///< of a record; others are refused
};

/// A named value: a part of a record, a parameter of a query or of a path.
struct Field {
  std::string name;
  Shape shape;
  core::Text meaning = {};
  bool needed = true;
};

/// In requests: it must be there, and a text must not be empty.
Field needed(std::string name, Shape shape, core::Text meaning);
/// It may be missing or null. In answers: it may be missing.
Field optional(std::string name, Shape shape, core::Text meaning = {});

namespace shape {

inline constexpr std::size_t any = 0;  ///< no limit

Shape text(std::size_t characters_max = any);
/// One of these texts.
Shape choice(std::vector<std::string> choices);
/// ISO 8601 with its zone: "2026-07-12T08:30:00+08:00".
Shape time();
/// From −2^53 to 2^53, what every JSON reader can hold, unless narrower.
Shape integer();
Shape integer(std::int64_t least, std::int64_t most);
Shape number();
Shape number(double least, double most);
Shape flag();
Shape list(Shape of, std::size_t elements_max = any);
/// `name`: of the component in the document; empty: written out where it is used.
Shape record(std::string name, std::vector<Field> fields);
/// Any keys, each with a value of this shape.
Shape map(Shape of);
/// A file of a form.
Shape file(std::size_t bytes_max);
Shape anything();
Shape nullable(Shape shape);
/// `{zh, en}`.
Shape both_languages();

}  // namespace shape

/// A list of files: they come beside the values of a form, and whoever reads the form checks them.
bool is_files(Shape const& shape);

/// Whether a value is of a shape; a text also has no NUL. `path` is the field's name in errors: "photos.0.name".
/// Errors: invalid, with key "`group`.field" or "`group`.unknown".
core::Result<> check(boost::json::value const& value, Shape const& shape, std::string_view group, std::string const& path);

/// All fields of a request's record. Errors: those of check().
core::Result<> check(boost::json::object const& object, std::vector<Field> const& fields, std::string_view group, std::string const& path);

/// The value that a text of a query, a path or a form stands for: a number, `1`, `0`, `true`, `false`, a list whose elements stand between
/// commas, JSON for a map or a record. Errors: as check().
core::Result<boost::json::value> value_from(std::string_view text, Field const& field, std::string_view group);

}  // namespace zhili::web
