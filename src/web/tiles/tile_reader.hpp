#pragma once
// Reads a vector tile back, strictly: how tests know that a tile is one.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace zhili::web::tile {

struct ReadPoint {
  std::int64_t x = 0, y = 0;
  bool operator==(ReadPoint const&) const = default;
};
struct ReadFeature {
  std::uint32_t type = 0;
  std::map<std::string, std::string> properties;
  std::vector<std::vector<ReadPoint>> paths;
};
struct ReadLayer {
  std::uint32_t version = 0, extent = 0;
  std::vector<ReadFeature> features;
};
struct ReadTile {
  std::map<std::string, ReadLayer> layers;
  std::vector<std::string> faults;
};

/// Twice the area; positive for an outer ring.
std::int64_t ring_turn(std::vector<ReadPoint> const& ring);

/// Everything that the format forbids becomes a fault in words. For tiles of our own: bytes that are no
/// protocol buffer at all throw.
ReadTile read_tile(std::string const& bytes);

}  // namespace zhili::web::tile
