// The desk of call-backs, on both databases.

#include "organise/calls/call_back_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "organise/calls/call_back_rows.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using core::EventKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Every case is a lamp of two reporters, one of whom left a number.
class Lamps final : public ClosedCases {
 public:
  std::optional<ClosedCase> closed_case(store::Reader&, std::int64_t case_id) const override {
    return ClosedCase{.item = "0102", .area = "370402001", .department = "lighting", .dispatched_at = core::from_ms(0),
                      .reports = {{case_id + 1'000, "phone", "0102", true}, {case_id + 2'000, "phone", "0102", false}}};
  }
};

class CallBackDeskTest : public testing::TestWithParam<test::Engine> {
 protected:
  void SetUp() override {
    auto opened = store::Vault::open(*db, {.url = db.options().url, .master_key = db.folder() / "master.key"}, db.time);
    ASSERT_TRUE(opened) << opened.error().detail;
    vault = std::move(*opened);
    desk.emplace(*db, *vault, rules, calendar, lamps, db.time);
  }
  void happens(EventKind kind, std::int64_t subject = 77) {
    ASSERT_TRUE(db->write([&](store::Writer& w) { w.append({kind, subject, "staff:dora", "{}"}); }));
  }
  std::vector<CallBack> waiting() {
    EXPECT_TRUE(desk->follow());
    return *db->read([&](store::Reader& r) { return CallBackDesk::waiting(r, db.time.now()); });
  }
  std::optional<CallBack> find(std::int64_t id) {
    return *db->read([&](store::Reader& r) { return CallBackDesk::find(r, id); });
  }
  core::Result<CallBack> said(std::int64_t id, CallBackResult const& result) {
    return desk->record(id, result, cora, [this](store::Writer& w, CallBack const& it) -> core::Result<> {
      if (reopening_is_over) return core::fail(Errc::conflict, "case.reopen", {"过期", "over"});
      w.append({EventKind::case_reopened, it.case_id, "staff:cora", "{}"});
      return {};
    });
  }

  CallRules const rules{.shares = {{"", "", 1}},
                        .call_back_within = core::Budget::of(core::Unit::natural_days, 2'000),
                        .attempts_max = 2,
                        .again_after = core::Budget::of(core::Unit::natural_days, 500),
                        .response = {{"", core::Budget::of(core::Unit::natural_days, 1'000)}},
                        .exclusion_reasons = {{"withdrawn", {"撤回", "Withdrawn"}}},
                        .rates = {{.code = "solution-rate", .name = {"解决率", "Solution rate"}, .among = {{"reached", true}},
                                   .count = {{"solved", true}}, .without = {{"excluded", true}}}}};
  CallTaker const cora{"staff:cora", "call-back-desk"};
  core::Calendar const calendar = core::Calendar::always();
  Lamps const lamps;
  bool reopening_is_over = false;
  test::TempDb db{GetParam()};
  std::unique_ptr<store::Vault> vault;
  std::optional<CallBackDesk> desk;
};
INSTANTIATE_TEST_SUITE_P(Engines, CallBackDeskTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(CallBackDeskTest, EachClosingLeadsToOneCallBackOfEachReporterWhoCanBeReached) {
  happens(EventKind::case_dispatched);
  happens(EventKind::case_closed);
  EXPECT_THAT(waiting(), SizeIs(1));
  EXPECT_EQ(waiting().front().signal_id, 1'077);
  CallBackDesk another(*db, *vault, rules, calendar, lamps, db.time);  // a second process
  ASSERT_TRUE(another.follow());
  EXPECT_THAT(waiting(), SizeIs(1));
}

TEST_P(CallBackDeskTest, ACaseThatGoesOnIsAskedAboutWhenItIsClosedAgain) {
  happens(EventKind::case_closed);
  auto const first = waiting().front().id;
  happens(EventKind::case_reopened);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(find(first)->state, CallBackState::withdrawn);
  happens(EventKind::case_force_closed);
  ASSERT_THAT(waiting(), SizeIs(1));
  EXPECT_NE(waiting().front().id, first);
}

TEST_P(CallBackDeskTest, FollowsOverManyEntriesStepByStep) {
  ASSERT_TRUE(db->write([&](store::Writer& w) {
    for (std::size_t i = 0; i < follow_entries_per_step; ++i) w.append({EventKind::signal_received, 0, "citizen", "{}"});
    w.append({EventKind::case_closed, 77, "staff:dora", "{}"});
  }));
  EXPECT_THAT(waiting(), SizeIs(1));
}

TEST_P(CallBackDeskTest, AContactInTimeIsKnownToTheRate) {
  ASSERT_TRUE(desk->contacted(77, false, "staff:lamp"));
  db.time.advance(std::chrono::hours(1));
  ASSERT_TRUE(desk->contacted(77, true, "staff:lamp"));
  happens(EventKind::case_closed);
  auto const it = waiting().front();
  EXPECT_EQ(it.contacted_at, db.time.now());
  EXPECT_EQ(it.response_due_at, core::from_ms(0) + std::chrono::hours(24));
  EXPECT_FALSE(has_fact(it, "contacted_in_time", "solution-rate"));
}

TEST_P(CallBackDeskTest, WhoeverIsNotReachedWaitsAndIsGivenUpWhenTheTimeIsOver) {
  happens(EventKind::case_closed);
  auto const id = waiting().front().id;
  ASSERT_TRUE(said(id, {.reached = false}));
  EXPECT_THAT(waiting(), IsEmpty());
  db.time.advance(std::chrono::hours(12));
  EXPECT_THAT(waiting(), SizeIs(1));
  db.time.advance(std::chrono::hours(36));
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(find(id)->state, CallBackState::not_reached);
  EXPECT_EQ(said(id, {.reached = false}).error().code, Errc::conflict);
}

TEST_P(CallBackDeskTest, AnAnswerIsKeptAndItsWordsAreSealed) {
  happens(EventKind::case_closed);
  auto const id = waiting().front().id;
  ASSERT_TRUE(said(id, {.reached = true, .contacted = Answer::yes, .solved = Answer::partly, .satisfied = 3, .words = "Unmistakable words"}));
  auto const it = *find(id);
  EXPECT_EQ(it.solved, Answer::partly);
  EXPECT_EQ(it.satisfied, 3);
  EXPECT_EQ(it.attempts, 1);
  if (GetParam() == test::Engine::sqlite) {
    EXPECT_EQ(test::files_with(db.folder(), "Unmistakable"), 0);
  }
}

TEST_P(CallBackDeskTest, OpeningAgainAndTheAnswerHappenTogetherOrNotAtAll) {
  happens(EventKind::case_closed);
  auto const id = waiting().front().id;
  CallBackResult const unhappy{.reached = true, .solved = Answer::no, .satisfied = 1, .reopen = true};
  reopening_is_over = true;
  EXPECT_EQ(said(id, unhappy).error().key, "case.reopen");
  EXPECT_EQ(find(id)->state, CallBackState::due);
  reopening_is_over = false;
  ASSERT_TRUE(said(id, unhappy));
  EXPECT_EQ(find(id)->state, CallBackState::reached);
  ASSERT_TRUE(desk->follow());
  EXPECT_EQ(find(id)->state, CallBackState::reached);  // its answer stands, although the case went on
}

TEST_P(CallBackDeskTest, AnExclusionIsAskedOnceAndDecidedOnceByAnother) {
  happens(EventKind::case_closed);
  auto const id = waiting().front().id;
  ASSERT_TRUE(said(id, {.reached = true, .solved = Answer::no, .satisfied = 1}));
  Exclusion const wish{.call_back_id = id, .department = "lighting", .rates = {"solution-rate"}, .reason = "withdrawn", .evidence = "电话录音 12 号", .asked_by = "staff:lead"};
  auto wrong = wish;
  wrong.rates = {"happiness"};
  EXPECT_EQ(desk->ask_exclusion(wrong).error().field, "rates");
  wrong = wish;
  wrong.evidence.clear();
  EXPECT_EQ(desk->ask_exclusion(wrong).error().field, "evidence");
  auto const asked = desk->ask_exclusion(wish);
  ASSERT_TRUE(asked);
  EXPECT_EQ(desk->ask_exclusion(wish).error().code, Errc::conflict);
  EXPECT_EQ(part_of(*find(id), rules.rates[0]), RatePart::denominator);  // asked is not granted
  EXPECT_EQ(desk->decide_exclusion(*asked, true, "属实", {"staff:eva", "desk"}, "lighting").error().code, Errc::forbidden);
  auto const decided = desk->decide_exclusion(*asked, true, "属实", {"staff:eva", "evaluation-desk"}, "supervision");
  ASSERT_TRUE(decided);
  EXPECT_EQ(decided->decided_post, "evaluation-desk");
  EXPECT_EQ(part_of(*find(id), rules.rates[0]), RatePart::excluded);
  EXPECT_EQ(desk->decide_exclusion(*asked, false, "再看", {"staff:eva", "evaluation-desk"}, "supervision").error().code, Errc::conflict);
}

TEST_P(CallBackDeskTest, CountedInsideOfTheDatabaseTheyAreAsManyAsCountedOneByOne) {
  auto const city = read_call_rules(std::filesystem::path(ZHILI_SOURCE_DIR) / "packs/base/rules/calls.yaml").value();
  std::mt19937 draw(5);
  auto const any = [&](std::uint32_t below) { return static_cast<int>(draw() % below); };
  auto const start = db.time.now();
  ASSERT_TRUE(db->write([&](store::Writer& w) {
    for (int i = 1; i <= 300; ++i) {
      CallBack it{.id = i, .case_id = i, .signal_id = i, .closing = i, .item = any(2) ? "0102" : "0103", .channel = any(2) ? "web" : "phone",
                  .area = any(2) ? "370402" : "", .department = any(2) ? "lighting" : "drainage", .closed_at = start + std::chrono::hours(any(100))};
      if (any(2)) it.response_due_at = start + std::chrono::hours(any(3));
      if (any(2)) it.contacted_at = start + std::chrono::hours(any(3));
      it.state = static_cast<CallBackState>(1 + any(4));
      insert_call_back(w, it);
      it.contacted = static_cast<Answer>(any(4));
      it.solved = static_cast<Answer>(any(4));
      it.satisfied = any(6);
      update_call_back(w, it);
      if (any(10) == 0)
        w.exec("INSERT INTO call_back_exclusion (id, call_back_id, department, rates, reason, evidence, asked_by, asked_at, state) VALUES (?,?,?,?,?,?,?,?,?)", 1'000 + i, i,
               it.department, city.rates[0].code + " " + city.rates[1].code, "r", "e", "staff:lead", w.now(), 1 + any(3));
    }
  }));
  auto const from = start + std::chrono::hours(10);
  auto const to = start + std::chrono::hours(90);
  ASSERT_TRUE(db->read([&](store::Reader& r) {
    auto const all = CallBackDesk::closed_between(r, from, to);
    for (auto const by : {CallBackKey::department, CallBackKey::area, CallBackKey::item, CallBackKey::channel}) {
      auto const alike = CallBackDesk::alike_between(r, from, to, by);
      EXPECT_LT(alike.size(), all.size());
      for (auto const& rate : city.rates) EXPECT_EQ(figure_of(alike, rate), figure_of(all, rate)) << rate.code;
    }
    std::vector<CallBack> lighting;
    std::ranges::copy_if(all, std::back_inserter(lighting), [](auto const& it) { return it.department == "lighting"; });
    auto alike = CallBackDesk::alike_between(r, from, to, CallBackKey::department);
    std::erase_if(alike, [](auto const& one) { return one.key != "lighting"; });
    for (auto const& rate : city.rates) EXPECT_EQ(figure_of(alike, rate), figure_of(lighting, rate)) << rate.code;
  }));
}

}  // namespace
}  // namespace zhili::organise
