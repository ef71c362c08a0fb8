#pragma once
// 榴城 Liucheng, the town of the demonstration: invented, drawn by a program, the same for the same seed.

#include <cstdint>
#include <string>
#include <vector>

#include "sense/places/places.hpp"

namespace zhili::app::demo {

/// A class of components and how many the town has of it.
struct ComponentClass {
  enum class Where : std::uint8_t {
    kerb,      ///< along streets, at the kerb: lamps, trees, bins
    roadway,   ///< in the carriageway: manholes
    crossing,  ///< where larger streets meet: signals, signs
    park       ///< in parks and squares
  };
  std::string code;  ///< class digits of the component code; its catalogue item is "C" and the same
  core::Text name;
  std::size_t count = 0;
  Where where = Where::kerb;
  std::string keeper;  ///< the organisation that owns and keeps it
};

/// 5,000 components in the classes that a street office meets first.
std::vector<ComponentClass> default_component_classes();

struct LiuchengOptions {
  std::uint64_t seed = 20260701;
  std::string district_code = "370402";
  std::vector<ComponentClass> components = default_component_classes();
};

/// 1 district (and its city), 6 streets, 36 communities, some 500 unit grids without gaps or overlaps, a
/// river, a lake, parks, named streets, blocks, buildings with addresses, estates, components, organisations
/// and duty grids, about 8 × 6 km around 34.86° N 117.55° E. Pure: same options, same city, to the last
/// digit. Cost: below a second.
sense::places::City liucheng(LiuchengOptions const& options = {});

}  // namespace zhili::app::demo
