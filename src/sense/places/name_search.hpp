#pragma once
// Places by what people call them: roads with house numbers, estates, buildings, waters, areas.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sense/places/places.hpp"

namespace zhili::sense::places {

struct NamedPlace {
  Text name;      ///< "建设路 12 号" / "12 Jianshe Road"
  Text where;     ///< the lowest area that it lies in; may be empty
  LatLon at{};
};

/// Immutable, thread-safe. Made once for a snapshot; cost of making: one pass over its things.
class NameSearch {
 public:
  static constexpr std::size_t hits_max = 20;

  explicit NameSearch(std::shared_ptr<PlaceIndex const> places);

  /// Places in which every word of the query occurs, those that begin with it first, shorter names before longer ones. Case, blanks
  /// and full-width digits do not matter. Cost: one pass over the names, some nanoseconds each.
  std::vector<NamedPlace> find(std::string_view query, std::size_t limit) const;

  std::shared_ptr<PlaceIndex const> const& places() const { return places_; }

 private:
  struct Line {
    std::string folded;  ///< both languages, a line break between them
    Text name;
    LatLon at;
  };
  std::shared_ptr<PlaceIndex const> places_;
  std::vector<Line> lines_;
};

}  // namespace zhili::sense::places
