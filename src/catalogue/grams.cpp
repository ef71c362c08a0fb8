#include "catalogue/grams.hpp"

#include <algorithm>
#include <set>

#include "catalogue/text_check.hpp"

namespace zhili::catalogue {

namespace {

std::size_t in_both(Grams const& a, Grams const& b) {
  std::size_t both = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x < *y)
      ++x;
    else if (*y < *x)
      ++y;
    else
      ++both, ++x, ++y;
  }
  return both;
}

}  // namespace

Grams grams(std::string_view text) {
  std::set<std::string> found;
  std::string word;
  std::string before;
  auto const end_word = [&] {
    if (word.size() > 2)
      found.insert(word.ends_with('s') && word.size() > 4 ? word.substr(0, word.size() - 1) : word);
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t const length = std::max<std::size_t>(utf8_length(text, at), 1);
    std::string const c(text.substr(at, length));
    at += length;
    char32_t const code = utf8_code(c, 0, length);
    bool const han = code >= 0x3400 && code <= 0x9FFF;
    bool const latin = (code | 0x20U) >= 'a' && (code | 0x20U) <= 'z';
    if (latin)
      word += static_cast<char>(code | 0x20U);
    else
      end_word();
    if (han && !before.empty()) found.insert(before + c);
    before = han ? c : "";
  }
  end_word();
  return {found.begin(), found.end()};
}

double jaccard(Grams const& a, Grams const& b) {
  if (a.empty() || b.empty()) return 0;
  auto const both = in_both(a, b);
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

double overlap(Grams const& a, Grams const& b) {
  if (a.empty() || b.empty()) return 0;
  return static_cast<double>(in_both(a, b)) / static_cast<double>(std::min(a.size(), b.size()));
}

}  // namespace zhili::catalogue
