#pragma once
// Characters that have no place in a pack.

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/finding.hpp"

namespace zhili::catalogue {

/// Length in bytes of the UTF-8 character that starts at `at`, or 0 where the bytes are no character
/// (overlong forms, surrogates and numbers above U+10FFFF are none).
std::size_t utf8_length(std::string_view text, std::size_t at);
/// The code point of a character whose length is known to be good.
char32_t utf8_code(std::string_view text, std::size_t at, std::size_t length);
/// Characters before byte `bytes` of a line, plus one: what an editor shows as the column.
int column_of(std::string_view line, std::size_t bytes);

/// Finds broken UTF-8, NUL, control characters, hidden direction marks, tabs as indent and lines that are too
/// long. True where nothing was found.
bool check_characters(std::string_view text, std::string const& file, std::vector<Finding>& findings);

}  // namespace zhili::catalogue
