// How fast observations are read and judged: JSON lines, and batches through the intake into a store that forgets them.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "sense/ingest/intake.hpp"
#include "sense/ingest/lines.hpp"

namespace {

using namespace zhili::sense::ingest;
namespace core = zhili::core;

constexpr std::int64_t noon_ms = 1'763'712'000'000;
constexpr int devices = 10'000;

struct TenThousandGauges final : StreamFacts {
  core::Result<> visit(std::function<void(StreamFact)> const& stream, std::function<void(DeviceFact)> const& device) override {
    for (int i = 1; i <= devices; ++i) {
      stream({.datastream = i, .device = i, .name = "level", .unit = "cm", .least = 0, .most = 300, .every = std::chrono::minutes(1), .stuck_readings = 20, .jump_max = 50, .robust_z_max = 3.5});
      device({.device = i});
    }
    return {};
  }
  core::Result<std::optional<StreamFact>> stream(std::int64_t) override { return std::nullopt; }
  std::optional<LastReading> last(std::int64_t) override { return std::nullopt; }
};

struct NoUnits final : UnitConverter {
  core::Result<Linear> convert(std::string_view, std::string_view) override { return Linear{}; }
};

struct Forgetful final : Sink {
  void append(std::span<Accepted> batches) override {
    for (auto& accepted : batches) accepted.stored = accepted.batch.size();
  }
};

void intake(benchmark::State& state) {
  auto const rows = static_cast<int>(state.range(0));
  auto const folder = std::filesystem::temp_directory_path() / "zhili-ingest-bench";
  std::filesystem::remove_all(folder);
  {
    core::ManualTime const time(core::from_ms(noon_ms));
    auto const db = std::move(*zhili::store::Db::open({.url = "sqlite:" + folder.string()}, time));
    TenThousandGauges facts;
    NoUnits units;
    Forgetful sink;
    Quarantine quarantine(*db, time);
    auto const taking = std::move(*Intake::open({.time = time, .facts = facts, .units = units, .sink = sink, .quarantine = quarantine}, {.own_thread = false}));
    std::int64_t n = 0;
    for (auto _ : state) {
      Batch batch;
      batch.rows.reserve(static_cast<std::size_t>(rows));
      for (int i = 0; i < rows; ++i, ++n) batch.add(1 + n % devices, noon_ms - 1'000'000'000 + n / devices * 1'000, 20 + static_cast<double>(n * 7'919 % 13) * 0.1);
      taking->take_later({.way = Way::sensorthings, .any_stream = true}, std::move(batch), [](core::Result<Receipt> const&) {});
    }
    state.SetItemsProcessed(state.iterations() * rows);
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(intake)->Arg(1)->Arg(100)->Arg(1'000);

void lines(benchmark::State& state) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    auto const at = std::to_string(noon_ms + i), value = std::to_string(i % 300) + ".5";
    text += state.range(0) == 0 ? "{\"s\":\"level\",\"t\":" + at + ",\"v\":" + value + "}\n" : "[\"level\"," + at + "," + value + "]\n";
  }
  LineReader reader([](std::string_view) { return std::int64_t{31}; });
  Batch batch;
  for (auto _ : state) {
    batch.clear();
    reader.read(text, batch);
    benchmark::DoNotOptimize(batch.rows.data());
  }
  state.SetItemsProcessed(state.iterations() * 10'000);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(lines)->Arg(0)->Arg(1);

}  // namespace
