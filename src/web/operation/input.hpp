#pragma once
// What a client sent, checked against its description before a handler sees it.

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "web/http.hpp"
#include "web/operation/shape.hpp"

namespace zhili::web {

/// The values of some declared fields. Reading one that is not declared, or as another type, is a mistake of the program: it throws
/// std::logic_error, which the client sees as 500. A missing value reads as empty. Cheap to copy; reads are thread-safe. The fields
/// must outlive it, and files live in the request.
class Input {
 public:
  Input(std::vector<Field> const& fields, boost::json::object values, std::vector<std::pair<std::string, std::string_view>> files = {});

  /// Of a text.
  std::string text(std::string_view field) const;
  std::optional<std::int64_t> integer(std::string_view field) const;
  std::optional<double> number(std::string_view field) const;
  bool flag(std::string_view field) const;
  std::optional<core::Instant> time(std::string_view field) const;
  /// Of a list of texts.
  std::vector<std::string> texts(std::string_view field) const;
  /// Of a list.
  boost::json::array list(std::string_view field) const;
  /// Of a record or a map.
  boost::json::object object(std::string_view field) const;
  /// The contents of the files that came under this name, in their order.
  std::vector<std::string_view> files(std::string_view field) const;
  /// It came, and is neither null nor an empty text.
  bool has(std::string_view field) const;

 private:
  Shape const& declared(std::string_view field) const;
  boost::json::value const* find(std::string_view field, std::initializer_list<Shape::Type> types) const;

  std::vector<Field> const* fields_;
  std::shared_ptr<boost::json::object const> values_;
  std::vector<std::pair<std::string, std::string_view>> files_;
};

/// How the body of a request is written.
enum class BodyFormat : std::uint8_t {
  json,  ///< one JSON object
  form   ///< multipart/form-data or application/x-www-form-urlencoded
};

/// Errors: invalid, with the key "query.field" or "query.unknown".
core::Result<Input> query_input(Request const& request, std::vector<Field> const& fields);
/// Of the described headers only; others are none of its business. Errors: invalid, with the key "header.field".
core::Result<Input> header_input(Request const& request, std::vector<Field> const& fields);
/// Errors: not_found: what the path names cannot be.
core::Result<Input> path_input(Request const& request, std::vector<Field> const& fields);
/// A body that nobody described may only be missing or `{}`. Errors: those of read_json and read_form; invalid, with the key "body.object",
/// "body.field" or "body.unknown"; limit (files).
core::Result<Input> body_input(Request const& request, std::vector<Field> const& fields, BodyFormat format);

}  // namespace zhili::web
