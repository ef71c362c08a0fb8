#pragma once
// Cutting lines and rings to a square. Inside of tiles only.

#include <span>
#include <vector>

namespace zhili::web::tile {

/// A point in units of a tile, before it is rounded.
struct Vertex {
  double x = 0;
  double y = 0;
};

/// The square that is kept: low ≤ x, y ≤ high.
struct Square {
  double low = 0;
  double high = 0;
};

/// The part of a ring inside the square (Sutherland–Hodgman): a ring that leaves and comes back runs along
/// the edge.
void clip_ring(std::vector<Vertex>& ring, Square square);

/// The parts of a line inside the square.
std::vector<std::vector<Vertex>> clip_line(std::span<Vertex const> line, Square square);

}  // namespace zhili::web::tile
