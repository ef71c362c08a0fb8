// Rules at work: what a reading costs that ten rules look at, what a deadline costs, how much memory it takes, and how many readings a second go through with
// everything written down.
#include <benchmark/benchmark.h>

#include <stdlib.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "catalogue/rules/rules_test_kit.hpp"
#include "respond/rules/engine.hpp"
#include "respond/rules/keeper.hpp"

namespace {

using namespace zhili;
using namespace zhili::respond::rules;

constexpr std::int64_t begin_ms = 1'780'243'200'000;
constexpr std::int64_t things = 10'000;
constexpr std::int64_t batch_readings = 1'000;

/// Ten rules as packs have them; all of them look at the same stream of each thing.
std::vector<Rule> ten_rules() {
  catalogue::rules::test::Things const town;
  std::vector<Rule> out;
  for (auto const* keys : {"watch: water-level\nraise: value > 15 cm\nclear: value < 5 cm", "watch: water-level\nraise: value > 15 cm for 3 min\nclear: value < 5 cm for 10 min\nfault: no data for 30 min",
                           "watch: water-level\nraise: value > 20 cm 3 times", "watch: water-level\nraise: rise(water-level, 10 min) > 8 cm", "watch: water-level\nraise: mean(water-level, 15 min) > 14 cm",
                           "watch: water-level\nraise: max(water-level, 1 h) > 24 cm and value > 12 cm", "watch: water-level\nraise: value > 22 cm and between 22:00 and 06:00", "watch: water-level\nraise: value > param(limit)\nparams: {limit: {standard: 23 cm}}",
                           "watch: water-level\nraise: value > 16 cm\nescalate: to critical when value > 24 cm for 2 min\nkeep_firing: 5 min", "watch: water-level\nraise: value > 100 cm\nfault: no data for 1 h or no change for 1 d"}) {
    std::vector<catalogue::Finding> findings;
    auto rule = town.read(keys, findings, "r" + std::to_string(out.size()));
    if (rule) out.push_back(std::move(*rule));
  }
  return out;
}

std::vector<StreamOf> streams_of(std::int64_t count) {
  std::vector<StreamOf> out;
  for (std::int64_t i = 1; i <= count; ++i) out.push_back({.stream = i, .thing = i, .property = "water-level"});
  return out;
}

/// Gauges that speak in turn, each once a minute, mostly low; one in a thousand readings is high.
class Gauges {
 public:
  explicit Gauges(std::int64_t count) : count_(count) {}
  Batch next() {
    Batch out{.position = ++position_};
    out.readings.reserve(batch_readings);
    for (std::int64_t i = 0; i < batch_readings; ++i) {
      auto const at = begin_ms + said_ / count_ * 60'000 + said_ % count_ * 60'000 / count_;
      double const value = random_() % 1'000 == 0 ? 25 : static_cast<double>(random_() % 120) / 10;
      out.readings.push_back({.stream = 1 + said_++ % count_, .at_ms = at, .value = value});
      out.received = core::from_ms(at);
    }
    return out;
  }

 private:
  std::int64_t count_, said_ = 0, position_ = 0;
  std::mt19937 random_{1};
};

void readings(benchmark::State& state) {
  auto rules = ten_rules();
  rules.resize(static_cast<std::size_t>(state.range(0)));
  auto instances = instances_of(rules, streams_of(things));
  auto const engine = std::move(*Engine::make(std::move(rules), std::move(instances), {}));
  Gauges gauges(things);
  for (int i = 0; i < 70 * things / batch_readings; ++i) engine->take(gauges.next());  // windows are full
  std::size_t found = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto const batch = gauges.next();
    state.ResumeTiming();
    engine->take(batch);
    found += engine->found().size();
    engine->clear_found();
  }
  state.SetItemsProcessed(state.iterations() * batch_readings);
  state.counters["found"] = static_cast<double>(found);
  state.counters["state_MB"] = static_cast<double>(engine->bytes()) / 1e6;
}
BENCHMARK(readings)->Arg(1)->Arg(10)->ArgName("rules");

/// Each of 100,000 gauges was heard once and is silent from then on.
void deadlines(benchmark::State& state) {
  constexpr std::int64_t gauges = 100'000;
  catalogue::rules::test::Things const town;
  std::vector<catalogue::Finding> findings;
  std::vector<Rule> const rules{*town.read("watch: water-level\nraise: value > 15 cm\nfault: no data for 30 min", findings)};
  auto const instances = instances_of(rules, streams_of(gauges));
  std::size_t found = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto engine = std::move(*Engine::make(rules, instances, {}));
    for (std::int64_t i = 0; i < gauges; i += batch_readings) {
      Batch batch{.position = i + 1, .received = core::from_ms(begin_ms + i / 10)};
      for (auto stream = i; stream < i + batch_readings; ++stream) batch.readings.push_back({.stream = stream + 1, .at_ms = begin_ms + i / 10, .value = 1});
      engine->take(batch);
    }
    state.ResumeTiming();
    engine->advance(core::from_ms(begin_ms + 3'600'000));
    found = engine->found().size();
    state.PauseTiming();
    engine.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * gauges);
  state.counters["found"] = static_cast<double>(found);
}
BENCHMARK(deadlines)->Unit(benchmark::kMillisecond);

// ---- with everything written down ------------------------------------------------------------------------------------------------------

class Coming final : public BatchSource {
 public:
  core::Result<std::vector<Batch>> after(std::int64_t position, std::size_t limit) override {
    std::vector<Batch> out;
    for (auto const& batch : waiting)
      if (batch.position > position && out.size() < limit) out.push_back(batch);
    return out;
  }
  void keep_after(std::int64_t) override {}
  std::int64_t position() override { return 0; }
  std::vector<Batch> waiting;
};

class Town final : public Subjects {
 public:
  core::Result<> visit(std::function<void(StreamOf)> const& stream) override {
    for (auto const& one : streams_of(things)) stream(one);
    return {};
  }
  SubjectWords words(Subject const&, std::int64_t) override { return {}; }
};

class Counted final : public AlarmSink {
 public:
  core::Result<> transitions(store::Writer&, std::span<Transition const> happened) override {
    alarms += happened.size();
    return {};
  }
  std::size_t alarms = 0;
};

/// Ten rules at 10,000 gauges behind SQLite: states, journal and position in the transaction of each step.
void kept(benchmark::State& state) {
  char folder[] = "/tmp/zhili-bench-XXXXXX";
  if (mkdtemp(folder) == nullptr) return state.SkipWithError("no folder");
  {
    core::ManualTime time(core::from_ms(begin_ms));
    auto const db = std::move(*store::Db::open({.url = std::string("sqlite:") + folder}, time));
    Coming coming;
    Town town;
    Counted counted;
    auto const rules = ten_rules();
    Keeper keeper({.db = *db, .time = time, .batches = coming, .subjects = town, .alarms = counted, .rules = [&] { return rules; }, .holder = "bench"});
    Gauges gauges(things);
    for (auto _ : state) {
      state.PauseTiming();
      auto batch = gauges.next();
      time.set(batch.received);
      coming.waiting.assign(1, std::move(batch));
      state.ResumeTiming();
      if (auto const done = keeper.step(); !done) return state.SkipWithError(done.error().text.en.c_str());
    }
    state.counters["alarms"] = static_cast<double>(counted.alarms);
    if (!keeper.stop()) state.SkipWithError("it does not stop");
  }
  std::filesystem::remove_all(folder);
  state.SetItemsProcessed(state.iterations() * batch_readings);
}
BENCHMARK(kept)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
