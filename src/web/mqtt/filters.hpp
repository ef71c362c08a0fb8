#pragma once
// Which topics a subscription means.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zhili::web::mqtt {

/// A filter, and a name in `$select`.
inline constexpr std::size_t filter_bytes_max = 500;

/// What somebody subscribed to: a filter of MQTT, for SensorThings with `?$select=…` after it.
struct Subscription {
  std::string asked;                     ///< as it was written: the topic of what is sent for it, if it selects
  std::string filter;                    ///< without `?$select`
  std::vector<std::string> select = {};  ///< of the entity; empty: all

  bool has_wildcards() const { return filter.find_first_of("+#") != std::string::npos; }
};
/// Nothing: it is not well-formed, too long, or asks for what is not offered.
std::optional<Subscription> subscription_from(std::string_view asked);

/// MQTT 3.1.1, 4.7: "+" is one level, "#" as the last one all that follow, and the level above. Wildcards at the begin do not mean topics that
/// begin with "$".
bool matches(std::string_view filter, std::string_view topic);

/// The selected parts of an entity (a JSON object), in their order. What is no object stays as it is.
std::string selected(std::string_view entity, std::vector<std::string> const& select);

}  // namespace zhili::web::mqtt
