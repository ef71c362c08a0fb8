// A month is published once, when it has settled, and then stays as it is.
#include "respond/open_figures/publisher.hpp"

#include <gtest/gtest.h>

#include "respond/cases/desk_test_kit.hpp"
#include "respond/evaluation/keeper.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond::open_figures {
namespace {

using namespace kit;

constexpr std::int64_t street = 9;

/// Reports of 27 April 2026, with a case each that is due on 7 May.
class OpenFigures : public testing::TestWithParam<test::Engine> {
 protected:
  OpenFigures() { go("2026-04-27T09:00:00+08:00"); }

  void go(char const* iso) { db_.time.set(at(iso)); }
  void reports(int number) {
    for (int i = 0; i < number; ++i) cases_.push_back(kit_.new_case());
    EXPECT_TRUE(db_->write([&](store::Writer& w) {
      w.exec("UPDATE signal SET state = ?, received_at = ? WHERE state = ?", Stage::registered, at("2026-04-27T09:00:00+08:00"), Stage::collected);
    }));
  }
  void make_private(Id id) {
    EXPECT_TRUE(db_->write([&](store::Writer& w) {
      w.exec("UPDATE signal SET private = 1 WHERE id = (SELECT signal_id FROM casefile WHERE id = ?)", id);
      w.exec("UPDATE casefile SET private = 1 WHERE id = ?", id);
    }));
  }
  std::int64_t run() {
    EXPECT_TRUE(keeper_.catch_up());
    return publisher_.run_due(db_.time.now()).value_or(-1);
  }
  /// Two looks an hour apart.
  std::int64_t run_twice() {
    EXPECT_EQ(run(), 0) << "the first look publishes nothing";
    db_.time.advance(quiet_for_minutes);
    return run();
  }
  std::vector<Month> months() {
    return db_->read([](store::Reader& r) { return published_months(r); }).value_or(std::vector<Month>{});
  }
  std::vector<PublishedRow> rows(std::int64_t month) {
    return db_->read([&](store::Reader& r) { return rows_behind(r, month, -1); }).value_or(std::vector<PublishedRow>{});
  }

  test::TempDb db_{GetParam()};
  DeskKit kit_{*db_};
  evaluation::Keeper keeper_{*db_, one_item_catalogue(), city_calendar(), city_calendar().zone()};
  Publisher publisher_{*db_, one_item_catalogue(), city_calendar().zone(), [] { return std::vector<AreaNode>{{street, 0}}; }};
  std::vector<Id> cases_;
};
INSTANTIATE_TEST_SUITE_P(Engines, OpenFigures, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(OpenFigures, WaitUntilTheMonthHasSettled) {
  reports(6);
  go("2026-05-10T09:00:00+08:00");
  EXPECT_EQ(run_twice(), 0);
  go("2026-05-11T09:00:00+08:00");
  EXPECT_EQ(run_twice(), 1);
  ASSERT_EQ(months().size(), 1U);
  EXPECT_EQ(month_text(months()[0].number), "2026-04");
  EXPECT_EQ(months()[0].reports, 6);
  EXPECT_EQ(months()[0].cases, 0) << "they are due in May";
}

TEST_P(OpenFigures, WaitWhileSomethingChanges) {
  reports(6);
  go("2026-05-11T09:00:00+08:00");
  EXPECT_EQ(run(), 0);
  reports(1);  // somebody hands in an old one
  go("2026-05-11T10:00:00+08:00");
  EXPECT_EQ(run(), 0) << "it is not what it was an hour ago";
  go("2026-05-11T11:00:00+08:00");
  EXPECT_EQ(run(), 1);
}

TEST_P(OpenFigures, StayAsTheyAreWhateverHappensLater) {
  reports(6);
  go("2026-05-11T09:00:00+08:00");
  ASSERT_EQ(run_twice(), 1);
  auto const before = months()[0];
  reports(3);
  go("2026-05-12T09:00:00+08:00");
  EXPECT_EQ(run_twice(), 0);
  EXPECT_EQ(months()[0].digest, before.digest);
  EXPECT_EQ(months()[0].reports, 6);
}

TEST_P(OpenFigures, DoNotCountWhatIsKeptPrivate) {
  reports(6);
  make_private(cases_[0]);
  make_private(cases_[1]);
  go("2026-05-11T09:00:00+08:00");
  ASSERT_EQ(run_twice(), 1);
  EXPECT_EQ(months()[0].reports, 0) << "four are left, which is too few";
  EXPECT_TRUE(rows(months()[0].number).empty());
}

TEST_P(OpenFigures, AreVouchedForByTheLedger) {
  reports(7);
  go("2026-05-11T09:00:00+08:00");
  ASSERT_EQ(run_twice(), 1);
  auto const kept = rows(months()[0].number);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].cohort, Cohort::signals);
  EXPECT_EQ(kept[0].row, (Row{street, "-", "0102", Outcome::registered, 7}));
  auto const said = db_->read([](store::Reader& r) {
    return r.value<std::string>("SELECT payload FROM ledger WHERE kind = ?", core::EventKind::open_figures_published).value_or("");
  });
  EXPECT_NE(said.value_or("").find(months()[0].digest), std::string::npos);
}

TEST_P(OpenFigures, OfAnotherProcessAreLeftAlone) {
  reports(6);
  Publisher second(*db_, one_item_catalogue(), city_calendar().zone(), [] { return std::vector<AreaNode>{{street, 0}}; });
  go("2026-05-11T09:00:00+08:00");
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(second.run_due(db_.time.now()).value_or(-1), 0);
  db_.time.advance(quiet_for_minutes);
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(second.run_due(db_.time.now()).value_or(-1), 0);
}

}  // namespace
}  // namespace zhili::respond::open_figures
