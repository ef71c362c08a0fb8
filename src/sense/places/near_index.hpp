#pragma once
// The nearest address, road and component. Inside of places only.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sense/places/places.hpp"

namespace zhili::sense::places {

/// Immutable, thread-safe. `things` must outlive it. Distances are taken on a plane laid at `origin`: exact
/// enough within some tens of kilometres of it.
class NearIndex {
 public:
  NearIndex(std::vector<Thing> const& things, LatLon origin);
  ~NearIndex();
  std::optional<Near> place(LatLon at, double limit_m) const;
  std::optional<Near> component(LatLon at, std::string_view klass, double limit_m) const;

 private:
  struct Trees;
  std::unique_ptr<Trees const> trees_;
};

}  // namespace zhili::sense::places
