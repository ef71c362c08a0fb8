#include "web/tiles/clip.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace zhili::web::tile {
namespace {

Vertex between(Vertex a, Vertex b, double t) {
  return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

/// Keeps what lies on the right side of one straight edge. `depth` is how far inside a point is.
template <class Depth>
void keep_side(std::vector<Vertex>& ring, std::vector<Vertex>& out, Depth&& depth) {
  out.clear();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    auto const a = ring[i], b = ring[(i + 1) % ring.size()];
    double const da = depth(a), db = depth(b);
    if (da >= 0) out.push_back(a);
    if ((da >= 0) != (db >= 0)) out.push_back(between(a, b, da / (da - db)));
  }
  ring.swap(out);
}

/// Liang–Barsky: from where to where a segment lies inside, as parts of its length.
std::optional<std::pair<double, double>> inside(Vertex a, Vertex b, Square s) {
  double from = 0, to = 1;
  std::array<std::array<double, 2>, 4> const edges{{{a.x - b.x, a.x - s.low},
                                                    {b.x - a.x, s.high - a.x},
                                                    {a.y - b.y, a.y - s.low},
                                                    {b.y - a.y, s.high - a.y}}};
  for (auto const& [speed, room] : edges) {
    if (speed == 0 && room < 0) return std::nullopt;
    if (speed < 0) from = std::max(from, room / speed);
    if (speed > 0) to = std::min(to, room / speed);
  }
  if (from > to) return std::nullopt;
  return std::pair(from, to);
}

}  // namespace

void clip_ring(std::vector<Vertex>& ring, Square s) {
  auto const in = [&](Vertex v) { return v.x >= s.low && v.x <= s.high && v.y >= s.low && v.y <= s.high; };
  if (std::ranges::all_of(ring, in)) return;
  std::vector<Vertex> spare;
  spare.reserve(ring.size() + 4);
  keep_side(ring, spare, [&](Vertex v) { return v.x - s.low; });
  keep_side(ring, spare, [&](Vertex v) { return s.high - v.x; });
  keep_side(ring, spare, [&](Vertex v) { return v.y - s.low; });
  keep_side(ring, spare, [&](Vertex v) { return s.high - v.y; });
}

std::vector<std::vector<Vertex>> clip_line(std::span<Vertex const> line, Square square) {
  std::vector<std::vector<Vertex>> parts;
  bool open = false;  // the last part may go on
  for (std::size_t i = 1; i < line.size(); ++i) {
    auto const a = line[i - 1], b = line[i];
    auto const part = inside(a, b, square);
    if (!part) {
      open = false;
      continue;
    }
    if (!open || part->first > 0) parts.push_back({between(a, b, part->first)});
    parts.back().push_back(between(a, b, part->second));
    open = part->second >= 1;
  }
  return parts;
}

}  // namespace zhili::web::tile
