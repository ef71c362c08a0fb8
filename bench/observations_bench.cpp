// The store of observations: how many it takes durably, how few bytes it needs beside a plain table, how quickly one day of a year comes back.
#include <benchmark/benchmark.h>

#include <sqlite3.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "sense/observations/store.hpp"

namespace {

using namespace std::chrono_literals;
using namespace zhili;
using namespace zhili::sense::observations;

core::Instant const year = core::from_ms(1'735'689'600'000);  // 2025-01-01T00:00:00Z
constexpr int streams = 100;
constexpr int days = 365;
constexpr int readings_a_day = 24 * 60;

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/zhili-bench-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A store in a folder of its own.
struct Place {
  Folder folder;
  core::SystemTime time;
  std::unique_ptr<store::Db> db = std::move(*store::Db::open_observations({.url = "sqlite:" + folder.path().string()}, time));
  std::unique_ptr<ObservationStore> store = std::move(*ObservationStore::open(*db, time));
};

/// A gauge: one decimal, moving slowly, once a minute give or take some milliseconds.
double level(int stream, int minute) { return std::round(200 + 80 * std::sin(minute / 300.0 + stream) + 5 * std::sin(minute * 1.7 + stream)) / 10; }

void append(benchmark::State& state) {
  Place place;
  auto const rows = static_cast<int>(state.range(0));
  int minute = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Batch batch;
    for (int i = 0; i < rows; ++i) batch.add(1 + i % 10'000, year + (minute + i / 10'000) * 1min, level(i, minute));
    minute += 1 + rows / 10'000;
    bool const full = place.store->counts().waiting + static_cast<std::size_t>(rows) > head_observations_max;
    if (full) (void)place.store->compact();
    state.ResumeTiming();
    if (!place.store->append(std::move(batch))) state.SkipWithError("not stored");
  }
  state.counters["observations"] = benchmark::Counter(static_cast<double>(state.iterations() * rows), benchmark::Counter::kIsRate);
}
BENCHMARK(append)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

/// A year of a hundred gauges, in a store and in a plain table, made once.
class Year {
 public:
  static Year& get() {
    static Year one;
    return one;
  }
  ObservationStore& store() { return *place_.store; }
  double bytes_of_point() const { return bytes_of_point_; }
  double bytes_of_row() const { return bytes_of_row_; }

 private:
  Year() {
    std::mt19937 random(7);
    for (int day = 0; day < days; ++day) {
      Batch batch;
      for (int minute = 0; minute < readings_a_day; ++minute)
        for (int stream = 1; stream <= streams; ++stream)
          batch.add(stream, year + (day * readings_a_day + minute) * 1min + 1ms * (random() % 40), level(stream, day * readings_a_day + minute));
      if (!place_.store->append(std::move(batch))) std::abort();
      if (!place_.store->compact()) std::abort();
    }
    auto const bytes = *place_.db->read([](store::Reader& reader) { return *reader.value<std::int64_t>("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"); });
    auto const spare = *place_.db->read([](store::Reader& reader) { return *reader.value<std::int64_t>("SELECT freelist_count * page_size FROM pragma_freelist_count(), pragma_page_size()"); });
    bytes_of_point_ = static_cast<double>(bytes - spare) / points();
    fill_table();
  }
  static double points() { return static_cast<double>(streams) * days * readings_a_day; }

  /// Ten days of the same in (stream, time, value): its size grows evenly.
  void fill_table() {
    constexpr int table_days = 10;
    sqlite3* table = nullptr;
    auto const file = place_.folder.path() / "plain.db";
    sqlite3_open(file.c_str(), &table);
    sqlite3_exec(table, "PRAGMA page_size = 8192; CREATE TABLE reading (stream INTEGER, t INTEGER, value REAL, PRIMARY KEY (stream, t)) WITHOUT ROWID; BEGIN", nullptr, nullptr, nullptr);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(table, "INSERT INTO reading VALUES (?, ?, ?)", -1, &insert, nullptr);
    for (int stream = 1; stream <= streams; ++stream)
      for (int minute = 0; minute < table_days * readings_a_day; ++minute) {
        sqlite3_bind_int64(insert, 1, stream);
        sqlite3_bind_int64(insert, 2, core::to_ms(year + minute * 1min));
        sqlite3_bind_double(insert, 3, level(stream, minute));
        sqlite3_step(insert);
        sqlite3_reset(insert);
      }
    sqlite3_finalize(insert);
    sqlite3_exec(table, "COMMIT", nullptr, nullptr, nullptr);
    sqlite3_close(table);
    bytes_of_row_ = static_cast<double>(std::filesystem::file_size(file)) / (static_cast<double>(streams) * table_days * readings_a_day);
  }

  Place place_;
  double bytes_of_point_ = 0, bytes_of_row_ = 0;
};

void one_day_of_a_year(benchmark::State& state) {
  auto& it = Year::get();
  std::mt19937 random(3);
  std::vector<double> took;
  for (auto _ : state) {
    auto const from = year + std::chrono::days(random() % days);
    auto const began = std::chrono::steady_clock::now();
    auto const rows = it.store().read(1 + random() % streams, {.from = from, .until = from + 24h, .limit = 10'000});
    took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    if (!rows || rows->size() < readings_a_day - 1) state.SkipWithError("not read");
  }
  std::ranges::sort(took);
  state.counters["p95_ms"] = took[took.size() * 95 / 100];
  state.counters["bytes_a_point"] = it.bytes_of_point();
  state.counters["plain_row_bytes"] = it.bytes_of_row();
}
BENCHMARK(one_day_of_a_year)->Iterations(2'000)->Unit(benchmark::kMillisecond);

void a_year_as_a_chart(benchmark::State& state) {
  auto& it = Year::get();
  if (!it.store().roll_up(year + std::chrono::days(400))) state.SkipWithError("no figures");
  std::int64_t stream = 0;
  for (auto _ : state) benchmark::DoNotOptimize(it.store().series(1 + stream++ % streams, year, year + std::chrono::days(days), 800, 480min));
}
BENCHMARK(a_year_as_a_chart)->Iterations(200)->Unit(benchmark::kMillisecond);

}  // namespace
