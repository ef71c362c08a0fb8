#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "core/time.hpp"
#include "web/form.hpp"
#include "web/operation/shape.hpp"

namespace zhili::web {

using boost::json::value;
using core::Errc;
using core::fail;
using Type = Shape::Type;

namespace {

/// One value being checked: where it stands, and in which words its errors are said.
struct Place {
  std::string_view group;
  std::string const& path;

  tl::unexpected<core::Error> wrong(core::Text text) const {
    auto const name = path.empty() ? std::string("body") : path;
    return fail(Errc::invalid, fmt::format("{}.field", group), {name + " " + text.zh, name + " " + text.en}, name);
  }
  std::string below(std::string_view name) const { return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name); }
};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

core::Result<> check_text(std::string_view text, Shape const& shape, Place const& at) {
  if (text.find('\0') != std::string_view::npos) return at.wrong({"含有不允许的字符 U+0000。", "has the character U+0000, which is not allowed."});
  if (!shape.choices.empty() && std::ranges::find(shape.choices, text) == shape.choices.end())
    return at.wrong({fmt::format("只能是：{}。", fmt::join(shape.choices, "、")), fmt::format("is one of: {}.", fmt::join(shape.choices, ", "))});
  if (shape.most && static_cast<double>(characters(text)) > *shape.most)
    return at.wrong({fmt::format("最多 {} 个字。", *shape.most), fmt::format("has at most {} characters.", *shape.most)});
  return {};
}

core::Result<> check_time(value const& json, Place const& at) {
  if (json.is_string() && core::from_iso(json.as_string())) return {};
  return at.wrong({"应是带时区的时间，例如 2026-07-12T08:30:00+08:00。", "is a time with its zone, such as 2026-07-12T08:30:00+08:00."});
}

core::Result<> check_number(value const& json, Shape const& shape, Place const& at) {
  bool const whole = shape.type == Type::integer;
  if (whole && !json.is_int64()) {
    if (json.is_uint64()) return at.wrong({fmt::format("最大是 {}。", *shape.most), fmt::format("is at most {}.", *shape.most)});
    return at.wrong({"应是整数。", "is a whole number."});
  }
  auto const held = json.is_number() ? json.to_number<double>() : std::nan("");
  if (!std::isfinite(held)) return at.wrong({"应是数。", "is a number."});
  if (shape.least && !(held >= *shape.least && held <= *shape.most))
    return at.wrong({fmt::format("应在 {} 到 {} 之间。", *shape.least, *shape.most), fmt::format("is from {} to {}.", *shape.least, *shape.most)});
  return {};
}

core::Result<> check_list(value const& json, Shape const& shape, Place const& at) {
  if (!json.is_array()) return at.wrong({"应是列表。", "is a list."});
  auto const& list = json.as_array();
  if (shape.most && static_cast<double>(list.size()) > *shape.most)
    return at.wrong({fmt::format("最多 {} 项。", *shape.most), fmt::format("has at most {} elements.", *shape.most)});
  for (std::size_t i = 0; i < list.size(); ++i) ZHILI_CHECK(check(list[i], shape.of.front(), at.group, at.below(std::to_string(i))));
  return {};
}

core::Result<> check_map(value const& json, Shape const& shape, Place const& at) {
  if (!json.is_object()) return at.wrong({"应是 JSON 对象。", "is a JSON object."});
  for (auto const& [key, held] : json.as_object()) {
    ZHILI_CHECK(check_text(key, {}, at));
    ZHILI_CHECK(check(held, shape.of.front(), at.group, at.below(key)));
  }
  return {};
}

bool is_nothing(value const& json) { return json.is_null() || (json.is_string() && json.as_string().empty()); }

}  // namespace

bool is_files(Shape const& shape) { return shape.type == Type::list && shape.of.front().type == Type::file; }

core::Result<> check(value const& json, Shape const& shape, std::string_view group, std::string const& path) {
  Place const at{group, path};
  if (json.is_null() && shape.nullable) return {};
  switch (shape.type) {
    case Type::text:
      if (!json.is_string()) return at.wrong({"应是文字。", "is a text."});
      return check_text(json.as_string(), shape, at);
    case Type::time: return check_time(json, at);
    case Type::integer:
    case Type::number: return check_number(json, shape, at);
    case Type::flag:
      if (!json.is_bool()) return at.wrong({"应是 true 或 false。", "is true or false."});
      return {};
    case Type::list: return check_list(json, shape, at);
    case Type::record:
      if (!json.is_object()) return at.wrong({"应是 JSON 对象。", "is a JSON object."});
      return check(json.as_object(), shape.fields, group, path);
    case Type::map: return check_map(json, shape, at);
    case Type::file: return at.wrong({"应是一个文件。", "is a file."});
    case Type::anything: return {};
  }
  return {};
}

core::Result<> check(boost::json::object const& object, std::vector<Field> const& fields, std::string_view group, std::string const& path) {
  Place const at{group, path};
  for (auto const& field : fields) {
    auto const* held = object.if_contains(field.name);
    auto const below = at.below(field.name);
    if (held && !is_nothing(*held)) {
      ZHILI_CHECK(check(*held, field.shape, group, below));
    } else if (field.needed && !is_files(field.shape)) {
      return fail(Errc::invalid, fmt::format("{}.field", group), {fmt::format("缺少 {}：{}。", below, field.meaning.zh),
                                                                   fmt::format("{} is missing: {}.", below, field.meaning.en)}, below);
    }
  }
  for (auto const& [key, held] : object)
    if (std::ranges::find(fields, std::string_view(key), &Field::name) == fields.end())
      return fail(Errc::invalid, fmt::format("{}.unknown", group),
                  {fmt::format("这里没有「{}」；请核对拼写。", std::string_view(key)),
                   fmt::format("There is no \"{}\" here; check its spelling.", std::string_view(key))},
                  at.below(key.empty() ? "\"\"" : std::string_view(key)));  // a name of nothing is named, too
  return {};
}

namespace {

template <class Number>
std::optional<Number> number_from(std::string_view text) {
  Number out{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size()) return out;
  return std::nullopt;
}

/// What the text stands for; the text itself where it stands for nothing of that type, so that check() says what is wrong.
value meant(std::string_view text, Shape const& shape) {
  switch (shape.type) {
    case Type::integer:
      if (auto const out = number_from<std::int64_t>(text)) return *out;
      break;
    case Type::number:
      if (auto const out = number_from<double>(text)) return *out;
      break;
    case Type::flag:
      if (text == "1" || text == "true") return true;
      if (text == "0" || text == "false") return false;
      break;
    case Type::list: {
      boost::json::array out;
      for (std::size_t from = 0; from <= text.size();) {
        auto const comma = std::min(text.find(',', from), text.size());
        out.push_back(meant(text.substr(from, comma - from), shape.of.front()));
        from = comma + 1;
      }
      return out;
    }
    case Type::map:
    case Type::record: {
      boost::json::error_code failed;
      boost::json::parse_options options;
      options.max_depth = json_depth_max;
      auto out = boost::json::parse(boost::json::string_view(text.data(), text.size()), failed, {}, options);
      if (!failed) return out;
      break;
    }
    default: break;
  }
  return value(text);
}

}  // namespace

core::Result<value> value_from(std::string_view text, Field const& field, std::string_view group) {
  auto out = meant(text, field.shape);
  ZHILI_CHECK(check(out, field.shape, group, field.name));
  return out;
}

}  // namespace zhili::web
