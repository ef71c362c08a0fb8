#pragma once
// Inside of sign-on: JSON that somebody else's server or token says.

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace zhili::organise {

/// How deep what a provider says may be nested; discovery documents and claims are two or three deep.
inline constexpr int provider_json_depth_max = 16;

/// Nothing if it is not JSON, nested deeper, or no object.
std::optional<boost::json::object> read_object(std::string_view text);

/// The member's text, or an empty one where there is none or it is no text.
std::string text(boost::json::object const& object, std::string_view name);

}  // namespace zhili::organise
