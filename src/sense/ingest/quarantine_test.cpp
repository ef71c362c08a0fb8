#include "sense/ingest/quarantine.hpp"

#include <gtest/gtest.h>

#include "sense/ingest/check.hpp"
#include "sense/ingest/ingest_test_kit.hpp"
#include "store/ledger.hpp"

namespace zhili::sense::ingest {
namespace {

using test::Bench;
using test::Kept;
using test::noon_ms;
using zhili::test::Engine;

class OnBoth : public testing::TestWithParam<Engine> {};
INSTANTIATE_TEST_SUITE_P(Quarantine, OnBoth, testing::Values(Engine::sqlite, Engine::postgresql), [](auto const& of) { return name_of(of.param); });

TEST_P(OnBoth, AReadingOfTheWrongTimeIsKeptAsideWithWhatWasSentAndCanGoInAfterAll) {
  Bench bench(GetParam());
  Batch batch;
  batch.add(31, 12'000, 12.5);  // 1970
  batch.add(31, noon_ms, 3);
  auto& future = batch.add(31, noon_ms + clock_ahead_max_ms + 1, 1.5);
  batch.more_of(future).unit = "m";
  auto const receipt = bench.take(std::move(batch));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->stored, 1U);
  EXPECT_EQ(receipt->quarantined, 2U);
  EXPECT_EQ(receipt->refused, 0U);

  auto const waiting = bench.quarantine.list({});
  ASSERT_TRUE(waiting) << waiting.error().detail;
  ASSERT_EQ(waiting->size(), 2U);
  auto const& newest = waiting->front();
  EXPECT_EQ(newest.what.key, "ingest.future");
  EXPECT_EQ(newest.what.device, 7);
  EXPECT_EQ(newest.what.datastream, 31);
  EXPECT_NE(newest.what.sent.find("\"value\":1.5E0"), std::string::npos) << newest.what.sent;
  EXPECT_EQ(*bench.quarantine.counts(), (std::map<std::string, std::int64_t>{{"ingest.future", 1}, {"ingest.past", 1}}));

  auto const released = bench.intake->release(newest.id, true, "staff:dora");
  ASSERT_TRUE(released) << released.error().text.en;
  EXPECT_EQ(released->stored, 1U);
  EXPECT_EQ(bench.intake->release(newest.id, true, "staff:dora").error().code, core::Errc::conflict);
  auto const& oldest = waiting->back();
  ASSERT_TRUE(bench.intake->release(oldest.id, false, "staff:dora")) << "under the time at which it came";
  EXPECT_EQ(bench.sink.all(), (std::set<Kept>{{31, noon_ms, "3.000000"}, {31, noon_ms, "12.500000"}, {31, noon_ms + clock_ahead_max_ms + 1, "150.000000"}}));

  EXPECT_TRUE(bench.quarantine.list({})->empty());
  EXPECT_EQ(bench.quarantine.list({.all = true})->size(), 2U);
  EXPECT_EQ(bench.quarantine.find(newest.id)->decided_by, "staff:dora");
  auto const entries = bench.db->read([](store::Reader& r) { return r.value<std::int64_t>("SELECT count(*) FROM ledger WHERE kind = ?", core::EventKind::quarantine_released); });
  EXPECT_EQ(**entries, 2);
}

TEST_P(OnBoth, DroppedOnesAreDecidedAndOldOnesGo) {
  Bench bench(GetParam());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(bench.level(i, 1));
  auto const waiting = bench.quarantine.list({.limit = 2});
  ASSERT_EQ(waiting->size(), 2U);
  auto const next = bench.quarantine.list({.before = waiting->back().id, .limit = 2});
  ASSERT_EQ(next->size(), 1U);
  ASSERT_TRUE(bench.quarantine.decide(next->front().id, Quarantined::State::dropped, "staff:dora"));
  EXPECT_EQ(bench.intake->release(next->front().id, true, "x").error().key, "quarantine.decided");
  EXPECT_EQ(bench.quarantine.decide(999, Quarantined::State::dropped, "x").error().code, core::Errc::not_found);
  EXPECT_EQ(bench.quarantine.list({.device = 8})->size(), 0U);
  EXPECT_EQ(bench.quarantine.list({.device = 7, .key = "ingest.past"})->size(), 2U);
  bench.db.time.advance(quarantine_kept + std::chrono::seconds(1));
  ASSERT_TRUE(bench.level(0, 1));
  EXPECT_EQ(*bench.quarantine.sweep(), 3);
  EXPECT_EQ(bench.quarantine.list({.all = true})->size(), 1U);
}

TEST(Quarantine, ABrokenClockDoesNotFillIt) {
  Bench bench;
  std::size_t quarantined = 0;
  for (int i = 0; i < 3; ++i) {
    Batch batch;
    for (int k = 0; k < 400; ++k) batch.add(31, k, 1);
    quarantined += bench.take(std::move(batch))->quarantined;
  }
  EXPECT_EQ(quarantined, 1'200U) << "all are counted";
  EXPECT_EQ((*bench.quarantine.counts())["ingest.past"], quarantine_device_rows_max_per_day);
  bench.db.time.advance(std::chrono::hours(24));
  ASSERT_TRUE(bench.level(0, 1));
  EXPECT_EQ((*bench.quarantine.counts())["ingest.past"], quarantine_device_rows_max_per_day + 1);
}

TEST(Quarantine, WhoCannotBeToldHasItKeptInstead) {
  Bench bench;
  Batch batch;
  batch.add(31, noon_ms, 3);
  batch.add(99, noon_ms, 3);
  batch.add_text(31, noon_ms, "full");
  batch.add_unread({.line = 4, .key = "ingest.json", .text = {"不是 JSON", "not JSON"}}, std::string_view("\xff{oops\0", 7));
  auto const receipt = bench.take(std::move(batch), {.way = Way::mqtt_device, .device = 7, .topic = "devices/G-7"});
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->stored, 1U);
  EXPECT_EQ(receipt->quarantined, 3U);
  EXPECT_EQ(receipt->refused, 0U);
  auto const kept = *bench.quarantine.list({});
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].what.key, "ingest.json");
  EXPECT_EQ(kept[0].what.topic, "devices/G-7");
  EXPECT_EQ(kept[0].what.sent, "\xEF\xBF\xBD{oops\xEF\xBF\xBD");
  EXPECT_EQ(bench.intake->release(kept[0].id, true, "x").error().key, "quarantine.message");
  EXPECT_EQ(bench.intake->release(kept[1].id, true, "x").error().key, "ingest.value") << "it is still wrong";
  bench.intake->put(StreamFact{.datastream = 99, .device = 7});
  EXPECT_TRUE(bench.intake->release(kept[2].id, true, "x")) << "its stream has been made since";
}

TEST(Quarantine, WhatIsKeptReadsBackAsItWas) {
  Batch batch;
  batch.add(31, noon_ms, 0.1).device_words = true;
  batch.more_of(batch.rows.back()) = {.phenomenon_end = core::from_ms(noon_ms + 1), .result_time = core::from_ms(noon_ms + 2), .feature = 5, .unit = "mm", .extra = R"({"parameters":{"a":1}})"};
  batch.add_truth(32, time_absent, true);
  batch.add_count(33, noon_ms, -7);
  batch.add_text(34, noon_ms, "满\n\"");
  batch.add_json(35, noon_ms, "[1,2]");
  for (auto const& row : batch.rows) {
    auto const again = observation_from(observation_text(batch, row));
    ASSERT_TRUE(again);
    EXPECT_EQ(observation_text(*again, again->rows[0]), observation_text(batch, row));
    EXPECT_EQ(again->rows[0].kind, row.kind);
    EXPECT_EQ(again->rows[0].device_words, row.device_words);
    EXPECT_EQ(again->rows[0].phenomenon_ms, row.phenomenon_ms);
  }
  for (auto const* bad : {"", "[]", "{}", "{\"kind\":\"number\",\"value\":true}", "{\"kind\":\"x\",\"value\":1}"}) EXPECT_EQ(observation_from(bad).error().code, core::Errc::corrupt) << bad;
}

}  // namespace
}  // namespace zhili::sense::ingest
