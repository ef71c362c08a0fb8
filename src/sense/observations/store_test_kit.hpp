#pragma once
// What tests of the store of observations share.

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <set>
#include <stdexcept>
#include <tuple>

#include "sense/observations/store.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::sense::observations::kit {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline core::Instant const dawn = core::from_ms(1'763'683'200'000);  // 2025-11-21T00:00:00Z

/// One program that has a store open.
struct Program {
  Program(store::Options const& options, core::TimeSource const& time) {
    auto opened = store::Db::open_observations(options, time);
    if (!opened) throw std::runtime_error(opened.error().text.en + opened.error().detail);
    db = std::move(*opened);
    auto made = ObservationStore::open(*db, time);
    if (!made) throw std::runtime_error(made.error().text.en + made.error().detail);
    store = std::move(*made);
  }
  ObservationStore* operator->() const { return store.get(); }
  std::unique_ptr<store::Db> db;
  std::unique_ptr<ObservationStore> store;
};

/// An empty place for a store, on either engine, and a clock that stands still.
class OnEngine : public testing::TestWithParam<test::Engine> {
 protected:
  store::Options options() const { return {.url = url_}; }
  core::ManualTime time_{dawn};

 private:
  test::TempFolder folder_;
  std::string url_ = GetParam() == test::Engine::sqlite ? "sqlite:" + folder_.path().string() : test::PostgresCluster::get().new_database();
};

inline Batch single(std::int64_t datastream, core::Instant at, double value) {
  Batch out;
  out.add(datastream, at, value);
  return out;
}

/// A reading a minute.
inline Batch every_minute(std::int64_t datastream, core::Instant from, int count) {
  Batch out;
  for (int i = 0; i < count; ++i) out.add(datastream, from + minutes(i), i % 100);
  return out;
}

inline std::int64_t count_of(ObservationStore const& store, std::int64_t datastream) {
  auto const extent = store.extent(datastream);
  if (!extent) return -1;
  return *extent ? (*extent)->count : 0;
}

inline std::size_t read_of(ObservationStore const& store, std::int64_t datastream) {
  auto const rows = store.read(datastream, {.limit = 1'000'000});
  return rows ? rows->size() : std::numeric_limits<std::size_t>::max();
}

inline std::int64_t drawn(ObservationStore const& store, std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points, Step step) {
  auto const series = store.series(datastream, from, until, points, minutes(0));
  if (!series || series->step != step) return -1;
  std::int64_t out = 0;
  for (auto const& point : series->points) out += point.figures.count;
  return out;
}

// Batches that are known by their number, so that a test can say what must be there.
inline constexpr int rows_of_known_batch = 20;
inline constexpr std::int64_t streams_of_known_batches = 10;

inline Batch known_batch(std::int64_t number) {
  Batch out;
  for (int i = 0; i < rows_of_known_batch; ++i)
    out.add(1 + (number + i) % streams_of_known_batches, dawn + seconds(60 * number + i) - hours(i % 5 == 0 ? 3 : 0), static_cast<double>(number) + i / 100.0);
  return out;
}

/// Checks that exactly the first batches are there, at least `acknowledged`; gives how many.
inline std::int64_t check_known(ObservationStore const& store, std::int64_t acknowledged) {
  using Said = std::tuple<std::int64_t, std::int64_t, double>;
  std::multiset<Said> got, expected;
  std::set<ObservationId> names;
  for (std::int64_t datastream = 1; datastream <= streams_of_known_batches; ++datastream) {
    auto const rows = store.read(datastream, {.limit = 10'000'000});
    if (!rows) ADD_FAILURE() << rows.error().text.en << rows.error().detail;
    if (!rows) return -1;
    for (auto const& row : *rows) {
      got.emplace(datastream, core::to_ms(row.phenomenon_time), row.value.number);
      EXPECT_TRUE(names.insert(row.id).second) << "a number was given twice: " << row.id.n;
    }
    EXPECT_EQ(count_of(store, datastream), static_cast<std::int64_t>(rows->size()));
  }
  auto const stored = static_cast<std::int64_t>(got.size()) / rows_of_known_batch;
  EXPECT_GE(stored, acknowledged) << "what was acknowledged is lost";
  for (std::int64_t number = 0; number < stored; ++number)
    for (auto const& row : known_batch(number).rows) expected.emplace(row.datastream, row.t, row.number);
  EXPECT_EQ(got.size(), expected.size()) << "half a batch";
  EXPECT_TRUE(got == expected);
  return stored;
}

}  // namespace zhili::sense::observations::kit
