#include "sense/places/default_geocode.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace zhili::sense::places {

std::vector<DefaultGeocode> default_geocodes(std::span<PlaceCount const> places, std::int64_t types_in_all,
                                             DefaultGeocodeRule const& rule) {
  std::vector<DefaultGeocode> out;
  if (types_in_all < rule.types_in_all_min) return out;
  std::int64_t all = 0;
  for (auto const& p : places) all += p.reports;
  for (auto const& p : places) {
    double const share = static_cast<double>(p.reports) / static_cast<double>(std::max<std::int64_t>(all, 1));
    double const types = static_cast<double>(p.types) / static_cast<double>(types_in_all);
    if (p.reports < rule.reports_min || share < rule.share_min || types < rule.types_min) continue;
    out.push_back(
        {p.at,
         p.reports,
         p.types,
         {fmt::format("{} 件（{:.1f}%）落在这一点，含 {} 类中的 {} 类：这是系统默认坐标，不是真实地点。",
                      p.reports, share * 100, types_in_all, p.types),
          fmt::format(
              "{} reports ({:.1f} %) of {} of {} types lie at this one point: a system's default, not "
              "a place.",
              p.reports, share * 100, p.types, types_in_all)}});
  }
  std::ranges::sort(out, [](auto const& a, auto const& b) {
    return std::tie(b.reports, a.at) < std::tie(a.reports, b.at);
  });
  return out;
}

void PlaceCounter::add(core::LatLon at, std::string_view type) {
  auto it = types_.find(type);
  if (it == types_.end()) it = types_.emplace(type, static_cast<std::uint32_t>(types_.size())).first;
  auto& seen = places_[at];
  ++seen.reports;
  seen.types.insert(it->second);
}

std::vector<PlaceCount> PlaceCounter::counts() const {
  std::vector<PlaceCount> out;
  out.reserve(places_.size());
  for (auto const& [at, seen] : places_)
    out.push_back({at, seen.reports, static_cast<std::int64_t>(seen.types.size())});
  return out;
}

}  // namespace zhili::sense::places
