#pragma once
// Reading and writing of numbers in picture files, never past the end.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "web/photo/photo.hpp"

namespace zhili::web::picture {

inline std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// The big- or little-endian number of 2 or 4 bytes at `at`; the caller knows that they are there.
inline std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out = (out << 8) | byte_at(bytes, at + i);
  return out;
}
inline std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t out = 0;
  for (std::size_t i = size; i-- > 0;) out = (out << 8) | byte_at(bytes, at + i);
  return out;
}
inline void put_big(std::string& out, std::uint32_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}
inline void put_little(std::string& out, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

/// Which way up the picture is: 1 (as stored) … 8, as in EXIF tag 0x0112. 1 if the block does not say.
/// `tiff` begins at the byte order mark.
std::uint32_t orientation_of(std::string_view tiff);

/// A TIFF block that holds the orientation and nothing else.
std::string orientation_block(std::uint32_t orientation);

/// The errors of clean_photo.
tl::unexpected<core::Error> broken(std::string detail);
core::Result<> check_size(std::uint64_t width, std::uint64_t height, PhotoLimits const& limits);

core::Result<CleanPhoto> clean_jpeg(std::string_view bytes, PhotoLimits const& limits);
core::Result<CleanPhoto> clean_png(std::string_view bytes, PhotoLimits const& limits);
core::Result<CleanPhoto> clean_webp(std::string_view bytes, PhotoLimits const& limits);

}  // namespace zhili::web::picture
