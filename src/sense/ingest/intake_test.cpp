#include "sense/ingest/intake.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "sense/ingest/ingest_test_kit.hpp"

namespace zhili::sense::ingest {
namespace {

using test::Bench;
using test::Kept;
using test::noon_ms;
using zhili::test::Engine;

TEST(Intake, WhatIsGoodIsStoredAndWhatIsWrongIsTold) {
  Bench bench;
  Batch batch;
  batch.add(31, noon_ms, 12.5);
  batch.add(31, noon_ms + 1, 1).kind = ValueKind::truth;
  batch.add(41, noon_ms, 3);  // the other gauge's
  batch.add(99, noon_ms, 3);
  batch.add_truth(32, noon_ms, true);
  batch.add(33, noon_ms, 4);
  auto const receipt = bench.take(std::move(batch));
  ASSERT_TRUE(receipt) << receipt.error().text.en;
  EXPECT_EQ(receipt->received, 6U);
  EXPECT_EQ(receipt->stored, 3U);
  EXPECT_EQ(receipt->refused, 3U);
  EXPECT_EQ(receipt->position, 1);
  using enum Fate;
  EXPECT_EQ(receipt->fates, (std::vector<Fate>{accepted, refused, refused, refused, accepted, accepted}));
  ASSERT_EQ(receipt->problems.size(), 3U);
  EXPECT_EQ(receipt->problems[0].line, 2U);
  EXPECT_EQ(receipt->problems[0].key, "ingest.value");
  EXPECT_EQ(receipt->problems[1].key, "ingest.stream");
  EXPECT_EQ(receipt->problems[1].text, receipt->problems[2].text) << "what is another's looks like what is not there";
  EXPECT_EQ(bench.sink.all(), (std::set<Kept>{{31, noon_ms, "12.500000"}, {32, noon_ms, "true"}, {33, noon_ms, "4"}}));
}

TEST(Intake, IdsBelongToTheRowsThatWereAccepted) {
  Bench bench;
  Batch batch;
  batch.add(99, noon_ms, 1);
  batch.add(31, noon_ms, 1);
  batch.add(98, noon_ms, 1);
  batch.add(31, noon_ms + 1, 2);
  auto const receipt = bench.intake->take(Bench::program(), batch, true);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->ids, (std::vector<std::int64_t>{0, 1, 0, 2}));
  Batch again;
  again.add(31, noon_ms + 1, 2);
  again.add(31, noon_ms + 2, 3);
  auto const second = bench.intake->take(Bench::program(), again, true);
  EXPECT_EQ(second->ids, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(second->duplicates, 1U);
  EXPECT_EQ(second->stored, 1U);
}

TEST(Intake, UnitsAreConvertedAndThoseThatCannotBeAreTold) {
  Bench bench;
  Batch batch;
  batch.more_of(batch.add(31, noon_ms, 1.5)).unit = "m";
  batch.more_of(batch.add(31, noon_ms + 1, 125)).unit = "mm";
  batch.more_of(batch.add(31, noon_ms + 2, 7)).unit = "cm";
  batch.more_of(batch.add(31, noon_ms + 3, 20)).unit = "Cel";
  auto const receipt = bench.take(std::move(batch));
  ASSERT_EQ(receipt->problems.size(), 1U);
  EXPECT_EQ(receipt->problems[0].key, "ingest.unit");
  EXPECT_EQ(receipt->problems[0].field, "u");
  EXPECT_EQ(bench.sink.all(), (std::set<Kept>{{31, noon_ms, "150.000000"}, {31, noon_ms + 1, "12.500000"}, {31, noon_ms + 2, "7.000000"}}));
}

TEST(Intake, AStreamThatWasMadeAMomentAgoIsFoundAndOthersAreNotAskedForAgainAndAgain) {
  Bench bench;
  bench.facts.later[51] = {.datastream = 51, .device = 7, .name = "battery"};
  ASSERT_TRUE(bench.level(noon_ms, 87, 51));
  EXPECT_EQ(bench.sink.all().size(), 1U);
  EXPECT_EQ(bench.intake->named(7, "battery"), 51);
  EXPECT_EQ(bench.facts.asked, 1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bench.level(noon_ms, 1, 52)->refused, 1U);
  EXPECT_EQ(bench.facts.asked, 2);
  bench.facts.later[52] = {.datastream = 52, .device = 7};
  bench.db.time.advance(unknown_stream_remembered + std::chrono::milliseconds(1));
  EXPECT_EQ(bench.level(noon_ms, 1, 52)->stored, 1U);
  Batch guesses;
  for (int i = 0; i < 5'000; ++i) guesses.add(1'000 + i, noon_ms, 1);
  EXPECT_EQ(bench.intake->take(Bench::program(), std::move(guesses))->refused, 5'000U);
  EXPECT_LE(bench.facts.asked, 3 + static_cast<int>(unknown_streams_asked_max));
}

TEST(Intake, FactsFollowChanges) {
  Bench bench;
  EXPECT_EQ(bench.level(noon_ms, 400)->stored, 1U);
  EXPECT_TRUE(has(bench.flags_of(noon_ms, 400), Flag::out_of_range));
  bench.intake->put(StreamFact{.datastream = 31, .device = 7, .name = "depth", .unit = "cm", .most = 500});
  EXPECT_EQ(bench.level(noon_ms + 1, 400)->stored, 1U);
  EXPECT_EQ(bench.flags_of(noon_ms + 1, 400), 0);
  EXPECT_EQ(bench.intake->named(7, "level"), 0);
  EXPECT_EQ(bench.intake->named(7, "depth"), 31);
  EXPECT_EQ(bench.intake->device_with("G-7"), 7);
  bench.intake->put(DeviceFact{.device = 7, .serial = "G-77"});
  EXPECT_EQ(bench.intake->device_with("G-7"), 0);
  EXPECT_EQ(bench.intake->device_with("G-77"), 7);
  bench.intake->put(DeviceFact{.device = 7, .serial = "G-77", .disabled = true});
  EXPECT_EQ(bench.level(noon_ms + 2, 1).error().key, "ingest.disabled");
  EXPECT_EQ(bench.intake->admit(Bench::gauge()).error().code, core::Errc::forbidden);
  bench.intake->put(DeviceFact{.device = 7, .serial = "G-77"});
  bench.intake->forget_stream(31);
  EXPECT_EQ(bench.level(noon_ms + 3, 1)->refused, 1U);
}

TEST(Intake, AfterAStartTheLastReadingIsKnown) {
  Bench bench;
  bench.facts.streams[31].jump_max = 10;
  bench.facts.lasts[31] = {.at = core::from_ms(noon_ms - 1'000), .number = 5};
  bench.open();
  ASSERT_TRUE(bench.level(noon_ms - 2'000, 5));
  EXPECT_EQ(bench.flags_of(noon_ms - 2'000, 5), bit(Flag::late));
  ASSERT_TRUE(bench.level(noon_ms, 50));
  EXPECT_EQ(bench.flags_of(noon_ms, 50), bit(Flag::spike));
}

TEST(Intake, WhatCouldNotBeStoredIsAnErrorAndCanBeSentAgain) {
  Bench bench;
  bench.sink.broken = true;
  EXPECT_EQ(bench.level(noon_ms, 5).error().code, core::Errc::unavailable);
  bench.sink.broken = false;
  auto const again = bench.level(noon_ms, 5);
  EXPECT_EQ(again->stored, 1U);
  EXPECT_EQ(bench.flags_of(noon_ms, 5), 0) << "not late, not a duplicate: it never was there";
  EXPECT_EQ(bench.intake->waiting(), 0U);
}

TEST(Intake, ADeviceThatSendsTooMuchIsHeldAndOthersAreNot) {
  Bench bench;
  bench.intake->put(DeviceFact{.device = 7, .serial = "G-7", .rate_per_s = 50, .burst = 100});
  std::size_t stored = 0, held = 0, other = 0;
  for (int ms = 0; ms < 10'000; ++ms) {  // 10 a millisecond for ten seconds
    for (int i = 0; i < 10; ++i) {
      auto const receipt = bench.level(noon_ms + ms, i);
      receipt ? stored += receipt->stored : ++held;
      if (!receipt) {
        EXPECT_EQ(receipt.error().key, "ingest.throttled");
      }
    }
    if (ms % 100 == 0) other += bench.level(noon_ms + ms, 1, 41)->stored;
    bench.db.time.advance(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(other, 100U);
  EXPECT_GE(stored, 580U);
  EXPECT_LE(stored, 600U);
  EXPECT_EQ(stored + held, 100'000U);
  auto const health = bench.intake->counters().health(bench.db.time.now());
  EXPECT_EQ(health.all.throttled, held);
  EXPECT_EQ(health.all.stored, stored + other);
}

TEST(Intake, WhoIsHeldIsToldWhenToComeAgain) {
  Bench bench;
  bench.intake->put(DeviceFact{.device = 7, .rate_per_s = 10, .burst = 100});
  auto const many = [] {
    Batch batch;
    for (int i = 0; i < 80; ++i) batch.add(31, noon_ms + i, i);
    return batch;
  };
  ASSERT_TRUE(bench.take(many()));
  auto const held = bench.take(many());
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, core::Errc::limit);
  EXPECT_EQ(bench.intake->retry_after(Bench::gauge()), std::chrono::seconds(7));  // 60 are missing, and the millisecond that makes it safe
  bench.db.time.advance(bench.intake->retry_after(Bench::gauge()));
  EXPECT_TRUE(bench.intake->admit(Bench::gauge()));
  EXPECT_EQ(bench.take(many())->duplicates, 80U);
  Batch long_one;
  for (int i = 0; i < 1'000; ++i) long_one.add(31, noon_ms + 1'000 + i, i);
  EXPECT_FALSE(bench.take(long_one));
  bench.db.time.advance(std::chrono::seconds(10));
  EXPECT_TRUE(bench.take(long_one)) << "what is longer than a burst goes when the bucket is full";
}

TEST(Intake, WhatABrokerKeptDuringAnOutageIsNoFlood) {
  Bench bench;
  bench.intake->put(DeviceFact{.device = 7, .rate_per_s = 1, .burst = 5});
  for (int second = 0; second < 3'600; ++second) {
    Batch batch;
    batch.add(31, noon_ms - 3'600'000 + second * 1'000, second);
    auto const at = core::from_ms(noon_ms - 3'600'000 + second * 1'000);
    ASSERT_TRUE(bench.take(std::move(batch), {.way = Way::mqtt_device, .device = 7, .received = at})) << second;
  }
  EXPECT_EQ(bench.sink.all().size(), 3'600U);
}

TEST(Intake, WhenTooMuchWaitsTheRestIsRefusedAndLaterTaken) {
  Bench bench(Engine::sqlite, {.own_thread = true, .waiting_observations = 100});
  bench.sink.hold();
  std::atomic<int> answered = 0;
  int refused = 0;
  for (int i = 0; i < 30; ++i) {
    Batch batch;
    for (int k = 0; k < 10; ++k) batch.add(31, noon_ms + i * 10 + k, k);
    bench.intake->take_later(Bench::program(), std::move(batch), [&](core::Result<Receipt> const& receipt) {
      if (receipt) ++answered;
      else if (receipt.error().key == "ingest.full") ++refused;
    });
  }
  EXPECT_EQ(refused, 20);
  EXPECT_EQ(answered, 0) << "nothing is acknowledged before it is stored";
  EXPECT_EQ(bench.intake->waiting(), 100U);
  EXPECT_EQ(bench.intake->admit(Bench::program()).error().key, "ingest.full");
  EXPECT_EQ(bench.intake->retry_after(Bench::program()), full_retry_after);
  bench.sink.let_go();
  bench.intake.reset();  // what was taken is stored first
  EXPECT_EQ(answered, 10);
  EXPECT_EQ(bench.sink.all().size(), 100U);
  EXPECT_LT(bench.sink.appends, 10) << "what waits goes together";
}

TEST(Intake, TheOrderOfASenderIsKept) {
  Bench bench(Engine::sqlite, {.own_thread = true});
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 4; ++sender)
    senders.emplace_back([&bench, sender] {
      for (int i = 0; i < 200; ++i) {
        Batch batch;
        batch.add(sender % 2 == 0 ? 31 : 41, noon_ms + i, sender * 1'000 + i);
        ASSERT_TRUE(bench.intake->take(Bench::program(), std::move(batch)));
      }
    });
  for (auto& one : senders) one.join();
  std::map<int, std::int64_t> last;
  for (auto const& one : bench.sink.order) {
    auto& before = last[static_cast<int>(std::stod(one.value)) / 1'000];
    EXPECT_LT(before, one.at_ms);
    before = one.at_ms;
  }
  EXPECT_EQ(bench.sink.order.size(), 800U);
}

// Batches that come twice, in another order and late: what is stored is the same set.
TEST(Intake, DuplicatedReorderedAndLateBatchesMakeTheSameSet) {
  std::mt19937 random(20'260'712);
  for (int round = 0; round < 20; ++round) {
    std::vector<Batch> batches;
    for (int i = 0; i < 30; ++i) {
      Batch batch;
      for (int k = 0; k < 10; ++k) batch.add(random() % 2 == 0 ? 31 : 41, noon_ms + i * 10 + k, static_cast<double>(random() % 50));
      batches.push_back(std::move(batch));
    }
    Bench ordered, shaken;
    for (auto const& batch : batches) ASSERT_TRUE(ordered.intake->take(Bench::program(), batch));
    auto again = batches;
    for (auto const& batch : batches)
      if (random() % 2 == 0) again.push_back(batch);
    std::shuffle(again.begin(), again.end(), random);
    std::size_t stored = 0;
    for (auto const& batch : again) {
      auto const receipt = shaken.intake->take(Bench::program(), batch);
      ASSERT_TRUE(receipt);
      EXPECT_EQ(receipt->stored + receipt->duplicates, batch.size());
      stored += receipt->stored;
    }
    EXPECT_EQ(shaken.sink.all(), ordered.sink.all());
    EXPECT_EQ(stored, ordered.sink.all().size());
  }
}

TEST(Intake, HealthOfTheLastFiveMinutes) {
  Bench bench;
  for (int second = 0; second < 120; ++second) {
    Batch batch;
    for (int k = 0; k < 10; ++k) batch.add(31, core::to_ms(bench.db.time.now()) - 3'000, k);
    ASSERT_TRUE(bench.intake->take(Bench::program(), std::move(batch)));
    bench.db.time.advance(std::chrono::seconds(1));
  }
  auto health = bench.intake->counters().health(bench.db.time.now());
  EXPECT_EQ(health.rate_per_s, 10);
  EXPECT_EQ(health.lag, core::Duration(4'000));
  EXPECT_EQ(health.recent.size(), points_kept);
  EXPECT_EQ(health.recent.back().at, bench.db.time.now());
  EXPECT_EQ(health.recent[points_kept - 2].stored, 50U);
  EXPECT_EQ(health.recent[0].stored, 0U);
  EXPECT_EQ(health.by_way[static_cast<std::size_t>(Way::sensorthings)].stored, 1'200U);
  bench.db.time.advance(std::chrono::hours(1));
  health = bench.intake->counters().health(bench.db.time.now());
  EXPECT_EQ(health.rate_per_s, 0);
  for (auto const& point : health.recent) EXPECT_EQ(point.received, 0U) << "an old ring is not shown as new";
}

}  // namespace
}  // namespace zhili::sense::ingest
