#include "web/tiles/tiles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "web/tiles/clip.hpp"
#include "web/tiles/tile_reader.hpp"

namespace zhili::web {
namespace {

namespace places = sense::places;
using core::LatLon;
using places::Kind;

places::Ring square(double lat, double lon, double size) {
  return {LatLon::of(lat, lon), LatLon::of(lat, lon + size), LatLon::of(lat + size, lon + size),
          LatLon::of(lat + size, lon)};
}

/// One area, a lake with an island, a street, a lamp, near 34.86 N 117.55 E.
places::City small_city() {
  places::City city;
  city.areas.push_back({7,
                        "370402",
                        "district",
                        {"榴城区", "Liucheng"},
                        "3704",
                        {{}, {}, {{square(34.85, 117.54, 0.02), {}}}}});
  auto island = square(34.858, 117.548, 0.002);
  std::ranges::reverse(island);
  city.things.push_back(
      {Kind::water, "w", "lake", {"湖", "Lake"}, {{}, {}, {{square(34.856, 117.546, 0.006), {island}}}}});
  city.things.push_back({Kind::road,
                         "r",
                         "main",
                         {"建设路", "Jianshe Road"},
                         {{}, {{LatLon::of(34.85, 117.541), LatLon::of(34.87, 117.559)}}, {}}});
  city.things.push_back(
      {Kind::component, "3704020115000001", "0115", {"路灯", "Lamp"}, {LatLon::of(34.86, 117.55), {}, {}}});
  return city;
}

struct Town {
  places::LivePlaces live{places::PlaceIndex::build(small_city())};
  Tiles tiles{live};

  static std::array<std::uint32_t, 2> number(std::uint32_t z, double lat, double lon) {
    double const n = std::ldexp(1, static_cast<int>(z)), r = lat * M_PI / 180;
    return {static_cast<std::uint32_t>((lon / 360 + 0.5) * n),
            static_cast<std::uint32_t>((0.5 - std::log(std::tan(M_PI / 4 + r / 2)) / (2 * M_PI)) * n)};
  }
  tile::ReadTile at(std::uint32_t z, double lat = 34.86, double lon = 117.55) {
    auto const [x, y] = number(z, lat, lon);
    auto const bytes = tiles.tile(z, x, y);
    EXPECT_TRUE(bytes);
    return tile::read_tile(**bytes);
  }
};

TEST(Tiles, DrawsWhatBelongsToTheZoom) {
  Town town;
  auto const far = town.at(8);
  EXPECT_TRUE(far.faults.empty()) << far.faults.front();
  EXPECT_TRUE(far.layers.contains("area"));
  EXPECT_FALSE(far.layers.contains("road"));
  auto const near = town.at(16);
  EXPECT_TRUE(near.faults.empty()) << near.faults.front();
  ASSERT_TRUE(near.layers.contains("component"));
  auto const& lamp = near.layers.at("component").features.at(0);
  EXPECT_EQ(lamp.properties.at("class"), "0115");
  EXPECT_EQ(lamp.properties.at("code"), "3704020115000001");
  EXPECT_EQ(town.at(15).layers.contains("component"), false);
}

TEST(Tiles, CarriesNamesInBothLanguagesAndWholeNumbers) {
  Town town;
  auto const tile = town.at(14);
  auto const& road = tile.layers.at("road");
  EXPECT_EQ(road.version, 2u);
  EXPECT_EQ(road.extent, 4096u);
  EXPECT_EQ(road.features.at(0).properties.at("name_zh"), "建设路");
  EXPECT_EQ(road.features.at(0).properties.at("name_en"), "Jianshe Road");
}

TEST(Tiles, WindsOuterRingsAndHolesTheirOwnWay) {
  Town town;
  auto const lake = town.at(13, 34.859, 117.549).layers.at("water").features.at(0);
  ASSERT_EQ(lake.paths.size(), 2u);
  EXPECT_GT(tile::ring_turn(lake.paths[0]), 0);
  EXPECT_LT(tile::ring_turn(lake.paths[1]), 0);
}

TEST(Tiles, FillsATileThatLiesInsideAShape) {
  Town town;
  auto const inside = town.at(20, 34.852, 117.558);
  auto const& ring = inside.layers.at("area").features.at(0).paths.at(0);
  EXPECT_EQ(tile::ring_turn(ring), 2 * 4224LL * 4224);  // the whole square with its margin
}

TEST(Tiles, IsEmptyWhereNothingIsAndRefusesWhatIsNoTile) {
  Town town;
  auto const sea = town.tiles.tile(10, 3, 3);
  ASSERT_TRUE(sea);
  EXPECT_TRUE((*sea)->empty());
  for (auto const& [z, x, y] : {std::array{1u, 2u, 0u}, {1u, 0u, 2u}, {23u, 0u, 0u}}) {
    auto const none = town.tiles.tile(z, x, y);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, core::Errc::invalid);
  }
}

TEST(Tiles, ShowsAnEditAtOnce) {
  Town town;
  EXPECT_EQ(town.at(14).layers.at("area").features.at(0).properties.at("name_en"), "Liucheng");
  auto city = small_city();
  city.areas[0].name = {"新城区", "Xincheng"};
  town.live.put(places::PlaceIndex::build(std::move(city)));
  EXPECT_EQ(town.at(14).layers.at("area").features.at(0).properties.at("name_en"), "Xincheng");
}

TEST(Tiles, KeepsNoMoreThanItsBound) {
  places::LivePlaces live{places::PlaceIndex::build(small_city())};
  Tiles tiles{live, 4000};
  for (std::uint32_t x = 0; x < 200; ++x) ASSERT_TRUE(tiles.tile(14, x, 0));
  EXPECT_LE(tiles.cached_bytes(), 4000u);
}

TEST(Clip, CutsALineIntoItsPartsInside) {
  using tile::Vertex;
  std::vector<Vertex> const line{{-5, 5}, {5, 5}, {5, 20}, {8, 20}, {8, 5}};
  auto const parts = tile::clip_line(line, {0, 10});
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].size(), 3u);
  EXPECT_EQ(parts[0][0].x, 0);
  EXPECT_EQ(parts[0][2].y, 10);
  EXPECT_EQ(parts[1].size(), 2u);
}

}  // namespace
}  // namespace zhili::web
