#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "sense/places/places.hpp"

namespace zhili::sense::places {
namespace {

// A small small_town on whole micro-degrees: two grids side by side, one above the left, a hole in the right.
//
//      2 ┌───┐
//        │ c │
//      1 ├───┼───┐
//        │ a │ b │   b has a courtyard (hole) that belongs to nobody
//      0 └───┴───┘
//        0   1   2
constexpr std::int32_t unit = 10'000;
LatLon at(double x, double y) {
  return {348'600'000 + static_cast<std::int32_t>(y * unit),
          1'175'500'000 + static_cast<std::int32_t>(x * unit)};
}
Ring box(double x0, double y0, double x1, double y1) {
  return {at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)};
}
UnitGrid grid(std::string code, Ring outer, std::vector<Ring> holes = {}) {
  UnitGrid g;
  g.code = std::move(code);
  g.shape.polygons.push_back({std::move(outer), std::move(holes)});
  return g;
}

City small_town() {
  City city;
  for (auto [code, level] : {std::pair{"3704", "city"},
                             {"370402", "district"},
                             {"370402001", "street"},
                             {"370402001001", "community"}}) {
    Area a;
    a.code = code;
    a.level = level;
    a.id = static_cast<std::int64_t>(a.code.size());
    city.areas.push_back(a);
  }
  city.areas[2].shape.polygons.push_back({box(0, 0, 3, 3), {}});
  auto hole = box(1.4, 0.4, 1.6, 0.6);
  std::ranges::reverse(hole);
  city.grids = {grid("370402001001003", box(0, 1, 1, 2)), grid("370402001001001", box(0, 0, 1, 1)),
                grid("370402001001002", box(1, 0, 2, 1), {hole})};
  city.duties = {{"clean-1", "sanitation", "post-1", {"甲", "A"}, {"370402001001001", "370402001001002"}},
                 {"drain-1", "drainage", "post-2", {"乙", "B"}, {"370402001001002"}}};
  return city;
}

std::string code_at(PlaceIndex const& index, double x, double y) {
  auto const found = index.find(at(x, y));
  return found.grid ? found.grid->code.substr(12) : "";
}

TEST(PlaceIndex, FindsTheGridTheAreasAndTheDuties) {
  auto const index = PlaceIndex::build(small_town());
  auto const found = index->find(at(1.2, 0.5));
  ASSERT_TRUE(found.grid);
  EXPECT_EQ(found.grid->code, "370402001001002");
  ASSERT_EQ(found.areas.size(), 4u);
  EXPECT_EQ(found.areas[0]->level, "community");
  EXPECT_EQ(found.areas[3]->level, "city");
  ASSERT_TRUE(index->duty(found, "drainage"));
  EXPECT_EQ(index->duty(found, "drainage")->post, "post-2");
  EXPECT_EQ(index->duty(found, "sanitation")->post, "post-1");
  EXPECT_EQ(index->duty(found, "lighting"), nullptr);
  EXPECT_EQ(index->duty(index->find(at(0.5, 0.5)), "drainage"), nullptr);
}

TEST(PlaceIndex, GivesAPointOnABorderToTheEastThenToTheNorth) {
  auto const index = PlaceIndex::build(small_town());
  EXPECT_EQ(code_at(*index, 1, 0.5), "002");
  EXPECT_EQ(code_at(*index, 0.5, 1), "003");
  EXPECT_EQ(code_at(*index, 1, 1),
            "001");  // nothing lies north-east: of the three that touch, the smallest code
}

TEST(PlaceIndex, KeepsTheOuterBorderInside) {
  auto const index = PlaceIndex::build(small_town());
  EXPECT_EQ(code_at(*index, 0, 0.5), "001");
  EXPECT_EQ(code_at(*index, 2, 0.5), "002");
  EXPECT_EQ(code_at(*index, 0.5, 2), "003");
  EXPECT_EQ(code_at(*index, 2, 1), "002");
}

TEST(PlaceIndex, KnowsHolesAndTheOutside) {
  auto const index = PlaceIndex::build(small_town());
  EXPECT_EQ(code_at(*index, 1.5, 0.5), "");
  auto const yard = index->find(at(2.5, 2.5));  // no grid, but the street's own outline holds it
  EXPECT_FALSE(yard.grid);
  ASSERT_EQ(yard.areas.size(), 3u);
  EXPECT_EQ(yard.areas[0]->level, "street");
  EXPECT_FALSE(index->find(at(50, 50)));
  EXPECT_FALSE(PlaceIndex::build({})->find(at(0, 0)));
}

TEST(PlaceIndex, LetsTheSmallestCodeWinWhereGridsOverlap) {
  auto city = small_town();
  city.grids.push_back(grid("370402001001000", box(0.2, 0.2, 0.4, 0.4)));
  EXPECT_EQ(code_at(*PlaceIndex::build(std::move(city)), 0.3, 0.3), "000");
}

// A plane cut at random into triangles around one point: every point on a border or not has exactly one.
TEST(PlaceIndex, GivesEveryPointExactlyOneOfTheGridsThatShareABorder) {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int32_t> some(-5, 5);
  City city;
  LatLon const middle{1, 2};
  std::array<LatLon, 4> const corners{{{-7, -7}, {-7, 7}, {7, 7}, {7, -7}}};
  for (std::size_t i = 0; i < 4; ++i)
    city.grids.push_back(
        grid("37040200100100" + std::to_string(i), {middle, corners[i], corners[(i + 1) % 4]}));
  auto const whole = PlaceIndex::build(city);
  for (int k = 0; k < 500; ++k) {
    LatLon const p{some(random), some(random)};
    auto const found = whole->find(p);
    ASSERT_TRUE(found.grid) << p.lat_e7 << ' ' << p.lon_e7;
    for (auto const& other : city.grids) {  // takes no notice of whether the others are there
      if (other.code == found.grid->code) continue;
      City fewer = city;
      std::erase_if(fewer.grids, [&](UnitGrid const& g) { return g.code == other.code; });
      EXPECT_EQ(PlaceIndex::build(std::move(fewer))->find(p).grid->code, found.grid->code);
    }
  }
}

TEST(PlaceIndex, NamesAPlaceByItsAddressElseByItsStreet) {
  City city;
  city.things.push_back(
      {Kind::road, "R1", "main", {"建设路", "Jianshe Road"}, {{}, {{at(0, 0), at(100, 0)}}, {}}});
  city.things.push_back({Kind::building,
                         "B1",
                         "residential",
                         {},
                         {at(10, 0.3), {}, {}},
                         {},
                         {{"number", "12"}, {"road", "R1"}}});
  city.things.push_back(
      {Kind::component, "3704020115000001", "0115", {"路灯", "Street lamp"}, {at(20, 1), {}, {}}});
  auto const index = PlaceIndex::build(city);
  auto const house = index->near(at(10, 0.1));
  ASSERT_TRUE(house);
  EXPECT_EQ(house->words.zh, "近：建设路 12 号");
  EXPECT_EQ(house->words.en, "near 12 Jianshe Road");
  auto const street = index->near(at(60, 1));
  ASSERT_TRUE(street);
  EXPECT_EQ(street->words.zh, "近：建设路");
  EXPECT_NEAR(street->distance_m, 111.2, 1);
  EXPECT_FALSE(index->near(at(60, 40)));
  auto const lamp = index->nearest_component(at(20.1, 1), "0115");
  ASSERT_TRUE(lamp);
  EXPECT_EQ(lamp->thing->code, "3704020115000001");
  EXPECT_NEAR(lamp->distance_m, 9.1, 0.5);
  EXPECT_FALSE(index->nearest_component(at(20.1, 1), "0301"));
}

TEST(PlaceIndex, StandsForAShapeByAPointInsideIt) {
  Shape horseshoe;  // its centre of gravity lies in the gap
  horseshoe.polygons.push_back(
      {{at(0, 0), at(10, 0), at(10, 10), at(9, 10), at(9, 1), at(1, 1), at(1, 10), at(0, 10)}, {}});
  City city;
  city.grids = {grid("370402001001001", horseshoe.polygons[0].outer)};
  EXPECT_TRUE(PlaceIndex::build(city)->find(PlaceIndex::centre(horseshoe)).grid);
}

TEST(LivePlaces, GivesReadersTheSnapshotThatTheyBeganWith) {
  LivePlaces live(PlaceIndex::build(small_town()));
  auto const before = live.now();
  live.put(PlaceIndex::build({}));
  EXPECT_EQ(before->city().grids.size(), 3u);
  EXPECT_TRUE(live.now()->city().grids.empty());
}

TEST(CodeScheme, CutsCodesAsConfigured) {
  auto scheme = CodeScheme::standard();
  EXPECT_EQ(scheme.parent("370402001001003"), "370402001001");
  EXPECT_EQ(scheme.parent("370402"), "3704");
  EXPECT_EQ(scheme.parent("3704"), "");
  scheme.areas[3].digits = 13;  // a city whose communities have four digits of their own
  scheme.grid_digits = 16;
  EXPECT_EQ(scheme.parent("3704020010010003"), "3704020010010");
}

}  // namespace
}  // namespace zhili::sense::places
