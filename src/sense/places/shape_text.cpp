#include "sense/places/shape_text.hpp"

#include <charconv>
#include <limits>

namespace zhili::sense::places {
namespace {

void append(std::string& out, std::int64_t number) {
  char digits[24];
  auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out += ' ';
  out.append(digits, end);
}

void append(std::string& out, std::span<LatLon const> points) {
  LatLon before{};
  for (auto const p : points) {
    append(out, std::int64_t{p.lat_e7} - before.lat_e7);
    append(out, std::int64_t{p.lon_e7} - before.lon_e7);
    before = p;
  }
}

/// Calls `use` with each piece between separators; stops when it says no.
template <class Use>
bool each_piece(std::string_view text, char separator, Use&& use) {
  for (;;) {
    auto const end = text.find(separator);
    if (!use(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool read_number(std::string_view& text, std::int64_t& out) {
  if (text.empty() || text.front() != ' ') return false;
  auto const [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), out);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool fits(std::int64_t n) {
  return n >= std::numeric_limits<std::int32_t>::min() && n <= std::numeric_limits<std::int32_t>::max();
}

bool read(std::string_view text, std::vector<LatLon>& out) {
  std::int64_t lat = 0, lon = 0;
  while (!text.empty()) {
    std::int64_t dlat = 0, dlon = 0;
    if (!read_number(text, dlat) || !read_number(text, dlon)) return false;
    constexpr std::int64_t most = std::int64_t{1} << 33;
    if (dlat < -most || dlat > most || dlon < -most || dlon > most) return false;
    lat += dlat;
    lon += dlon;
    if (!fits(lat) || !fits(lon)) return false;
    out.push_back({static_cast<std::int32_t>(lat), static_cast<std::int32_t>(lon)});
  }
  return !out.empty();
}

bool read_polygon(std::string_view text, Polygon& out) {
  bool first = true;
  return each_piece(text, ',', [&](std::string_view ring) {
    auto& into = first ? out.outer : out.holes.emplace_back();
    first = false;
    return read(ring, into);
  });
}

}  // namespace

std::string encode(Shape const& shape) {
  std::string out;
  if (shape.point) {
    out = 'p';
    append(out, std::span(&*shape.point, 1));
  } else if (!shape.lines.empty()) {
    out = 'l';
    for (auto const& line : shape.lines) {
      if (out.size() > 1) out += ';';
      append(out, line);
    }
  } else if (!shape.polygons.empty()) {
    out = 'a';
    for (auto const& polygon : shape.polygons) {
      if (out.size() > 1) out += ';';
      append(out, polygon.outer);
      for (auto const& hole : polygon.holes) {
        out += ',';
        append(out, hole);
      }
    }
  }
  return out;
}

core::Result<Shape> decode(std::string_view text) {
  Shape shape;
  if (text.empty()) return shape;
  auto const body = text.substr(1);
  bool good = false;
  if (text.front() == 'p') {
    std::vector<LatLon> one;
    good = read(body, one) && one.size() == 1;
    if (good) shape.point = one.front();
  } else if (text.front() == 'l') {
    good =
        each_piece(body, ';', [&](std::string_view line) { return read(line, shape.lines.emplace_back()); });
  } else if (text.front() == 'a') {
    good = each_piece(
        body, ';', [&](std::string_view each) { return read_polygon(each, shape.polygons.emplace_back()); });
  }
  if (good) return shape;
  return core::fail(core::Errc::corrupt, "places.shape",
                    {"库里的图形读不出来。请用备份恢复，并运行 zhili ledger verify。",
                     "A stored shape cannot be read. Restore from a backup, and run zhili ledger verify."},
                    "shape", std::string(text.substr(0, 80)));
}

}  // namespace zhili::sense::places
