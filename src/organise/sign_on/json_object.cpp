#include "organise/sign_on/json_object.hpp"

#include <boost/json.hpp>

namespace zhili::organise {

namespace json = boost::json;

std::optional<json::object> read_object(std::string_view text) {
  json::parse_options options;
  options.max_depth = provider_json_depth_max;
  boost::system::error_code error;
  auto out = json::parse(text, error, {}, options);
  if (error || !out.is_object()) return std::nullopt;
  return std::move(out.as_object());
}

std::string text(json::object const& object, std::string_view name) {
  auto const* found = object.if_contains(name);
  return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

}  // namespace zhili::organise
