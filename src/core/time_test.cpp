#include "core/time.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>

#include <random>

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

// date's own database is the oracle.
TEST(Zone, SaysWhatTheDatabaseSaysAtAnyTime) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> second(-6'000'000'000, 9'000'000'000);  // 1779…2255
  for (auto const* name : {"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"}) {
    auto const zone = Zone::find(name).value();
    auto const& oracle = *date::locate_zone(name);
    for (int i = 0; i < 4'000; ++i) {
      std::chrono::sys_seconds const at{std::chrono::seconds{second(random)}};
      ASSERT_EQ(zone.offset(at), oracle.get_info(at).offset) << name << ' ' << to_iso(at);
      auto const wall = date::local_seconds{at.time_since_epoch()};
      auto const civil = Zone::utc().civil(at);
      ASSERT_EQ(to_ms(zone.instant(civil)), to_ms(oracle.to_sys(wall, date::choose::earliest))) << name << ' ' << to_iso(at);
    }
    auto change = zone.next_change(from_ms(0));
    for (int i = 0; change && i < 200; ++i, change = zone.next_change(*change)) {
      ASSERT_NE(zone.offset(*change), zone.offset(*change - Duration{1}));
      for (int minutes = -150; minutes <= 150; minutes += 5) {  // around the hour that is repeated or skipped
        auto const wall = Instant{*change + std::chrono::minutes{minutes} + zone.offset(*change)};
        auto const local = date::local_seconds{date::floor<std::chrono::seconds>(wall).time_since_epoch()};
        ASSERT_EQ(to_ms(zone.instant(Zone::utc().civil(wall))), to_ms(oracle.to_sys(local, date::choose::earliest))) << name << ' ' << to_iso(wall);
      }
    }
  }
}

TEST(Zone, AnUnknownNameIsSaid) { EXPECT_EQ(Zone::find("Mars/Base").error().key, "zone.unknown"); }

}  // namespace
}  // namespace zhili::core
