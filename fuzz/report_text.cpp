// A text of a report's template comes apart into pieces that say what they are, and nothing of its words is lost or made up.
#include <cstdlib>
#include <string>
#include <string_view>

#include "catalogue/report_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::catalogue;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  std::size_t refused = 0;
  auto const pieces = cut_text(text, [&](std::string_view inside) { refused += inside.size() + 1; });
  std::size_t words = 0;
  std::size_t named = 0;
  for (auto const& piece : pieces) {
    if (piece.words.empty() && piece.word.empty() && !piece.figure) std::abort();
    if (piece.words.find('{') != std::string::npos) std::abort();
    words += piece.words.size();
    named += piece.word.empty() && !piece.figure ? 0 : 1;
  }
  if (words + refused + 2 * named > text.size()) std::abort();
  return 0;
}
