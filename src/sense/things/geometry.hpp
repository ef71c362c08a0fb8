#pragma once
// Shapes on the map, as filters compare them: read from WKT and GeoJSON, related by the nine-intersection model of OGC Simple Features.
// Coordinates are longitude and latitude in degrees on a plane, as in other servers of SensorThings.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::sense::things {

inline constexpr std::size_t shape_points_max = 10'000;

/// In 1e-7 degree; all four included.
struct Box {
  std::int64_t west = 0, south = 0, east = 0, north = 0;
  bool operator==(Box const&) const = default;
};

/// Points, lines or areas; one or several of one kind. Immutable, cheap to copy, thread-safe.
class Geometry {
 public:
  /// "POINT (8.4 49.0)", LINESTRING, POLYGON, and MULTI… of them; "SRID=4326;" before it is allowed. Errors: invalid.
  static core::Result<Geometry> from_wkt(std::string_view text);
  /// A GeoJSON geometry, or a Feature with one. A third coordinate is ignored. Errors: invalid (no such type, numbers outside the earth,
  /// too many points).
  static core::Result<Geometry> from_geojson(std::string_view json);

  /// Smallest box around it.
  Box box() const;
  /// The DE-9IM of two shapes, nine of "012F": interior, boundary and exterior of this against those of the other.
  std::string relation(Geometry const& other) const;
  /// In degrees, as plane coordinates have it.
  double distance(Geometry const& other) const;
  /// Of lines in degrees; 0 of points and areas.
  double length() const;
  bool equals(Geometry const& other) const;
  bool disjoint(Geometry const& other) const;
  bool touches(Geometry const& other) const;
  bool within(Geometry const& other) const;
  bool overlaps(Geometry const& other) const;
  bool crosses(Geometry const& other) const;
  bool intersects(Geometry const& other) const { return !disjoint(other); }
  bool contains(Geometry const& other) const { return other.within(*this); }
  /// 0 points, 1 lines, 2 areas.
  int dimension() const;

  struct Shape;

 private:
  explicit Geometry(std::shared_ptr<Shape const> shape) : shape_(std::move(shape)) {}
  std::shared_ptr<Shape const> shape_;
};

/// Whether a DE-9IM fits a pattern of nine of "TF*012". Errors: invalid (the pattern).
core::Result<bool> fits(std::string_view relation, std::string_view pattern);

/// Whether an encodingType says that a shape is GeoJSON.
bool is_geojson(std::string_view encoding_type);

}  // namespace zhili::sense::things
