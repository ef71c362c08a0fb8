// Steps that were published, and databases that were made by what they once said.
#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "store/postgres.hpp"
#include "store/session.hpp"
#include "store/sqlite.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::store {
namespace {

constexpr int rules_step = 25, rules_begin_step = 29;

class PublishedSteps : public testing::TestWithParam<test::Engine> {
 protected:
  /// An empty database.
  std::unique_ptr<Session> database() {
    if (GetParam() == test::Engine::postgresql) return open_postgres(test::PostgresCluster::get().new_database(), "");
    folders_.push_back(std::make_unique<test::TempFolder>());
    return open_sqlite(folders_.back()->path() / "x.db", SqliteRole::writer, 1);
  }
  /// What the program had before step 29, with this text of step 25.
  static std::vector<Migration> before(std::string_view rules) {
    std::vector<Migration> out;
    for (auto step : embedded_migrations()) {
      if (step.number == rules_step) step.sql = rules;
      if (step.number < rules_begin_step) out.push_back(step);
    }
    return out;
  }
  static std::string published() {
    for (auto const& step : embedded_migrations())
      if (step.number == rules_step) return std::string(step.sql);
    return {};
  }
  /// As the step stood for some hours on the main line.
  static std::string reworded() {
    auto out = published();
    auto const replace = [&](std::string_view from, std::string_view to) { out.replace(out.find(from), from.size(), to); };
    replace("up to there are in every state.", "up to there are in every state; -1: no rule ever ran.");
    replace("(1, '', 0, 0, 0, 0);", "(1, '', 0, 0, 0, -1);");
    return out;
  }
  core::ManualTime time_{core::from_ms(1'763'712'000'000)};

 private:
  std::vector<std::unique_ptr<test::TempFolder>> folders_;
};

TEST_P(PublishedSteps, ADatabaseOfEitherTextOfTheRulesGoesOnAndBeginsAtTheSamePlace) {
  for (auto const& text : {published(), reworded()}) {
    auto const session = database();
    ASSERT_TRUE(migrate(*session, before(text), time_));
    auto const outcome = migrate(*session, embedded_migrations(), time_);
    ASSERT_TRUE(outcome) << outcome.error().text.en;
    EXPECT_TRUE(migrate(*session, embedded_migrations(), time_));
    Statements sql(*session);
    EXPECT_EQ(sql.value<std::int64_t>("SELECT position FROM rule_keeper WHERE id = 1"), -1) << "no rule ever ran";
  }
}

TEST_P(PublishedSteps, RulesThatRanGoOnWhereTheyWere) {
  for (std::int64_t const position : {0, 12}) {
    auto const session = database();
    ASSERT_TRUE(migrate(*session, before(published()), time_));
    Statements sql(*session);
    sql.exec("UPDATE rule_keeper SET generation = 3, position = ? WHERE id = 1", position);
    ASSERT_TRUE(migrate(*session, embedded_migrations(), time_));
    EXPECT_EQ(sql.value<std::int64_t>("SELECT position FROM rule_keeper WHERE id = 1"), position);
  }
}

TEST_P(PublishedSteps, AnyOtherTextIsRefused) {
  auto const session = database();
  auto const edited = published() + "\n-- a word more\n";
  ASSERT_TRUE(migrate(*session, before(edited), time_));
  EXPECT_EQ(migrate(*session, embedded_migrations(), time_).error().key, "store.migration_changed");
}

INSTANTIATE_TEST_SUITE_P(Engines, PublishedSteps, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& it) { return test::name_of(it.param); });

}  // namespace
}  // namespace zhili::store
