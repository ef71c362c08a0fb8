// One tile: features cut to its square, rounded to its grid, written as the format asks.
#include <algorithm>
#include <cmath>
#include <protozero/pbf_builder.hpp>
#include <unordered_map>

#include "web/tiles/layers.hpp"

namespace zhili::web::tile {
namespace {

constexpr double tile_extent = 4096;
constexpr double margin = 64;  // drawn beyond the edge, so that wide strokes meet the neighbour's

// Field numbers of the format.
enum class TileField : protozero::pbf_tag_type { layers = 3 };
enum class LayerField : protozero::pbf_tag_type {
  name = 1,
  features = 2,
  keys = 3,
  values = 4,
  extent = 5,
  version = 15
};
enum class ValueField : protozero::pbf_tag_type { text = 1 };
enum class FeatureField : protozero::pbf_tag_type { tags = 2, type = 3, geometry = 4 };

struct Cell {
  std::int32_t x = 0;
  std::int32_t y = 0;
  bool operator==(Cell const&) const = default;
};

/// Where a tile is, and how finely it is drawn.
struct Window {
  double scale;  // tile units for the whole world
  double left, top;
  std::uint32_t zoom;

  Vertex in(Vertex v) const { return {v.x * scale - left, v.y * scale - top}; }
  double world(double unit, double origin) const { return (unit + origin) / scale; }
  /// Small scales are rounded to half a screen pixel. Neighbours share their points and so round alike:
  /// borders stay closed, which a line simplifier that works on one shape at a time cannot promise.
  double step() const { return zoom >= 15 ? 1 : 4; }
  Cell snap(Vertex v) const {
    double const s = step();
    return {static_cast<std::int32_t>(std::lround(v.x / s) * static_cast<long>(s)),
            static_cast<std::int32_t>(std::lround(v.y / s) * static_cast<long>(s))};
  }
};

std::int64_t cross(Cell a, Cell b, Cell c) {
  return std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{b.y - a.y} * (c.x - a.x);
}

std::int64_t turn(std::span<Cell const> ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) sum += cross(ring[0], ring[i], ring[(i + 1) % ring.size()]);
  return sum;
}

/// A middle point that changes nothing: on the straight way between its neighbours (not a spike back).
bool idle(Cell a, Cell b, Cell c) {
  if (cross(a, b, c) != 0) return false;
  return std::int64_t{b.x - a.x} * (c.x - b.x) + std::int64_t{b.y - a.y} * (c.y - b.y) >= 0;
}

std::vector<Cell> tidy(std::span<Vertex const> line, Window const& w) {
  std::vector<Cell> out;
  for (auto const v : line) {
    auto const c = w.snap(v);
    if (!out.empty() && out.back() == c) continue;
    if (out.size() >= 2 && idle(out[out.size() - 2], out.back(), c))
      out.back() = c;
    else
      out.push_back(c);
  }
  return out;
}

std::vector<Cell> tidy_ring(std::span<Vertex const> ring, Window const& w) {
  auto out = tidy(ring, w);
  while (out.size() > 1 && out.front() == out.back()) out.pop_back();
  while (out.size() > 3 && idle(out[out.size() - 2], out.back(), out.front())) out.pop_back();
  while (out.size() > 3 && idle(out.back(), out.front(), out[1])) out.erase(out.begin());
  return out;
}

/// The commands of the format: moves and differences, zigzag coded.
class Pen {
 public:
  void move_to(std::span<Cell const> points) { draw(1, points); }
  void line_to(std::span<Cell const> points) { draw(2, points); }
  void close() { commands.push_back(7 | (1u << 3)); }
  std::vector<std::uint32_t> commands;

 private:
  void draw(std::uint32_t command, std::span<Cell const> points) {
    commands.push_back(command | (static_cast<std::uint32_t>(points.size()) << 3));
    for (auto const p : points) {
      commands.push_back(protozero::encode_zigzag32(p.x - at_.x));
      commands.push_back(protozero::encode_zigzag32(p.y - at_.y));
      at_ = p;
    }
  }
  Cell at_;
};

class LayerWriter {
 public:
  LayerWriter(Layer const& layer, Window const& window) : layer_(layer), window_(window) {}

  void write(std::string& tile) {
    Square const square{-margin, tile_extent + margin};
    double const min_y = window_.world(square.low, window_.top),
                 max_y = window_.world(square.high, window_.top);
    double const min_x = window_.world(square.low, window_.left),
                 max_x = window_.world(square.high, window_.left);
    protozero::pbf_builder<LayerField> out(body_);
    for (auto const& f : layer_.near(min_x, max_x)) {
      if (f.zoom_min > window_.zoom || f.extent.max_x < min_x || f.extent.max_y < min_y ||
          f.extent.min_y > max_y)
        continue;
      Pen pen;
      draw(f, square, pen);
      if (!pen.commands.empty()) write_feature(f, pen, out);
    }
    if (body_.empty()) return;
    out.add_uint32(LayerField::version, 2);
    out.add_string(LayerField::name, layer_.name);
    out.add_uint32(LayerField::extent, static_cast<std::uint32_t>(tile_extent));
    for (auto const& key : layer_.keys) out.add_string(LayerField::keys, key);
    for (auto const text : texts_) {
      protozero::pbf_builder<ValueField> value(out, LayerField::values);
      value.add_string(ValueField::text, text.data(), text.size());
    }
    protozero::pbf_builder<TileField>(tile).add_message(TileField::layers, body_);
  }

 private:
  void draw(Feature const& f, Square square, Pen& pen) {
    bool outer_drawn = false;  // holes of a ring that is gone are gone
    for (auto p = f.first_path; p < f.last_path; ++p) {
      auto const& path = layer_.paths[p];
      line_.clear();
      for (auto i = path.first; i < path.last; ++i) line_.push_back(window_.in(layer_.vertices[i]));
      switch (layer_.geometry) {
        case Geometry::point:
          draw_point(square, pen);
          break;
        case Geometry::line:
          draw_line(square, pen);
          break;
        case Geometry::polygon:
          if (path.hole && !outer_drawn) break;
          if (bool const drawn = draw_ring(square, path.hole, pen); !path.hole) outer_drawn = drawn;
          break;
      }
    }
  }

  void draw_point(Square square, Pen& pen) {
    auto const v = line_.front();
    if (v.x < square.low || v.x > square.high || v.y < square.low || v.y > square.high) return;
    auto const c = window_.snap(v);
    pen.move_to(std::span(&c, 1));
  }

  void draw_line(Square square, Pen& pen) {
    for (auto const& part : clip_line(line_, square)) {
      auto const cells = tidy(part, window_);
      if (cells.size() < 2) continue;
      pen.move_to(std::span(cells).first(1));
      pen.line_to(std::span(cells).subspan(1));
    }
  }

  bool draw_ring(Square square, bool hole, Pen& pen) {
    clip_ring(line_, square);
    auto const cells = tidy_ring(line_, window_);
    if (cells.size() < 3) return false;
    auto const area = turn(cells);
    if (area == 0 || (area < 0) != hole) return false;  // rounded away, or turned over by rounding
    pen.move_to(std::span(cells).first(1));
    pen.line_to(std::span(cells).subspan(1));
    pen.close();
    return true;
  }

  void write_feature(Feature const& f, Pen const& pen, protozero::pbf_builder<LayerField>& out) {
    tags_.clear();
    for (auto i = f.first_property; i < f.last_property; ++i) {
      auto const& p = layer_.properties[i];
      auto const [it, fresh] = numbers_.try_emplace(p.text, static_cast<std::uint32_t>(texts_.size()));
      if (fresh) texts_.push_back(p.text);
      tags_.push_back(p.key);
      tags_.push_back(it->second);
    }
    protozero::pbf_builder<FeatureField> feature(out, LayerField::features);
    feature.add_packed_uint32(FeatureField::tags, tags_.begin(), tags_.end());
    feature.add_enum(FeatureField::type, static_cast<std::int32_t>(layer_.geometry));
    feature.add_packed_uint32(FeatureField::geometry, pen.commands.begin(), pen.commands.end());
  }

  Layer const& layer_;
  Window const& window_;
  std::string body_;
  std::vector<Vertex> line_;
  std::vector<std::uint32_t> tags_;
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace

std::string encode(Prepared const& prepared, std::uint32_t z, std::uint32_t x, std::uint32_t y) {
  double const scale = std::ldexp(tile_extent, static_cast<int>(z));
  Window const window{scale, tile_extent * x, tile_extent * y, z};
  std::string tile;
  for (auto const& layer : prepared.layers) LayerWriter(layer, window).write(tile);
  return tile;
}

}  // namespace zhili::web::tile
