// Places by what people call them.

#include "sense/places/name_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zhili::sense::places {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Shape point(double lat, double lon) { return {.point = LatLon::of(lat, lon), .lines = {}, .polygons = {}}; }

Thing building(std::string code, std::string number, double lon) {
  return {.kind = Kind::building, .code = std::move(code), .klass = "residential", .name = {"1 号楼", "Building 1"}, .shape = point(34.8, lon),
          .fields = {{"number", std::move(number)}, {"road", "R1"}}};
}

NameSearch town() {
  City city;
  city.things = {{.kind = Kind::road, .code = "R1", .klass = "main", .name = {"建设路", "Jianshe Road"}, .shape = point(34.8, 117.3)},
                 building("B1", "12", 117.31),
                 building("B2", "120", 117.32),
                 {.kind = Kind::estate, .code = "E1", .klass = "", .name = {"榴花小区", "Liuhua Estate"}, .shape = point(34.81, 117.33)},
                 {.kind = Kind::component, .code = "C1", .klass = "0103", .name = {"建设路路灯", "A lamp"}, .shape = point(34.8, 117.3)}};
  return NameSearch(PlaceIndex::build(std::move(city)));
}

std::vector<std::string> names(std::string_view query, std::size_t limit = 8) {
  std::vector<std::string> out;
  for (auto const& hit : town().find(query, limit)) out.push_back(hit.name.zh);
  return out;
}

TEST(NameSearch, FindsRoadsWithTheirHouseNumbersAndNoComponents) {
  EXPECT_THAT(names("建设路"), ElementsAre("建设路", "建设路 12 号", "建设路 120 号"));
  EXPECT_THAT(names("建设路12"), ElementsAre("建设路 12 号", "建设路 120 号"));
  EXPECT_THAT(names("建设路 １２号"), ElementsAre("建设路 12 号"));  // full-width, with a blank
}

TEST(NameSearch, FindsInEitherLanguageWhateverTheCase) {
  EXPECT_THAT(names("LIUHUA"), ElementsAre("榴花小区"));
  EXPECT_THAT(names("jianshe 120"), ElementsAre("建设路 120 号"));
}

TEST(NameSearch, GivesNothingForNothingAndNoMoreThanAsked) {
  EXPECT_THAT(names("   "), IsEmpty());
  EXPECT_THAT(names("没有这条路"), IsEmpty());
  EXPECT_THAT(names("建设路", 1), ElementsAre("建设路"));
}

}  // namespace
}  // namespace zhili::sense::places
