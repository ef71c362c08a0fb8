// What is private is shown to staff only, by whatever way somebody asks; and keys cannot make it public.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "web/sensorthings/sensorthings_test_kit.hpp"

namespace zhili::web::sensorthings {
namespace {

using test::Town;
using test::Who;

/// A home with a bed sensor (all ids 1) and a street with a lamp (all ids 2); they share the Sensor 3 and the ObservedProperty 3.
class SensorThingsPrivate : public testing::TestWithParam<zhili::test::Engine> {
 protected:
  void SetUp() override {
    for (auto const* of : {"home", "street"}) {
      auto const name = std::string(of);
      bool const home = name == "home";
      auto const thing = town_.make("Things", test::thing(name, home ? R"(,"properties":{"private":true})" : ""));
      town_.make(at("Things", thing, "/Locations"), test::location(name + " place", home ? 117.1 : 117.2, 34.1));
      auto const sensor = town_.make("Sensors", test::sensor(name + " sensor"));
      auto const property = town_.make("ObservedProperties", test::property(name + " property"));
      auto const stream = town_.make(at("Things", thing, "/Datastreams"), test::stream(name + " stream", R"(,"Sensor":)" + test::to(sensor) + R"(,"ObservedProperty":)" + test::to(property)));
      EXPECT_EQ(town_.post(at("Datastreams", stream, "/Observations"), home ? R"({"phenomenonTime":"2025-11-01T08:00:00Z","result":111})" : R"({"phenomenonTime":"2025-11-01T08:00:00Z","result":222})").status, 201);
    }
    shared_ = town_.make("Sensors", test::sensor("shared sensor"));
    for (auto const* thing : {"Things(1)", "Things(2)"})
      town_.make(std::string(thing) + "/Datastreams", test::stream("second of " + std::string(thing), R"(,"Sensor":)" + test::to(shared_) + R"(,"ObservedProperty":)" + test::to(2)));
    home_observation_ = town_.get("Observations", {{"$filter", "result eq 111"}}, Who::staff).value()[0].at("@iot.id").as_int64();
  }
  static std::string at(char const* set, std::int64_t id, char const* more = "") { return std::string(set) + "(" + std::to_string(id) + ")" + more; }
  static std::vector<std::string> paths() {
    return {"Things(1)", "Locations(1)", "HistoricalLocations(1)", "Datastreams(1)", "Sensors(1)", "FeaturesOfInterest(1)"};
  }
  Town town_{GetParam()};
  std::int64_t shared_ = 0, home_observation_ = 0;
};

TEST_P(SensorThingsPrivate, NothingOfAHomeIsInAnyAnswer) {
  std::vector<std::string> targets = {"", "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest",
                                      "Observations?$resultFormat=dataArray", "Observations?$orderby=phenomenonTime", "Observations?$orderby=result%20desc",
                                      "Observations?$expand=Datastream/Thing/Locations,FeatureOfInterest", "Things?$expand=Datastreams($expand=Sensor,Observations),Locations,HistoricalLocations",
                                      "Sensors?$expand=Datastreams/Thing", "ObservedProperties?$expand=Datastreams/Observations", "Locations?$expand=Things,HistoricalLocations/Thing",
                                      "FeaturesOfInterest?$expand=Observations/Datastream", "Observations?$filter=result%20eq%20111", "Datastreams/$ref", "HistoricalLocations?$expand=Thing,Locations",
                                      "Locations?$filter=st_within(location,geography'POLYGON((117%2034,118%2034,118%2035,117%2035,117%2034))')"};
  for (auto const& path : paths())
    for (auto const* more : {"", "/Datastreams", "/Thing", "/Things", "/Locations", "/Observations", "/HistoricalLocations", "/name", "/name/$value", "/$ref", "/Sensor"}) targets.push_back(path + more);
  for (auto const* more : {"", "/result", "/Datastream", "/Datastream/Thing", "/FeatureOfInterest"}) targets.push_back(at("Observations", home_observation_, more));
  targets.push_back(at("Sensors", shared_, "/Datastreams"));
  for (auto const who : {Who::everybody, Who::key}) {
    for (auto const& target : targets) {
      auto const answer = town_.ask(Method::get, target, {}, who);
      EXPECT_NE(answer.status, 500) << target;
      for (auto const* word : {"home place", "home stream", "home sensor", "\"home\"", "111", "second of Things(1)"}) EXPECT_EQ(answer.text.find(word), std::string::npos) << target << ": " << answer.text;
    }
    for (auto const& path : paths()) EXPECT_EQ(town_.ask(Method::get, path, {}, who).status, 404) << path;
    EXPECT_EQ(town_.ask(Method::get, at("Observations", home_observation_), {}, who).status, 404);
  }
}

TEST_P(SensorThingsPrivate, NothingOfAHomeCanBeFoundOutByAskingForIt) {
  std::pair<char const*, char const*> const questions[] = {{"Sensors", "Datastreams/Thing/name eq 'home'"},
                                                           {"Sensors", "Datastreams/name eq 'home stream'"},
                                                           {"Sensors", "Datastreams/Observations/result eq 111"},
                                                           {"ObservedProperties", "Datastreams/Observations/result eq 111"},
                                                           {"ObservedProperties", "Datastreams/Thing/Locations/name eq 'home place'"},
                                                           {"ObservedProperties", "Datastreams/Observations/FeatureOfInterest/name eq 'home place'"},
                                                           {"Observations", "Datastream/Thing/name eq 'home'"},
                                                           {"Observations", "FeatureOfInterest/name eq 'home place'"},
                                                           {"Things", "Locations/name eq 'home place'"},
                                                           {"Locations", "Things/name eq 'home'"},
                                                           {"Locations", "geo.distance(location,geography'POINT(117.1 34.1)') lt 0.01"}};
  for (auto const& [set, filter] : questions) {
    auto const found = town_.get(set, {{"$filter", filter}, {"$count", "true"}});
    EXPECT_EQ(found.object().at("@iot.count"), 0) << set << " " << filter;
    EXPECT_GT(town_.get(set, {{"$filter", filter}, {"$count", "true"}}, Who::staff).object().at("@iot.count").as_int64(), 0) << set << " " << filter;
  }
  EXPECT_EQ(town_.get("Things", {{"$count", "true"}}).object().at("@iot.count"), 1);
  EXPECT_EQ(town_.get("Observations", {{"$count", "true"}}).object().at("@iot.count"), 1);
}

TEST_P(SensorThingsPrivate, StaffSeeAllOfIt) {
  for (auto const& path : paths()) EXPECT_EQ(town_.ask(Method::get, path, {}, Who::staff).status, 200) << path;
  auto const answer = town_.ask(Method::get, at("Observations", home_observation_), {}, Who::staff);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Cache-Control"), "private, no-store");
}

TEST_P(SensorThingsPrivate, WhatIsSharedWithTheStreetIsSeen) {
  EXPECT_EQ(town_.get(at("Sensors", shared_)).status, 200);
  EXPECT_EQ(town_.names(at("Sensors", shared_, "/Datastreams")), "second of Things(2)");
}

TEST_P(SensorThingsPrivate, AKeyCannotReachWhatIsPrivateByWriting) {
  EXPECT_EQ(town_.ask(Method::patch, "Things(1)", R"({"properties":{}})", Who::key).status, 404);
  EXPECT_EQ(town_.ask(Method::patch, "Datastreams(1)", R"({"Thing":{"@iot.id":2}})", Who::key).status, 404);
  EXPECT_EQ(town_.ask(Method::del, "Things(1)", {}, Who::key).status, 404);
  EXPECT_EQ(town_.ask(Method::post, "Things(1)/Datastreams", test::stream("spy"), Who::key).status, 404);
  // By a link from something public it would be seen.
  EXPECT_EQ(town_.post("Things", test::thing("trap", R"(,"Locations":[{"@iot.id":1}])"), Who::key).status, 400);
  EXPECT_EQ(town_.ask(Method::patch, "Things(2)", R"({"Locations":[{"@iot.id":1}]})", Who::key).status, 400);
  EXPECT_EQ(town_.ask(Method::patch, "Datastreams(2)", R"({"Sensor":{"@iot.id":1}})", Who::key).status, 400);
  EXPECT_EQ(town_.post("Datastreams(2)/Observations", R"({"phenomenonTime":"2025-11-01T09:00:00Z","result":1,"FeatureOfInterest":{"@iot.id":1}})", Who::key).status, 400);
  EXPECT_EQ(town_.get("FeaturesOfInterest(1)").status, 404);
  EXPECT_EQ(town_.post("Datastreams(1)/Observations", R"({"phenomenonTime":"2025-11-01T09:00:00Z","result":112})", Who::key).status, 201) << "a gateway may send what it may not read";
  EXPECT_EQ(town_.results("Observations"), "222");
}

TEST_P(SensorThingsPrivate, WhatWasOfAHomeStaysHiddenWhenTheHomeIsGone) {
  EXPECT_EQ(town_.ask(Method::del, "Things(1)", {}, Who::staff).status, 200);
  for (auto const* path : {"Locations(1)", "Sensors(1)", "FeaturesOfInterest(1)"}) {
    EXPECT_EQ(town_.get(path).status, 404) << path;
    EXPECT_EQ(town_.get(path, {}, Who::staff).status, 200) << path;
  }
  EXPECT_EQ(town_.get(at("Sensors", shared_)).status, 200);
}

TEST_P(SensorThingsPrivate, StaffCanMakeItPublicAndPrivateAgain) {
  EXPECT_EQ(town_.ask(Method::patch, "Things(1)", R"({"properties":{"private":false}})", Who::staff).status, 200);
  EXPECT_EQ(town_.get("Datastreams(1)").status, 200);
  EXPECT_EQ(town_.results("Observations", {{"$orderby", "result"}}), "111 222");
  EXPECT_EQ(town_.ask(Method::patch, "Things(1)", R"({"properties":{"private":true}})", Who::staff).status, 200);
  EXPECT_EQ(town_.get("Datastreams(1)").status, 404);
  EXPECT_EQ(town_.get("Locations(1)").status, 404);
}

TEST_P(SensorThingsPrivate, WritingNeedsSomebody) {
  EXPECT_EQ(town_.post("Things", test::thing("a"), Who::everybody).status, 401);
  EXPECT_EQ(town_.post("Things", "nonsense", Who::everybody).status, 401) << "before anything is read";
  EXPECT_EQ(town_.ask(Method::patch, "Things(2)", R"({"name":"x"})").status, 401);
  EXPECT_EQ(town_.ask(Method::put, "Things(2)", test::thing("x")).status, 401);
  EXPECT_EQ(town_.ask(Method::del, "Things(2)").status, 401);
  EXPECT_EQ(town_.post("Datastreams(2)/Observations", R"({"result":1})", Who::everybody).status, 401);
  EXPECT_EQ(town_.post("CreateObservations", "[]", Who::everybody).status, 401);
  EXPECT_EQ(town_.get("Things(2)").object().at("name"), "street");
}

INSTANTIATE_TEST_SUITE_P(Engines, SensorThingsPrivate, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& it) { return zhili::test::name_of(it.param); });

}  // namespace
}  // namespace zhili::web::sensorthings
