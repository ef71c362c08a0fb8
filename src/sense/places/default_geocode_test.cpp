#include "sense/places/default_geocode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace zhili::sense::places {
namespace {

using core::LatLon;

/// A city of 40 types; one point gets a bit of everything, one corner a lot of two types.
PlaceCounter city() {
  PlaceCounter c;
  for (int i = 0; i < 20'000; ++i) {
    auto const type = "type-" + std::to_string(i % 40);
    c.add({1000 + i % 4000, 2000 + i % 3000}, type);
    if (i % 20 == 0) c.add({7, 7}, "type-" + std::to_string(i / 20 % 40));
    if (i % 10 == 0) c.add({9, 9}, i % 20 == 0 ? "type-1" : "type-2");
  }
  return c;
}

TEST(DefaultGeocode, NamesThePointOfAllTypesAndSparesTheBusyCorner) {
  auto const counter = city();
  auto const found = default_geocodes(counter.counts(), counter.types_in_all());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].at, (LatLon{7, 7}));
  EXPECT_EQ(found[0].reports, 1000);
  EXPECT_NE(found[0].because.en.find("1000 reports"), std::string::npos);
}

TEST(DefaultGeocode, SaysNothingAboutLittleData) {
  PlaceCounter c;
  for (int i = 0; i < 500; ++i) c.add({7, 7}, i % 2 == 0 ? "a" : "b");
  EXPECT_TRUE(default_geocodes(c.counts(), c.types_in_all()).empty());
  EXPECT_TRUE(default_geocodes({}, 0).empty());
}

/// One line of CSV into its fields.
std::vector<std::string> fields_of(std::string const& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (char const c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      out.emplace_back();
    else if (c != '\n' && c != '\r')
      out.back() += c;
  }
  return out;
}

TEST(DefaultGeocode, NamesOnePointOfTheBostonYear) {
  auto const file =
      std::filesystem::path(ZHILI_SOURCE_DIR) / "../shared/data/boston311/boston311_2015.csv.xz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the Boston year is not at " << file;
  auto const command = "xz -dc '" + file.string() + "'";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  ASSERT_TRUE(pipe);
  PlaceCounter counter;
  std::vector<char> buffer(1 << 16);
  std::size_t lat = 0, lon = 0, type = 0, rows = 0;
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get())) {
    auto const fields = fields_of(buffer.data());
    if (rows++ == 0) {
      auto const column = [&](char const* name) {
        return static_cast<std::size_t>(std::ranges::find(fields, name) - fields.begin());
      };
      lat = column("LATITUDE"), lon = column("LONGITUDE"), type = column("TYPE");
      continue;
    }
    if (std::max({lat, lon, type}) >= fields.size() || fields[lat].empty()) continue;
    counter.add(LatLon::of(std::stod(fields[lat]), std::stod(fields[lon])), fields[type]);
  }
  auto const found = default_geocodes(counter.counts(), counter.types_in_all());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].at, LatLon::of(42.3594, -71.0587));
  EXPECT_EQ(found[0].reports, 17'070);
}

}  // namespace
}  // namespace zhili::sense::places
