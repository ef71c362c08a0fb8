#include "web/operation/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "web/form.hpp"

namespace zhili::web {

using Object = boost::json::object;
using core::Errc;
using core::fail;
using Type = Shape::Type;

Input::Input(std::vector<Field> const& fields, Object values, std::vector<std::pair<std::string, std::string_view>> files)
    : fields_(&fields), values_(std::make_shared<Object const>(std::move(values))), files_(std::move(files)) {}

Shape const& Input::declared(std::string_view field) const {
  auto const found = std::ranges::find(*fields_, field, &Field::name);
  if (found == fields_->end()) throw std::logic_error(fmt::format("a handler reads \"{}\", which its operation does not describe", field));
  return found->shape;
}

boost::json::value const* Input::find(std::string_view field, std::initializer_list<Type> types) const {
  if (std::ranges::find(types, declared(field).type) == types.end())
    throw std::logic_error(fmt::format("a handler reads \"{}\" as a type that its operation does not describe", field));
  auto const* found = values_->if_contains(field);
  bool const nothing = !found || found->is_null() || (found->is_string() && found->as_string().empty());
  return nothing ? nullptr : found;
}

bool Input::has(std::string_view field) const { return find(field, {declared(field).type}) != nullptr; }

std::string Input::text(std::string_view field) const {
  auto const* found = find(field, {Type::text});
  return found ? std::string(found->as_string()) : std::string();
}

std::optional<std::int64_t> Input::integer(std::string_view field) const {
  auto const* found = find(field, {Type::integer});
  return found ? std::optional(found->as_int64()) : std::nullopt;
}

std::optional<double> Input::number(std::string_view field) const {
  auto const* found = find(field, {Type::number, Type::integer});
  return found ? std::optional(found->to_number<double>()) : std::nullopt;
}

bool Input::flag(std::string_view field) const {
  auto const* found = find(field, {Type::flag});
  return found && found->as_bool();
}

std::optional<core::Instant> Input::time(std::string_view field) const {
  auto const* found = find(field, {Type::time});
  return found ? std::optional(core::from_iso(found->as_string()).value()) : std::nullopt;
}

std::vector<std::string> Input::texts(std::string_view field) const {
  std::vector<std::string> out;
  if (auto const* found = find(field, {Type::list}))
    for (auto const& one : found->as_array()) out.emplace_back(one.as_string());
  return out;
}

boost::json::array Input::list(std::string_view field) const {
  auto const* found = find(field, {Type::list});
  return found ? found->as_array() : boost::json::array();
}

Object Input::object(std::string_view field) const {
  auto const* found = find(field, {Type::record, Type::map});
  return found ? found->as_object() : Object();
}

std::vector<std::string_view> Input::files(std::string_view field) const {
  if (declared(field).type != Type::list) throw std::logic_error(fmt::format("\"{}\" is not described as files", field));
  std::vector<std::string_view> out;
  for (auto const& [name, content] : files_)
    if (name == field) out.push_back(content);
  return out;
}

namespace {

/// The values of names that may come more than once only if they are lists.
core::Result<Object> values_of(Fields const& sent, std::vector<Field> const& fields, std::string_view group) {
  Object out;
  for (auto const& [name, text] : sent) {
    auto const field = std::ranges::find(fields, name, &Field::name);
    if (field == fields.end() || text.empty()) {
      out[name] = text;  // check() says that it is unknown
      continue;
    }
    if (out.contains(name))
      return fail(Errc::invalid, fmt::format("{}.field", group), {fmt::format("{} 只能给一次。", name), fmt::format("{} may be given once.", name)}, name);
    ZHILI_TRY(out[name], value_from(text, *field, group));
  }
  ZHILI_CHECK(check(out, fields, group, ""));
  return out;
}

core::Result<Input> form_input(Request const& request, std::vector<Field> const& fields) {
  ZHILI_TRY(auto const form, read_form(request));
  ZHILI_TRY(auto values, values_of(form.fields, fields, "body"));
  std::vector<std::pair<std::string, std::string_view>> files;
  for (auto const& file : form.files) {
    auto const field = std::ranges::find(fields, file.name, &Field::name);
    if (field == fields.end() || !is_files(field->shape))
      return fail(Errc::invalid, "body.unknown", {fmt::format("这里不收文件「{}」。", file.name), fmt::format("No file \"{}\" is taken here.", file.name)}, file.name);
    files.emplace_back(file.name, file.content);
  }
  for (auto const& field : fields) {
    if (!is_files(field.shape)) continue;
    auto const count = static_cast<double>(std::ranges::count(files, field.name, &std::pair<std::string, std::string_view>::first));
    if (count > field.shape.most.value_or(count))
      return fail(Errc::limit, "body.files", {fmt::format("{} 最多 {} 个。", field.name, *field.shape.most), fmt::format("At most {} of {}.", *field.shape.most, field.name)}, field.name);
    if (field.needed && count == 0)
      return fail(Errc::invalid, "body.field", {fmt::format("缺少 {}：{}。", field.name, field.meaning.zh), fmt::format("{} is missing: {}.", field.name, field.meaning.en)}, field.name);
  }
  return Input(fields, std::move(values), std::move(files));
}

}  // namespace

core::Result<Input> query_input(Request const& request, std::vector<Field> const& fields) {
  ZHILI_TRY(auto values, values_of(request.query, fields, "query"));
  return Input(fields, std::move(values));
}

core::Result<Input> header_input(Request const& request, std::vector<Field> const& fields) {
  Fields sent;
  for (auto const& field : fields)
    if (auto const value = request.headers.get(field.name)) sent.add(field.name, std::string(*value));
  ZHILI_TRY(auto values, values_of(sent, fields, "header"));
  return Input(fields, std::move(values));
}

core::Result<Input> path_input(Request const& request, std::vector<Field> const& fields) {
  auto values = values_of(request.params, fields, "path");
  if (values) return Input(fields, std::move(*values));
  values.error().code = Errc::not_found;
  return fail(std::move(values).error());
}

core::Result<Input> body_input(Request const& request, std::vector<Field> const& fields, BodyFormat format) {
  if (fields.empty() && request.body.empty()) return Input(fields, {});
  if (format == BodyFormat::form) return form_input(request, fields);
  ZHILI_TRY(auto json, read_json(request));
  if (!json.is_object()) return fail(Errc::invalid, "body.object", {"请求正文须是一个 JSON 对象。", "The body must be a JSON object."});
  ZHILI_CHECK(check(json.as_object(), fields, "body", ""));
  return Input(fields, std::move(json.as_object()));
}

}  // namespace zhili::web
