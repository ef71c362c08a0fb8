#include "sense/observations/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "sense/observations/block.hpp"
#include "sense/observations/days.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::sense::observations {
namespace {

using namespace std::chrono_literals;
using core::Instant;

Instant const noon = core::from_ms(1'763'726'400'000);  // 2025-11-21T12:00:00Z

/// A store that can be closed as if the program had been killed, and opened again.
class Place {
 public:
  explicit Place(test::Engine engine) : options_{.url = engine == test::Engine::sqlite ? "sqlite:" + folder_.path().string() : test::PostgresCluster::get().new_database()} { open(); }
  void open() {
    store_.reset();
    db_.reset();
    auto db = store::Db::open_observations(options_, time);
    if (!db) throw std::runtime_error(db.error().text.en + db.error().detail);
    db_ = std::move(*db);
    auto store = ObservationStore::open(*db_, time);
    if (!store) throw std::runtime_error(store.error().text.en + store.error().detail);
    store_ = std::move(*store);
  }
  ObservationStore* operator->() { return store_.get(); }
  store::Db& db() { return *db_; }
  store::Options const& options() const { return options_; }
  core::ManualTime time{noon};

 private:
  test::TempFolder folder_;
  store::Options options_;
  std::unique_ptr<store::Db> db_;
  std::unique_ptr<ObservationStore> store_;
};

Batch one(std::int64_t datastream, Instant at, double value) {
  Batch out;
  out.add(datastream, at, value);
  return out;
}
std::vector<double> numbers(std::vector<Observation> const& rows) {
  std::vector<double> out;
  for (auto const& row : rows) out.push_back(row.value.number);
  return out;
}

class ObservationStoreTest : public ::testing::TestWithParam<test::Engine> {
 protected:
  Place place{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Both, ObservationStoreTest, ::testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& it) { return test::name_of(it.param); });

TEST_P(ObservationStoreTest, GivesBackWhatWasAcknowledgedWhereverItLies) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(place->append(one(7, noon + i * 1min, i)));
  auto const check = [&] {
    auto const all = place->read(7, {});
    ASSERT_TRUE(all) << all.error().detail;
    EXPECT_THAT(numbers(*all), ::testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    EXPECT_THAT(numbers(*place->read(7, {.from = noon + 2min, .until = noon + 5min})), ::testing::ElementsAre(2, 3, 4));
    EXPECT_THAT(numbers(*place->read(7, {.descending = true, .limit = 2})), ::testing::ElementsAre(9, 8));
    EXPECT_EQ((*place->last(7))->value.number, 9);
    auto const extent = *place->extent(7);
    EXPECT_EQ(std::tuple(extent->first, extent->last, extent->count), std::tuple(noon, noon + 9min, 10));
    EXPECT_FALSE(*place->last(8));
  };
  check();
  place.open();
  check();
  EXPECT_EQ(*place->compact(), 10U);
  check();
  place.open();
  check();
}

TEST_P(ObservationStoreTest, TheSameTwiceIsOneAndKeepsItsName) {
  auto const first = *place->append(one(7, noon, 1.5), true);
  EXPECT_EQ(place->append(one(7, noon, 1.5), true)->ids, first.ids);
  ASSERT_TRUE(place->compact());
  auto const again = *place->append(one(7, noon, 1.5), true);
  EXPECT_EQ(std::tuple(again.stored, again.duplicates, again.position), std::tuple(0U, 1U, 0));
  EXPECT_EQ(again.ids, first.ids);
  auto const other = *place->append(one(7, noon, 2.5), true);  // another result for the same time is another observation
  EXPECT_NE(other.ids, first.ids);
  EXPECT_EQ((*place->find(unpacked(first.ids[0])))->value.number, 1.5);
  EXPECT_EQ((*place->find(unpacked(other.ids[0])))->value.number, 2.5);
  EXPECT_THAT(numbers(*place->read(7, {})), ::testing::ElementsAre(1.5, 2.5));
}

TEST_P(ObservationStoreTest, ACorrectionKeepsTheNameAndARemovalStays) {
  auto const ids = place->append(one(7, noon, 1), true)->ids;
  auto const gone = place->append(one(7, noon + 1min, 2), true)->ids;
  auto corrected = **place->find(unpacked(ids[0]));
  corrected.value.number = 10;
  corrected.phenomenon_time = noon + 48h;
  for (bool const in_blocks : {false, true}) {
    if (in_blocks) {
      ASSERT_TRUE(place->compact());
      place.open();
    }
    ASSERT_TRUE(place->amend(corrected));
    ASSERT_TRUE(place->remove(unpacked(gone[0])));
    auto const rows = *place->read(7, {});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0], corrected);
    auto const extent = *place->extent(7);
    EXPECT_EQ(std::tuple(extent->first, extent->last, extent->count), std::tuple(noon + 48h, noon + 48h, 1));
    EXPECT_FALSE(*place->find(unpacked(gone[0])));
  }
  EXPECT_EQ(place->amend({.id = {7, 99}}).error().code, core::Errc::not_found);
}

TEST_P(ObservationStoreTest, ARemovedStreamIsGoneAndItsNumbersAreNotGivenAgain) {
  auto const before = place->append(one(7, noon, 1), true)->ids[0];
  ASSERT_TRUE(place->append(one(8, noon, 1)));
  ASSERT_TRUE(place->remove_all(7));
  EXPECT_FALSE(*place->extent(7));
  EXPECT_TRUE(*place->extent(8));
  EXPECT_GT(place->append(one(7, noon, 1), true)->ids[0], before);
  EXPECT_EQ((*place->extent(7))->count, 1);
}

TEST_P(ObservationStoreTest, AStreamThatIsRemovedWhileBlocksAreMadeDoesNotComeBack) {
  constexpr auto streams = static_cast<std::int64_t>(compact_streams_per_write) + 1;
  for (std::int64_t i = 1; i <= streams; ++i) ASSERT_TRUE(place->append(one(i, noon, 1)));
  int pieces = 0;
  auto const removes_the_last = [&] {
    if (++pieces == 2) {
      EXPECT_TRUE(place->remove_all(streams));
    }
    return false;
  };
  ASSERT_TRUE(place->compact(removes_the_last));
  EXPECT_GE(pieces, 2);
  EXPECT_FALSE(*place->extent(streams));
  EXPECT_TRUE(place->read(streams, {})->empty());
  EXPECT_EQ((*place->extent(1))->count, 1);
  place.open();
  EXPECT_FALSE(*place->extent(streams));
  EXPECT_EQ((*place->extent(1))->count, 1);
}

TEST_P(ObservationStoreTest, KeepsBatchesForWhoeverReadsAlong) {
  std::vector<std::int64_t> heard;
  place->on_batch([&](std::int64_t position) { heard.push_back(position); });
  place->keep_after(1);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(place->append(one(7, noon + i * 1min, i)));
  EXPECT_THAT(heard, ::testing::ElementsAre(1, 2, 3));
  ASSERT_TRUE(place->compact());
  place.open();
  place->keep_after(1);
  auto const kept = *place->batches(1, 10);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].position, 2);
  EXPECT_EQ(kept[1].batch.rows[0].number, 2);
  auto const held = [&] { return place.db().read([](store::Reader& reader) { return reader.value<std::int64_t>("SELECT count(*) FROM batch"); }).value(); };
  EXPECT_EQ(held(), 2);
  place->keep_after(3);
  ASSERT_TRUE(place->forget_batches());
  EXPECT_EQ(held(), 0) << "what is read goes, though nothing waits to be put into blocks";
  EXPECT_EQ(place->append(one(7, noon + 9min, 9))->position, 4);  // positions go on
  EXPECT_EQ((*place->extent(7))->count, 4);
}

TEST_P(ObservationStoreTest, ADamagedBlockIsNamedAndOthersAreRead) {
  for (int day = 0; day < 2; ++day) ASSERT_TRUE(place->append(one(7, noon + day * 24h, day)));
  ASSERT_TRUE(place->compact());
  ASSERT_TRUE(place.db().write([&](store::Writer& writer) {
    auto body = *writer.value<store::Blob>("SELECT body FROM block WHERE datastream = 7 AND t_min = ?", noon);
    body.bytes[3] = static_cast<char>(body.bytes[3] ^ 1);
    writer.exec("UPDATE block SET body = ? WHERE datastream = 7 AND t_min = ?", body, noon);
  }));
  auto const broken = place->read(7, {.until = noon + 1h});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, core::Errc::corrupt);
  EXPECT_THAT(broken.error().detail, ::testing::HasSubstr("datastream 7"));
  EXPECT_THAT(numbers(*place->read(7, {.from = noon + 13h})), ::testing::ElementsAre(1));
}

TEST_P(ObservationStoreTest, FiguresOfADayAreThoseOfItsReadings) {
  Batch batch;
  for (int i = 0; i < 3 * 24 * 60; ++i) batch.add(7, noon + i * 1min, i % 100);
  ASSERT_TRUE(place->append(batch));
  auto const drawn = [&] { return *place->series(7, noon, noon + 72h, 72, 0min); };
  auto const before = drawn();
  EXPECT_EQ(before.step, Step::hour);
  EXPECT_EQ(before.points.size(), 72U);
  EXPECT_EQ(before.points[0].figures.count, 60);
  ASSERT_TRUE(place->compact());
  EXPECT_EQ(*place->roll_up(noon + 96h), 4U);
  auto const after = drawn();
  ASSERT_EQ(after.points.size(), before.points.size());
  for (std::size_t i = 0; i < after.points.size(); ++i) EXPECT_EQ(after.points[i].figures, before.points[i].figures) << i;
  // What comes late is in the figures too.
  ASSERT_TRUE(place->append(one(7, noon + 30s, 1'000)));
  ASSERT_TRUE(place->compact());
  ASSERT_TRUE(place->roll_up(noon + 96h));
  EXPECT_EQ(drawn().points[0].figures.max, 1'000);
  // A day of the city begins at its own midnight.
  auto const days = *place->series(7, noon, noon + 72h, 2, 480min);
  EXPECT_EQ(days.step, Step::day);
  EXPECT_EQ(days.points[1].at, noon + 4h);
  // Readings go when their time is over, figures stay.
  EXPECT_GT(*place->expire(noon + 40 * 24h, [](auto) { return Keeping{.raw = std::chrono::days(30), .hour = std::chrono::days(400)}; }), 0U);
  EXPECT_TRUE(place->read(7, {})->empty());
  EXPECT_EQ(drawn().points.size(), 72U);
  EXPECT_GT(place->append(one(7, noon + 100h, 5), true)->ids[0], packed({7, 3 * 24 * 60}));
}

TEST_P(ObservationStoreTest, FewReadingsAreDrawnAsTheyAre) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(place->append(one(7, noon + i * 10s, i)));
  auto const drawn = *place->series(7, noon, noon + 1h, 100, 0min);
  EXPECT_EQ(drawn.step, Step::raw);
  EXPECT_EQ(drawn.points.size(), 5U);
  EXPECT_EQ(drawn.points[1].at, noon + 10s);
}

/// What the store must be like: a plain map of everything that was acknowledged.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) {}
  void run(Place& place, int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) step(place);
    check(place);
  }

 private:
  int pick(int below) { return std::uniform_int_distribution(0, below - 1)(random_); }
  Instant some_time() { return noon + std::chrono::minutes(pick(4'000)) + (pick(3) == 0 ? 1ms * pick(50) : 0ms); }

  Value some_value(std::int64_t datastream) {
    switch (datastream % 4) {
      case 0: return {.kind = ValueKind::text, .text = pick(2) ? "开" : "关"};
      case 1: return {.kind = ValueKind::count, .integer = pick(7) - 3};
      case 2: return {.kind = ValueKind::number, .number = pick(2) ? pick(40) / 10.0 : std::ldexp(pick(1'000'000), pick(60) - 30)};
      default: return pick(2) ? Value{.kind = ValueKind::truth, .integer = pick(2)} : Value{.kind = ValueKind::json, .text = R"({"a":1})"};
    }
  }

  void step(Place& place) {
    auto const choice = pick(100);
    if (choice < 70) append(place);
    else if (choice < 78) EXPECT_TRUE(place->compact(pick(2) ? std::function([this] { return pick(3) == 0; }) : [] { return false; }));
    else if (choice < 86) place.open();
    else if (choice < 90) EXPECT_TRUE(place->roll_up(noon + std::chrono::minutes(pick(6'000))));
    else if (choice < 94) change(place);
    else check(place);
  }

  void append(Place& place) {
    Batch batch;
    std::vector<Observation> said;
    for (int i = 1 + pick(30); i > 0; --i) {
      auto const datastream = 1 + pick(5);
      Observation it{.id = {datastream, 0}, .phenomenon_time = some_time(), .value = some_value(datastream), .flags = static_cast<Flags>(pick(10) == 0)};
      if (pick(8) == 0) it.result_time = it.phenomenon_time + 1s * (pick(20) - 5);
      if (pick(12) == 0) it.phenomenon_end = it.phenomenon_time + 1s * pick(20);
      if (pick(12) == 0) it.feature = pick(100);
      if (pick(12) == 0) it.extra = R"({"parameters":{}})";
      auto& row = batch.rows.emplace_back(Batch::Row{.datastream = datastream, .t = core::to_ms(it.phenomenon_time), .number = it.value.number, .integer = it.value.integer, .kind = it.value.kind, .flags = it.flags});
      if (it.result_time || it.phenomenon_end || it.feature || !it.extra.empty() || !it.value.text.empty())
        batch.side_of(row) = {it.phenomenon_end, it.result_time, it.feature, it.value.text, it.extra};
      said.push_back(it);
    }
    auto const done = place->append(batch, true);
    ASSERT_TRUE(done) << done.error().detail;
    for (std::size_t i = 0; i < said.size(); ++i) {
      said[i].id = unpacked(done->ids[i]);
      all_.emplace(said[i].id, said[i]);  // a duplicate stays as it was first
    }
    EXPECT_EQ(done->stored + done->duplicates, said.size());
  }

  void change(Place& place) {
    if (all_.empty()) return;
    auto at = std::next(all_.begin(), pick(static_cast<int>(all_.size())));
    if (pick(2)) {
      ASSERT_TRUE(place->remove(at->first));
      all_.erase(at);
    } else {
      at->second.phenomenon_time = some_time();
      at->second.flags ^= 1;
      ASSERT_TRUE(place->amend(at->second));
    }
  }

  void check(Place& place) {
    for (std::int64_t datastream = 1; datastream <= 5; ++datastream) {
      std::vector<Observation> expected;
      for (auto const& [id, it] : all_)
        if (id.datastream == datastream) expected.push_back(it);
      std::ranges::sort(expected, {}, [](auto const& it) { return std::pair(it.phenomenon_time, it.id.n); });
      auto const got = place->read(datastream, {.limit = 100'000});
      ASSERT_TRUE(got) << got.error().detail;
      ASSERT_EQ(got->size(), expected.size()) << datastream;
      for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_EQ((*got)[i], expected[i]) << datastream << " " << i;
      auto const extent = *place->extent(datastream);
      ASSERT_EQ(extent.has_value(), !expected.empty());
      if (extent) {
        EXPECT_EQ(extent->count, static_cast<std::int64_t>(expected.size()));
        EXPECT_EQ(extent->first, expected.front().phenomenon_time);
        EXPECT_EQ(extent->last, expected.back().phenomenon_time);
        pages(place, datastream, expected);
      }
    }
  }

  void pages(Place& place, std::int64_t datastream, std::vector<Observation> expected) {
    Wanted wanted{.descending = pick(2) == 1, .limit = static_cast<std::size_t>(1 + pick(40))};
    if (wanted.descending) std::ranges::reverse(expected);
    std::vector<Observation> got;
    for (int i = 0; i < 10'000; ++i) {
      auto const page = *place->read(datastream, wanted);
      got.insert(got.end(), page.begin(), page.end());
      if (page.size() < wanted.limit) break;
      wanted.after = {core::to_ms(page.back().phenomenon_time), page.back().id.n};
    }
    EXPECT_TRUE(got == expected);
  }

  std::mt19937 random_;
  std::map<ObservationId, Observation> all_;
};

TEST_P(ObservationStoreTest, IsAPlainMapThatForgetsNothingWhateverStopsIt) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    Place fresh(GetParam());
    Model(seed).run(fresh, 120);
    if (HasFailure()) FAIL() << "seed " << seed;
  }
}

TEST(ObservationStoreTwo, ProcessesOnOneServerAreOneStore) {
  Place first(test::Engine::postgresql);
  core::ManualTime const time{noon};
  auto const db = *store::Db::open_observations(first.options(), time);
  auto const second = *ObservationStore::open(*db, time);
  for (int i = 0; i < 30; ++i) {
    auto const a = first->append(one(7, noon + i * 1min, i), true), b = second->append(one(7, noon + i * 1min + 30s, i), true);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(second->append(one(7, noon + i * 1min, i), true)->ids, a->ids);  // recognised across processes
    if (i % 10 == 4) {
      ASSERT_TRUE(second->compact());
    }
    if (i % 10 == 7) {
      ASSERT_TRUE(first->compact());
    }
    ASSERT_EQ((*first->extent(7))->count, 2 * (i + 1));
    ASSERT_EQ((*second->extent(7))->count, 2 * (i + 1));
  }
  auto const rows = *second->read(7, {.limit = 1'000});
  std::set<std::int64_t> names;
  for (auto const& row : rows) names.insert(row.id.n);
  EXPECT_EQ(names.size(), 60U);
}

TEST(ObservationBlock, IsWhatWasPutIn) {
  std::mt19937 random(5);
  std::vector<Observation> rows;
  for (int i = 0; i < 500; ++i)
    rows.push_back({.id = {3, 100 + i}, .phenomenon_time = noon + i * 1min + 1ms * (random() % 40), .value = {.number = std::round(20 + 5 * std::sin(i / 60.0) * 10) / 10 + 0.0}});
  auto const bytes = encode_block(rows);
  EXPECT_EQ(*decode_block(3, bytes), rows);
  EXPECT_LT(bytes.size(), rows.size() * 4);
  for (double const odd : {0.0, -0.0, 1e300, 0.1 + 0.2, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::infinity()}) {
    rows[17].value.number = odd;
    auto const again = *decode_block(3, encode_block(rows));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(again[17].value.number), std::bit_cast<std::uint64_t>(odd));
    EXPECT_EQ(again[18], rows[18]);
  }
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_FALSE(decode_block(3, damaged)) << i;
  }
}

}  // namespace
}  // namespace zhili::sense::observations
