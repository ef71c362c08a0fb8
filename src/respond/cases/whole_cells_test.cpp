#include <gtest/gtest.h>

#include "respond/cases/query.hpp"

namespace zhili::respond {
namespace {

bool holds(MapBox const& box, core::LatLon at) {
  return box.south_west.lat_e7 <= at.lat_e7 && at.lat_e7 <= box.north_east.lat_e7 && box.south_west.lon_e7 <= at.lon_e7 &&
         at.lon_e7 <= box.north_east.lon_e7;
}

/// Whoever asks with ever smaller boxes learns in which cell a place is, and nothing more.
TEST(WholeCells, ABoxFindsAllOfACellOrNothingOfIt) {
  for (auto const lat : {-899'999'999, -25'001, -1, 0, 1, 49'999, 50'000, 348'612'345})
    for (auto const lon : {-1'799'999'999, -50'000, -49'999, 0, 1'175'512'345}) {
      core::LatLon const place{lat, lon};
      auto const least = whole_cells({place, place});
      EXPECT_TRUE(holds(least, place));
      EXPECT_EQ(cell_centre(least.south_west), cell_centre(place));
      EXPECT_EQ(cell_centre(least.north_east), cell_centre(place));
      EXPECT_EQ(least.north_east.lat_e7 - least.south_west.lat_e7, 49'999);
      EXPECT_EQ(least.north_east.lon_e7 - least.south_west.lon_e7, 49'999);
    }
}

}  // namespace
}  // namespace zhili::respond
