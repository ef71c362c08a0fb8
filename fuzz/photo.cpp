// A photo that is taken is cleaned in one go: cleaning it again changes nothing, and nothing is added but a
// fixed head.
#include <cstdlib>
#include <string_view>

#include "web/photo/photo.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::web;
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  PhotoLimits limits;
  limits.pixels_max = 1'000'000;  // what is larger only makes the fuzzer slow
  auto const clean = clean_photo(bytes, limits);
  if (!clean) return 0;
  constexpr std::size_t added_most_bytes = 100;
  if (clean->bytes.size() > size + added_most_bytes) std::abort();
  if (clean->width == 0 || clean->height == 0) std::abort();
  auto const again = clean_photo(clean->bytes, limits);
  if (!again || again->bytes != clean->bytes || again->type != clean->type) std::abort();
  return 0;
}
