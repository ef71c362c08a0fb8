#pragma once
// The city as vector tiles (Mapbox Vector Tile 2.1), so that the map needs no other server.
//
// | layer | geometry | from zoom | properties |
// |---|---|---|---|
// | area | polygon | city, district 0; street 9; community 12 | level, code, name_zh, name_en |
// | area_label | point | as area, one point each | level, code, name_zh, name_en |
// | grid | polygon | 13 | code, use |
// | block | polygon | 11 | use |
// | water | polygon | 0 | class (river, lake), name_zh, name_en |
// | road | line | ring, main, rail 9; minor 13; lane 15 | class, name_zh, name_en |
// | building | polygon | 14 | use, floors, number |
// | component | point | 16 | class, code, name_zh, name_en |

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "sense/places/places.hpp"

namespace zhili::web {

/// Makes tiles from the places of now and keeps those that are asked for again; an edit of the places empties
/// what is kept. Thread-safe.
class Tiles {
 public:
  static constexpr std::uint32_t zoom_max = 22;
  static constexpr std::size_t cache_bytes_default = 16u << 20;

  explicit Tiles(sense::places::LivePlaces const& places, std::size_t cache_bytes = cache_bytes_default);
  ~Tiles();

  /// The tile z/x/y, not compressed; empty where there is nothing to draw (a valid tile). Errors: invalid (no
  /// such tile). Cost: a few milliseconds at most, some microseconds when kept.
  core::Result<std::shared_ptr<std::string const>> tile(std::uint32_t z, std::uint32_t x,
                                                        std::uint32_t y) const;

  /// Bytes of the tiles that are kept; never more than the bound plus one tile.
  std::size_t cached_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zhili::web
