#include "organise/people/text_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::organise {

using core::Errc;
using core::fail;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

core::Result<> check_text(std::string_view text, std::size_t chars_max, std::string_view key, std::string_view field) {
  if (text.empty())
    return fail(Errc::invalid, std::string(key), {fmt::format("请写明 {}。", field), fmt::format("Say {}.", field)}, std::string(field));
  if (characters(text) > chars_max)
    return fail(Errc::limit, std::string(key),
                {fmt::format("{} 最多 {} 字。", field, chars_max), fmt::format("{} has at most {} characters.", field, chars_max)}, std::string(field));
  return {};
}

}  // namespace zhili::organise
