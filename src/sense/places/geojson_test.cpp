#include "sense/places/geojson.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>

#include "support/temp_db.hpp"

namespace zhili::sense::places {
namespace {

struct Read {
  City city;
  std::vector<GeoJsonFault> faults;
  std::size_t parts = 0;
};

Read read(std::string const& file, GeoJsonOptions const& options = {}, std::size_t piece = 1 << 20) {
  Read out;
  auto const keep = [&](City&& part) {
    ++out.parts;
    auto const move = [](auto& from, auto& to) { to.insert(to.end(), from.begin(), from.end()); };
    move(part.areas, out.city.areas);
    move(part.grids, out.city.grids);
    move(part.duties, out.city.duties);
    move(part.things, out.city.things);
    return core::Result<>{};
  };
  GeoJsonReader reader(options, keep, [&](GeoJsonFault&& fault) { out.faults.push_back(std::move(fault)); });
  for (std::size_t at = 0; at < file.size(); at += piece)
    if (!reader.feed(std::string_view(file).substr(at, piece))) break;
  EXPECT_TRUE(reader.finish());
  return out;
}

std::string collection(std::string const& features, std::string const& more = "") {
  return R"({"type":"FeatureCollection",)" + more + R"("features":[)" + features + "]}";
}
std::string feature(std::string const& properties, std::string const& geometry = "null") {
  return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}
std::string const square =
    R"({"type":"Polygon","coordinates":[[[117.55,34.86],[117.55,34.861],[117.551,34.861],[117.551,34.86],[117.55,34.86]]]})";

std::string const whole = collection(
    feature(R"({"kind":"area","code":"370402","name":{"zh":"榴城区","en":"Liucheng"}})", square) + "," +
    feature(
        R"({"kind":"grid","code":"370402001001001","land_use":"park","grade":2,"from":"2026-01-01T00:00:00+08:00"})",
        square) +
    "," +
    feature(
        R"({"kind":"duty_grid","code":"clean-1","function":"sanitation","post":"p1","grids":["370402001001001"]})") +
    "," +
    feature(
        R"({"kind":"component","code":"3704020115000001","owner":"lighting","height":8,"name_zh":"路灯","name_en":"Lamp"})",
        R"({"type":"Point","coordinates":[117.55,34.86]})") +
    "," +
    feature(R"({"kind":"road","code":"R1","class":"main","name":"建设路"})",
            R"({"type":"LineString","coordinates":[[117.55,34.86],[117.56,34.87]]})"));

TEST(GeoJson, ReadsEveryKind) {
  auto const got = read(whole);
  for (auto const& f : got.faults) ADD_FAILURE() << f.feature << ' ' << f.property << ' ' << f.text.en;
  ASSERT_EQ(got.city.areas.size(), 1u);
  EXPECT_EQ(got.city.areas[0].level, "district");
  EXPECT_EQ(got.city.areas[0].parent, "3704");
  ASSERT_EQ(got.city.grids.size(), 1u);
  EXPECT_NEAR(static_cast<double>(got.city.grids[0].area_m2), 111.2 * 91.2, 30);
  EXPECT_EQ(got.city.grids[0].grade, 2);
  EXPECT_EQ(core::to_iso(*got.city.grids[0].from), "2025-12-31T16:00:00Z");
  ASSERT_EQ(got.city.duties.size(), 1u);
  ASSERT_EQ(got.city.things.size(), 2u);
  EXPECT_EQ(got.city.things[0].klass, "0115");
  EXPECT_EQ(got.city.things[0].field("height"), "8");
  EXPECT_EQ(got.city.things[1].shape.lines[0].size(), 2u);
}

TEST(GeoJson, TurnsRingsTheRightWayAndDropsTheClosingPoint) {
  auto const ring = read(whole).city.grids[0].shape.polygons[0].outer;  // given clockwise
  ASSERT_EQ(ring.size(), 4u);
  EXPECT_EQ(ring[0], LatLon::of(34.86, 117.551));
  EXPECT_EQ(ring[1], LatLon::of(34.861, 117.551));
}

TEST(GeoJson, ReadsTheSameInPiecesOfAnySize) {
  auto const at_once = read(whole);
  for (std::size_t piece : std::initializer_list<std::size_t>{1, 2, 3, 7, 64}) {
    auto const got = read(whole, {}, piece);
    EXPECT_TRUE(got.faults.empty());
    EXPECT_EQ(got.city.things, at_once.city.things) << piece;
    EXPECT_EQ(got.city.grids, at_once.city.grids) << piece;
  }
}

TEST(GeoJson, HandsOverBoundedParts) {
  std::string many;
  for (int i = 0; i < 2500; ++i)
    many += (i ? "," : "") + feature(R"({"kind":"organisation","code":"o)" + std::to_string(i) + "\"}");
  auto const got = read(collection(many));
  EXPECT_EQ(got.parts, 3u);
  EXPECT_EQ(got.city.things.size(), 2500u);
}

TEST(GeoJson, NamesTheFeatureThePropertyAndTheFix) {
  struct Case {
    char const* what;
    std::string bad;
    char const* property;
    char const* says;
  };
  auto const point = [](std::string const& at) { return R"({"type":"Point","coordinates":)" + at + "}"; };
  for (auto const& c : {
           Case{"open ring",
                feature(R"({"kind":"grid","code":"370402001001001"})",
                        R"({"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,2]]]})"),
                "geometry", "Repeat the first position"},
           Case{"swapped", feature(R"({"kind":"estate","code":"e"})", point("[34.86,117.55]")), "geometry",
                "swapped"},
           Case{"short code", feature(R"({"kind":"grid","code":"3704"})", square), "code", "15 digits"},
           Case{"wrong class",
                feature(R"({"kind":"component","code":"3704020115000001","class":"0301"})", point("[1,2]")),
                "code", "0115"},
           Case{"no kind", feature(R"({"code":"x"})"), "kind", "component"},
           Case{"no properties", R"({"type":"Feature"})", "properties", "kind and code"},
           Case{"not a feature", R"(7)", "properties", "kind and code"},
           Case{"text as feature", R"("x")", "properties", "kind and code"},
           Case{"bad time", feature(R"({"kind":"grid","code":"370402001001001","from":"1.1.2026"})", square),
                "from", "2026-01-01T"},
           Case{"bad number", feature(R"({"kind":"grid","code":"370402001001001","grade":"two"})", square),
                "grade", "without quotes"},
           Case{"grid without outline",
                feature(R"({"kind":"grid","code":"370402001001001"})", point("[1,2]")), "geometry",
                "Polygon"},
           Case{"circle",
                feature(R"({"kind":"estate","code":"e"})", R"({"type":"Circle","coordinates":[1,2]})"),
                "geometry", "Circle"},
           Case{"line ring",
                feature(R"({"kind":"estate","code":"e"})",
                        R"({"type":"Polygon","coordinates":[[[1,1],[2,2],[3,3],[1,1]]]})"),
                "geometry", "no area"},
           Case{"long text",
                feature(R"({"kind":"estate","code":"e","note":")" + std::string(5000, 'x') + "\"}"), "note",
                "4096"},
       }) {
    auto const got = read(collection(feature(R"({"kind":"estate","code":"good"})") + "," + c.bad));
    ASSERT_EQ(got.faults.size(), 1u) << c.what;
    EXPECT_EQ(got.faults[0].feature, 2) << c.what;
    EXPECT_EQ(got.faults[0].property, c.property) << c.what;
    EXPECT_NE(got.faults[0].text.en.find(c.says), std::string::npos)
        << c.what << ": " << got.faults[0].text.en;
    EXPECT_FALSE(got.faults[0].text.zh.empty());
  }
}

TEST(GeoJson, RefusesWhatIsNoCollectionAndWhatIsTooMuch) {
  EXPECT_EQ(read(R"({"type":"Feature","properties":{}})").faults.at(0).property, "type");
  EXPECT_EQ(read(R"({"type":"FeatureCollection"})").faults.at(0).property, "features");
  EXPECT_FALSE(read("").faults.empty());
  EXPECT_FALSE(read("[1,2").faults.empty());
  EXPECT_FALSE(read(whole + "x").faults.empty());
  EXPECT_TRUE(read(whole + " \n").faults.empty());
  EXPECT_FALSE(read(collection(std::string(100, '[') + std::string(100, ']'))).faults.empty());
  std::string positions = "[1,1]";
  while (positions.size() < geojson_feature_bytes_max) positions += "," + positions;
  auto const large = read(collection(feature(R"({"kind":"road","code":"r"})",
                                             R"({"type":"LineString","coordinates":[)" + positions + "]}")));
  ASSERT_EQ(large.faults.size(), 1u);
  EXPECT_NE(large.faults[0].text.en.find("8 MB"), std::string::npos);
}

TEST(GeoJson, ConvertsTheDatumAndKeepsTheOriginal) {
  auto const one =
      feature(R"({"kind":"estate","code":"e"})", R"({"type":"Point","coordinates":[117.55,34.86]})");
  auto const got = read(collection(one, R"("datum":"gcj02",)"));
  ASSERT_EQ(got.city.things.size(), 1u);
  EXPECT_EQ(*got.city.things[0].shape.point, core::to_wgs84(core::Datum::gcj02, LatLon::of(34.86, 117.55)));
  EXPECT_EQ(got.city.things[0].field("original"), "gcj02 117.55,34.86");
  GeoJsonOptions other;
  other.datum = core::Datum::bd09;
  EXPECT_EQ(read(collection(one, R"("datum":"gcj02",)"), other).faults.at(0).property, "datum");
  EXPECT_EQ(read(collection(one, R"("datum":"mars",)")).faults.at(0).property, "datum");
  EXPECT_EQ(read(R"({"features":[)" + one + R"(],"datum":"gcj02"})").faults.at(0).property, "datum");
}

GeoJsonFile file_of(std::string const& text) {
  return [text]() -> core::Result<GeoJsonPieces> {
    return [file = std::make_shared<std::istringstream>(text)](std::span<char> out) -> core::Result<std::size_t> {
      file->read(out.data(), static_cast<std::streamsize>(out.size()));
      return static_cast<std::size_t>(file->gcount());
    };
  };
}

TEST(GeoJson, ImportsOnce) {
  test::TempDb db;
  Provenance const from{"import:test", "import:test", core::from_ms(5)};
  for (int round = 0; round < 2; ++round) {
    GeoJsonImport done;
    ASSERT_TRUE(import_geojson(*db, file_of(whole), {}, from, [](GeoJsonFault&& f) { ADD_FAILURE() << f.text.en; }, done));
    EXPECT_EQ(done.features, 5);
    EXPECT_EQ(done.saved.added, round == 0 ? 5 : 0);
    EXPECT_EQ(done.saved.unchanged, round == 0 ? 0 : 5);
  }
}

TEST(GeoJson, TakesTheGoodAndHandsBackTheBadAsTheyStood) {
  test::TempDb db;
  Provenance const from{"import:test", "import:test", core::from_ms(5)};
  std::string many;
  for (int i = 0; i < 300; ++i) many += feature(R"({"kind":"?","code":"x)" + std::to_string(i) + "\"}") + ",";
  std::vector<GeoJsonFault> faults;
  auto const keep = [&](GeoJsonFault&& fault) { faults.push_back(std::move(fault)); };
  auto const file = file_of(collection(many + feature(R"({"kind":"estate","code":"e","name":"石榴苑"})")));
  GeoJsonImport done;
  ASSERT_TRUE(import_geojson(*db, file, {}, from, keep, done));
  EXPECT_EQ(done.features, 301);
  EXPECT_EQ(done.faults, 300);
  EXPECT_EQ(done.saved.added, 1);
  EXPECT_EQ(faults.at(299).feature, 300);
  EXPECT_NE(faults.at(299).source.find("x299"), std::string::npos);
  EXPECT_EQ(load(*db, core::from_ms(10))->things.size(), 1U);
}

TEST(GeoJson, TakesNothingOfAFileThatIsBrokenOrSaysItsDatumTooLate) {
  test::TempDb db;
  auto const good = feature(R"({"kind":"estate","code":"e"})") + "," + feature(R"({"kind":"estate","code":"f"})");
  auto const cut = collection(good);
  for (auto const& text : {cut.substr(0, cut.size() - 20), R"({"features":[)" + good + R"(],"datum":"gcj02"})"}) {
    std::vector<GeoJsonFault> faults;
    auto const keep = [&](GeoJsonFault&& fault) { faults.push_back(std::move(fault)); };
    GeoJsonImport done;
    ASSERT_TRUE(import_geojson(*db, file_of(text), {}, {"import:test", "import:test", core::from_ms(5)}, keep, done));
    EXPECT_TRUE(done.broken);
    EXPECT_EQ(done.saved.added, 0);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].feature, 0);
  }
  EXPECT_TRUE(load(*db, core::from_ms(10))->things.empty());
}

}  // namespace
}  // namespace zhili::sense::places
