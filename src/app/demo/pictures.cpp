#include "app/demo/pictures.hpp"

#include <zlib.h>

#include <algorithm>
#include <random>
#include <vector>

namespace zhili::app::demo {

namespace {

constexpr int width = 320;
constexpr int height = 240;
constexpr int kerb_y = 150;  // where houses end and the pavement begins
constexpr int road_y = 185;

struct Colour {
  unsigned char red, green, blue;
};

constexpr Colour sky{196, 218, 232}, pavement{178, 174, 166}, road{96, 98, 102}, line{226, 224, 214}, dark{38, 40, 44};
constexpr Colour walls[] = {{203, 176, 148}, {170, 182, 190}, {214, 200, 176}, {186, 150, 136}, {158, 170, 152}};
constexpr Colour window{92, 112, 128}, leaf{70, 120, 66}, lamp_light{255, 226, 130}, water{86, 122, 150}, paper{244, 242, 236};
constexpr Colour things[] = {{52, 96, 66}, {170, 60, 52}, {60, 84, 150}, {206, 150, 44}, {90, 72, 58}};

class Canvas {
 public:
  void rectangle(int x, int y, int w, int h, Colour c) {
    for (int row = std::max(0, y); row < std::min(height, y + h); ++row)
      for (int column = std::max(0, x); column < std::min(width, x + w); ++column) set(column, row, c);
  }
  void ellipse(int x, int y, int rx, int ry, Colour c) {
    for (int row = -ry; row <= ry; ++row)
      for (int column = -rx; column <= rx; ++column)
        if (column * column * ry * ry + row * row * rx * rx <= rx * rx * ry * ry) set(x + column, y + row, c);
  }
  /// The middle of it, `percent` as large.
  Canvas zoomed(int percent) const {
    Canvas out;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        auto const* const from = at(width / 2 + (x - width / 2) * 100 / percent, middle_y + (y - middle_y) * 100 / percent);
        out.set(x, y, {from[0], from[1], from[2]});
      }
    return out;
  }
  std::vector<unsigned char> const& rows() const { return rows_; }

 private:
  static constexpr std::size_t row_bytes = 1 + 3 * width;  // a filter byte, which stays 0, then the pixels
  static constexpr int middle_y = 160;
  unsigned char const* at(int x, int y) const {
    return rows_.data() + static_cast<std::size_t>(y) * row_bytes + 1 + 3 * static_cast<std::size_t>(x);
  }
  void set(int x, int y, Colour c) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    auto* const to = const_cast<unsigned char*>(at(x, y));
    to[0] = c.red;
    to[1] = c.green;
    to[2] = c.blue;
  }
  std::vector<unsigned char> rows_ = std::vector<unsigned char>(row_bytes * height);
};

void street(Canvas& canvas, std::mt19937& random) {
  canvas.rectangle(0, 0, width, kerb_y, sky);
  for (int x = -10; x < width;) {
    int const w = 45 + static_cast<int>(random() % 40);
    int const top = 20 + static_cast<int>(random() % 60);
    canvas.rectangle(x, top, w, kerb_y - top, walls[random() % std::size(walls)]);
    for (int wy = top + 10; wy + 14 < kerb_y - 25; wy += 24)
      for (int wx = x + 8; wx + 10 < x + w; wx += 18) canvas.rectangle(wx, wy, 10, 14, window);
    x += w + 2;
  }
  canvas.rectangle(0, kerb_y, width, road_y - kerb_y, pavement);
  canvas.rectangle(0, road_y, width, height - road_y, road);
  for (int x = 12; x < width; x += 60) canvas.rectangle(x, road_y + 26, 32, 3, line);
}

void lamp(Canvas& canvas, bool lit) {
  canvas.rectangle(228, 48, 4, kerb_y - 36, dark);
  canvas.rectangle(204, 46, 28, 4, dark);
  canvas.ellipse(206, 54, lit ? 12 : 7, lit ? 9 : 5, lit ? lamp_light : dark);
}

void heap(Canvas& canvas, int s, std::mt19937& random) {
  for (int i = 0; i < 9; ++i) {
    auto const drop = [&](int spread) { return static_cast<int>(random() % static_cast<unsigned>(spread)) - spread / 2; };
    canvas.ellipse(160 + drop(9 * s), 172 + drop(3 * s), s + 2, s, things[random() % std::size(things)]);
  }
}

void vehicles(Canvas& canvas, int s, std::mt19937& random) {
  for (int i = 0; i < 2; ++i) {
    int const x = 90 + i * 6 * s;
    canvas.rectangle(x, 165 - s, 5 * s, 2 * s, things[random() % std::size(things)]);
    canvas.rectangle(x + s, 165 - 2 * s, 3 * s, s, window);
    for (int const wheel : {x + s, x + 4 * s}) canvas.ellipse(wheel, 165 + s, s / 2 + 1, s / 2 + 1, dark);
  }
}

void scraps(Canvas& canvas, int s, std::mt19937& random) {
  for (int i = 0; i < 26; ++i)
    canvas.rectangle(70 + static_cast<int>(random() % 180), 40 + static_cast<int>(random() % 140), s / 2 + 2, s / 2 + 3, paper);
}

void stall(Canvas& canvas, int s, std::mt19937& random) {
  canvas.rectangle(120, 170 - 2 * s, 7 * s, 2 * s, things[4]);
  for (int i = 0; i < 7; ++i) canvas.rectangle(120 + i * s, 160 - 4 * s, s, s, i % 2 == 0 ? things[1] : paper);
  for (int i = 0; i < 12; ++i)
    canvas.ellipse(124 + static_cast<int>(random() % static_cast<unsigned>(6 * s)), 168 - 2 * s, s / 3 + 1, s / 3 + 1, things[3]);
}

void wire(Canvas& canvas) {
  for (int x = 0; x < width; ++x) {
    int const sag = (x - 170) * (x - 170) / 260;
    canvas.rectangle(x, std::max(40, 150 - sag), 1, 3, dark);
  }
}

void tree(Canvas& canvas, bool broken) {
  canvas.rectangle(150, 80, 8, 82, things[4]);
  canvas.ellipse(154, 70, 38, 30, leaf);
  if (broken) {
    canvas.rectangle(158, 112, 46, 5, things[4]);
    canvas.ellipse(206, 128, 24, 14, leaf);
  }
}

void trouble(Canvas& canvas, Look look, bool there, std::mt19937& random) {
  constexpr int s = 10;  // how large things look
  if (look == Look::lamp) return lamp(canvas, !there);
  if (look == Look::tree) return tree(canvas, there);
  if (!there) return;
  switch (look) {
    case Look::heap: return heap(canvas, s, random);
    case Look::hole: return canvas.ellipse(160, 205, 2 * s, s, dark);
    case Look::water: return canvas.ellipse(160, 195, 9 * s, 2 * s, water);
    case Look::vehicles: return vehicles(canvas, s, random);
    case Look::stall: return stall(canvas, s, random);
    case Look::wire: return wire(canvas);
    default: return scraps(canvas, s, random);
  }
}

void put_number(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

void put_chunk(std::string& out, std::string const& type_and_content) {
  put_number(out, static_cast<std::uint32_t>(type_and_content.size() - 4));
  out += type_and_content;
  auto const* const bytes = reinterpret_cast<Bytef const*>(type_and_content.data());
  put_number(out, static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(type_and_content.size()))));
}

std::string png_of(Canvas const& canvas) {
  std::string header = "IHDR";
  put_number(header, width);
  put_number(header, height);
  header += std::string("\x08\x02\0\0\0", 5);  // 8 bits, true colour
  auto size = compressBound(canvas.rows().size());
  std::string pixels(size, '\0');
  compress(reinterpret_cast<Bytef*>(pixels.data()), &size, canvas.rows().data(), canvas.rows().size());
  std::string out = "\x89PNG\r\n\x1A\n";
  put_chunk(out, header);
  put_chunk(out, "IDAT" + pixels.substr(0, size));
  put_chunk(out, "IEND");
  return out;
}

}  // namespace

std::string picture(Look look, std::string_view shows, bool cured, std::uint32_t place) {
  std::mt19937 random(place);
  Canvas canvas;
  street(canvas, random);
  trouble(canvas, look, !cured, random);
  return png_of(canvas.zoomed(shows == "near" ? 180 : shows == "far" ? 100 : 130));
}

}  // namespace zhili::app::demo
