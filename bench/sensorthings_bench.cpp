// What SensorThings costs before any store is asked: data arrays into rows, the language of URLs into trees.
#include <benchmark/benchmark.h>

#include <string>

#include "core/time.hpp"
#include "web/sensorthings/data_array.hpp"
#include "web/sensorthings/url.hpp"

namespace {

using namespace zhili;

std::string data_arrays(int streams, int rows) {
  auto const begin = core::from_iso("2026-11-21T00:00:00Z").value();
  std::string out("[");
  for (int s = 1; s <= streams; ++s) {
    out += (s > 1 ? "," : "") + std::string(R"({"Datastream":{"@iot.id":)") + std::to_string(s) + R"(},"components":["phenomenonTime","result"],"dataArray":[)";
    for (int i = 0; i < rows; ++i) out += (i > 0 ? ",[\"" : "[\"") + core::to_iso(begin + std::chrono::minutes(i)) + "\"," + std::to_string(12.5 + i * 0.25) + "]";
    out += "]}";
  }
  return out + "]";
}

void read_data_arrays(benchmark::State& state) {
  auto const body = data_arrays(1'000, 100);
  for (auto _ : state) {
    auto arrays = web::sensorthings::read_data_arrays(body);
    if (!arrays || arrays->batch.rows.size() != 100'000) state.SkipWithError("a row was lost");
    benchmark::DoNotOptimize(arrays);
  }
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(read_data_arrays)->Unit(benchmark::kMillisecond);

void read_query(benchmark::State& state) {
  web::Fields options;
  options.add("$filter", "phenomenonTime ge 2026-11-21T00:00:00Z and (result gt 15 or Datastream/Thing/properties/site/floor eq 3) and not startswith(Datastream/name,'x')");
  options.add("$expand", "Datastream($expand=Thing($select=name),Sensor),FeatureOfInterest");
  options.add("$orderby", "phenomenonTime desc,id");
  for (auto _ : state) {
    auto query = web::sensorthings::read_query(sense::things::EntityType::observation, options, core::from_ms(0));
    if (!query) state.SkipWithError("refused");
    benchmark::DoNotOptimize(query);
  }
}
BENCHMARK(read_query);

}  // namespace
