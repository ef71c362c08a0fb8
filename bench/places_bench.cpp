// How fast a point finds its grid and who answers for it, and how fast a tile is drawn.
#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "app/demo/liucheng.hpp"
#include "web/tiles/tiles.hpp"

namespace {

using namespace zhili;
using sense::places::LivePlaces;
using sense::places::PlaceIndex;

std::shared_ptr<PlaceIndex const> const& liucheng() {
  static auto const index = PlaceIndex::build(app::demo::liucheng());
  return index;
}

/// Points all over the rectangle around the town, in no order; about a fifth lie outside it.
std::vector<core::LatLon> points() {
  std::vector<core::LatLon> out(1 << 16);
  auto const box = liucheng()->bounds();
  std::uint64_t state = 1;
  auto const next = [&](std::int32_t low, std::int32_t high) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + static_cast<std::int32_t>((state >> 33) % static_cast<std::uint64_t>(high - low));
  };
  for (auto& p : out) p = {next(box.min.lat_e7, box.max.lat_e7), next(box.min.lon_e7, box.max.lon_e7)};
  return out;
}

void point_to_grid_to_duty(benchmark::State& state) {
  auto const index = liucheng();
  auto const at = points();
  std::size_t i = 0;
  for (auto _ : state) {
    auto const found = index->find(at[i++ & (at.size() - 1)]);
    benchmark::DoNotOptimize(index->duty(found, "drainage"));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(point_to_grid_to_duty);

void point_to_words(benchmark::State& state) {
  auto const index = liucheng();
  auto const at = points();
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(index->near(at[i++ & (at.size() - 1)]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(point_to_words);

/// All tiles of the town at one zoom, one after the other, none kept.
void tile(benchmark::State& state) {
  LivePlaces const live(liucheng());
  web::Tiles const tiles(live, /*cache_bytes=*/0);
  auto const z = static_cast<std::uint32_t>(state.range(0));
  auto const box = liucheng()->bounds();
  double const n = std::ldexp(1.0, static_cast<int>(z));
  auto const column = [&](core::LatLon at) { return static_cast<std::uint32_t>((at.lon() / 360 + 0.5) * n); };
  auto const row = [&](core::LatLon at) {
    return static_cast<std::uint32_t>(
        (0.5 - std::asinh(std::tan(at.lat() * std::numbers::pi / 180)) / (2 * std::numbers::pi)) * n);
  };
  auto const x0 = column(box.min), x1 = column(box.max), y0 = row(box.max), y1 = row(box.min);
  std::uint32_t x = x0, y = y0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    bytes += (*tiles.tile(z, x, y))->size();
    if (++x > x1) x = x0, y = y == y1 ? y0 : y + 1;
  }
  state.counters["bytes_per_tile"] = static_cast<double>(bytes) / static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(tile)->DenseRange(9, 17)->Unit(benchmark::kMicrosecond);

void kept_tile(benchmark::State& state) {
  LivePlaces const live(liucheng());
  web::Tiles const tiles(live);
  for (auto _ : state) benchmark::DoNotOptimize(tiles.tile(14, 13541, 6497));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(kept_tile);

void draw_liucheng(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(app::demo::liucheng());
}
BENCHMARK(draw_liucheng)->Unit(benchmark::kMillisecond);

void build_index(benchmark::State& state) {
  auto const city = app::demo::liucheng();
  for (auto _ : state) benchmark::DoNotOptimize(PlaceIndex::build(city));
}
BENCHMARK(build_index)->Unit(benchmark::kMillisecond);

}  // namespace
