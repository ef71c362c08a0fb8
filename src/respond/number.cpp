#include "respond/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace zhili::respond {

namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string public_number(std::string_view prefix, std::int64_t id, core::Instant at, core::Zone const& zone) {
  auto const civil = zone.civil(at);
  return fmt::format("{}-{:02}{:02}-{}", prefix, civil.year % 100, civil.month, id);
}

std::optional<std::int64_t> id_of_number(std::string_view prefix, std::string_view number) {
  constexpr std::size_t month_chars = 4;
  if (number.size() < prefix.size() + month_chars + 3) return std::nullopt;
  auto const same = [](char a, char b) { return upper(a) == upper(b); };
  if (!std::equal(prefix.begin(), prefix.end(), number.begin(), same)) return std::nullopt;
  number.remove_prefix(prefix.size());
  if (number[0] != '-' || number[month_chars + 1] != '-') return std::nullopt;
  if (!std::all_of(number.begin() + 1, number.begin() + 1 + month_chars, digit)) return std::nullopt;
  number.remove_prefix(month_chars + 2);
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
  if (error != std::errc{} || end != number.data() + number.size() || id <= 0) return std::nullopt;
  return id;
}

}  // namespace zhili::respond
