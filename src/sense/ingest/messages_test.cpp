#include "sense/ingest/messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sense/ingest/ingest_test_kit.hpp"

namespace zhili::sense::ingest {
namespace {

using test::Bench;
using test::Kept;
using test::noon_ms;

TEST(Messages, Topics) {
  using Kind = Topic::Kind;
  EXPECT_EQ(topic_of("devices/G-7").kind, Kind::device);
  EXPECT_EQ(topic_of("devices/G-7").serial, "G-7");
  EXPECT_EQ(topic_of("devices/G-7/level").kind, Kind::stream);
  EXPECT_EQ(topic_of("devices/G-7/level").stream, "level");
  EXPECT_EQ(topic_of("v1.1/Datastreams(5)/Observations").kind, Kind::observations);
  EXPECT_EQ(topic_of("v1.1/Datastreams(5)/Observations").datastream, 5);
  for (auto const* bad : {"", "devices", "devices/", "devices//level", "devices/G-7/", "devices/G-7/a/b", "v1.1/Datastreams()/Observations", "v1.1/Datastreams(0)/Observations",
                          "v1.1/Datastreams(-1)/Observations", "v1.1/Datastreams(5x)/Observations", "v1.1/Datastreams(99999999999999999999)/Observations", "v1.1/Observations", "v1.1/Datastreams(5)",
                          "v1.1/Datastreams()/Obs"})
    EXPECT_EQ(topic_of(bad).kind, Kind::none) << bad;
  EXPECT_EQ(topic_of("devices/" + std::string(topic_bytes_max, 'x')).kind, Kind::none);
}

TEST(Messages, AnObservationOfSensorThings) {
  Batch batch;
  ASSERT_TRUE(read_observation(R"({"result":12.5,"phenomenonTime":"2025-11-21T08:00:00Z/2025-11-21T08:10:00Z","resultTime":"2025-11-21T08:11:00Z",
                                   "FeatureOfInterest":{"@iot.id":4},"parameters":{"gain":2},"validTime":"2025-11-21T08:00:00Z/2025-11-22T08:00:00Z"})",
                               31, batch));
  auto const& row = batch.rows.at(0);
  EXPECT_EQ(row.number, 12.5);
  EXPECT_EQ(row.phenomenon_ms, noon_ms);
  auto const* more = batch.find_more(row);
  EXPECT_EQ(more->phenomenon_end, core::from_ms(noon_ms + 600'000));
  EXPECT_EQ(more->result_time, core::from_ms(noon_ms + 660'000));
  EXPECT_EQ(more->feature, 4);
  EXPECT_EQ(more->extra, R"({"parameters":{"gain":2},"validTime":"2025-11-21T08:00:00Z/2025-11-22T08:00:00Z"})");
  for (auto const* good : {R"({"result":3})", R"({"result":true})", R"({"result":"open"})", R"({"result":[1]})", R"({"result":18446744073709551615})", R"({"result":1,"parameters":null})"})
    EXPECT_TRUE(read_observation(good, 31, batch)) << good;
  EXPECT_EQ(batch.rows[1].kind, ValueKind::count);
  EXPECT_EQ(batch.rows[5].kind, ValueKind::number);
  struct {
    char const* json;
    char const* field;
  } const bad[] = {{"", ""}, {"[]", ""}, {"{}", "result"}, {R"({"result":null})", "result"}, {R"({"result":"a\u0000b"})", "result"}, {R"({"result":1,"phenomenonTime":5})", "phenomenonTime"},
                   {R"({"result":1,"phenomenonTime":"2025-11-21T08:00:00Z/"})", "phenomenonTime"}, {R"({"result":1,"resultTime":"now"})", "resultTime"},
                   {R"({"result":1,"FeatureOfInterest":{}})", "FeatureOfInterest"}, {R"({"result":1,"value":2})", "value"}};
  auto const rows = batch.size();
  for (auto const& one : bad) {
    auto const read = read_observation(one.json, 31, batch);
    ASSERT_FALSE(read) << one.json;
    EXPECT_EQ(read.error().field, one.field) << one.json;
  }
  EXPECT_EQ(batch.size(), rows) << "what is bad leaves nothing";
}

TEST(Messages, ManyDevicesGoIntoOneBatchAndEachWritesItsOwn) {
  Bench bench;
  MessageReader reader(*bench.intake);
  auto const at = core::from_ms(noon_ms);
  Message const messages[] = {{"devices/G-7/level", "12.5", at},
                              {"devices/G-8", R"({"s":"level","t":1763711999000,"v":3})", core::from_ms(noon_ms + 10)},
                              {"devices/G-8", R"({"d":31,"v":99})", at},  // another's, by its number
                              {"devices/G-9/level", "1", at},
                              {"devices/G-7/depth", "1", at},
                              {"devices/G-7/level", "", at},
                              {"devices/G-7/level", "nonsense", at},
                              {"elsewhere", "1", at}};
  auto groups = reader.read(messages);
  ASSERT_EQ(groups.size(), 1U);
  auto const receipt = bench.intake->take(groups[0].source, std::move(groups[0].batch));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->stored, 2U);
  EXPECT_EQ(receipt->quarantined, 5U);
  EXPECT_EQ(bench.sink.all(), (std::set<Kept>{{31, noon_ms, "12.500000"}, {41, noon_ms - 1'000, "3.000000"}}));
  EXPECT_EQ(*bench.quarantine.counts(), (std::map<std::string, std::int64_t>{{"ingest.device", 1}, {"ingest.json", 1}, {"ingest.stream", 2}, {"ingest.topic", 1}}));
  auto const kept = *bench.quarantine.list({.key = "ingest.json"});
  EXPECT_EQ(kept[0].what.device, 7);
  EXPECT_EQ(kept[0].what.topic, "devices/G-7/level");
  EXPECT_EQ(kept[0].what.sent, "nonsense");
}

TEST(Messages, TwoWaysAndLongStretchesAreBatchesOfTheirOwn) {
  Bench bench;
  MessageReader reader(*bench.intake);
  Message const messages[] = {{"devices/G-7/level", "1", core::from_ms(noon_ms)},
                              {"devices/G-7/level", "2", core::from_ms(noon_ms + batch_span_ms_max)},
                              {"devices/G-7/level", "3", core::from_ms(noon_ms + batch_span_ms_max + 1)},
                              {"v1.1/Datastreams(31)/Observations", R"({"result":4})", core::from_ms(noon_ms)}};
  auto const groups = reader.read(messages);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].batch.size(), 2U);
  EXPECT_EQ(groups[2].source.way, Way::mqtt_sensorthings);
}

TEST(Messages, AFloodOfOneDeviceIsCutAndCounted) {
  Bench bench;
  bench.intake->put(DeviceFact{.device = 7, .serial = "G-7", .rate_per_s = 50, .burst = 100});
  MessageReader reader(*bench.intake);
  std::vector<std::string> values;
  for (int i = 0; i < 10'000; ++i) values.push_back(std::to_string(i));
  std::vector<Message> messages;
  for (int i = 0; i < 10'000; ++i) {
    messages.push_back({"devices/G-7/level", values[static_cast<std::size_t>(i)], core::from_ms(noon_ms + i / 10)});  // 10,000 in one second
    if (i % 1'000 == 0) messages.push_back({"devices/G-8/level", values[static_cast<std::size_t>(i)], core::from_ms(noon_ms + i / 10)});
  }
  std::size_t stored = 0;
  for (auto& group : reader.read(messages)) stored += bench.intake->take(group.source, std::move(group.batch))->stored;
  auto const all = bench.sink.all();
  EXPECT_EQ(std::ranges::count_if(all, [](Kept const& one) { return one.datastream == 41; }), 10);
  EXPECT_GE(stored, 140U + 10);
  EXPECT_LE(stored, 150U + 10);
  EXPECT_GE(bench.intake->counters().of(Way::mqtt_device).throttled, 9'850U);
}

/// A quarter of a megabyte can say more than a batch may have. It stands in nobody's way.
TEST(Messages, OneThatSaysTooMuchIsKeptAsideAndTheOthersAreTaken) {
  Bench bench;
  MessageReader reader(*bench.intake);
  std::string lines;
  while (lines.size() + 2 <= message_bytes_max) lines += "1\n";
  std::string const most = lines.substr(0, 2 * message_observations_max);
  std::vector<Message> const messages{{"devices/G-8/level", "1", core::from_ms(noon_ms)}, {"devices/G-7/level", lines, core::from_ms(noon_ms)}, {"devices/G-7/level", most, core::from_ms(noon_ms)}, {"devices/G-8/level", "2", core::from_ms(noon_ms + 1)}};
  for (auto& group : reader.read(messages)) {
    EXPECT_LE(group.batch.size(), batch_observations_max);
    auto const taken = bench.intake->take(group.source, std::move(group.batch));
    ASSERT_TRUE(taken) << taken.error().text.en;
  }
  auto const all = bench.sink.all();
  EXPECT_EQ(std::ranges::count_if(all, [](Kept const& one) { return one.datastream == 41; }), 2);
  EXPECT_EQ((*bench.quarantine.counts())["ingest.message_observations"], 1);
}

TEST(Messages, WhoHasShownWhoTheyAreWritesOnlyThat) {
  Bench bench;
  MessageReader reader(*bench.intake);
  Source const gauge{.device = 7};
  auto const take = [&](Source const& who, std::string_view topic, std::string_view bytes) {
    auto group = reader.read_from(who, {topic, bytes, core::from_ms(noon_ms)});
    return *bench.intake->take(group.source, std::move(group.batch));
  };
  EXPECT_EQ(take(gauge, "devices/G-7/level", "1").stored, 1U);
  EXPECT_EQ(take(gauge, "devices/G-8/level", "1").quarantined, 1U);
  EXPECT_EQ(take(gauge, "v1.1/Datastreams(32)/Observations", R"({"result":true})").stored, 1U);
  EXPECT_EQ(take(gauge, "v1.1/Datastreams(41)/Observations", R"({"result":1})").quarantined, 1U);
  Source const program{.any_stream = true};
  EXPECT_EQ(take(program, "v1.1/Datastreams(41)/Observations", R"({"result":1})").stored, 1U);
  EXPECT_EQ(take(program, "devices/G-8/level", "2").stored, 1U);
}

}  // namespace
}  // namespace zhili::sense::ingest
