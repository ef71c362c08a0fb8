// JPEG (ITU-T T.81): markers with a length, and after each SOS the coded picture.
#include <array>

#include "web/photo/bytes.hpp"

namespace zhili::web::picture {

namespace jpeg {

constexpr std::size_t scans_max = 100;  // a decoder redraws the picture for each: many are an attack

enum : std::uint32_t {
  sof0 = 0xC0,
  sof1 = 0xC1,
  sof2 = 0xC2,
  dht = 0xC4,
  soi = 0xD8,
  eoi = 0xD9,
  sos = 0xDA,
  dqt = 0xDB,
  dri = 0xDD,
  app0 = 0xE0,
  app1 = 0xE1,
  app14 = 0xEE,
  app15 = 0xEF,
  com = 0xFE
};

struct Cleaner {
  std::string_view in;
  PhotoLimits const& limits;
  std::size_t at = 2;
  std::string tables_and_scans = {};
  std::string adobe = {};
  std::uint32_t orientation = 1;
  std::uint32_t width = 0, height = 0;
  std::size_t scans = 0;

  core::Result<> frame(std::string_view segment) {
    if (width != 0 || segment.size() < 6) return broken("frame header");
    auto const components = byte_at(segment, 5);
    height = big(segment, 1, 2);
    width = big(segment, 3, 2);
    if (segment.size() != 6 + 3 * components || components == 0 || components > 4)
      return broken("frame header");
    return check_size(width, height, limits);
  }

  /// Copies the coded data after a SOS; stops at the next real marker.
  core::Result<> scan() {
    if (width == 0) return broken("scan before the frame");
    if (++scans > scans_max) return broken("too many scans");
    auto const begin = at;
    for (;;) {
      at = in.find('\xFF', at);
      if (at == std::string_view::npos || at + 1 >= in.size()) return broken("cut off in a scan");
      auto const next = byte_at(in, at + 1);
      if (next != 0 && (next < 0xD0 || next > 0xD7)) break;  // neither an escaped FF nor a restart
      at += 2;
    }
    if (at == begin) return broken("empty scan");
    tables_and_scans += in.substr(begin, at - begin);
    return {};
  }

  core::Result<> segment(std::uint32_t marker, std::string_view content) {
    static constexpr std::string_view exif("Exif\0\0", 6);
    static constexpr std::string_view adobe_name = "Adobe";
    constexpr std::size_t adobe_bytes = 12;
    bool keep = marker == dht || marker == dqt || marker == dri || marker == sos;
    if (marker == sof0 || marker == sof1 || marker == sof2) {
      ZHILI_CHECK(frame(content));
      keep = true;
    } else if (marker == app1 && content.starts_with(exif)) {
      orientation = orientation_of(content.substr(exif.size()));
    } else if (marker == app14 && content.starts_with(adobe_name) && content.size() >= adobe_bytes) {
      adobe = content.substr(0, adobe_bytes);  // tells how the colours are coded
    } else if (!keep && marker != com && (marker < app0 || marker > app15)) {
      return broken("marker " + std::to_string(marker));
    }
    if (keep) write(tables_and_scans, marker, content);
    return marker == sos ? scan() : core::Result<>();
  }

  static void write(std::string& out, std::uint32_t marker, std::string_view content) {
    out += '\xFF';
    out += static_cast<char>(marker);
    put_big(out, static_cast<std::uint32_t>(content.size() + 2), 2);
    out += content;
  }

  core::Result<CleanPhoto> run() {
    for (;;) {
      if (at + 2 > in.size() || byte_at(in, at) != 0xFF) return broken("marker expected");
      auto const marker = byte_at(in, ++at);
      if (marker == 0xFF) continue;  // fill
      ++at;
      if (marker == eoi) break;
      if (at + 2 > in.size()) return broken("cut off");
      std::size_t const length = big(in, at, 2);
      if (length < 2 || at + length > in.size()) return broken("cut off in a segment");
      auto const content = in.substr(at + 2, length - 2);
      at += length;
      ZHILI_CHECK(segment(marker, content));
    }
    if (scans == 0) return broken("no picture in it");
    return finish();
  }

  CleanPhoto finish() const {
    std::string out("\xFF\xD8", 2);
    // With the Adobe marker the colours are as it says; else as JFIF has them.
    if (adobe.empty()) write(out, app0, std::string_view("JFIF\0\1\1\0\0\1\0\1\0\0", 14));
    if (orientation != 1) write(out, app1, std::string("Exif\0\0", 6) + orientation_block(orientation));
    if (!adobe.empty()) write(out, app14, adobe);
    out += tables_and_scans;
    out += "\xFF\xD9";
    return {PhotoType::jpeg, width, height, std::move(out)};
  }
};

}  // namespace jpeg

core::Result<CleanPhoto> clean_jpeg(std::string_view bytes, PhotoLimits const& limits) {
  return jpeg::Cleaner{.in = bytes, .limits = limits}.run();
}

}  // namespace zhili::web::picture
