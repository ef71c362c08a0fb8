#include "web/people/body.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "web/form.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

core::Result<Body> Body::of(Request const& request) {
  ZHILI_TRY(auto const json, read_json(request));
  if (!json.is_object())
    return fail(Errc::invalid, "body.object", {"请求正文须是一个 JSON 对象。", "The body must be a JSON object."});
  Body out;
  out.object_ = std::make_shared<boost::json::object const>(json.as_object());
  return out;
}

boost::json::value const* Body::find(std::string_view field) {
  asked_.emplace(field);
  auto const* found = object_->if_contains(field);
  return found && !found->is_null() ? found : nullptr;
}

void Body::wrong(std::string_view field, core::Text text) {
  if (!first_) first_ = core::Error{Errc::invalid, "body.field", std::move(text), std::string(field)};
}

std::string Body::text(std::string_view field) {
  auto const* found = find(field);
  if (!found) return {};
  if (found->is_string()) return std::string(found->as_string());
  wrong(field, {fmt::format("{} 应是文字。", field), fmt::format("{} is a text.", field)});
  return {};
}

std::string Body::needed(std::string_view field) {
  auto out = text(field);
  if (out.empty()) wrong(field, {fmt::format("缺少 {}。", field), fmt::format("{} is missing.", field)});
  return out;
}

std::optional<std::int64_t> Body::number(std::string_view field) {
  auto const* found = find(field);
  if (!found) return std::nullopt;
  if (found->is_int64()) return found->as_int64();
  wrong(field, {fmt::format("{} 应是整数。", field), fmt::format("{} is a whole number.", field)});
  return std::nullopt;
}

bool Body::flag(std::string_view field) {
  auto const* found = find(field);
  if (!found) return false;
  if (found->is_bool()) return found->as_bool();
  wrong(field, {fmt::format("{} 应是 true 或 false。", field), fmt::format("{} is true or false.", field)});
  return false;
}

boost::json::array Body::list(std::string_view field) {
  auto const* found = find(field);
  if (!found) return {};
  if (found->is_array()) return found->as_array();
  wrong(field, {fmt::format("{} 应是列表。", field), fmt::format("{} is a list.", field)});
  return {};
}

std::vector<std::string> Body::texts(std::string_view field) {
  std::vector<std::string> out;
  for (auto const& one : list(field)) {
    if (one.is_string())
      out.emplace_back(one.as_string());
    else
      wrong(field, {fmt::format("{} 应是文字的列表。", field), fmt::format("{} is a list of texts.", field)});
  }
  return out;
}

std::optional<core::Instant> Body::time(std::string_view field) {
  auto const written = text(field);
  if (written.empty()) return std::nullopt;
  auto const at = core::from_iso(written);
  if (at) return *at;
  wrong(field, {fmt::format("{} 应是带时区的时间，例如 2026-07-12T08:30:00+08:00。", field),
                fmt::format("{} is a time with its zone, such as 2026-07-12T08:30:00+08:00.", field)});
  return std::nullopt;
}

core::Result<> Body::done() const {
  if (first_) return fail(*first_);
  for (auto const& [key, value] : *object_)
    if (!asked_.contains(std::string_view(key)))
      return fail(Errc::invalid, "body.unknown",
                  {fmt::format("没有字段「{}」；请核对拼写。", std::string_view(key)),
                   fmt::format("There is no field \"{}\" here; check its spelling.", std::string_view(key))},
                  std::string(key));
  return {};
}

}  // namespace zhili::web
