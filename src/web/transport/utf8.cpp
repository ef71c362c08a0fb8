#include "web/utf8.hpp"

#include <cstddef>

namespace zhili::web {

std::uint32_t next_code_point(std::string_view& text) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned const first = byte(0);
  std::size_t length = 1;
  std::uint32_t point = first;
  std::uint32_t least = 0;
  if (first >= 0x80) {
    if (first >= 0xC2 && first <= 0xDF) {
      length = 2, point = first & 0x1F, least = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
      length = 3, point = first & 0x0F, least = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
      length = 4, point = first & 0x07, least = 0x10000;
    } else {
      length = 0;
    }
  }
  bool good = length > 0 && length <= text.size();
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xC0) == 0x80;
    point = (point << 6) | (byte(i) & 0x3FU);
  }
  good = good && point >= least && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  text.remove_prefix(good ? length : 1);
  return good ? point : not_a_code_point;
}

bool is_clean_utf8(std::string_view text) {
  while (!text.empty()) {
    auto const point = next_code_point(text);
    if (point == 0 || point == not_a_code_point) return false;
  }
  return true;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) next_code_point(text);
  return count;
}

}  // namespace zhili::web
