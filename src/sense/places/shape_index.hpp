#pragma once
// Which of many shapes holds a point. Inside of places only.

#include <cstdint>
#include <memory>
#include <span>

#include "sense/places/places.hpp"

namespace zhili::sense::places {

/// R-tree over the boxes, then an exact crossing test in integers over the edges at the height of the point.
/// Immutable, thread-safe.
class ShapeIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// `shapes[i]` is number i. Shapes without polygons are never found.
  explicit ShapeIndex(std::span<Shape const* const> shapes);
  ~ShapeIndex();

  /// The smallest number of the shapes that hold the point (rule of borders: PlaceIndex::find), or `none`.
  std::uint32_t find(LatLon at) const;

 private:
  struct Tree;
  std::unique_ptr<Tree const> tree_;
};

}  // namespace zhili::sense::places
