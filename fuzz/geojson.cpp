// A file of places with anything in it is read or refused with words that say where, whatever pieces it comes
// in; never a crash, and never a part of a city that could not be kept.
#include <cstdlib>
#include <string_view>

#include "sense/places/geojson.hpp"

namespace {

using namespace zhili::sense::places;

struct Outcome {
  std::int64_t features = 0;
  std::size_t good = 0, faults = 0;
  bool operator==(Outcome const&) const = default;
};

Outcome read(std::string_view file, std::size_t piece) {
  Outcome out;
  auto const keep = [&](City&& part) {
    auto const own = part.areas.size() + part.grids.size() + part.duties.size() + part.things.size();
    if (own == 0 || own > save_batch) std::abort();
    out.good += own;
    PlaceIndex::build(std::move(part))->find({348'600'000, 1'175'500'000});
    return zhili::core::Result<>{};
  };
  GeoJsonReader reader({}, keep, [&](GeoJsonFault&& f) {
    if (f.text.zh.empty() || f.text.en.empty() || f.feature < 0) std::abort();
    ++out.faults;
  });
  for (std::size_t at = 0; at < file.size(); at += piece)
    if (!reader.feed(file.substr(at, piece))) break;
  if (!reader.finish()) std::abort();
  out.features = reader.features();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const file(reinterpret_cast<char const*>(data), size);
  if (read(file, size + 1) != read(file, 7)) std::abort();
  return 0;
}
