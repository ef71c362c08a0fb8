#include "app/import/geojson_file.hpp"

#include <algorithm>
#include <memory>

#include "app/import/source_file.hpp"

namespace zhili::app {

sense::places::GeoJsonFile geojson_file(std::filesystem::path path, std::function<void(double share)> progress) {
  return [path = std::move(path), progress = std::move(progress)]() -> core::Result<sense::places::GeoJsonPieces> {
    ZHILI_TRY(auto opened, SourceFile::open(path));
    return [source = std::make_shared<SourceFile>(std::move(opened)), progress](std::span<char> out) {
      progress(static_cast<double>(source->position()) / static_cast<double>(std::max<std::uint64_t>(source->size(), 1)));
      return source->read(out);
    };
  };
}

}  // namespace zhili::app
