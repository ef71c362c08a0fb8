#include "sense/ingest/store_sink.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sense/ingest/ingest_test_kit.hpp"

namespace zhili::sense::ingest {
namespace {

using test::noon_ms;
using zhili::test::Engine;

/// The intake in front of a real store.
struct Stored {
  explicit Stored(Engine engine, bool own_thread = false) : bench(engine) {
    bench.intake.reset();
    db = std::move(*store::Db::open_observations(bench.db.options(), bench.db.time));
    observations = std::move(*observations::ObservationStore::open(*db, bench.db.time));
    sink = std::make_unique<StoreSink>(*observations);
    intake = std::move(*Intake::open({.time = bench.db.time, .facts = bench.facts, .units = bench.units, .sink = *sink, .quarantine = bench.quarantine}, {.own_thread = own_thread}));
  }
  test::Bench bench;
  std::unique_ptr<store::Db> db;
  std::unique_ptr<observations::ObservationStore> observations;
  std::unique_ptr<StoreSink> sink;
  std::unique_ptr<Intake> intake;
};

class InStore : public testing::TestWithParam<Engine> {};
INSTANTIATE_TEST_SUITE_P(StoreSink, InStore, testing::Values(Engine::sqlite, Engine::postgresql), [](auto const& of) { return name_of(of.param); });

TEST_P(InStore, EveryKindComesBackAsItWasTaken) {
  Stored stored(GetParam());
  Batch batch;
  auto& number = batch.add(31, noon_ms, 400);
  batch.more_of(number) = {.phenomenon_end = core::from_ms(noon_ms + 60'000), .result_time = core::from_ms(noon_ms + 61'000), .feature = 9, .extra = R"({"parameters":{"a":1}})"};
  batch.add_truth(32, noon_ms, true);
  batch.add_count(33, noon_ms, 17);
  batch.add_text(34, noon_ms, "满");
  batch.add_json(35, noon_ms, R"({"x":[1,2]})");
  batch.add(99, noon_ms, 1);
  auto const receipt = stored.intake->take(test::Bench::program(), batch, true);
  ASSERT_TRUE(receipt) << receipt.error().detail;
  EXPECT_EQ(receipt->stored, 5U);
  ASSERT_EQ(receipt->ids.size(), 6U);
  EXPECT_EQ(receipt->ids[5], 0);
  auto const level = *stored.observations->find(observations::unpacked(receipt->ids[0]));
  ASSERT_TRUE(level);
  EXPECT_EQ(level->value.number, 400);
  EXPECT_EQ(level->flags, bit(Flag::out_of_range));
  EXPECT_EQ(level->phenomenon_end, core::from_ms(noon_ms + 60'000));
  EXPECT_EQ(level->result_time, core::from_ms(noon_ms + 61'000));
  EXPECT_EQ(level->feature, 9);
  EXPECT_EQ(level->extra, R"({"parameters":{"a":1}})");
  EXPECT_EQ((*stored.observations->last(32))->value.integer, 1);
  EXPECT_EQ((*stored.observations->last(33))->value.integer, 17);
  EXPECT_EQ((*stored.observations->last(34))->value.text, "满");
  EXPECT_EQ((*stored.observations->last(35))->value.text, R"({"x":[1,2]})");
  auto const again = stored.intake->take(test::Bench::program(), batch, true);
  EXPECT_EQ(again->duplicates, 5U);
  EXPECT_EQ(again->ids, receipt->ids);
}

/// What a broker kept for ten minutes came ten minutes ago, whenever it is stored: rules and devices go by that.
TEST_P(InStore, WhatABrokerKeptCameWhenTheBrokerGotIt) {
  Stored stored(GetParam());
  auto const now = stored.bench.db.time.now();
  for (auto const when : {now - std::chrono::minutes(10), now + std::chrono::minutes(1)}) {
    Batch batch;
    batch.add(31, core::to_ms(when), 400);
    ASSERT_TRUE(stored.intake->take({.way = Way::mqtt_device, .any_stream = true, .received = when}, batch));
  }
  auto const kept = *stored.observations->batches(0, 10);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].received, now - std::chrono::minutes(10));
  EXPECT_EQ(kept[1].received, now) << "a clock that is ahead of ours";
}

TEST_P(InStore, ManySendersAtOnceLoseNothing) {
  Stored stored(GetParam(), true);
  std::vector<std::thread> senders;
  std::atomic<std::size_t> acknowledged = 0;
  for (int sender = 0; sender < 4; ++sender)
    senders.emplace_back([&, sender] {
      for (int i = 0; i < 50; ++i) {
        Batch batch;
        for (int k = 0; k < 20; ++k) batch.add(sender % 2 == 0 ? 31 : 41, noon_ms + sender * 1'000'000 - 5'000'000 + i * 20 + k, k);
        auto const receipt = stored.intake->take(test::Bench::program(), std::move(batch));
        ASSERT_TRUE(receipt) << receipt.error().detail;
        acknowledged += receipt->stored;
      }
    });
  for (auto& one : senders) one.join();
  EXPECT_EQ(acknowledged, 4'000U);
  EXPECT_EQ((*stored.observations->extent(31))->count, 2'000);
  EXPECT_EQ((*stored.observations->extent(41))->count, 2'000);
}

}  // namespace
}  // namespace zhili::sense::ingest
