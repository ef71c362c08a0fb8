#include <gtest/gtest.h>

#include "sense/places/places.hpp"

namespace zhili::sense::places {
namespace {

// 10,000 units of 1e-7 degree are about 111 m north and 91 m east here.
LatLon spot(double x, double y) {
  return {348'600'000 + static_cast<std::int32_t>(y * 10'000),
          1'175'500'000 + static_cast<std::int32_t>(x * 10'000)};
}
Shape plot(double x0, double y0, double x1, double y1) {
  return {{}, {}, {{{spot(x0, y0), spot(x1, y0), spot(x1, y1), spot(x0, y1)}, {}}}};
}
UnitGrid grid(std::string code, Shape shape) {
  UnitGrid g;
  g.code = std::move(code);
  g.shape = std::move(shape);
  return g;
}
City good_town() {
  City c;
  c.areas = {{0, "370402", "district", {}, "", {}},
             {0, "370402001", "street", {}, "370402", {}},
             {0, "370402001001", "community", {}, "370402001", plot(0, 0, 2, 1)}};
  c.grids = {grid("370402001001001", plot(0, 0, 1, 1)), grid("370402001001002", plot(1, 0, 2, 1))};
  return c;
}
using What = Finding::What;

TEST(Check, FindsNothingInAGoodTown) {
  for (auto const& f : check(good_town())) ADD_FAILURE() << f.code << ' ' << f.text.en;
}

TEST(Check, FindsAnOverlapAndItsSize) {
  auto city = good_town();
  city.grids[1].shape = plot(0.9, 0, 2, 1);
  auto const found = check(city);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, What::overlap);
  EXPECT_EQ(found[0].code + " " + found[0].other, "370402001001001 370402001001002");
  EXPECT_NEAR(found[0].area_m2, 0.1 * 91.2 * 111.2, 15);
  EXPECT_GE(found[0].at.lon_e7, spot(0.9, 0).lon_e7);
}

TEST(Check, FindsAGapAndWhere) {
  auto city = good_town();
  city.grids[1].shape = plot(1.2, 0, 2, 1);
  auto const found = check(city);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, What::gap);
  EXPECT_EQ(found[0].code, "370402001001");
  EXPECT_NEAR(found[0].area_m2, 0.2 * 91.2 * 111.2, 30);
}

TEST(Check, FindsAHoleWhereTheAreaHasNoOutline) {
  auto city = good_town();
  city.areas[2].shape = {};
  city.grids = {grid("370402001001001", plot(0, 0, 3, 1)), grid("370402001001002", plot(0, 2, 3, 3)),
                grid("370402001001003", plot(0, 1, 1, 2)), grid("370402001001004", plot(2, 1, 3, 2))};
  auto const found = check(city);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, What::gap);
}

TEST(Check, FindsARingThatCrossesItself) {
  auto city = good_town();
  city.areas[2].shape = {};
  city.grids = {grid("370402001001001", {{}, {}, {{{spot(0, 0), spot(1, 1), spot(1, 0), spot(0, 1)}, {}}}})};
  auto const found = check(city);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, What::invalid);
}

TEST(Check, FindsWrongCodesAndMissingParents) {
  auto city = good_town();
  city.areas[1].code = "37040200";
  auto const found = check(city);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].what, What::code);
  EXPECT_EQ(found[1].what, What::orphan);
  EXPECT_EQ(found[1].code, "370402001001");
}

TEST(Check, FindsAGridWithTwoDutiesForOneFunction) {
  auto city = good_town();
  city.duties = {{"a", "sanitation", "p", {}, {"370402001001001"}},
                 {"b", "sanitation", "q", {}, {"370402001001001"}},
                 {"c", "drainage", "q", {}, {"370402001001001"}}};
  auto const found = check(city);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, What::overlap);
}

}  // namespace
}  // namespace zhili::sense::places
