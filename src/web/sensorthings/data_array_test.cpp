#include "web/sensorthings/data_array.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/time.hpp"
#include "web/sensorthings/sensorthings_test_kit.hpp"

namespace zhili::web::sensorthings {
namespace {

using sense::ingest::ValueKind;
using test::Town;
using test::Who;

TEST(SensorThingsDataArray, RowsBecomeColumns) {
  auto const read = read_data_arrays(R"([{"Datastream":{"@iot.id":31},"components":["phenomenonTime","result","FeatureOfInterest/id"],"dataArray@iot.count":4,
    "dataArray":[["2026-11-21T08:00:00Z",12.5,7],["2026-11-21T08:00:00.250Z",-3,7],["2026-11-21T16:00:01+08:00",true,8],["2026-11-21T08:00:02Z/2026-11-21T08:00:03Z","it\u0020is",7]]},
    {"dataArray":[[5]],"components":["result"],"Datastream":{"@iot.id":32}}])");
  ASSERT_TRUE(read) << read.error().text.en;
  auto const& rows = read->batch.rows;
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].datastream, 31);
  EXPECT_EQ(rows[0].kind, ValueKind::number);
  EXPECT_EQ(rows[0].number, 12.5);
  EXPECT_EQ(rows[0].phenomenon_ms, core::to_ms(core::from_iso("2026-11-21T08:00:00Z").value()));
  EXPECT_EQ(rows[1].phenomenon_ms - rows[0].phenomenon_ms, 250);
  EXPECT_EQ(rows[1].integer, -3);
  EXPECT_EQ(rows[2].kind, ValueKind::truth);
  EXPECT_EQ(rows[2].phenomenon_ms - rows[0].phenomenon_ms, 1'000);
  EXPECT_EQ(read->batch.text(rows[3]), "it is");
  EXPECT_EQ(core::to_ms(*read->batch.find_more(rows[3])->phenomenon_end) - rows[3].phenomenon_ms, 1'000);
  EXPECT_EQ(rows[4].datastream, 32) << "whatever stands first in the group";
  EXPECT_EQ(rows[4].phenomenon_ms, sense::ingest::time_absent);
  EXPECT_EQ(rows[4].line, 5U);
  EXPECT_EQ(read->features, (std::set<std::pair<things::Id, things::Id>>{{31, 7}, {31, 8}}));
  EXPECT_TRUE(read->wrong.empty());
}

TEST(SensorThingsDataArray, ARowThatIsWrongIsToldAndTheOthersAreRead) {
  auto const read = read_data_arrays(
      R"([{"Datastream":{"@iot.id":31},"components":["phenomenonTime","result"],"dataArray":[["noon",1],["2026-11-21T08:00:00Z",2],["2026-11-21T08:00:00Z"],["2026-11-21T08:00:00Z",3,4],"row",null,{},[],[7,8],["2026-11-21T08:00:00Z",1e999],["2026-02-30T08:00:00Z",1],["2026-11-21T08:00:01Z",9]]}])");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->rows, 12U);
  ASSERT_EQ(read->batch.rows.size(), 2U);
  EXPECT_EQ(read->batch.rows[0].line, 2U);
  EXPECT_EQ(read->batch.rows[1].line, 12U);
  ASSERT_EQ(read->wrong.size(), 10U);
  EXPECT_NE(read->wrong[0].second.en.find("a time"), std::string::npos);
}

TEST(SensorThingsDataArray, WhatIsNoDataArrayIsRefused) {
  std::string const good = R"({"Datastream":{"@iot.id":1},"components":["result"],"dataArray":[[1]]})";
  EXPECT_TRUE(read_data_arrays("[" + good + "]"));
  for (std::string const& bad : std::vector<std::string>{"", "{", "5", "null", "[5]", "[null]", "[[]]", good, "[" + good, "[" + good + "] x", "[" + good + ",]", R"([{"Datastream":{"@iot.id":1},"dataArray":[[1]]}])",
                                 R"([{"Datastream":{"@iot.id":1},"components":["result"]}])", R"([{"components":["result"],"dataArray":[[1]]}])", R"([{"Datastream":{"@iot.id":"x"},"components":["result"],"dataArray":[[1]]}])",
                                 R"([{"Datastream":{"@iot.id":1},"components":["wetness"],"dataArray":[[1]]}])", R"([{"Datastream":{"@iot.id":1},"components":["result","result"],"dataArray":[[1,1]]}])",
                                 R"([{"Datastream":{"@iot.id":1},"components":[],"dataArray":[[]]}])", R"([{"Datastream":{"@iot.id":1},"components":"result","dataArray":[[1]]}])",
                                 R"([{"Datastream":{"@iot.id":1},"components":["result"],"dataArray":5}])", R"([{"Datastream":{"@iot.id":1},"components":["phenomenonTime"],"dataArray":[["2026-11-21T08:00:00Z"]]}])",
                                 R"([{"Datastream":{"@iot.id":1},"components":["result"],"dataArray":[[1],[tru]]}])"})
    EXPECT_FALSE(read_data_arrays(bad)) << bad;
}

TEST(SensorThingsDataArray, PlainTimesAreThoseOfTheCalendar) {
  for (auto const* text : {"1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "1999-12-31T00:00:00.001Z", "2026-11-21T08:05:00.123Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2100-03-01T12:00:00Z"})
    EXPECT_EQ(plain_time_ms(text), core::to_ms(core::from_iso(text).value())) << text;
  for (auto const* text : {"2026-02-30T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T08:05Z", "2026-11-21T08:05:00", "2026-11-21 08:05:00Z", "2026-11-21T08:05:00.1Z", ""})
    EXPECT_EQ(plain_time_ms(text), std::nullopt) << text;
}

TEST(SensorThingsDataArray, EachRowHasItsAnswer) {
  Town town;
  auto const stream = town.make("Datastreams", test::stream("level", R"(,"Thing":)" + test::thing("gauge", R"(,"Locations":[)" + test::location("road", 117, 34) + "]") + R"(,"Sensor":)" + test::sensor("s") +
                                                                         R"(,"ObservedProperty":)" + test::property("p")));
  auto const body = [&](std::int64_t id, std::string const& rows) { return R"({"Datastream":)" + test::to(id) + R"(,"components":["phenomenonTime","result","FeatureOfInterest/id"],"dataArray":)" + rows + "}"; };
  auto const answer = town.post("CreateObservations",
                                "[" + body(stream, R"([["2025-11-01T08:00:00Z",1,null],["noon",2,null],["2025-11-01T08:00:01Z","wet",null],["2025-11-01T08:00:02Z",3,99],["2025-11-01T08:00:03Z",4,null]])") + "," +
                                    body(99, R"([["2025-11-01T08:00:00Z",1,null]])") + "]",
                                Who::key);
  ASSERT_EQ(answer.status, 201) << answer.text;
  auto const& rows = answer.json.as_array();
  ASSERT_EQ(rows.size(), 6U);
  std::string pattern;
  for (auto const& row : rows) pattern += row.as_string().starts_with("error") ? 'x' : row.as_string().starts_with("http://test/sensorthings/v1.1/Observations(") ? 'o' : '?';
  EXPECT_EQ(pattern, "oxxxox");
  EXPECT_EQ(town.results("Datastreams(1)/Observations"), "1 4");
  EXPECT_EQ(town.names("FeaturesOfInterest"), "road") << "where the Thing stands";
  auto const again = town.post("CreateObservations", "[" + body(stream, R"([["2025-11-01T08:00:00Z",1,null]])") + "]", Who::key);
  EXPECT_EQ(again.json.as_array()[0], rows[0]) << "sent twice it is one, with the same address";
  EXPECT_EQ(town.post("CreateObservations", "[]", Who::key).status, 201);
}

TEST(SensorThingsDataArray, ManyRowsAreReadBackInPages) {
  Town town;
  auto const stream = town.make("Datastreams", test::stream("level", R"(,"Thing":)" + test::thing("gauge") + R"(,"Sensor":)" + test::sensor("s") + R"(,"ObservedProperty":)" + test::property("p")));
  std::string rows;
  auto const begin = core::from_iso("2025-11-01T00:00:00Z").value();
  constexpr int many = 120'000;  // more than the intake takes at once
  for (int i = 0; i < many; ++i) rows += (i > 0 ? ",[\"" : "[\"") + core::to_iso(begin + std::chrono::seconds(i)) + "\"," + std::to_string(i) + "]";
  auto const answer = town.post("CreateObservations", R"([{"Datastream":)" + test::to(stream) + R"(,"components":["phenomenonTime","result"],"dataArray":[)" + rows + "]}]", Who::key);
  ASSERT_EQ(answer.status, 201) << answer.text.substr(0, 300);
  EXPECT_EQ(answer.json.as_array().size(), static_cast<std::size_t>(many));
  EXPECT_EQ(answer.text.find("error"), std::string::npos);
  EXPECT_EQ(town.get("Observations", {{"$top", "0"}, {"$count", "true"}}).object().at("@iot.count"), many);
  EXPECT_EQ(town.results("Datastreams(1)/Observations", {{"$filter", "phenomenonTime ge 2025-11-02T00:00:00Z and phenomenonTime lt 2025-11-02T00:00:03Z"}}), "86400 86401 86402");
  EXPECT_EQ(town.results("Datastreams(1)/Observations", {{"$orderby", "phenomenonTime desc"}, {"$top", "2"}}), "119999 119998");
  auto const array = town.get("Datastreams(1)/Observations", {{"$resultFormat", "dataArray"}, {"$select", "result"}, {"$top", "3"}});
  EXPECT_EQ(boost::json::serialize(array.value()[0].at("dataArray")), "[[0],[1],[2]]");
}

}  // namespace
}  // namespace zhili::web::sensorthings
