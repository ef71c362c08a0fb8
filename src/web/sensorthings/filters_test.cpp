// Filters and orders on both databases, and the same ones without a database: all three must agree.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "web/sensorthings/sensorthings_test_kit.hpp"

namespace zhili::web::sensorthings {
namespace {

using test::Town;

class SensorThingsFilters : public testing::TestWithParam<zhili::test::Engine> {
 protected:
  void SetUp() override {
    town_.make("Things", test::thing("lamp", R"(,"properties":{"n":1,"colour":"red","on":true,"pole":{"height":4.5,"base":{"kind":"steel"}},"list":[7,8],"since":"2020-05-01T00:00:00Z"})"));
    town_.make("Things", test::thing("pump", R"(,"properties":{"n":2,"colour":"Blue","on":false,"since":"2024-05-01T00:00:00Z"})"));
    town_.make("Things", test::thing("gate", R"(,"properties":{"n":2.5,"colour":"红色"})"));
    town_.make("Things", test::thing("bench", R"(,"properties":{"n":"2","colour":null})"));
    town_.make("Things", test::thing("tree"));
  }
  std::string things(std::string const& filter) { return town_.filtered("Things", filter); }
  Town town_{GetParam()};
};

TEST_P(SensorThingsFilters, PropertiesOfJsonAreOfTheirKind) {
  EXPECT_EQ(things("properties/n gt 1"), "pump gate");
  EXPECT_EQ(things("properties/n eq '2'"), "bench");
  EXPECT_EQ(things("properties/n eq 2"), "pump");
  EXPECT_EQ(things("properties/on eq true"), "lamp");
  EXPECT_EQ(things("properties/on eq false"), "pump");
  EXPECT_EQ(things("properties/pole/base/kind eq 'steel'"), "lamp");
  EXPECT_EQ(things("properties/list/1 eq 8"), "lamp");
  EXPECT_EQ(things("properties/colour eq null"), "bench tree");
  EXPECT_EQ(things("properties/colour ne null"), "lamp pump gate");
  EXPECT_EQ(things("not (properties/n gt 1)"), "lamp") << "what has no number is neither more nor less";
  EXPECT_EQ(things("properties/n ne 2"), "lamp gate");
  EXPECT_EQ(things("properties/since gt 2022-01-01T00:00:00Z"), "pump");
  EXPECT_EQ(things("year(properties/since) eq 2020"), "lamp");
  EXPECT_EQ(things("properties/n lt properties/pole/height"), "lamp");
}

TEST_P(SensorThingsFilters, FunctionsOfTexts) {
  EXPECT_EQ(things("substringof('am',name)"), "lamp");
  EXPECT_EQ(things("startswith(name,'p') or endswith(name,'e')"), "pump gate tree");
  EXPECT_EQ(things("length(name) eq 5"), "bench");
  EXPECT_EQ(things("indexof(name,'e') eq 1"), "bench");
  EXPECT_EQ(things("substring(name,1,2) eq 'um'"), "pump");
  EXPECT_EQ(things("substring(name,-5) eq 'tree'"), "tree");
  EXPECT_EQ(things("toupper(name) eq 'GATE' and tolower('ÄB') eq 'Äb'"), "gate") << "only ASCII letters, on both databases";
  EXPECT_EQ(things("concat(concat(name,': '),properties/colour) eq 'lamp: red'"), "lamp");
  EXPECT_EQ(things("trim(concat(' ',name)) eq 'tree'"), "tree");
  EXPECT_EQ(things("length(properties/colour) eq 2"), "gate") << "characters, not bytes";
  EXPECT_EQ(things("substringof('%',name)"), "");
  EXPECT_EQ(things("name eq 'x'' OR ''1''=''1'"), "");
  EXPECT_EQ(things("name gt 'lamp'"), "pump tree");
}

TEST_P(SensorThingsFilters, Arithmetic) {
  EXPECT_EQ(things("properties/n mul 2 eq 5"), "gate");
  EXPECT_EQ(things("properties/n div 2 eq 0.5"), "lamp");
  EXPECT_EQ(things("properties/n mod 2 eq 0.5"), "gate");
  EXPECT_EQ(things("1 div 0 eq 1 or properties/n mod 0 eq 0"), "");
  EXPECT_EQ(things("round(properties/n) eq 3"), "gate");
  EXPECT_EQ(things("floor(properties/n) eq 2 and ceiling(properties/n) eq 3"), "gate");
  EXPECT_EQ(things("round(0 sub properties/n) eq -3"), "gate") << "half away from zero";
  auto const large = town_.get("Things", {{"$filter", "1e308 mul 10 eq properties/n"}});
  EXPECT_TRUE(large.status == 200 || large.status == 400) << large.text;
}

TEST_P(SensorThingsFilters, LinksToOneAndToMany) {
  auto const sensor = town_.make("Sensors", test::sensor("ultrasonic")), property = town_.make("ObservedProperties", test::property("level"));
  auto const links = R"(,"Sensor":)" + test::to(sensor) + R"(,"ObservedProperty":)" + test::to(property);
  town_.make("Things(1)/Datastreams", test::stream("a", links + R"(,"properties":{"k":1})"));
  town_.make("Things(2)/Datastreams", test::stream("b", links + R"(,"properties":{"k":9})"));
  town_.make("Things(1)/Locations", test::location("corner", 117.3, 34.3));
  EXPECT_EQ(things("Datastreams/name eq 'a'"), "lamp");
  EXPECT_EQ(things("Datastreams/ObservedProperty/name eq 'level'"), "lamp pump");
  EXPECT_EQ(things("not (Datastreams/name eq 'a')"), "pump gate bench tree");
  EXPECT_EQ(things("Locations/name eq 'corner' and Datastreams/Sensor/id eq " + std::to_string(sensor)), "lamp");
  EXPECT_EQ(town_.filtered("Datastreams", "Thing/name eq 'pump'"), "b");
  EXPECT_EQ(town_.filtered("Datastreams", "properties/k gt Thing/properties/n"), "b") << "own properties beside those of another";
  EXPECT_EQ(town_.filtered("Sensors", "Datastreams/Thing/Locations/name eq 'corner'"), "ultrasonic");
  EXPECT_EQ(town_.filtered("Things", "st_within(Locations/location,geography'POLYGON((117 34,118 34,118 35,117 35,117 34))')"), "lamp");
  EXPECT_EQ(town_.names("Datastreams", {{"$orderby", "Thing/name desc"}}), "b a");
  EXPECT_EQ(town_.filtered("Things(1)/Datastreams", "name eq 'b'"), "");
}

TEST_P(SensorThingsFilters, ThroughObservations) {
  auto const sensor = town_.make("Sensors", test::sensor("s")), property = town_.make("ObservedProperties", test::property("p"));
  auto const links = R"(,"Sensor":)" + test::to(sensor) + R"(,"ObservedProperty":)" + test::to(property);
  auto const a = town_.make("Things(1)/Datastreams", test::stream("a", links)), b = town_.make("Things(2)/Datastreams", test::stream("b", links));
  auto const road = town_.make("FeaturesOfInterest", R"({"name":"road","description":"d","encodingType":"application/geo+json","feature":{"type":"Point","coordinates":[1,1]}})");
  auto const observe = [&](std::int64_t id, char const* at, char const* result) {
    town_.make("Datastreams(" + std::to_string(id) + ")/Observations", std::string(R"({"phenomenonTime":")") + at + R"(","result":)" + result + R"(,"FeatureOfInterest":)" + test::to(road) + "}");
  };
  observe(a, "2025-11-01T08:00:00Z", "5");
  observe(a, "2025-11-01T09:00:00Z", "15");
  observe(b, "2025-11-02T08:00:00Z", "50");
  EXPECT_EQ(things("Datastreams/Observations/result gt 10 and name ne 'gate'"), "lamp pump");
  EXPECT_EQ(things("Datastreams/Observations/phenomenonTime ge 2025-11-02T00:00:00Z"), "pump");
  EXPECT_EQ(things("Datastreams/Observations/FeatureOfInterest/name eq 'road'"), "lamp pump");
  EXPECT_EQ(town_.filtered("FeaturesOfInterest", "Observations/Datastream/name eq 'b'"), "road");
  EXPECT_EQ(town_.filtered("FeaturesOfInterest", "Observations/result eq 50"), "road");
  EXPECT_EQ(town_.filtered("Datastreams", "id eq " + std::to_string(a) + " and Observations/result eq 50"), "");
  EXPECT_EQ(town_.results("Observations", {{"$filter", "Datastream/Thing/name eq 'lamp' and result gt 10"}}), "15");
  EXPECT_EQ(town_.results("Observations", {{"$filter", "Datastream/name eq 'b' or result lt 10"}, {"$orderby", "result"}}), "5 50");
  EXPECT_EQ(town_.results("Observations", {{"$orderby", "Datastream/name desc,result desc"}}), "50 15 5");
  EXPECT_EQ(town_.results("Observations", {{"$orderby", "phenomenonTime desc"}, {"$top", "2"}}), "50 15");
  EXPECT_EQ(town_.filtered("Datastreams", "phenomenonTime gt 2025-11-01T12:00:00Z"), "b") << "what was noted a moment ago is seen";
  EXPECT_EQ(town_.results("FeaturesOfInterest(" + std::to_string(road) + ")/Observations", {{"$filter", "result gt 10"}}), "15 50");
}

TEST_P(SensorThingsFilters, ShapesAreDecidedAfterTheirBoxes) {
  auto const place = [&](char const* name, double lon, double lat) { town_.make("Locations", test::location(name, lon, lat)); };
  place("inside", 117.3, 34.3);
  place("edge", 117.2, 34.3);
  place("corner-of-the-box", 117.39, 34.21);  // in the box of the triangle and not in the triangle
  place("far", -70, -33);
  town_.make("Locations", R"({"name":"words","description":"d","encodingType":"text/plain","location":{"address":"8 Wall St"}})");
  auto const shape = "geography'POLYGON((117.2 34.2,117.2 34.4,117.4 34.4,117.2 34.2))'";
  EXPECT_EQ(town_.filtered("Locations", std::string("st_within(location,") + shape + ")"), "inside");
  EXPECT_EQ(town_.filtered("Locations", std::string("st_intersects(location,") + shape + ")"), "inside edge");
  EXPECT_EQ(town_.filtered("Locations", std::string("st_touches(location,") + shape + ")"), "edge");
  EXPECT_EQ(town_.filtered("Locations", std::string("not st_intersects(location,") + shape + ")"), "corner-of-the-box far") << "words have no shape, so nothing is said of them";
  EXPECT_EQ(town_.filtered("Locations", std::string("st_disjoint(location,") + shape + ") and name ne 'far'"), "corner-of-the-box");
  EXPECT_EQ(town_.filtered("Locations", std::string("st_relate(location,") + shape + ",'T********')"), "inside");
  EXPECT_EQ(town_.filtered("Locations", "geo.distance(location,geography'POINT(117.31 34.3)') lt 0.02"), "inside");
  EXPECT_EQ(town_.names("Locations", {{"$filter", "location/type eq 'Point'"}, {"$orderby", "geo.distance(location,geography'POINT(117.19 34.3)') desc"}}), "far corner-of-the-box inside edge");
  EXPECT_EQ(town_.filtered("Locations", "location/address eq '8 Wall St'"), "words");
}

TEST_P(SensorThingsFilters, TimesOfDatastreamsAreSpans) {
  auto const stream = town_.make("Things(1)/Datastreams", test::stream("a", R"(,"Sensor":)" + test::sensor("s") + R"(,"ObservedProperty":)" + test::property("p")));
  for (auto const* at : {"2025-11-01T08:00:00Z", "2025-11-01T10:00:00Z"})
    town_.make("Datastreams(" + std::to_string(stream) + ")/Observations", std::string(R"({"phenomenonTime":")") + at + R"(","resultTime":")" + at + R"(","result":1})");
  auto const holds = [&](std::string const& filter) { return town_.filtered("Datastreams", filter) == "a"; };
  EXPECT_TRUE(holds("phenomenonTime eq 2025-11-01T08:00:00Z/2025-11-01T10:00:00Z"));
  EXPECT_TRUE(holds("overlaps(phenomenonTime,2025-11-01T09:00:00Z/2025-11-01T12:00:00Z)"));
  EXPECT_FALSE(holds("overlaps(phenomenonTime,2025-11-01T10:00:00Z/2025-11-01T12:00:00Z)")) << "a span has its begin and not its end";
  EXPECT_TRUE(holds("before(phenomenonTime,2025-11-01T10:00:00Z)"));
  EXPECT_TRUE(holds("during(phenomenonTime,2025-11-01T08:00:00Z/2025-11-01T11:00:00Z)"));
  EXPECT_FALSE(holds("after(phenomenonTime,2025-11-01T09:00:00Z)"));
  EXPECT_TRUE(holds("year(resultTime) eq 2025 and month(resultTime) eq 11 and day(resultTime) eq 1 and hour(resultTime) eq 8"));
  EXPECT_TRUE(holds("date(phenomenonTime) eq 2025-11-01 and time(phenomenonTime) lt 08:00:01 and minute(phenomenonTime) eq 0"));
  EXPECT_TRUE(holds("phenomenonTime add duration'PT1H' eq 2025-11-01T09:00:00Z/2025-11-01T11:00:00Z"));
  EXPECT_TRUE(holds("resultTime lt now() and resultTime gt mindatetime()"));
  EXPECT_FALSE(holds("Thing/HistoricalLocations/time gt now()"));
}

TEST_P(SensorThingsFilters, OrdersByExpressionsWithNothingFirst) {
  EXPECT_EQ(town_.names("Things", {{"$orderby", "properties/n,name"}}), "tree bench lamp pump gate") << "nothing, texts without a number, numbers";
  EXPECT_EQ(town_.names("Things", {{"$orderby", "properties/n desc,name desc"}}), "gate pump lamp bench tree");
  EXPECT_EQ(town_.names("Things", {{"$filter", "properties/n gt 0"}, {"$orderby", "properties/n mul -1"}}), "gate pump lamp");
  EXPECT_EQ(town_.names("Things", {{"$orderby", "length(name) desc,name"}, {"$top", "2"}}), "bench gate");
}

TEST_P(SensorThingsFilters, EveryPageOfEveryOrderOnce) {
  for (auto const* order : {"id", "name desc", "properties/n", "properties/n desc", "properties/colour desc,id", "length(name)", "properties/pole/height"}) {
    auto const whole = town_.names("Things", {{"$orderby", order}});
    for (auto const* size : {"1", "2", "3"}) {
      std::string walked;
      auto page = town_.get("Things", {{"$orderby", order}, {"$top", size}});
      for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(page.status, 200) << page.text;
        for (auto const& one : page.value()) walked += (walked.empty() ? "" : " ") + std::string(one.at("name").as_string());
        auto const* const next = page.object().if_contains("@iot.nextLink");
        if (next == nullptr) break;
        page = town_.get(std::string(next->as_string()).substr(std::string_view("http://test/sensorthings/v1.1/").size()));
      }
      EXPECT_EQ(walked, whole) << order << " by " << size;
    }
  }
}

// The same filter on Things (SQL) and on what Observations say of themselves (no database), over many generated ones.
TEST_P(SensorThingsFilters, SqlAndTheEvaluatorAgree) {
  auto const stream = town_.make("Things(5)/Datastreams", test::stream("a", R"(,"Sensor":)" + test::sensor("s") + R"(,"ObservedProperty":)" + test::property("p")));
  auto const path = "Datastreams(" + std::to_string(stream) + ")/Observations";
  char const* const parameters[] = {R"({"n":1,"colour":"red","on":true,"pole":{"height":4.5,"base":{"kind":"steel"}},"list":[7,8],"since":"2020-05-01T00:00:00Z"})",
                                    R"({"n":2,"colour":"Blue","on":false,"since":"2024-05-01T00:00:00Z"})", R"({"n":2.5,"colour":"红色"})", R"({"n":"2","colour":null})", "{}"};
  for (int i = 0; i < 5; ++i)
    town_.make(path, R"({"phenomenonTime":"2025-11-01T0)" + std::to_string(i) + R"(:00:00Z","result":)" + std::to_string(i + 1) + R"(,"parameters":)" + parameters[i] + "}");
  // A seeded walk over the grammar.
  std::uint32_t seed = 20261121;
  auto const pick = [&](std::size_t n) {
    seed = seed * 1'664'525U + 1'013'904'223U;
    return static_cast<std::size_t>(seed >> 16U) % n;
  };
  auto const one_of = [&](std::vector<std::string> const& of) { return of[pick(of.size())]; };
  std::function<std::string(int)> number, text, condition;
  number = [&](int depth) -> std::string {
    if (depth == 0 || pick(3) == 0) return one_of({"1", "2", "2.5", "-3", "0", "$/n", "$/pole/height", "$/list/0"});
    if (pick(4) == 0) return one_of({"round", "floor", "ceiling"}) + "(" + number(depth - 1) + ")";
    if (pick(5) == 0) return "length(" + text(depth - 1) + ")";
    return "(" + number(depth - 1) + " " + one_of({"add", "sub", "mul", "div", "mod"}) + " " + number(depth - 1) + ")";
  };
  text = [&](int depth) -> std::string {
    if (depth == 0 || pick(2) == 0) return one_of({"'red'", "'e'", "''", "'红'", "$/colour", "$/n", "$/since"});
    if (pick(2) == 0) return one_of({"tolower", "toupper", "trim"}) + "(" + text(depth - 1) + ")";
    return pick(2) == 0 ? "concat(" + text(depth - 1) + "," + text(depth - 1) + ")" : "substring(" + text(depth - 1) + ",1,2)";
  };
  condition = [&](int depth) -> std::string {
    if (depth == 0 || pick(3) == 0) {
      auto const compare = " " + one_of({"eq", "ne", "gt", "ge", "lt", "le"}) + " ";
      switch (pick(5)) {
        case 0: return text(2) + compare + text(1);
        case 1: return one_of({"substringof", "startswith", "endswith"}) + "(" + text(1) + "," + text(1) + ")";
        case 2: return one_of({"$/n", "$/colour", "$/on", "$/none"}) + one_of({" eq null", " ne null"});
        case 3: return "$/on eq " + one_of({"true", "false"});
        default: return number(2) + compare + number(2);
      }
    }
    if (pick(4) == 0) return "not (" + condition(depth - 1) + ")";
    return "(" + condition(depth - 1) + one_of({" and ", " or "}) + condition(depth - 1) + ")";
  };
  auto const with = [](std::string filter, std::string const& property) {
    for (auto at = filter.find('$'); at != std::string::npos; at = filter.find('$')) filter.replace(at, 1, property);
    return filter;
  };
  int answered = 0;
  for (int i = 0; i < 400; ++i) {
    auto const filter = condition(3);
    auto const sql = town_.get("Things", {{"$filter", with(filter, "properties")}, {"$orderby", "id"}, {"$select", "id"}});
    auto const plain = town_.get(path, {{"$filter", with(filter, "parameters")}, {"$orderby", "phenomenonTime"}});
    ASSERT_EQ(sql.status, plain.status) << filter << " " << sql.text << " " << plain.text;
    if (sql.status != 200) continue;
    ++answered;
    std::string a, b;
    for (auto const& one : sql.value()) a += std::to_string(one.at("@iot.id").as_int64()) + " ";
    for (auto const& one : plain.value()) b += boost::json::serialize(one.at("result")) + " ";
    ASSERT_EQ(a, b) << filter;
  }
  EXPECT_GT(answered, 200);
}

INSTANTIATE_TEST_SUITE_P(Engines, SensorThingsFilters, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& it) { return zhili::test::name_of(it.param); });

}  // namespace
}  // namespace zhili::web::sensorthings
