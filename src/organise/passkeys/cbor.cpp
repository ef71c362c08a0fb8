#include "organise/passkeys/cbor.hpp"

#include <optional>

namespace zhili::organise {

namespace {

// RFC 8949, section 3: the first byte is a kind (three bits) and a number (five), or says how many bytes the number takes.
enum class Kind : unsigned char { positive, negative, bytes, text, array, map, tag, simple };

struct Walk {
  std::string_view data;
  std::size_t at = 0;

  std::size_t left() const { return data.size() - at; }

  std::optional<std::uint64_t> number(unsigned char said) {
    if (said < 24) return said;
    if (said > 27) return std::nullopt;
    std::size_t const size = std::size_t{1} << (said - 24);
    if (left() < size) return std::nullopt;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(data[at++]);
    return out;
  }

  bool items(std::uint64_t count, int levels) {
    for (std::uint64_t i = 0; i < count; ++i)
      if (!item(levels)) return false;
    return true;
  }

  bool item(int levels) {
    if (left() == 0 || levels == 0) return false;
    auto const head = static_cast<unsigned char>(data[at++]);
    auto const value = number(head & 0x1f);
    if (!value) return false;
    switch (Kind{static_cast<unsigned char>(head >> 5)}) {
      case Kind::positive:
      case Kind::negative:
      case Kind::simple: return true;
      case Kind::bytes:
      case Kind::text:
        if (*value > left()) return false;
        at += *value;
        return true;
      case Kind::array: return *value <= left() && items(*value, levels - 1);
      case Kind::map: return *value <= left() / 2 && items(2 * *value, levels - 1);
      case Kind::tag: return false;
    }
    return false;
  }
};

}  // namespace

std::size_t behind_cbor(std::string_view data, std::uint64_t items) {
  Walk walk{data};
  return walk.items(items, cbor_levels_max) ? walk.at : std::string_view::npos;
}

}  // namespace zhili::organise
