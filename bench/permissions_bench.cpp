// May somebody see and act on each case of a list? Asked for every line that a screen of staff shows.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include "organise/people/access.hpp"

namespace {

using zhili::organise::Grant;
using zhili::organise::Target;

constexpr int cases_of_a_list = 200;
constexpr double list_may_take_s = 0.0002;

std::vector<Target> a_list() {
  std::vector<Target> out;
  for (int i = 0; i < cases_of_a_list; ++i)
    out.push_back({.area = fmt::format("3704020{:02}{:03}", i % 9, i % 120), .item = fmt::format("{:02}{:02}", i % 6 + 1, i % 20), .department = fmt::format("department-{}", i % 12)});
  return out;
}

/// Somebody with posts in several departments, each narrowed to streets and classes; one of them stands in for a colleague.
std::vector<Grant> grants(int count) {
  std::vector<Grant> out;
  for (int i = 0; i < count; ++i)
    out.push_back({.role = i % 2 == 0 ? "handler" : "dispatcher", .department = fmt::format("department-{}", i), .post = fmt::format("post-{}", i),
                   .area = fmt::format("3704020{:02}", i % 9), .items = {"01", "02", "0305"}, .stands_in_for = i == 0 ? "dora" : ""});
  return out;
}

void list_of_200(benchmark::State& state) {
  auto const list = a_list();
  auto const held = grants(static_cast<int>(state.range(0)));
  for (auto _ : state)
    for (auto const& target : list) benchmark::DoNotOptimize(zhili::organise::standings(held, target));
  state.counters["share_of_200us"] = benchmark::Counter(list_may_take_s * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(list_of_200)->Arg(1)->Arg(4)->Arg(16)->Unit(benchmark::kMicrosecond);

}  // namespace
