#include "respond/number.hpp"

#include <gtest/gtest.h>

namespace zhili::respond {
namespace {

TEST(PublicNumber, ShowsTheMonthOfTheCityAndLeadsBackToTheId) {
  auto const shanghai = core::Zone::find("Asia/Shanghai").value();
  auto const last_hour_of_june_utc = core::from_iso("2026-06-30T17:00:00Z").value();
  auto const number = public_number("LC", 4182, last_hour_of_june_utc, shanghai);
  EXPECT_EQ(number, "LC-2607-4182");
  EXPECT_EQ(id_of_number("LC", number), 4182);
  EXPECT_EQ(id_of_number("LC", "lc-2607-4182"), 4182);
}

TEST(PublicNumber, AnyOtherTextIsNone) {
  for (auto const* text : {"", "LC", "LC-2607-", "LC-2607-0", "LC-2607--5", "XX-2607-4182", "LC-26O7-4182", "LC-2607-41x2",
                           "101001240734", "LC-2607-99999999999999999999"})
    EXPECT_EQ(id_of_number("LC", text), std::nullopt) << text;
}

TEST(Number, IsKnownHoweverPeopleWriteIt) {
  for (auto const* text : {"LC-2611-4182", "lc-2611-4182", "LC 2611 4182", "LC26114182", "ＬＣ－２６１１－４１８２", "ｌｃ2611—4182"})
    EXPECT_EQ(plain_number(text), "LC26114182") << text;
  EXPECT_EQ(ids_as_written("LC-2611-4182"), (std::vector<std::int64_t>{4182, 26114182}));
  EXPECT_EQ(ids_as_written("2611 4182"), (std::vector<std::int64_t>{4182, 26114182}));
  EXPECT_EQ(ids_as_written("4182"), std::vector<std::int64_t>{4182});
  EXPECT_EQ(ids_as_written(std::string(40, '9')), std::vector<std::int64_t>{});
  for (auto const* text : {"", "LC", "-", "桥", "\xEF", "0", "LC-2611-"}) EXPECT_LE(ids_as_written(text).size(), 1U) << text;
  EXPECT_EQ(ids_as_written("桥"), std::vector<std::int64_t>{});
}

}  // namespace
}  // namespace zhili::respond
