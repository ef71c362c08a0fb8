#pragma once
// What respond needs to know of places. Owned here; the program wires it to the register of places.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/geo.hpp"

namespace zhili::respond {

/// Where a point lies in the city; empty outside of it.
struct Located {
  std::optional<std::int64_t> area_id = {};  ///< the lowest area
  std::string grid = {};                     ///< code of the unit grid
};

class PlaceFinder {
 public:
  virtual ~PlaceFinder() = default;
  /// Thread-safe; about a microsecond.
  virtual Located locate(core::LatLon at) const = 0;
  /// The code of the registered component of the item's class that stands there; empty where none is known, or the item
  /// is no class of components. Thread-safe; some microseconds.
  virtual std::string asset(core::LatLon at, std::string_view item) const = 0;
};

}  // namespace zhili::respond
