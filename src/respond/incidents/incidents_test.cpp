// Reports of one thing, on both databases: found, joined, told apart, split.
#include <thread>

#include "respond/cases/case_index.hpp"
#include "respond/incidents/incidents_test_kit.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond {
namespace {

using namespace kit;
using core::EventKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Incidents : public testing::TestWithParam<test::Engine> {
 protected:
  Incidents() { db_.time.set(at("2026-04-27T09:00:00+08:00")); }
  void later(core::Duration by) { db_.time.advance(by); }
  std::vector<Id> found(Id signal) {
    std::vector<Id> out;
    for (auto const& one : street_.candidates(signal)) out.push_back(one.signal);
    return out;
  }
  std::size_t fire() { return street_.clockwork.run_due(db_.time.now(), 1000).value_or(10'000); }
  SignalEvent joining(Id signal) {
    auto const entries = db_->read([&](store::Reader& r) { return store::entries_of(r, signal); }).value();
    for (auto const& entry : entries)
      if (entry.kind == EventKind::signal_merged) return decode_signal(entry.kind, entry.at, entry.actor, entry.payload).value();
    return {};
  }

  test::TempDb db_{GetParam()};
  Street street_{*db_, db_.folder() / "master.key", db_.options().url, db_.time};
};
INSTANTIATE_TEST_SUITE_P(Engines, Incidents, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Incidents, CandidatesAreOpenCasesAndWaitingReportsNearby) {
  auto const a_case = street_.tell(0);
  street_.registered(a_case);
  auto const waiting = street_.tell(40);
  street_.tell(400);                           // another street
  auto const closed = street_.tell(5);
  auto const its_case = street_.registered(closed);
  ASSERT_TRUE(street_.cases.execute(its_case, doing(Verb::force_close, "planned works"), lead));
  auto const rejected = street_.tell(6);
  ASSERT_EQ(street_.does(rejected, {.verb = Verb::reject, .reason = "nothing there"}), "");
  later(std::chrono::minutes(4));
  auto const asked = street_.tell(10);
  EXPECT_THAT(found(asked), ElementsAre(a_case, waiting)) << "the nearest first";
  auto const best = street_.candidates(asked).front();
  EXPECT_EQ(best.case_id, street_.signal(a_case).case_id);
  EXPECT_EQ(reason(best.alike).en, "at the same place, 4 minutes earlier, the same item");
  later(std::chrono::hours(24));
  EXPECT_THAT(found(street_.tell(10)), ElementsAre(asked)) << "the others are longer ago than a day";
}

TEST_P(Incidents, OnlyTheFirstReportOfACaseIsCompared) {
  auto const first = street_.tell(0);
  auto const a_case = street_.registered(first);
  auto const second = street_.tell(80);
  ASSERT_EQ(street_.join(second, a_case), "");
  EXPECT_THAT(found(street_.tell(150)), IsEmpty()) << "a chain of reports does not wander along the street";
  EXPECT_THAT(found(second), IsEmpty()) << "what was joined looks for nothing more";
}

TEST_P(Incidents, WhatIsComparedIsBoundedAndTheBestAreGiven) {
  for (std::size_t i = 0; i < compared_max + 20; ++i) street_.tell(static_cast<double>(i % 90));
  auto const all = street_.candidates(street_.tell(0));
  ASSERT_EQ(all.size(), candidates_max);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i - 1].alike.score, all[i].alike.score);
}

TEST_P(Incidents, PrivateWordsAreNeverCompared) {
  auto words = [&](bool hidden) {
    auto report = street_.report(0, "the lamp before my house number 9 is dark");
    report.words_private = hidden;
    return street_.receive(report).id;
  };
  auto const open = words(false);
  auto const hidden = words(true);
  EXPECT_EQ(street_.candidates(hidden).front().alike.find(Part::text), nullptr);
  auto const from_open = street_.candidates(open);
  ASSERT_EQ(from_open.front().signal, hidden);
  EXPECT_EQ(from_open.front().alike.find(Part::text), nullptr);
  EXPECT_NE(street_.candidates(words(false)).back().alike.find(Part::text), nullptr) << "two open ones are";
}

TEST_P(Incidents, WhatWasToldApartIsNotOfferedAgainUntilSomebodyJoinsIt) {
  auto const one = street_.tell(0);
  auto const a_case = street_.registered(one);
  auto const other = street_.tell(10);
  EXPECT_THAT(street_.does(other, {.verb = Verb::tell_apart, .into = 999'999}), HasSubstr("not the same"));
  EXPECT_EQ(street_.does(other, {.verb = Verb::tell_apart, .into = a_case}), "") << "by the number of the case";
  EXPECT_THAT(found(other), IsEmpty());
  EXPECT_THAT(found(one), IsEmpty()) << "from either side";
  EXPECT_THAT(street_.signal(other).apart, ElementsAre(one));
  EXPECT_EQ(street_.signal(other).stage, Stage::collected);
  EXPECT_EQ(street_.join(other, a_case), "");
  EXPECT_EQ(street_.number("SELECT count(*) FROM told_apart"), 0);
  EXPECT_EQ(street_.split(other), "");
  EXPECT_THAT(found(other), IsEmpty()) << "whoever splits them has looked";
}

TEST_P(Incidents, JoiningACaseBringsAllItsReportsAndSplittingGivesEverythingBack) {
  auto const one = street_.tell(0);
  auto const first_case = street_.registered(one);
  auto const two = street_.tell(20);
  auto const second_case = street_.registered(two);
  auto const three = street_.tell(25);
  ASSERT_EQ(street_.join(three, second_case), "");
  auto const before = street_.rows();
  auto const signals_before = std::vector{street_.signal(one), street_.signal(two), street_.signal(three)};

  ASSERT_EQ(street_.join(two, first_case), "");
  for (auto const id : {one, two, three}) {
    EXPECT_EQ(street_.signal(id).case_id, first_case) << id;
    EXPECT_EQ(street_.number("SELECT case_id FROM signal WHERE id = ?", id), first_case) << id;
  }
  EXPECT_EQ(street_.number("SELECT count(*) FROM signal WHERE incident_id = ?", street_.a_case(first_case).opening.incident), 3);
  EXPECT_EQ(street_.a_case(second_case).joined_to, first_case);
  EXPECT_EQ(joining(three).with, 0) << "its own joining came first";
  EXPECT_TRUE(joining(two).alike);
  CaseIndex index;
  ASSERT_TRUE(db_->read([&](store::Reader& r) { index.follow(r); }));
  EXPECT_EQ(index.total({}), 1) << "a case that stands aside is counted with the one that goes on";
  EXPECT_EQ(index.total({.stage = Stage::merged}), 1);
  EXPECT_EQ(index.total({.overdue_at = db_.time.now() + std::chrono::days(365)}), 1);

  ASSERT_EQ(street_.split(two), "");
  EXPECT_EQ(street_.rows(), before);
  std::size_t i = 0;
  for (auto const id : {one, two, three}) {
    auto after = street_.signal(id);
    after.version = signals_before[i].version;
    after.apart.clear();
    EXPECT_EQ(after, signals_before[i++]) << id;
  }
}

TEST_P(Incidents, ACaseIsJoinedAndSplitByItsOwnVersion) {
  auto const first_case = street_.registered(street_.tell(0));
  auto const two = street_.tell(20);
  auto const second_case = street_.registered(two);
  auto join = doing(Verb::join);
  join.into = first_case;
  join.expected_version = 7;
  EXPECT_EQ(street_.signals.execute_on_case(second_case, join, dispatcher).error().code, core::Errc::conflict);
  join.expected_version = 1;
  auto const done = street_.signals.execute_on_case(second_case, join, dispatcher);
  ASSERT_TRUE(done) << done.error().text.en;
  EXPECT_EQ(done->stage, Stage::merged);
  EXPECT_EQ(street_.signal(two).case_id, first_case);
  auto const back = street_.signals.execute_on_case(second_case, doing(Verb::split, "two lamps"), dispatcher);
  ASSERT_TRUE(back) << back.error().text.en;
  EXPECT_EQ(back->stage, Stage::registered);
  EXPECT_EQ(street_.signal(two).case_id, second_case);
}

TEST_P(Incidents, ACaseThatSomebodyWorksOnIsNotJoinedButOthersMayJoinIt) {
  auto const first_case = street_.registered(street_.tell(0));
  auto const two = street_.tell(20);
  auto const second_case = street_.registered(two);
  ASSERT_TRUE(street_.cases.execute(second_case, doing(Verb::dispatch), dispatcher));
  EXPECT_THAT(street_.join(two, first_case), HasSubstr("was dispatched"));
  EXPECT_EQ(street_.join(street_.a_case(first_case).opening.signal, second_case), "");
  EXPECT_THAT(street_.join(street_.tell(1), first_case), HasSubstr("Choose an open case")) << "it stands aside";
}

TEST_P(Incidents, ARuleJoinsWithinItsLimitsAndSaysWhyAndAPersonUndoesIt) {
  auto const first = street_.tell(0, "", "0103");
  EXPECT_EQ(fire(), 1U) << "it is looked at once";
  EXPECT_EQ(fire(), 0U);
  auto const a_case = street_.registered(first);
  later(std::chrono::minutes(10));
  auto const near = street_.tell(20, "", "0103");
  auto const far = street_.tell(60, "", "0103");
  auto hidden = street_.report(5, "sealed", "0103");
  hidden.words_private = true;
  auto const sealed = street_.receive(hidden).id;
  fire();
  EXPECT_EQ(street_.signal(near).case_id, a_case);
  EXPECT_EQ(street_.signal(far).stage, Stage::collected) << "beyond the rule's own limit";
  EXPECT_EQ(street_.signal(sealed).stage, Stage::collected) << "what is private is for a person";
  auto const event = joining(near);
  EXPECT_EQ(event.rule, "city-appearance/0103/same_thing");
  EXPECT_EQ(event.actor, "system");
  EXPECT_EQ(event.alike->score, 95);
  EXPECT_THAT(told_of_joining(event).en, HasSubstr("a person can undo it"));
  EXPECT_EQ(street_.split(near), "");
  fire();
  EXPECT_EQ(street_.signal(near).stage, Stage::collected) << "what a person undid stays undone";
}

TEST_P(Incidents, WhereTwoCasesFitTheRuleLeavesItToAPerson) {
  street_.registered(street_.tell(0, "", "0103"));
  street_.registered(street_.tell(10, "", "0103"));
  fire();
  auto const between = street_.tell(5, "", "0103");
  fire();
  EXPECT_EQ(street_.signal(between).stage, Stage::collected);
}

TEST_P(Incidents, WhoeverWasFasterThanTheRuleIsRight) {
  street_.registered(street_.tell(0, "", "0103"));
  fire();
  auto const near = street_.tell(1, "", "0103");
  ASSERT_EQ(street_.does(near, {.verb = Verb::ask_check}), "");
  later(std::chrono::minutes(1));
  fire();
  EXPECT_EQ(street_.signal(near).stage, Stage::checking);
}

/// Two dispatchers in two processes, each joins and splits what it finds. Whatever they come to, everybody is somewhere.
TEST(IncidentsOnPostgres, TwoPeopleJoinAndSplitAtOnceAndNobodyIsLost) {
  core::ManualTime time(at("2026-04-27T09:00:00+08:00"));
  test::TempFolder keys_of_one;
  test::TempFolder keys_of_two;
  store::Options const options{.url = test::PostgresCluster::get().new_database()};
  auto one = store::Db::open(options, time);
  auto two = store::Db::open(options, time);
  ASSERT_TRUE(one && two);
  Street a(**one, keys_of_one.path() / "master.key", "sqlite:" + keys_of_one.path().string(), time);
  Street b(**two, keys_of_two.path() / "master.key", "sqlite:" + keys_of_two.path().string(), time);
  std::vector<Id> signals;
  std::vector<Id> cases;
  for (int i = 0; i < 6; ++i) signals.push_back(a.tell(i));
  for (int i = 0; i < 4; ++i) cases.push_back(a.registered(signals[static_cast<std::size_t>(i)]));
  auto const work = [&](Street& street, std::size_t stride) {
    for (std::size_t i = 0; i < 60; ++i) {
      auto const signal = signals[(i * stride) % signals.size()];
      auto const done = i % 3 == 2 ? street.split(signal) : street.join(signal, cases[(i * stride / 2) % cases.size()]);
      EXPECT_THAT(done, testing::AnyOf("", HasSubstr("case.")));  // done, or refused in words
    }
  };
  std::thread other([&] { work(b, 5); });
  work(a, 7);
  other.join();
  for (auto const id : signals) {
    auto const state = a.signal(id);
    EXPECT_EQ(a.number("SELECT COALESCE(case_id, 0) FROM signal WHERE id = ?", id), state.case_id);
    EXPECT_EQ(a.number("SELECT COALESCE(incident_id, 0) FROM signal WHERE id = ?", id), state.incident);
    if (state.case_id == 0) continue;
    auto const its_case = a.a_case(state.case_id);
    EXPECT_NE(its_case.stage, Stage::merged) << "a report in a case that stands aside hears of nothing";
    EXPECT_EQ(its_case.opening.incident, state.incident);
  }
  for (auto const id : cases) EXPECT_EQ(a.number("SELECT stage FROM casefile WHERE id = ?", id), static_cast<std::int64_t>(a.a_case(id).stage));
}

}  // namespace
}  // namespace zhili::respond
