#include "core/time.hpp"

#include <gtest/gtest.h>

namespace zhili::core {
namespace {

Instant moment(char const* iso) { return from_iso(iso).value(); }

TEST(Time, ReadsAZoneAndWritesWithoutFractions) {
  EXPECT_EQ(to_iso(moment("2026-07-12T08:05:00+08:00")), "2026-07-12T00:05:00Z");
  EXPECT_EQ(to_iso(moment("2026-07-12T00:05:00.250Z")), "2026-07-12T00:05:00Z");
  EXPECT_EQ(to_iso(moment("2026-07-12T00:05:00Z"), Zone::find("Asia/Shanghai").value()), "2026-07-12T08:05:00+08:00");
}

TEST(Time, RefusesATimeWithoutAZoneOrADayThatIsNot) {
  for (auto const* text : {"2026-07-12T08:05:00", "2026-02-30T00:00:00Z", "2026-07-12", "2026-07-12T24:00:00Z", "",
                           "2026-07-12T08:05:00+8", "-026-07-12T08:05:00Z", "0000-01-01T00:00:00+2359",
                           "9999-12-31T23:59:60Z"}) {
    auto const result = from_iso(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().key, "time.form");
  }
}

TEST(Zone, TakesTheFirstOfARepeatedHourAndTheEdgeOfASkippedOne) {
  auto const boston = Zone::find("America/New_York").value();
  EXPECT_EQ(to_iso(boston.instant({2015, 11, 1, 90 * 60})), "2015-11-01T05:30:00Z");
  EXPECT_EQ(to_iso(boston.instant({2015, 3, 8, 150 * 60})), "2015-03-08T07:00:00Z");
  EXPECT_EQ(boston.civil(moment("2015-07-04T16:00:00Z")), (Civil{2015, 7, 4, 12 * 3600}));
}

TEST(Zone, AnUnknownNameIsSaid) { EXPECT_EQ(Zone::find("Mars/Base").error().key, "zone.unknown"); }

}  // namespace
}  // namespace zhili::core
