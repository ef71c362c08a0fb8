#include "respond/cases/desk.hpp"

#include <algorithm>
#include <thread>

#include "respond/cases/desk_test_kit.hpp"
#include "respond/clockwork.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond {
namespace {

using namespace kit;
using core::EventKind;

/// With what time does by itself.
struct TimedKit : DeskKit {
  using DeskKit::DeskKit;

  core::ManualTime time{at("2026-04-27T09:00:00+08:00")};
  test::TempFolder keys;
  std::unique_ptr<store::Vault> vault =
      store::Vault::open(db, {"sqlite:" + keys.path().string(), keys.path() / "master.key"}, time).value();
  Nowhere places;
  SignalDesk signals{db, *vault, one_item_catalogue(), desk, places, photos, time};
  Clockwork clockwork{db, desk, signals};
};

class Desk : public testing::TestWithParam<test::Engine> {
 protected:
  Desk() { db_.time.set(at("2026-04-27T09:00:00+08:00")); }
  void go(char const* iso) { db_.time.set(at(iso)); }
  std::size_t fire() {
    auto const fired = kit_.clockwork.run_due(db_.time.now(), 1000);
    EXPECT_TRUE(fired) << fired.error().detail;
    return fired.value_or(0);
  }
  test::TempDb db_{GetParam()};
  TimedKit kit_{*db_};
};
INSTANTIATE_TEST_SUITE_P(Engines, Desk, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Desk, TheTablesSayWhatTheLedgerSays) {
  auto const id = kit_.new_case();
  EXPECT_EQ(kit_.does(id, dispatcher, doing(Verb::dispatch)), "");
  EXPECT_EQ(kit_.does(id, han, doing(Verb::take)), "");
  auto const returned = kit_.desk.execute(id, photographed(Verb::report_back), han);
  ASSERT_TRUE(returned) << returned.error().text.en;
  EXPECT_EQ(kit_.state(id), *returned);
  EXPECT_EQ(returned->department, "drainage");  // as the duty finder said
  EXPECT_EQ(kit_.stage_row(id), static_cast<std::int64_t>(Stage::reported_back));
  EXPECT_EQ(kit_.number("SELECT version FROM casefile WHERE id = ?", id), returned->version);
  EXPECT_EQ(kit_.number("SELECT area_id FROM casefile WHERE id = ?", id), 9);
  EXPECT_EQ(kit_.number("SELECT due_at FROM casefile WHERE id = ?", id),
            core::to_ms(at("2026-05-07T09:00:00+08:00")));
  EXPECT_EQ(kit_.number("SELECT count(*) FROM clock WHERE subject = ?", id), 4);
  EXPECT_EQ(kit_.timers(id), 2);  // whole and verify run
}

TEST_P(Desk, ARefusedOrStaleCommandLeavesNothing) {
  auto const id = kit_.new_case();
  auto const before = kit_.state(id);
  EXPECT_NE(kit_.does(id, acceptor, closing()), "");
  auto stale = doing(Verb::dispatch);
  stale.expected_version = 7;
  EXPECT_THAT(kit_.does(id, dispatcher, stale),
              testing::HasSubstr("You saw version 7; staff:amy has made version 1"));
  auto elsewhere = doing(Verb::dispatch);
  elsewhere.department = "greening";
  EXPECT_THAT(kit_.does(id, dispatcher, elsewhere), testing::HasSubstr("needs a reason"));
  EXPECT_EQ(kit_.state(id), before);
  EXPECT_EQ(kit_.desk.execute(999'999, doing(Verb::take), han).error().code, core::Errc::not_found);
  elsewhere.reason = "roots in the pipe";
  EXPECT_EQ(kit_.does(id, dispatcher, elsewhere), "");
  EXPECT_EQ(kit_.state(id).department, "greening");
}

TEST_P(Desk, TimersExpireSettleResumeEvaluateAndArchive) {
  auto const id = kit_.new_case();
  go("2026-04-27T10:00:00+08:00");
  EXPECT_EQ(fire(), 1U);  // the dispatch clock ran out
  EXPECT_EQ(fire(), 0U);
  EXPECT_EQ(kit_.state(id).clocks.expired, std::vector<std::string>{"dispatch"});
  EXPECT_EQ(kit_.does(id, dispatcher, doing(Verb::dispatch)), "");
  EXPECT_EQ(kit_.does(id, han, doing(Verb::give_back, "not ours")), "");
  go("2026-04-27T15:00:00+08:00");
  EXPECT_EQ(fire(), 1U);
  EXPECT_EQ(kit_.state(id).department, "street");  // 兜底
  auto const street = person("st", Role::handler, "street");
  EXPECT_EQ(kit_.does(id, street, doing(Verb::take)), "");
  auto wait = doing(Verb::ask_suspension, "parts");
  wait.until = at("2026-04-29T09:00:00+08:00");
  EXPECT_EQ(kit_.does(id, street, wait), "");
  EXPECT_EQ(kit_.does(id, lead, doing(Verb::grant)), "");
  EXPECT_EQ(kit_.number("SELECT count(*) FROM casefile WHERE id = ? AND due_at IS NULL", id), 1);
  go("2026-04-29T09:00:00+08:00");
  EXPECT_EQ(fire(), 1U);
  EXPECT_EQ(kit_.state(id).stage, Stage::handling);
  EXPECT_EQ(kit_.does(id, street, photographed(Verb::report_back)), "");
  EXPECT_EQ(kit_.does(id, dispatcher, doing(Verb::send_to_verify)), "");
  EXPECT_EQ(kit_.does(id, vera, photographed(Verb::pass)), "");
  EXPECT_EQ(kit_.does(id, acceptor, closing()), "");
  EXPECT_GT(kit_.number("SELECT due_at - closed_at FROM casefile WHERE id = ?", id),
            0);  // on time, and known as such
  go("2026-05-06T09:00:00+08:00");
  EXPECT_EQ(fire(), 1U);
  EXPECT_EQ(kit_.state(id).stage, Stage::evaluated);
  go("2028-05-06T09:00:00+08:00");
  EXPECT_EQ(fire(), 1U);
  EXPECT_EQ(kit_.state(id).stage, Stage::archived);
  EXPECT_EQ(kit_.timers(id), 0);
}

TEST_P(Desk, JoiningSetsACaseAsideAndSplittingGivesItBackAsItWas) {
  auto const id = kit_.new_case();
  auto const before = kit_.state(id);
  EXPECT_THAT(kit_.does(id, dispatcher, doing(Verb::join)), testing::HasSubstr("Choose an open case"));
  auto join = doing(Verb::join);
  join.into = kit_.new_case();
  EXPECT_EQ(kit_.does(id, dispatcher, join), "");
  EXPECT_EQ(kit_.state(id).joined_to, join.into);
  EXPECT_EQ(kit_.timers(id), 0);
  go("2026-04-27T09:30:00+08:00");
  EXPECT_EQ(kit_.does(id, dispatcher, doing(Verb::split, "another drain")), "");
  auto after = kit_.state(id);
  EXPECT_EQ(after.version, before.version + 2);
  after.version = before.version;
  after.changed_by = before.changed_by;
  after.changed_at = before.changed_at;
  EXPECT_EQ(after, before);
  EXPECT_EQ(kit_.timers(id), 2);
}

TEST_P(Desk, AChangedCalendarCountsEveryOpenCaseOnceWithItsReason) {
  std::vector<Id> ids;
  for (int i = 0; i < 30; ++i) ids.push_back(kit_.new_case());
  EXPECT_EQ(kit_.does(ids[0], lead, doing(Verb::force_close, "planned works")), "");
  auto spec = city_calendar().spec();
  spec.version = "2026-b";
  spec.dates.push_back({2026, 4, 28, core::DateRule::Kind::holiday});
  auto const changed = core::Calendar::make(spec).value();
  EXPECT_EQ(kit_.clockwork.reproject(changed, "storm").value_or(0), 29U);
  EXPECT_EQ(kit_.clockwork.reproject(changed, "storm").value_or(7), 0U);  // again, as after a crash: nothing twice
  EXPECT_EQ(kit_.number("SELECT due_at FROM casefile WHERE id = ?", ids[1]),
            core::to_ms(at("2026-05-08T09:00:00+08:00")));
  EXPECT_EQ(kit_.entries(ids[1], EventKind::clock_reprojected), 1U);
  EXPECT_EQ(kit_.entries(ids[0], EventKind::clock_reprojected), 0U);
}

// What another process read before the case moved on may not fire.
TEST_P(Desk, ATimerOfAnEarlierStateIsDead) {
  auto const id = kit_.new_case();
  auto const armed = kit_.number("SELECT generation FROM timer WHERE subject = ? AND name = 'dispatch'", id);
  EXPECT_EQ(kit_.does(id, dispatcher, doing(Verb::dispatch)), "");
  EXPECT_EQ(kit_.does(id, han, doing(Verb::give_back, "not ours")), "");
  EXPECT_GT(kit_.number("SELECT generation FROM timer WHERE subject = ? AND name = 'dispatch'", id), armed);
}

TEST(DeskOnPostgres, TwoProcessesFireEachTimerOnce) {
  constexpr int cases = 120;
  core::ManualTime time(at("2026-04-27T09:00:00+08:00"));
  store::Options const options{.url = test::PostgresCluster::get().new_database()};
  auto one = store::Db::open(options, time);
  auto two = store::Db::open(options, time);
  ASSERT_TRUE(one && two);
  TimedKit a(**one);
  TimedKit b(**two);
  std::vector<Id> ids;
  for (int i = 0; i < cases; ++i) ids.push_back(a.new_case());
  time.set(at("2026-04-27T10:00:00+08:00"));
  std::size_t fired_by_b = 0;
  std::thread other([&] { fired_by_b = b.clockwork.run_due(time.now(), cases).value_or(10'000); });
  auto const fired_by_a = a.clockwork.run_due(time.now(), cases).value_or(10'000);
  other.join();
  EXPECT_EQ(fired_by_a + fired_by_b, static_cast<std::size_t>(cases));
  for (auto const id : ids) EXPECT_EQ(a.entries(id, EventKind::clock_expired), 1U);
}

}  // namespace
}  // namespace zhili::respond
