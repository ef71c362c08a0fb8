#pragma once
// UTF-8: is it, and which characters.

#include <cstdint>
#include <string_view>

namespace zhili::web {

/// Takes the first character off `text` and returns its code point; 0xFFFFFFFF if the bytes are not
/// well-formed UTF-8 (overlong, surrogate, above U+10FFFF, cut), in which case one byte is taken. `text` must
/// not be empty.
std::uint32_t next_code_point(std::string_view& text);

inline constexpr std::uint32_t not_a_code_point = 0xFFFFFFFF;

/// Well-formed UTF-8 without NUL.
bool is_clean_utf8(std::string_view text);

/// Number of characters; a byte that is not UTF-8 counts as one.
std::size_t count_characters(std::string_view text);

}  // namespace zhili::web
