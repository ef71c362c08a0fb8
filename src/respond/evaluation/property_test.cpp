// Whatever happened in whatever order: the kept sums are those of a new count, and each figure's list is as long as the figure.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

#include "catalogue/pack.hpp"
#include "respond/cases/desk_test_kit.hpp"
#include "respond/evaluation/figures.hpp"
#include "respond/evaluation/keeper.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond::evaluation {
namespace {

using namespace kit;
using core::day_of;
using core::holding;
using core::period_from;
using core::PeriodKind;
using Dump = std::multiset<std::string>;

class History {
 public:
  History(store::Db& db, core::ManualTime& time, unsigned seed) : db_(db), kit_(db), time_(time), random_(seed) {}

  void step() {
    time_.advance(std::chrono::minutes(below(3) == 0 ? below(3'000) : below(60)));
    if (cases_.empty() || below(12) == 0) return begin();
    auto const id = cases_[static_cast<std::size_t>(below(static_cast<int>(cases_.size())))];
    auto const state = kit_.state(id);
    for (int tries = 0; tries < 40; ++tries) {
      auto const& actor = people()[static_cast<std::size_t>(below(static_cast<int>(people().size())))];
      auto steps = kit_.desk.next(state, actor, time_.now()).value_or(std::vector<NextStep>{});
      std::erase_if(steps, [](NextStep const& one) { return one.obstacle.has_value(); });
      if (steps.empty()) continue;
      auto command = photographed(steps[static_cast<std::size_t>(below(static_cast<int>(steps.size())))].verb);
      command.reason = "because";
      command.until = time_.now() + std::chrono::hours(24 * (1 + below(40)));
      command.clock = "handle";
      command.score = 1 + below(5);
      command.level = 1;
      command.number = 1;
      command.upheld = below(2) == 0;
      command.closing_condition_met = true;
      command.department = command.verb == Verb::dispatch && below(4) == 0 ? "greening" : "";
      command.person = command.verb == Verb::hand_over ? "staff:han" : "";
      if (kit_.desk.execute(id, command, actor)) return;
    }
  }

 private:
  static std::vector<Actor> const& people() {
    static std::vector const all{dispatcher, lead, han, han_lead, gao, cai, vera, sun, eva, reporter, acceptor, clockwork};
    return all;
  }
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

  /// A case as the desk makes it, then moved to another place and channel, as its signal says.
  void begin() {
    cases_.push_back(kit_.new_case());
    EXPECT_TRUE(db_.write([&](store::Writer& w) -> core::Result<> {
      auto const grid = below(4) == 0 ? std::nullopt : std::optional("G" + std::to_string(below(3)));
      w.exec("UPDATE casefile SET area_id = ?, grid = ? WHERE id = ?", below(4) == 0 ? std::nullopt : std::optional<std::int64_t>(1 + below(3)), grid,
             cases_.back());
      w.exec("UPDATE signal SET channel = ?, state = ? WHERE id = (SELECT signal_id FROM casefile WHERE id = ?)", below(2) == 0 ? "web" : "patrol",
             below(3) == 0 ? Stage::rejected : Stage::registered, cases_.back());
      return {};
    }));
  }

  store::Db& db_;
  DeskKit kit_;
  core::ManualTime& time_;
  std::mt19937 random_;
  std::vector<Id> cases_;
};

/// Every cell with its codes instead of its keys, and every row.
Dump dump(store::Db& db) {
  Dump out;
  using N = std::int64_t;
  using Text = std::optional<std::string>;
  EXPECT_TRUE(db.read([&](store::Reader& reader) {
    reader.each<N, N, Text, Text, std::string, std::string>(
        "SELECT slice, period, (SELECT code FROM evaluation_key WHERE id = within_key), (SELECT code FROM evaluation_key WHERE id = key), open_sums, "
        "ended_sums FROM evaluation_cell",
        [&](N slice, N period, Text within, Text key, std::string open, std::string ended) {
          out.insert(testing::PrintToString(std::tuple(slice, period, within.value_or("-"), key.value_or("-"), open, ended)));
        });
    reader.each<N, N, N, N, N>("SELECT subject, day, facts, reworks, minutes FROM evaluation_fact",
                               [&](N subject, N day, N facts, N reworks, N minutes) { out.insert(testing::PrintToString(std::tuple(subject, day, facts, reworks, minutes))); });
  }));
  return out;
}

std::size_t listed_in_pages(store::Reader& reader, Question const& question, Wanted const& wanted) {
  std::set<std::int64_t> seen;
  std::size_t lines = 0;
  std::optional<Behind> behind;
  for (;;) {
    auto const page = listed(reader, question, wanted, behind, 7);
    for (auto const& line : page) {
      EXPECT_TRUE(!behind || line.day < behind->day || (line.day == behind->day && line.subject < behind->subject)) << "latest first";
      behind = Behind{line.day, line.subject};
      seen.insert(line.subject);
      ++lines;
    }
    if (page.size() < 7) break;
  }
  EXPECT_EQ(seen.size(), lines) << "nobody twice";
  return lines;
}

class Property : public testing::TestWithParam<test::Engine> {
 protected:
  Property() { db_.time.set(at("2026-04-20T09:00:00+08:00")); }
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

  Question question() {
    Question out{.cohort = below(3) == 0 ? Cohort::signals : Cohort::cases};
    auto const middle = day_of(db_.time.now(), city_calendar().zone());
    auto const kind = static_cast<PeriodKind>(below(5));
    auto const in = holding(kind, middle - 60 + below(80));
    out.from = in.from;
    out.to = in.to;
    out.today = middle - 30 + below(40);
    static std::map<Dimension, std::vector<std::string>> const codes{
        {Dimension::area, {"1", "2", "3", "", "77"}}, {Dimension::grid, {"G0", "G1", ""}},          {Dimension::department, {"drainage", "greening", ""}},
        {Dimension::function, {"sanitation", "no"}},  {Dimension::item, {"0102", "no"}}, {Dimension::source, {"web", "patrol"}}};
    for (int i = below(3); i > 0; --i) {
      auto const at = std::next(codes.begin(), below(static_cast<int>(codes.size())));
      auto const& of = at->second;
      auto& only = out.only[at->first];
      if (only.empty()) only = {of[static_cast<std::size_t>(below(static_cast<int>(of.size())))]};
      if (below(3) == 0 && only.front() != of.front()) only.push_back(of.front());
    }
    return out;
  }

  test::TempDb db_{GetParam()};
  std::mt19937 random_{20260712};
};
INSTANTIATE_TEST_SUITE_P(Both, Property, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& each) { return test::name_of(each.param); });

TEST_P(Property, WhatIsKeptIsWhatANewCountOfTheLedgerGives) {
  History history(*db_, db_.time, 7);
  Keeper keeper(*db_, one_item_catalogue(), city_calendar(), city_calendar().zone());
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 40; ++i) {
      history.step();
      if (below(9) == 0) {
        ASSERT_TRUE(keeper.follow());
      }
    }
    ASSERT_TRUE(keeper.catch_up());
    auto const kept = dump(*db_);
    EXPECT_GT(kept.size(), 50U);
    ASSERT_TRUE(db_->write([](store::Writer& w) -> core::Result<> {
      w.exec("UPDATE evaluation_position SET counted_by = 'another rule'");
      return {};
    }));
    ASSERT_TRUE(keeper.catch_up());
    EXPECT_EQ(dump(*db_), kept);
  }
}

TEST_P(Property, EveryListIsAsLongAsItsFigureWhateverIsAsked) {
  History history(*db_, db_.time, 11);
  Keeper keeper(*db_, one_item_catalogue(), city_calendar(), city_calendar().zone());
  for (int i = 0; i < 160; ++i) history.step();
  ASSERT_TRUE(keeper.catch_up());
  auto const base = catalogue::read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base"}).value();
  std::size_t lines = 0;
  ASSERT_TRUE(db_->read([&](store::Reader& reader) {
    for (int i = 0; i < 120; ++i) {
      auto const asked = question();
      auto const& indicators = base->indicators();
      auto const& indicator = *indicators[static_cast<std::size_t>(below(static_cast<int>(indicators.size())))];
      auto of = asked;
      of.cohort = indicator.of;
      auto const by = all_dimensions[static_cast<std::size_t>(below(static_cast<int>(all_dimensions.size())))];
      for (auto const& [key, sums] : tally(reader, by, of)) {
        auto cell = of;
        auto const codes = codes_of(reader, {{key, {}}});
        cell.only[by] = {codes.at(key)};
        auto const got = figure(indicator, sums);
        EXPECT_EQ(listed_in_pages(reader, cell, behind(indicator, Part::excluded)), static_cast<std::size_t>(got.excluded)) << indicator.code;
        if (indicator.per == catalogue::Quantity::number) {
          EXPECT_EQ(listed_in_pages(reader, cell, behind(indicator, Part::denominator)), static_cast<std::size_t>(got.denominator)) << indicator.code;
        }
        if (indicator.sum == catalogue::Quantity::number) {
          EXPECT_EQ(listed_in_pages(reader, cell, behind(indicator, Part::numerator)), static_cast<std::size_t>(got.numerator)) << indicator.code;
        }
        lines += static_cast<std::size_t>(got.denominator);
      }
    }
  }));
  EXPECT_GT(lines, 100U) << "there was something to count";
}

TEST_P(Property, AllDimensionsAddUpToTheSame) {
  History history(*db_, db_.time, 13);
  Keeper keeper(*db_, one_item_catalogue(), city_calendar(), city_calendar().zone());
  for (int i = 0; i < 100; ++i) history.step();
  ASSERT_TRUE(keeper.catch_up());
  ASSERT_TRUE(db_->read([&](store::Reader& reader) {
    for (int i = 0; i < 60; ++i) {
      auto asked = question();
      auto const sum = together(tally(reader, Dimension::item, asked));
      for (auto const by : all_dimensions) EXPECT_EQ(together(tally(reader, by, asked)), sum) << name(by);
    }
  }));
}

TEST(TwoKeepers, CountEachEntryOnce) {
  test::TempDb db(test::Engine::postgresql);
  db.time.set(at("2026-04-20T09:00:00+08:00"));
  History history(*db, db.time, 17);
  auto const other = store::Db::open(db.options(), db.time);
  ASSERT_TRUE(other);
  Keeper one(*db, one_item_catalogue(), city_calendar(), city_calendar().zone());
  Keeper two(**other, one_item_catalogue(), city_calendar(), city_calendar().zone());
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 8; ++i) history.step();
    std::jthread const beside([&] { EXPECT_TRUE(two.catch_up()); });
    EXPECT_TRUE(one.catch_up());
  }
  auto const kept = dump(*db);
  ASSERT_TRUE(db->write([](store::Writer& w) -> core::Result<> {
    w.exec("DELETE FROM evaluation_position");
    return {};
  }));
  ASSERT_TRUE(one.catch_up());
  EXPECT_EQ(dump(*db), kept);
}

}  // namespace
}  // namespace zhili::respond::evaluation
