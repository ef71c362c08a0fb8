// What a town publishes of a month.
#include "respond/open_figures/rows.hpp"

#include <gtest/gtest.h>

#include <random>

#include "respond/open_figures/small_cells.hpp"

namespace zhili::respond::open_figures {
namespace {

constexpr std::int64_t town = 1, north = 2, south = 3;

Structure const a_town{.areas = {{town, 0}, {north, town}, {south, town}},
                       .group_of_item = {{"lamp", "street"}, {"hole", "street"}, {"noise", "peace"}, {"dog", "peace"}}};

Count count(std::int64_t area, char const* item, Outcome outcome, std::int64_t number) { return {area, item, outcome, number}; }

TEST(OpenRows, SayEachOutcomeOfAnItemWhereThereAreEnough) {
  std::vector const counts{count(north, "lamp", Outcome::on_time, 12), count(north, "lamp", Outcome::late, 5)};
  EXPECT_EQ(published_rows(Cohort::cases, counts, a_town),
            (std::vector<Row>{{north, "street", "lamp", Outcome::on_time, 12}, {north, "street", "lamp", Outcome::late, 5}}));
}

TEST(OpenRows, GatherSmallOnesUnderTheirItemThenTheirGroupThenTheirArea) {
  std::vector const counts{count(north, "lamp", Outcome::on_time, 4), count(north, "lamp", Outcome::late, 3),  // 7 lamps
                           count(north, "hole", Outcome::on_time, 3),                                          // to the group, too few
                           count(north, "noise", Outcome::open, 4),                                            // with it: 7 in the north
                           count(south, "dog", Outcome::late, 2)};
  EXPECT_EQ(published_rows(Cohort::cases, counts, a_town),
            (std::vector<Row>{{north, "", "", std::nullopt, 7}, {north, "street", "lamp", std::nullopt, 7}}))
      << "two dogs in the south are told nowhere";
}

TEST(OpenRows, TellWhatLiesNowhereOfTheCity) {
  std::vector const counts{count(0, "lamp", Outcome::on_time, 6), count(77, "hole", Outcome::on_time, 3), count(0, "dog", Outcome::on_time, 4)};
  EXPECT_EQ(published_rows(Cohort::cases, counts, a_town),
            (std::vector<Row>{{0, "", "", std::nullopt, 7}, {0, "street", "lamp", Outcome::on_time, 6}}));
}

TEST(OpenRows, KnowItemsThatTheCatalogueHasForgotten) {
  std::vector const counts{count(north, "gas-lamp", Outcome::registered, 6)};
  EXPECT_EQ(published_rows(Cohort::signals, counts, a_town), (std::vector<Row>{{north, "-", "gas-lamp", Outcome::registered, 6}}));
}

TEST(OpenRows, AreTheSameInWhateverOrderTheCountsCome) {
  std::mt19937 random(7);
  std::vector<Count> counts;
  for (int i = 0; i < 60; ++i)
    counts.push_back(count(static_cast<std::int64_t>(random() % 4), i % 2 == 0 ? "lamp" : "dog", i % 3 == 0 ? Outcome::late : Outcome::on_time,
                           static_cast<std::int64_t>(random() % 4)));
  auto const rows = published_rows(Cohort::cases, counts, a_town);
  std::ranges::shuffle(counts, random);
  EXPECT_EQ(published_rows(Cohort::cases, counts, a_town), rows);
  ASSERT_FALSE(rows.empty());
  for (auto const& row : rows) EXPECT_GE(row.number, smallest_cell);
}

TEST(OpenRows, EachOutcomeFollowsFromTheFacts) {
  using catalogue::bit;
  using catalogue::Fact;
  EXPECT_EQ(outcome_of(Cohort::cases, bit(Fact::closed) | bit(Fact::on_time)), Outcome::on_time);
  EXPECT_EQ(outcome_of(Cohort::cases, bit(Fact::closed) | bit(Fact::late) | bit(Fact::contradicted)), Outcome::unclear);
  EXPECT_EQ(outcome_of(Cohort::cases, bit(Fact::dispatched)), Outcome::open);
  EXPECT_EQ(outcome_of(Cohort::signals, bit(Fact::registered)), Outcome::registered);
  EXPECT_EQ(outcome_of(Cohort::signals, bit(Fact::registered) | bit(Fact::merged)), Outcome::joined);
  EXPECT_EQ(outcome_of(Cohort::signals, bit(Fact::decided) | bit(Fact::rejected)), Outcome::rejected);
  EXPECT_EQ(outcome_of(Cohort::signals, 0), Outcome::waiting);
}

}  // namespace
}  // namespace zhili::respond::open_figures
