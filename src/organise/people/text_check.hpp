#pragma once
// Texts that people type, checked by their length in characters.

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::organise {

/// Characters, not bytes.
std::size_t characters(std::string_view text);

/// Errors: invalid (empty), limit; `key` and `field` as given.
core::Result<> check_text(std::string_view text, std::size_t chars_max, std::string_view key, std::string_view field);

}  // namespace zhili::organise
