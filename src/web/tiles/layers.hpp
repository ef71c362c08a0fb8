#pragma once
// A city prepared for drawing. Inside of tiles only.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sense/places/places.hpp"
#include "web/tiles/clip.hpp"

namespace zhili::web::tile {

enum class Geometry : std::uint8_t { point = 1, line = 2, polygon = 3 };  // numbers of the tile format

/// Where a feature is on the unit square of the web mercator projection (x to the east, y to the south).
struct Extent {
  double min_x = 1, min_y = 1, max_x = 0, max_y = 0;
};

struct Feature {
  Extent extent;
  std::uint32_t zoom_min = 0;
  std::uint32_t first_path = 0;  ///< its paths: first_path … last_path of the layer
  std::uint32_t last_path = 0;
  std::uint32_t first_property = 0;
  std::uint32_t last_property = 0;
};

struct Path {
  std::uint32_t first = 0;  ///< vertices first … last of the layer
  std::uint32_t last = 0;
  bool hole = false;
};

struct Property {
  std::uint32_t key = 0;  ///< of Layer::keys
  std::string_view text;  ///< points into the city
};

/// Features of one kind, sorted by their western edge.
struct Layer {
  std::string name;
  Geometry geometry = Geometry::polygon;
  std::vector<std::string> keys;
  std::vector<Feature> features;
  std::vector<Path> paths;
  std::vector<Vertex> vertices;
  std::vector<Property> properties;
  double widest = 0;

  /// The features whose extent may meet the square, as a stretch of `features`.
  std::span<Feature const> near(double min_x, double max_x) const;
};

/// The city stays as long as its layers.
struct Prepared {
  std::shared_ptr<sense::places::PlaceIndex const> places;
  std::vector<Layer> layers;  ///< in the order of drawing
};
Prepared prepare(std::shared_ptr<sense::places::PlaceIndex const> places);

/// One tile; empty if no layer has anything in it.
std::string encode(Prepared const& prepared, std::uint32_t z, std::uint32_t x, std::uint32_t y);

}  // namespace zhili::web::tile
