#pragma once
// Coordinates that mean "we do not know where".
//
// A system that cannot place an address often puts the report at one fixed point: the town hall, the centre
// of the map. Such a point looks like the busiest corner of the city and spoils every map and every count by
// place. People who clean records of where plants and animals were seen know the trick: look for points that
// hold far too much of too many kinds (centres of countries, museums). A real corner, however busy, has its
// own troubles: a few types make up most of it. The default point has those of the whole city.

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"

namespace zhili::sense::places {

/// What was reported at one coordinate.
struct PlaceCount {
  core::LatLon at;
  std::int64_t reports = 0;
  std::int64_t types = 0;  ///< different ones
};

struct DefaultGeocode {
  core::LatLon at;
  std::int64_t reports = 0;
  std::int64_t types = 0;
  core::Text because;  ///< for the log of the import and for whoever asks why
};

/// The rule, all of it: a coordinate is a default when it holds at least `share_min` of all reports, and at
/// least `reports_min` of them, and at least `types_min` of all types. A data set with fewer than
/// `types_in_all_min` types says too little and names none.
struct DefaultGeocodeRule {
  double share_min = 0.01;
  std::int64_t reports_min = 100;
  double types_min = 0.5;
  std::int64_t types_in_all_min = 10;
};

/// Most reports first. Pure; linear.
std::vector<DefaultGeocode> default_geocodes(std::span<PlaceCount const> places, std::int64_t types_in_all,
                                             DefaultGeocodeRule const& rule = {});

/// Counts while a file is read. Memory: one number for each pair of coordinate and type that occurs.
class PlaceCounter {
 public:
  void add(core::LatLon at, std::string_view type);
  std::vector<PlaceCount> counts() const;
  std::int64_t types_in_all() const { return static_cast<std::int64_t>(types_.size()); }

 private:
  struct Seen {
    std::int64_t reports = 0;
    std::set<std::uint32_t> types;
  };
  std::map<std::string, std::uint32_t, std::less<>> types_;
  std::map<core::LatLon, Seen> places_;
};

}  // namespace zhili::sense::places
