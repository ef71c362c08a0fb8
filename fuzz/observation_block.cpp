// Blocks as the disk may give them back: damaged, cut, or somebody's. What reads as a block writes itself again and is then the same.
#include <cstdlib>
#include <string>
#include <string_view>

#include <zlib.h>

#include "sense/observations/block.hpp"
#include "sense/observations/rollup.hpp"

namespace observations = zhili::sense::observations;

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string bytes(reinterpret_cast<char const*>(data), size);
  // Behind a sum that is right, so that the columns are tried and not the sum.
  auto const sum = static_cast<unsigned>(::crc32_z(0, data, size));
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(sum >> (8 * i)));
  if (auto const rows = observations::decode_block(1, bytes)) {
    auto const again = observations::decode_block(1, observations::encode_block(*rows));
    if (!again || again->size() != rows->size()) std::abort();
    for (std::size_t i = 0; i < rows->size(); ++i) {
      auto const& a = (*rows)[i];
      auto const& b = (*again)[i];
      if (a.id != b.id || a.phenomenon_time != b.phenomenon_time || a.flags != b.flags || a.value.text != b.value.text || a.value.integer != b.value.integer) std::abort();
    }
  }
  if (auto const figures = observations::decode_figures(1, 20'413, bytes))
    if (!observations::decode_figures(1, 20'413, observations::encode_figures(*figures))) std::abort();
  return 0;
}
