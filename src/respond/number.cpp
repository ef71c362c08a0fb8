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

std::string plain_number(std::string_view text) {
  constexpr std::string_view full_width_bang = "\xEF\xBC\x81";  // the first of the full-width forms of ASCII
  constexpr std::string_view dashes[] = {"\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95",
                                         "\xE2\x88\x92", "\xE3\x80\x80"};  // and the wide blank
  std::string out;
  while (!text.empty()) {
    auto const three = text.substr(0, 3);
    if (std::find(std::begin(dashes), std::end(dashes), three) != std::end(dashes)) {
      text.remove_prefix(3);
      continue;
    }
    char c = text.front();
    bool const full_width = three.size() == 3 && three.substr(0, 2) == full_width_bang.substr(0, 2) && three[2] >= full_width_bang[2];
    bool const full_width_small = three.size() == 3 && three.substr(0, 2) == "\xEF\xBD";
    if (full_width) c = static_cast<char>('!' + (three[2] - full_width_bang[2]));
    if (full_width_small) c = static_cast<char>('`' + (three[2] - '\x80'));
    text.remove_prefix(full_width || full_width_small ? 3 : 1);
    if (c != '-' && c != ' ' && c != '\t') out += upper(c);
  }
  return out;
}

std::vector<std::int64_t> ids_as_written(std::string_view text) {
  constexpr std::size_t month_digits = 4;
  auto const plain = plain_number(text);
  auto const last_letter = plain.find_last_not_of("0123456789");
  std::string_view const digits = std::string_view(plain).substr(last_letter == std::string::npos ? 0 : last_letter + 1);
  std::vector<std::int64_t> out;
  for (auto const from : {month_digits, std::size_t{0}}) {
    if (digits.size() <= from) continue;
    std::int64_t id = 0;
    auto const part = digits.substr(from);
    auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), id);
    if (error == std::errc{} && id > 0 && part.front() != '0') out.push_back(id);
  }
  return out;
}

}  // namespace zhili::respond
