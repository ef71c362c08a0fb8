// Making, changing and removing entities, on both databases: all or nothing, what follows from it, what the ledger says.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "web/sensorthings/sensorthings_test_kit.hpp"

namespace zhili::web::sensorthings {
namespace {

using test::Town;
using test::Who;

class SensorThingsEntities : public testing::TestWithParam<zhili::test::Engine> {
 protected:
  std::int64_t all_rows() {
    std::int64_t out = 0;
    (void)town_.db->read([&](store::Reader& r) {
      for (auto const* table : {"thing", "location", "historical_location", "datastream", "sensor", "observed_property", "feature_of_interest", "thing_location",
                                "historical_location_location", "datastream_feature"})
        out += r.value<std::int64_t>(std::string("SELECT COUNT(*) FROM ") + table).value_or(0);
    });
    return out;
  }
  std::vector<std::string> ledger() {
    std::vector<std::string> out;
    (void)town_.db->read([&](store::Reader& r) {
      r.each<std::int64_t, std::string>("SELECT kind, payload FROM ledger WHERE kind >= 600 AND kind <= 609 ORDER BY seq",
                                        [&](std::int64_t kind, std::string payload) { out.push_back(std::to_string(kind) + " " + payload); });
    });
    return out;
  }
  static std::string path(char const* set, std::int64_t id, char const* more = "") { return std::string(set) + "(" + std::to_string(id) + ")" + more; }
  static std::string observation(std::string const& time, std::string const& result, std::string const& more = {}) {
    return R"({"phenomenonTime":")" + time + R"(","result":)" + result + more + "}";
  }
  static constexpr char const* plate =
      R"({"name":"plate","description":"d","encodingType":"application/geo+json","feature":{"type":"Point","coordinates":[117.6,34.9]}})";
  /// A Thing with everything below it; the second observation as it is said.
  static std::string oven(std::string const& second) {
    return test::thing("oven", R"(,"Locations":[)" + test::location("kitchen", 117.5, 34.8) + R"(],"Datastreams":[)" +
                                   test::stream("heat", R"(,"Sensor":)" + test::sensor("probe") + R"(,"ObservedProperty":)" + test::property("temperature") + R"(,"Observations":[)" +
                                                            observation("2025-11-01T08:00:00Z", "70.4", std::string(R"(,"FeatureOfInterest":)") + plate) + "," + second + "]") +
                                   "]");
  }
  /// A Datastream of a new Thing without a place.
  std::int64_t plain_stream(std::string const& more = {}) {
    return town_.make("Datastreams", test::stream("level", R"(,"Thing":)" + test::thing("gauge", more) + R"(,"Sensor":)" + test::sensor("probe") + R"(,"ObservedProperty":)" + test::property("level")));
  }
  Town town_{GetParam()};
};

TEST_P(SensorThingsEntities, ADeepInsertMakesAllOfIt) {
  auto const id = town_.make("Things", oven(observation("2025-11-01T09:00:00Z", "71")));
  EXPECT_EQ(town_.names(path("Things", id, "/Locations")), "kitchen");
  EXPECT_EQ(town_.get(path("Things", id, "/HistoricalLocations")).value().size(), 1U);
  EXPECT_EQ(town_.names(path("Things", id, "/Datastreams")), "heat");
  EXPECT_EQ(town_.results("Datastreams(1)/Observations"), "70.4 71");
  EXPECT_EQ(town_.names("FeaturesOfInterest", {{"$orderby", "name"}}), "kitchen plate") << "one was said, one is where the Thing stands";
  auto const stream = town_.get("Datastreams(1)");
  EXPECT_EQ(stream.object().at("phenomenonTime"), "2025-11-01T08:00:00Z/2025-11-01T09:00:00Z");
  EXPECT_EQ(stream.object().at("observedArea").at("type"), "Polygon") << "what its features cover";
}

TEST_P(SensorThingsEntities, ADeepInsertIsMadeWholeOrNotAtAll) {
  auto const before = all_rows();
  std::string const good = oven(observation("2025-11-01T09:00:00Z", "71"));
  auto const spoilt = [&](std::string const& from, std::string const& to) {
    auto out = good;
    auto const at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
  };
  std::pair<std::string, char const*> const faults[] = {
      {spoilt(R"("metadata":"https://example.org")", R"("x@y":1)"), "Datastreams.0.Sensor.metadata"},
      {spoilt(R"("definition":"https://example.org")", R"("definition":5)"), "Datastreams.0.ObservedProperty.definition"},
      {spoilt(R"("observationType":)", R"("wetness":)"), "Datastreams.0.wetness"},
      {spoilt(R"([117.500000,34.800000])", "[200,95]"), "Locations.0.location"},
      {spoilt(R"([117.6,34.9])", R"(["a"])"), "Datastreams.0.Observations.0.FeatureOfInterest.feature"},
      {spoilt("2025-11-01T09:00:00Z", "noon"), "Datastreams.0.Observations.1.phenomenonTime"},
      {spoilt(R"("result":71)", R"("result":"wet")"), "Datastreams.0.Observations.1"},
      {spoilt(R"(,"result":71)", ""), "Datastreams.0.Observations.1.result"},
  };
  for (auto const& [body, field] : faults) {
    auto const answer = town_.post("Things", body);
    EXPECT_EQ(answer.status, 400) << body;
    if (answer.status == 400) {
      EXPECT_EQ(answer.object().at("field"), field) << answer.text;
    }
    EXPECT_EQ(all_rows(), before) << answer.text;
  }
  EXPECT_EQ(town_.post("Things", good).status, 201);
}

TEST_P(SensorThingsEntities, ObservationsThatCannotBeStoredUndoTheEntitiesAndTheLedgerSaysSo) {
  EXPECT_EQ(town_.post("Things", oven(observation("2025-11-01T09:00:00Z", R"("wet")"))).status, 400);
  EXPECT_EQ(town_.get("Things").value().size(), 0U);
  EXPECT_EQ(town_.results("Observations"), "");
  int made = 0, removed = 0;
  for (auto const& entry : ledger()) {
    made += entry.starts_with("600") ? 1 : 0;
    removed += entry.starts_with("602") ? 1 : 0;
  }
  EXPECT_EQ(made, 7) << "Thing, Location, its history, Datastream, Sensor, ObservedProperty, the feature that was said";
  EXPECT_GE(removed, 5);
}

TEST_P(SensorThingsEntities, LinksToWhatIsNotThereAreRefused) {
  auto const before = all_rows();
  for (auto const* body : {R"({"name":"a","description":"b","Locations":[{"@iot.id":99}]})", R"({"name":"a","description":"b","Datastreams":[{"@iot.id":99}]})"}) {
    EXPECT_EQ(town_.post("Things", body).status, 400);
    EXPECT_EQ(all_rows(), before);
  }
  EXPECT_EQ(town_.post("Things(99)/Datastreams", test::stream("a")).status, 404);
  EXPECT_EQ(town_.post("Datastreams", test::stream("a")).status, 400);
  EXPECT_EQ(town_.post("Datastreams(99)/Observations", observation("2025-11-01T09:00:00Z", "1")).status, 404);
}

TEST_P(SensorThingsEntities, BodiesThatAreNoneAreRefused) {
  for (auto const* body : {"", "{", "[]", "5", "null", "\"x\"", "{\"name\":\"a\",}", "{\"name\":\"a\" \"description\":\"b\"}", "{\"name\":\"a\",\"description\":\"b\"} x",
                           "{\"name\":\"a\",\"name\":\"b\",\"description\":\"b\"}", "{\"name\":\"\\u0000\",\"description\":\"b\"}", "{\"name\":\"a\",\"description\":\"b\",\"properties\":{\"n\":1e999}}"})
    EXPECT_EQ(town_.post("Things", body).status, 400) << body;
  std::string deep = test::thing("a");
  for (int i = 0; i < 20; ++i) deep = i % 2 == 0 ? test::location("l", 1, 1, R"(,"Things":[)" + deep + "]") : test::thing("a", R"(,"Locations":[)" + deep + "]");
  EXPECT_EQ(town_.post("Things", deep).status, 400);
  EXPECT_EQ(town_.get("Things").value().size(), 0U);
}

TEST_P(SensorThingsEntities, AMoveIsRememberedHoweverItIsTold) {
  auto const id = town_.make("Things", test::thing("van", R"(,"Locations":[)" + test::location("yard", 117.1, 34.1) + "]"));
  town_.make(path("Things", id, "/Locations"), test::location("street", 117.2, 34.2));
  EXPECT_EQ(town_.names(path("Things", id, "/Locations")), "street");
  auto const bridge = town_.make("Locations", test::location("bridge", 117.3, 34.3));
  EXPECT_EQ(town_.ask(Method::patch, path("Things", id), R"({"Locations":[)" + test::to(bridge) + "]}", Who::staff).status, 200);
  EXPECT_EQ(town_.names(path("Things", id, "/Locations")), "bridge");
  auto const past = town_.get(path("Things", id, "/HistoricalLocations"), {{"$orderby", "time desc"}, {"$expand", "Locations"}});
  std::string places;
  for (auto const& one : past.value()) places += std::string(one.at("Locations").at(0).at("name").as_string()) + " ";
  EXPECT_EQ(places, "bridge street yard ");
  town_.make("HistoricalLocations", R"({"time":"2020-01-01T00:00:00Z","Thing":)" + test::to(id) + R"(,"Locations":[)" + test::to(bridge) + "]}");
  EXPECT_EQ(town_.names(path("Things", id, "/Locations")), "bridge") << "what was long ago moves nothing";
  EXPECT_EQ(town_.ask(Method::patch, path("Things", id), R"({"name":"lorry"})", Who::staff).status, 200);
  EXPECT_EQ(town_.get(path("Things", id, "/HistoricalLocations")).value().size(), 4U);
}

TEST_P(SensorThingsEntities, ObservationsAreAboutWhereTheThingStoodWhenTheyCame) {
  auto const id = town_.make("Things", test::thing("van", R"(,"Locations":[)" + test::location("yard", 117.1, 34.1) + "]"));
  auto const stream = town_.make(path("Things", id, "/Datastreams"), test::stream("speed", R"(,"Sensor":)" + test::sensor("s") + R"(,"ObservedProperty":)" + test::property("p")));
  auto const first = town_.make(path("Datastreams", stream, "/Observations"), observation("2025-11-01T08:00:00Z", "1"));
  auto const second = town_.make(path("Datastreams", stream, "/Observations"), observation("2025-11-01T09:00:00Z", "2"));
  town_.make(path("Things", id, "/Locations"), test::location("street", 117.2, 34.2));
  auto const third = town_.make(path("Datastreams", stream, "/Observations"), observation("2025-11-01T08:30:00Z", "3"));
  auto const about = [&](std::int64_t observed) { return std::string(town_.get(path("Observations", observed, "/FeatureOfInterest")).object().at("name").as_string()); };
  EXPECT_EQ(about(first), "yard");
  EXPECT_EQ(about(second), "yard");
  EXPECT_EQ(about(third), "street") << "it is about a time before the move, and came after it";
  EXPECT_EQ(town_.names("FeaturesOfInterest", {{"$orderby", "id"}}), "yard street") << "one for each place";
  EXPECT_EQ(town_.results("FeaturesOfInterest(1)/Observations"), "1 2");
}

TEST_P(SensorThingsEntities, WhatIsRemovedTakesAlongWhatCannotBeWithoutIt) {
  std::map<std::string, std::set<std::string>> const along{{"Things", {"HistoricalLocations", "Datastreams", "Observations"}}, {"Locations", {"HistoricalLocations"}}, {"HistoricalLocations", {}},
                                                           {"Datastreams", {"Observations"}}, {"Sensors", {"Datastreams", "Observations"}}, {"ObservedProperties", {"Datastreams", "Observations"}},
                                                           {"Observations", {}}, {"FeaturesOfInterest", {"Observations"}}};
  for (auto const& [removed, follows] : along) {
    std::map<std::string, std::int64_t> ids;
    ids["Things"] = town_.make("Things", test::thing("a", R"(,"Locations":[)" + test::location("l", 1, 1) + "]"));
    ids["Locations"] = town_.get(path("Things", ids["Things"], "/Locations")).value()[0].at("@iot.id").as_int64();
    ids["HistoricalLocations"] = town_.get(path("Things", ids["Things"], "/HistoricalLocations")).value()[0].at("@iot.id").as_int64();
    ids["Sensors"] = town_.make("Sensors", test::sensor("s"));
    ids["ObservedProperties"] = town_.make("ObservedProperties", test::property("p"));
    ids["FeaturesOfInterest"] = town_.make("FeaturesOfInterest", plate);
    ids["Datastreams"] = town_.make("Datastreams", test::stream("d", R"(,"Thing":)" + test::to(ids["Things"]) + R"(,"Sensor":)" + test::to(ids["Sensors"]) + R"(,"ObservedProperty":)" + test::to(ids["ObservedProperties"])));
    ids["Observations"] = town_.make(path("Datastreams", ids["Datastreams"], "/Observations"), observation("2025-11-01T08:00:00Z", "1", R"(,"FeatureOfInterest":)" + test::to(ids["FeaturesOfInterest"])));
    auto const at = path(removed.c_str(), ids[removed]);
    EXPECT_EQ(town_.ask(Method::del, at, {}, Who::everybody).status, 401);
    EXPECT_EQ(town_.ask(Method::del, at, {}, Who::staff).status, 200) << at;
    for (auto const& [set, id] : ids) {
      bool const gone = set == removed || follows.contains(set);
      EXPECT_EQ(town_.get(path(set.c_str(), id)).status, gone ? 404 : 200) << set << " when " << removed << " went";
    }
    EXPECT_EQ(town_.ask(Method::del, at, {}, Who::staff).status, 404) << "gone is gone";
  }
}

TEST_P(SensorThingsEntities, PatchesChangeWhatTheyNamePutsTheRest) {
  auto const id = town_.make("Things", test::thing("a", R"(,"properties":{"a":1,"list":[1,2],"x":1.10})"));
  auto const at = path("Things", id);
  auto const own = [&] {
    auto const text = town_.get(at).text;
    auto const from = text.find("\"name\":") + 7, upto = text.find(",\"Locations@");
    auto const words = text.find(",\"description\":"), after = text.find("\"", words + 16) + 1;
    return text.substr(from, words - from) + text.substr(after, upto - after);
  };
  EXPECT_EQ(town_.ask(Method::patch, at, R"({"description":"changed","@iot.id":77})", Who::staff).status, 200);
  EXPECT_EQ(town_.get(at).object().at("description"), "changed");
  EXPECT_EQ(own(), R"("a","properties":{"a":1,"list":[1,2],"x":1.10})");
  EXPECT_EQ(town_.ask(Method::patch, at, R"([{"op":"add","path":"/properties/list/-","value":3},{"op":"move","from":"/properties/a","path":"/properties/b~1c"},{"op":"test","path":"/name","value":"a"}])",
                      Who::staff, "application/json-patch+json").status, 200);
  EXPECT_EQ(own(), R"("a","properties":{"list":[1,2,3],"x":1.1,"b/c":1})");
  for (auto const* bad : {R"([{"op":"replace","path":"/name","value":"z"},{"op":"remove","path":"/properties/none"}])", R"([{"op":"replace","path":"/name","value":5}])", R"([{"op":"remove","path":"/name"}])",
                          R"([{"op":"add","path":"/wetness","value":5}])", R"([{"op":"jump","path":"/name"}])", R"([{"op":"move","from":"/properties","path":"/properties/list"}])", "{}", "[5]", ""})
    EXPECT_EQ(town_.ask(Method::patch, at, bad, Who::staff, "application/json-patch+json").status, 400) << bad;
  EXPECT_EQ(town_.ask(Method::patch, at, R"([{"op":"replace","path":"/name","value":"z"},{"op":"test","path":"/description","value":"no"}])", Who::staff, "application/json-patch+json").status, 409);
  for (auto const* bad : {R"({"name":null})", R"({"name":5})", R"({"Locations":[{"name":"x"}]})", R"({"properties":[1]})", "[]"})
    EXPECT_EQ(town_.ask(Method::patch, at, bad, Who::staff).status, 400) << bad;
  EXPECT_EQ(own(), R"("a","properties":{"list":[1,2,3],"x":1.1,"b/c":1})") << "what is refused changes nothing";
  EXPECT_EQ(town_.ask(Method::put, at, test::thing("b"), Who::staff).status, 200);
  EXPECT_EQ(own(), R"("b")");
  EXPECT_EQ(town_.ask(Method::put, at, R"({"name":"c"})", Who::staff).status, 400);
}

TEST_P(SensorThingsEntities, NumbersAndTextsComeBackAsTheyWent) {
  auto const id = town_.make("Things", "{\"name\":\"水位 \\\"3\\\" \\n\",\"description\":\"d\",\"properties\":{ \"n\" : 1.10 , \"big\":12345678901234567890, \"far\": [ 0.1 ,1E-7 , -0.0] }}");
  auto const text = town_.get(path("Things", id)).text;
  EXPECT_NE(text.find(R"("properties":{"n":1.10,"big":12345678901234567890,"far":[0.1,1E-7,-0.0]})"), std::string::npos) << text;
  EXPECT_NE(text.find("水位 \\\"3\\\" \\u000a"), std::string::npos) << text;
}

TEST_P(SensorThingsEntities, CorrectedObservationsAreFoundByWhatTheyAreNow) {
  auto const stream = plain_stream();
  auto const at = path("Datastreams", stream, "/Observations");
  auto const id = town_.make(at, observation("2025-11-01T08:00:00Z", "5", R"(,"parameters":{"a":1},"validTime":"2025-11-01T08:00:00Z/2025-11-01T09:00:00Z","resultTime":"2025-11-01T08:00:05Z")"));
  town_.make(at, observation("2025-11-01T09:00:00Z", "6"));
  EXPECT_EQ(town_.ask(Method::patch, path("Observations", id), R"({"result":50,"parameters":null})", Who::staff).status, 200);
  EXPECT_EQ(town_.results(at, {{"$filter", "result gt 10"}}), "50");
  EXPECT_EQ(town_.results(at, {{"$filter", "result eq 5"}}), "");
  auto const now = town_.get(path("Observations", id)).object();
  EXPECT_FALSE(now.contains("parameters"));
  EXPECT_EQ(now.at("validTime"), "2025-11-01T08:00:00Z/2025-11-01T09:00:00Z");
  EXPECT_EQ(now.at("resultTime"), "2025-11-01T08:00:05Z");
  EXPECT_EQ(town_.ask(Method::del, path("Observations", id), {}, Who::staff).status, 200);
  EXPECT_EQ(town_.results(at), "6");
  EXPECT_EQ(town_.get(path("Datastreams", stream)).object().at("phenomenonTime"), "2025-11-01T09:00:00Z/2025-11-01T09:00:00Z");
  auto const entries = ledger();
  EXPECT_NE(std::ranges::find_if(entries, [](auto const& e) { return e.starts_with("601 {\"of\":\"Observation\""); }), entries.end());
  EXPECT_NE(std::ranges::find_if(entries, [](auto const& e) { return e.starts_with("602 {\"of\":\"Observation\""); }), entries.end());
}

TEST_P(SensorThingsEntities, TheLedgerSaysWhatHangsOnWhatAndKeepsNoWords) {
  town_.make("Things", oven(observation("2025-11-01T09:00:00Z", "71")));
  EXPECT_EQ(town_.ask(Method::patch, "Things(1)", R"({"name":"Mrs. Wang's oven"})", Who::staff).status, 200);
  EXPECT_EQ(town_.ask(Method::del, "Things(1)", {}, Who::staff).status, 200);
  auto const entries = ledger();
  EXPECT_EQ(entries.front(), R"(600 {"of":"Thing","id":1})");
  EXPECT_NE(std::ranges::find(entries, R"(600 {"of":"Datastream","id":1,"Thing":1,"Sensor":1,"ObservedProperty":1})"), entries.end());
  EXPECT_NE(std::ranges::find(entries, R"(601 {"of":"Thing","id":1,"set":["name"]})"), entries.end());
  EXPECT_EQ(entries.back(), R"(602 {"of":"Thing","id":1,"Datastreams":[1],"HistoricalLocations":[1]})");
  for (auto const& entry : entries)
    for (auto const* word : {"Wang", "oven", "kitchen", "probe"}) EXPECT_EQ(entry.find(word), std::string::npos) << entry;
}

TEST_P(SensorThingsEntities, AnIdIsNeverGivenTwice) {
  auto const first = town_.make("Things", test::thing("a"));
  town_.ask(Method::del, path("Things", first), {}, Who::staff);
  EXPECT_GT(town_.make("Things", test::thing("b")), first);
}

TEST_P(SensorThingsEntities, ADevicesThingIsMadeInOneCall) {
  auto const made = town_.db->write([&](store::Writer& w) -> core::Result<things::MadeThing> {
    things::Author const author{"staff:dora", true};
    things::Draft sensor, level;
    sensor.type = things::EntityType::sensor;
    level.type = things::EntityType::observed_property;
    sensor.set("name", "Water gauge").set("description", "d").set("encodingType", "text/html").set("metadata", things::json_text("https://example.org"));
    level.set("name", "Water level").set("description", "d").set("definition", "https://example.org");
    ZHILI_TRY(auto const sensor_id, town_.desk->sensor_for(w, "water-gauge", sensor, author));
    ZHILI_TRY(auto const again, town_.desk->sensor_for(w, "water-gauge", sensor, author));
    EXPECT_EQ(sensor_id, again) << "one for each type";
    ZHILI_TRY(auto const level_id, town_.desk->observed_property_for(w, "water-level", level, author));
    return town_.desk->make_thing(w, {.name = "G-7", .description = "d", .at = core::LatLon::of(34.8123456, -117.5), .datastreams = {{.name = "level", .description = "d",
        .observation_type = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement", .unit = {"centimetre", "cm", "cm"}, .sensor = sensor_id, .observed_property = level_id,
        .device_type = "water-gauge", .stream = "level"}}}, author);
  });
  ASSERT_TRUE(made) << made.error().text.en << made.error().field;
  town_.desk->told(made->datastreams);
  ASSERT_EQ(made->datastreams.size(), 1U);
  EXPECT_EQ(town_.get(path("Locations", made->location)).object().at("location").at("coordinates"), (boost::json::array{-117.5, 34.8123456}));
  auto const facts = town_.db->read([&](store::Reader& r) { return things::Things::datastream(r, made->datastreams[0]); });
  ASSERT_TRUE(facts && *facts);
  EXPECT_EQ((*facts)->unit_code, "cm");
  EXPECT_EQ((*facts)->device_type, "water-gauge");
  EXPECT_EQ(town_.post(path("Datastreams", made->datastreams[0], "/Observations"), observation("2025-11-01T08:00:00Z", "1")).status, 201);
}

// Pages while others make and remove: what stays is seen once, and nothing twice.
TEST_P(SensorThingsEntities, PagesUnderInsertsSeeWhatStaysOnce) {
  for (auto const* order : {"id", "name", "name desc"}) {
    std::set<std::int64_t> stay;
    for (int i = 0; i < 9; ++i) stay.insert(town_.make("Things", test::thing("stay" + std::to_string(i))));
    std::multiset<std::int64_t> seen;
    auto page = town_.get("Things", {{"$orderby", order}, {"$top", "2"}});
    std::int64_t extra = 0;
    for (int i = 0; i < 200; ++i) {
      for (auto const& one : page.value()) seen.insert(one.at("@iot.id").as_int64());
      auto const* const next = page.object().if_contains("@iot.nextLink");
      if (next == nullptr) break;
      if (i < 5) {  // before, among and behind what is still to come
        for (auto const* name : {"aaa", "stay4x", "zzz"}) extra = town_.make("Things", test::thing(name));
        if (i % 2 == 1) town_.ask(Method::del, path("Things", extra), {}, Who::staff);
      }
      page = town_.get(std::string(next->as_string()).substr(std::string_view("http://test/sensorthings/v1.1/").size()));
    }
    for (auto const id : stay) EXPECT_EQ(seen.count(id), 1U) << order;
    EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), seen.size()) << "none twice by " << order;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, SensorThingsEntities, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& it) { return zhili::test::name_of(it.param); });

}  // namespace
}  // namespace zhili::web::sensorthings
