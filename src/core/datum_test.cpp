#include "core/datum.hpp"

#include <gtest/gtest.h>

namespace zhili::core {
namespace {

TEST(Datum, KnowsItsNames) {
  for (auto d : {Datum::wgs84, Datum::cgcs2000, Datum::gcj02, Datum::bd09})
    EXPECT_EQ(datum_of(name(d)).value(), d);
  auto const unknown = datum_of("wgs72");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::invalid);
  EXPECT_EQ(unknown.error().field, "datum");
}

// Tian'anmen, as map software that implements the published shift gives it (to 1e-6 degree).
TEST(Datum, ShiftsAsOtherSoftwareDoes) {
  auto const wgs = LatLon::of(39.90734, 116.39089);
  auto const gcj = from_wgs84(Datum::gcj02, wgs);
  EXPECT_NEAR(gcj.lat(), 39.908742, 2e-5);
  EXPECT_NEAR(gcj.lon(), 116.397131, 2e-5);
  double const shift_m = distance_m(wgs, gcj);
  EXPECT_GT(shift_m, 300);
  EXPECT_LT(shift_m, 800);
  double const second_shift_m = distance_m(gcj, from_wgs84(Datum::bd09, wgs));
  EXPECT_GT(second_shift_m, 500);
  EXPECT_LT(second_shift_m, 1500);
}

TEST(Datum, GoesThereAndBackWithinHalfAMetreAllOverChina) {
  for (double lat = 18.0; lat <= 53.5; lat += 0.71) {
    for (double lon = 73.5; lon <= 135.0; lon += 0.83) {
      auto const at = LatLon::of(lat, lon);
      for (auto d : {Datum::cgcs2000, Datum::gcj02, Datum::bd09}) {
        EXPECT_LT(distance_m(at, to_wgs84(d, from_wgs84(d, at))), 0.5) << name(d) << ' ' << lat << ' ' << lon;
      }
    }
  }
}

TEST(Datum, LeavesGcj02AloneOutsideChina) {
  for (auto at : {LatLon::of(42.3594, -71.0587), LatLon::of(-33.86, 151.21), LatLon::of(51.5, -0.12)}) {
    EXPECT_EQ(from_wgs84(Datum::gcj02, at), at);
    EXPECT_EQ(to_wgs84(Datum::gcj02, at), at);
  }
}

}  // namespace
}  // namespace zhili::core
