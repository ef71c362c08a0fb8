// Whatever is read as a time is written so that it reads back as the same time.
#include <cstdlib>
#include <string_view>

#include "core/time.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::core;
  auto const read = from_iso(std::string_view(reinterpret_cast<char const*>(data), size));
  if (!read) return 0;
  auto const whole_second = std::chrono::floor<std::chrono::seconds>(*read);
  auto const again = from_iso(to_iso(*read));
  if (!again || *again != whole_second) std::abort();
  return 0;
}
