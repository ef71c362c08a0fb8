// The wheel against a list, and windows against counting everything again.

#include "respond/rules/wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "respond/rules/window.hpp"

namespace zhili::respond::rules {
namespace {

TEST(Wheel, GivesEachDeadlineOnceInItsTurn) {
  constexpr std::uint32_t members = 300;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    Wheel wheel(members);
    std::map<std::uint32_t, std::int64_t> waiting;
    std::int64_t now = 1'780'000'000'000;
    wheel.start(now);
    for (int step = 0; step < 3'000; ++step) {
      auto const member = static_cast<std::uint32_t>(random() % members);
      auto const far = std::int64_t{1} << (random() % 40);
      switch (random() % 4) {
        case 0:
        case 1: {
          auto const when = now - 5 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(far + 5));
          wheel.set(member, when);
          waiting[member] = when;
          break;
        }
        case 2:
          wheel.remove(member);
          waiting.erase(member);
          break;
        default: {
          if (!waiting.empty()) {
            auto const first = std::ranges::min_element(waiting, {}, [](auto const& one) { return one.second; })->second;
            EXPECT_LE(wheel.soonest(), std::max(first, now));
          } else EXPECT_EQ(wheel.soonest(), Wheel::never);
          auto const until = now + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(far));
          std::uint32_t got = 0;
          std::int64_t before = now;
          while (wheel.next(until, got)) {
            ASSERT_TRUE(waiting.contains(got)) << "it had no deadline";
            EXPECT_LE(waiting[got], until);
            EXPECT_GE(wheel.now(), before) << "time goes on";
            EXPECT_EQ(wheel.now(), std::max(waiting[got], now));
            before = wheel.now();
            waiting.erase(got);
          }
          now = until;
          for (auto const& [left, when] : waiting) EXPECT_GT(when, until) << left;
          EXPECT_EQ(wheel.now(), now);
        }
      }
      EXPECT_EQ(wheel.at(member), waiting.contains(member) ? waiting[member] : Wheel::never);
    }
  }
}

struct Told {
  std::int64_t at;
  double value;
};

/// The same, by going through all that was ever read.
double by_counting(WindowPlan const& plan, std::vector<Told> const& all, std::int64_t first_pane, std::string_view what) {
  double sum = 0, count = 0, least = INFINITY, most = -INFINITY;
  double before = all.front().value;
  for (auto const& one : all) {
    if (one.at / plan.pane_ms < first_pane) {
      before = one.value;
      continue;
    }
    sum += one.value;
    count += 1;
    least = std::min(least, one.value);
    most = std::max(most, one.value);
  }
  if (what == "sum") return sum;
  if (what == "count") return count;
  if (what == "rise") return all.back().value - before;
  return what == "least" ? least : most;
}

TEST(RuleWindow, SaysWhatCountingEverythingAgainSays) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    std::int64_t const span = 60 * (1 + static_cast<std::int64_t>(random() % 2'000));
    auto const plan = [&](WindowKind kind) { return WindowPlan{.kind = kind, .span_ms = span, .pane_ms = span / 60}; };
    auto const least_plan = plan(WindowKind::least), most_plan = plan(WindowKind::most), sums_plan = plan(WindowKind::sums), rise_plan = plan(WindowKind::rise);
    WindowState least, most, sums, rise;
    std::vector<Told> all;
    std::int64_t at = 1'780'000'000'000;
    for (int step = 0; step < 600; ++step) {
      at += 1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(random() % 30 == 0 ? 3 * span : span / 20 + 2));
      all.push_back({at, static_cast<double>(random() % 1'000)});
      auto const first_pane = (at - span) / sums_plan.pane_ms + 1;
      for (auto const& [window, its] : {std::pair(&least, &least_plan), std::pair(&most, &most_plan), std::pair(&sums, &sums_plan), std::pair(&rise, &rise_plan)}) {
        window->expire(*its, first_pane);
        window->add(*its, at, all.back().value);
      }
      ASSERT_EQ(sums.sum(), by_counting(sums_plan, all, first_pane, "sum")) << "whole numbers are added exactly";
      ASSERT_EQ(sums.count(), by_counting(sums_plan, all, first_pane, "count"));
      ASSERT_EQ(least.extreme(), by_counting(least_plan, all, first_pane, "least"));
      ASSERT_EQ(most.extreme(), by_counting(most_plan, all, first_pane, "most"));
      ASSERT_EQ(rise.rise(), by_counting(rise_plan, all, first_pane, "rise"));
      EXPECT_LE(sums.bytes(), std::size_t{4} * catalogue::rules::window_panes * 24) << "memory is bounded";
      if (random() % 10 != 0) continue;
      std::string kept;
      sums.save(kept);
      rise.save(kept);
      WindowState sums_again, rise_again;
      std::string_view bytes = kept;
      ASSERT_TRUE(sums_again.load(bytes) && rise_again.load(bytes));
      EXPECT_TRUE(bytes.empty());
      sums = std::move(sums_again);
      rise = std::move(rise_again);
    }
    // Time alone empties it, pane by pane, at the times that it says.
    while (!sums.is_empty()) {
      auto const next = sums.next_change(sums_plan);
      sums.expire(sums_plan, (next - 1 - span) / sums_plan.pane_ms);
      auto const before = sums.count();
      sums.expire(sums_plan, (next - span) / sums_plan.pane_ms);
      EXPECT_LT(sums.count(), before);
    }
    EXPECT_EQ(sums.sum(), 0);
  }
}

}  // namespace
}  // namespace zhili::respond::rules
