// The one thing of EXIF that is part of the picture: which way up it is.
#include "web/photo/bytes.hpp"

namespace zhili::web::picture {

constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t short_type = 3;

std::uint32_t orientation_of(std::string_view tiff) {
  constexpr std::size_t header_bytes = 8;
  constexpr std::size_t entry_bytes = 12;
  if (tiff.size() < header_bytes) return 1;
  bool const is_little = tiff.starts_with("II");
  if (!is_little && !tiff.starts_with("MM")) return 1;
  auto const number = [&](std::size_t at, std::size_t size) {
    return is_little ? little(tiff, at, size) : big(tiff, at, size);
  };
  std::size_t const ifd = number(4, 4);
  if (ifd > tiff.size() - 2) return 1;
  std::size_t const count = number(ifd, 2);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t const entry = ifd + 2 + i * entry_bytes;
    if (entry + entry_bytes > tiff.size()) return 1;
    if (number(entry, 2) != orientation_tag) continue;
    auto const value = number(entry + 8, 2);
    return number(entry + 2, 2) == short_type && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

std::string orientation_block(std::uint32_t orientation) {
  std::string out("MM\0\x2A", 4);
  put_big(out, 8, 4);  // the directory follows at once
  put_big(out, 1, 2);  // of one entry
  put_big(out, orientation_tag, 2);
  put_big(out, short_type, 2);
  put_big(out, 1, 4);
  put_big(out, orientation, 2);
  put_big(out, 0, 2);
  put_big(out, 0, 4);  // no other directory
  return out;
}

}  // namespace zhili::web::picture
