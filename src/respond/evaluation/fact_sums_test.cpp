#include "respond/evaluation/fact_sums.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace zhili::respond::evaluation {
namespace {

/// The same by the plainest means.
struct Plain {
  std::map<std::uint64_t, Sums> all;
  void add(FactSums const& other, std::int64_t times) {
    for (auto const& [facts, sums] : other) {
      all[facts].add(sums, times);
      if (all[facts] == Sums{}) all.erase(facts);
    }
  }
  bool is(FactSums const& sums) const {
    return std::equal(all.begin(), all.end(), sums.begin(), sums.end(), [](auto const& a, auto const& b) { return a.first == b.first && a.second == b.second; });
  }
};

FactSums drawn(std::mt19937& draw, std::size_t entries) {
  FactSums out;
  for (std::size_t i = 0; i < entries; ++i)
    out.add(draw() % 60, {static_cast<std::int64_t>(draw() % 3), static_cast<std::int64_t>(draw() % 2), 0, 0, static_cast<std::int64_t>(draw() % 100)});
  return out;
}

TEST(FactSumsProperty, AddedInAnyWayTheyAreTheSame) {
  std::mt19937 draw(11);
  for (int round = 0; round < 300; ++round) {
    FactSums sums;
    Plain plain;
    for (int step = 0; step < 6; ++step) {
      auto const other = drawn(draw, draw() % 40);
      auto const times = draw() % 3 == 0 ? -1 : 1;
      sums.add(other, times);
      plain.add(other, times);
      ASSERT_TRUE(plain.is(sums));
      ASSERT_EQ(FactSums::of(sums.text()), sums);
    }
    auto const undone = sums;
    sums.add(undone, -1);
    ASSERT_TRUE(sums.empty());
  }
}

TEST(FactSums, WhatIsDroppedIsGone) {
  FactSums sums;
  sums.add(0b001, {1});
  sums.add(0b110, {2});
  sums.add(0b100, {3});
  sums.drop(0b010);
  FactSums left;
  left.add(0b001, {1});
  left.add(0b100, {3});
  EXPECT_EQ(sums, left);
}

}  // namespace
}  // namespace zhili::respond::evaluation
