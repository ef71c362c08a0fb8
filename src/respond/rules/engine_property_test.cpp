// What holds for every stream of readings: their order on the way, their batches, copies of them and restarts change nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "respond/rules/engine_test_kit.hpp"

namespace zhili::respond::rules {
namespace {

using test::monday_ms;
using std::chrono::minutes;

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t lateness_of_test_ms = 2 * minute_ms;

/// Rules that between them use everything that remembers.
std::vector<Rule> rules_that_remember() {
  std::vector<Rule> out;
  auto const add = [&](std::string const& keys) { out.push_back(test::rule_of(keys + "\nlateness: 2 min", "r" + std::to_string(out.size()))); };
  add("watch: water-level\nraise: value > 15 cm for 3 min\nclear: value < 10 cm for 2 min\nfault: no data for 6 min");
  add("watch: water-level\nraise: value > 12 cm 3 times\nflap: {times: 3, within: 1 h, calm: 5 min}");
  add("watch: water-level\nraise: mean(water-level, 5 min) > 13 cm\nkeep_firing: 2 min\nescalate: to critical when max(water-level, 3 min) > 22 cm");
  add("watch: water-level\nraise: rise(water-level, 4 min) > 8 cm or rate(water-level, 10 min) > 90 cm/h\nfault: no change for 10 min");
  add("watch: rainfall\nraise: sum(rainfall, 5 min) > 30 mm and min(rainfall, 3 min) > 2 mm and count(rainfall, 4 min) >= 3");
  add("scope: place\nwatch: [water-level, pump-running]\nraise: water-level > 14 cm and not pump-running within 2 min");
  add("scope: place\nwatch: [door-open, motion]\nraise: door-open then motion within 3 min\nclear: no motion for 4 min\nfault: no data from motion for 3 min");
  add("scope: place\nwatch: water-level\nraise: any of (value > 23 cm) or all of (value > 9 cm) for 1 min");
  add("scope: place\nwatch: smoke-alarm\nraise: count of (smoke-alarm) >= 2\nescalate: to critical when count of (smoke-alarm) >= 3");
  add("watch: water-level\nraise: value > 10 cm and between 00:10 and 00:40\nshows: value * 2");
  return out;
}

struct City {
  std::vector<Rule> rules = rules_that_remember();
  std::vector<StreamOf> streams;
  std::vector<Instance> instances;
  explicit City(int bridges = 3) {
    std::int64_t thing = 0;
    for (int bridge = 0; bridge < bridges; ++bridge)
      for (auto const* property : {"water-level", "water-level", "pump-running", "rainfall", "door-open", "motion", "smoke-alarm", "smoke-alarm", "smoke-alarm"})
        streams.push_back({.stream = static_cast<std::int64_t>(streams.size()) + 1, .thing = ++thing, .place = "bridge-" + std::to_string(bridge), .property = property});
    instances = instances_of(rules, streams);
  }
  std::unique_ptr<Engine> engine() const { return Engine::make(rules, instances, {}).value(); }
};

/// A wild hour in the order of time; some sensors are silent now and then.
std::vector<Reading> wild_hour(City const& city, std::mt19937& random) {
  std::vector<Reading> out;
  for (auto const& stream : city.streams) {
    auto at = monday_ms + static_cast<std::int64_t>(random() % minute_ms);
    while (at < monday_ms + 60 * minute_ms) {
      bool const truth = stream.property == "pump-running" || stream.property == "door-open" || stream.property == "motion" || stream.property == "smoke-alarm";
      Reading one{.stream = stream.stream, .at_ms = at, .value = static_cast<double>(truth ? (random() % 3 == 0 ? 1 : 0) : random() % 26), .type = truth ? ValueType::truth : ValueType::number};
      if (random() % 20 == 0) one.quality = random() % 2 == 0 ? out_of_range : spike;
      out.push_back(one);
      at += 1 + static_cast<std::int64_t>(random() % (random() % 25 == 0 ? 12 * minute_ms : 80'000));
    }
  }
  std::ranges::sort(out, {}, [](Reading const& reading) { return std::pair(reading.at_ms, reading.stream); });
  return out;
}

/// Everything that can be said of what was found, by instance and number.
using Told = std::vector<std::tuple<std::uint32_t, std::uint32_t, int, int, bool, int, std::int64_t, double, std::uint16_t>>;
Told told(Engine& engine) {
  Told out;
  for (auto const& one : engine.found()) {
    EXPECT_TRUE(one.sequence > 0);
    out.emplace_back(one.instance, one.sequence, static_cast<int>(one.kind), static_cast<int>(one.cause), one.flapping, static_cast<int>(one.severity), one.at_ms, one.value, one.source);
  }
  std::ranges::sort(out);
  return out;
}

constexpr std::int64_t end_ms = monday_ms + 90 * minute_ms;

Told in_order(City const& city, std::vector<Reading> const& readings) {
  auto const engine = city.engine();
  std::int64_t position = 0;
  for (auto const& one : readings) engine->take({.position = ++position, .received = core::from_ms(one.at_ms), .readings = {one}});
  engine->advance(core::from_ms(end_ms));
  for (std::uint32_t i = 0; i < city.instances.size(); ++i) EXPECT_EQ(engine->broken(i), Broken::no);
  return told(*engine);
}

struct Arrival {
  std::int64_t received_ms = 0;
  Reading reading = {};
};

/// Each comes up to the lateness after its time; some come twice, the second time whenever.
std::vector<Batch> on_the_way(std::vector<Reading> const& readings, std::mt19937& random) {
  std::vector<Arrival> all;
  for (auto const& one : readings) {
    all.push_back({one.at_ms + static_cast<std::int64_t>(random() % (lateness_of_test_ms + 1)), one});
    if (random() % 5 == 0) all.push_back({all.back().received_ms + static_cast<std::int64_t>(random() % (20 * minute_ms)), one});
  }
  std::ranges::stable_sort(all, {}, &Arrival::received_ms);
  std::vector<Batch> out;
  for (std::size_t i = 0; i < all.size();) {
    Batch batch{.position = static_cast<std::int64_t>(out.size()) + 1};
    auto const wanted = 1 + random() % 12;
    auto latest = std::numeric_limits<std::int64_t>::max();  // when the first of them would be too late
    while (i < all.size() && batch.readings.size() < wanted && all[i].received_ms <= latest) {
      latest = std::min(latest, std::max(all[i].received_ms, all[i].reading.at_ms + lateness_of_test_ms));
      batch.received = core::from_ms(all[i].received_ms);
      batch.readings.push_back(all[i++].reading);
    }
    std::ranges::shuffle(batch.readings, random);
    out.push_back(std::move(batch));
  }
  return out;
}

class AnyStream : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(RuleEngine, AnyStream, testing::Range(1U, 13U));

TEST_P(AnyStream, OutOfOrderTwiceAndInBatchesGivesWhatTheOrderedStreamGives) {
  City const city;
  std::mt19937 random(GetParam());
  auto const readings = wild_hour(city, random);
  auto const expected = in_order(city, readings);
  EXPECT_GT(expected.size(), 60U);
  auto const engine = city.engine();
  for (auto const& batch : on_the_way(readings, random)) engine->take(batch);
  engine->advance(core::from_ms(end_ms + lateness_of_test_ms));
  EXPECT_EQ(engine->counts().out_of_place, 0U);
  EXPECT_GT(engine->counts().late, 0U) << "copies are known";
  // What happened in the lateness after the end is not asked of the ordered stream.
  auto got = told(*engine);
  std::erase_if(got, [](auto const& one) { return std::get<6>(one) > end_ms - lateness_of_test_ms; });
  auto want = expected;
  std::erase_if(want, [](auto const& one) { return std::get<6>(one) > end_ms - lateness_of_test_ms; });
  EXPECT_EQ(got, want);
}

TEST_P(AnyStream, KeepingAndTakingUpTheStateAtAnyMomentChangesNothing) {
  City const city;
  std::mt19937 random(GetParam() + 100);
  auto const batches = on_the_way(wild_hour(city, random), random);
  std::vector<Told> runs;
  for (bool const restarts : {false, true}) {
    auto engine = city.engine();
    std::mt19937 fate(GetParam());
    Told all;
    for (auto const& batch : batches) {
      engine->take(batch);
      if (!restarts || fate() % 4 != 0) continue;
      std::vector<Found> const found(engine->found().begin(), engine->found().end());
      auto fresh = city.engine();
      for (std::uint32_t i = 0; i < city.instances.size(); ++i) {
        std::string state;
        engine->save(i, state);
        ASSERT_TRUE(fresh->load(i, state, engine->position()));
        std::string again;
        fresh->save(i, again);
        EXPECT_EQ(state, again) << "instance " << i;
        EXPECT_EQ(Engine::glimpse(state)->raised, engine->is_raised(i));
        EXPECT_FALSE(fresh->load(i, std::string_view(state).substr(0, state.size() - 1), 0)) << "half a state is none";
        ASSERT_TRUE(fresh->load(i, state, engine->position()));
      }
      fresh->set_position(engine->position());
      fresh->keep_found(found);
      engine = std::move(fresh);
      engine->take(batch);  // what a state has seen does not count again
    }
    engine->advance(core::from_ms(end_ms));
    runs.push_back(told(*engine));
  }
  EXPECT_GT(runs[0].size(), 60U);
  EXPECT_EQ(runs[0], runs[1]);
}

TEST(RuleEngine, GroupsThatAreNotSaidToHaveChangedHaveNot) {
  City const city(30);
  ASSERT_GT(city.instances.size(), 3 * group_instances);
  std::mt19937 random(7);
  auto const engine = city.engine();
  auto const state_of = [&](std::uint32_t i) {
    std::string out;
    engine->save(i, out);
    return out;
  };
  std::vector<std::string> kept(city.instances.size());
  for (std::uint32_t i = 0; i < kept.size(); ++i) kept[i] = state_of(i);
  std::size_t unchanged = 0;
  for (auto const& batch : on_the_way(wild_hour(city, random), random)) {
    engine->take(batch);
    if (random() % 8 != 0) continue;
    std::vector<bool> dirty(kept.size() / group_instances + 1);
    for (auto const& one : engine->dirty()) {
      dirty[one.group] = true;
      engine->saved(one.group);
    }
    for (std::uint32_t i = 0; i < kept.size(); ++i) {
      auto state = state_of(i);
      if (!dirty[i / group_instances]) {
        ++unchanged;
        ASSERT_EQ(state, kept[i]) << i;
      }
      kept[i] = std::move(state);
    }
  }
  EXPECT_GT(unchanged, 0U);
  EXPECT_TRUE(engine->dirty().size() <= kept.size() / group_instances + 1);
}

// ---- deadlines -------------------------------------------------------------------------------------------------------------------------

TEST(RuleDeadlines, AHundredThousandSilencesAreToldOnceEachThoughItStartsAnewInTheMiddle) {
  constexpr std::int64_t gauges = 100'000;
  std::vector<Rule> const rules{test::rule_of("watch: water-level\nraise: value > 15 cm\nfault: no data for 5 min")};
  std::vector<StreamOf> streams;
  for (std::int64_t i = 1; i <= gauges; ++i) streams.push_back({.stream = i, .thing = i, .property = "water-level"});
  auto const instances = instances_of(rules, streams);
  ASSERT_EQ(instances.size(), static_cast<std::size_t>(gauges));
  auto engine = Engine::make(rules, instances, {}).value();
  // Gauge i speaks once, i / 1000 seconds after the begin.
  for (std::int64_t i = 1; i <= gauges; i += 1000) {
    auto const at = monday_ms + i / 1000 * 1000;
    Batch batch{.position = i, .received = core::from_ms(at)};
    for (auto stream = i; stream < i + 1000; ++stream) batch.readings.push_back({.stream = stream, .at_ms = at, .value = 1});
    engine->take(batch);
  }
  std::vector<int> times(gauges);
  std::size_t restarted = 0;
  for (std::int64_t now = monday_ms; now <= monday_ms + 10 * minute_ms; now += 700) {
    engine->advance(core::from_ms(now));
    for (auto const& one : engine->found()) {
      EXPECT_EQ(one.kind, TransitionKind::fault);
      ++times[one.instance];
      auto const spoke = monday_ms + one.instance / 1000 * 1000;
      EXPECT_EQ(one.at_ms, spoke + 5 * minute_ms);
      EXPECT_LE(now - one.at_ms, 700);
    }
    engine->clear_found();
    auto const due = engine->next_due();
    EXPECT_TRUE(!due || core::to_ms(*due) > now);
    if (restarted == 0 && now > monday_ms + 350'000) {
      restarted = 1;
      auto fresh = Engine::make(rules, instances, {}).value();
      std::string state;
      for (std::uint32_t i = 0; i < instances.size(); ++i) {
        state.clear();
        engine->save(i, state);
        ASSERT_TRUE(fresh->load(i, state, gauges));
      }
      fresh->set_position(engine->position());
      engine = std::move(fresh);
    }
  }
  EXPECT_EQ(std::ranges::count(times, 1), gauges);
}

TEST(RuleDeadlines, AClockThatJumpsAYearLeavesNoneOut) {
  auto const rule = test::rule_of("watch: water-level\nraise: value > 15 cm for 30 d\nfault: no data for 31 d");
  std::vector<StreamOf> const streams{{.stream = 1, .thing = 1, .property = "water-level"}};
  auto const engine = Engine::make({rule}, instances_of(std::span(&rule, 1), streams), {}).value();
  engine->take({.position = 1, .received = core::from_ms(monday_ms), .readings = {{.stream = 1, .at_ms = monday_ms, .value = 20}}});
  engine->advance(core::from_ms(monday_ms + 366 * 86'400'000LL));
  ASSERT_EQ(engine->found().size(), 2U);
  EXPECT_EQ(engine->found()[0].at_ms, monday_ms + 30 * 86'400'000LL);
  EXPECT_EQ(engine->found()[1].at_ms, monday_ms + 31 * 86'400'000LL);
  engine->advance(core::from_ms(monday_ms));  // time never goes back
  EXPECT_EQ(core::to_ms(engine->now()), monday_ms + 366 * 86'400'000LL);
}

}  // namespace
}  // namespace zhili::respond::rules
