#include "web/mqtt/filters.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace zhili::web::mqtt {

namespace {

/// The level before the next "/", and the rest behind it; `more`: there is a rest, if an empty one.
std::string_view next_level(std::string_view& rest, bool& more) {
  auto const slash = rest.find('/');
  auto const out = rest.substr(0, slash);
  more = slash != std::string_view::npos;
  rest = more ? rest.substr(slash + 1) : std::string_view();
  return out;
}

bool is_good_filter(std::string_view filter) {
  if (filter.empty() || filter.size() > filter_bytes_max) return false;
  for (bool more = true; more;) {
    auto const level = next_level(filter, more);
    bool const wild = level.find_first_of("+#") != std::string_view::npos;
    if (wild && level.size() != 1) return false;
    if (level == "#" && more) return false;
  }
  return true;
}

constexpr std::string_view select_option = "$select=";

}  // namespace

std::optional<Subscription> subscription_from(std::string_view asked) {
  auto const question = asked.find('?');
  Subscription out{.asked = std::string(asked), .filter = std::string(asked.substr(0, question))};
  if (asked.size() > filter_bytes_max || !is_good_filter(out.filter)) return std::nullopt;
  if (question == std::string_view::npos) return out;
  auto options = asked.substr(question + 1);
  if (!options.starts_with(select_option) || out.has_wildcards()) return std::nullopt;
  options.remove_prefix(select_option.size());
  while (!options.empty()) {
    auto const comma = options.find(',');
    auto const name = options.substr(0, comma);
    if (name.empty()) return std::nullopt;
    out.select.emplace_back(name);
    options = comma == std::string_view::npos ? std::string_view() : options.substr(comma + 1);
  }
  if (out.select.empty()) return std::nullopt;
  return out;
}

bool matches(std::string_view filter, std::string_view topic) {
  if (topic.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#'))) return false;
  bool more_filter = true, more_topic = true;
  while (more_filter) {
    auto const wanted = next_level(filter, more_filter);
    if (wanted == "#") return true;
    if (!more_topic) return false;
    auto const level = next_level(topic, more_topic);
    if (wanted != "+" && wanted != level) return false;
    if (more_filter && !more_topic) return filter == "#";
  }
  return !more_topic;
}

std::string selected(std::string_view entity, std::vector<std::string> const& select) {
  boost::json::error_code failed;
  auto const parsed = boost::json::parse(entity, failed);
  if (failed || !parsed.is_object()) return std::string(entity);
  boost::json::object out;
  for (auto const& [name, value] : parsed.get_object())
    if (std::ranges::find(select, std::string_view(name)) != select.end() || (name == "@iot.id" && std::ranges::find(select, "id") != select.end())) out[name] = value;
  return boost::json::serialize(out);
}

}  // namespace zhili::web::mqtt
