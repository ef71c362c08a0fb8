// Batches as the disk may give them back.
#include <cstdlib>
#include <string>

#include <zlib.h>

#include "sense/observations/batch_body.hpp"

namespace observations = zhili::sense::observations;

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string bytes(reinterpret_cast<char const*>(data), size);
  auto const sum = static_cast<unsigned>(::crc32_z(0, data, size));
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(sum >> (8 * i)));
  if (auto const read = observations::decode_batch(bytes)) {
    auto const again = observations::decode_batch(observations::encode_batch(read->batch, read->numbers));
    if (!again || again->numbers != read->numbers || again->batch.sides != read->batch.sides) std::abort();
  }
  return 0;
}
