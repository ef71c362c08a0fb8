#include "sense/things/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace zhili::sense::things {

Draft& Draft::set(std::string_view property, Content content) {
  values.emplace_back(entity(type).property(property), std::move(content));
  return *this;
}

Draft& Draft::link_to(std::string_view link, Draft draft) {
  auto const* const found = entity(type).link(link);
  auto at = std::ranges::find(links, found, &DraftLink::link);
  if (at == links.end()) at = links.insert(links.end(), DraftLink{found, {}});
  at->to.push_back(std::move(draft));
  return *this;
}

Draft& Draft::link_to(std::string_view link, Id id) {
  Draft to;
  to.type = entity(type).link(link)->to;
  to.existing = id;
  return link_to(link, std::move(to));
}

Content const* Draft::find(Property const& property) const {
  auto const found = std::ranges::find(values, &property, &std::pair<Property const*, Content>::first);
  return found == values.end() ? nullptr : &found->second;
}

DraftLink const* Draft::find(Link const& link) const {
  auto const found = std::ranges::find(links, &link, &DraftLink::link);
  return found == links.end() ? nullptr : &*found;
}

Json point_json(core::LatLon at) {
  auto const degrees = [](std::int32_t e7) {
    auto const size = static_cast<std::int64_t>(e7 < 0 ? -std::int64_t{e7} : e7);
    return fmt::format("{}{}.{:07}", e7 < 0 ? "-" : "", size / 10'000'000, size % 10'000'000);
  };
  return {fmt::format(R"({{"type":"Point","coordinates":[{},{}]}})", degrees(at.lon_e7), degrees(at.lat_e7))};
}

Json json_text(std::string_view text) { return {boost::json::serialize(boost::json::string(text.data(), text.size()))}; }

}  // namespace zhili::sense::things
