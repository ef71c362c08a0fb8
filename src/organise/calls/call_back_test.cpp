// Call-backs and the three rates (三率): pure rules first, then the desk on both databases.

#include "organise/calls/call_back.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using testing::HasSubstr;

core::Instant at(int hours) { return core::from_ms(1'763'712'000'000) + std::chrono::hours(hours); }
core::Calendar const always = core::Calendar::always();

CallRules rules() {
  auto read = read_call_rules(std::filesystem::path(ZHILI_SOURCE_DIR) / "packs/base/rules/calls.yaml");
  EXPECT_TRUE(read) << read.error().detail;
  return std::move(*read);
}

CallBack due() { return {.id = 1, .case_id = 2, .signal_id = 3, .closed_at = at(0), .due_at = at(48), .next_at = at(0)}; }

CallBack reached(Answer solved, int satisfied, Answer contacted = Answer::unasked) {
  auto it = due();
  it.state = CallBackState::reached;
  it.solved = solved;
  it.satisfied = satisfied;
  it.contacted = contacted;
  return it;
}

TEST(CallBackShare, FallsByLotThatNobodyChooses) {
  auto const city = rules();
  int asked = 0;
  for (std::int64_t id = 1; id <= 10'000; ++id) {
    ClosedReport const web{.signal_id = id, .channel = "web", .item = "0102", .reachable = true};
    EXPECT_EQ(is_called_back(web, city), is_called_back(web, city));
    asked += is_called_back(web, city);
    EXPECT_TRUE(is_called_back({.signal_id = id, .channel = "phone", .item = "0102", .reachable = true}, city));
    EXPECT_FALSE(is_called_back({.signal_id = id, .channel = "phone", .item = "0102", .reachable = false}, city));
  }
  EXPECT_NEAR(asked, 3'000, 200);  // four standard deviations
}

TEST(CallBackShare, TheFirstLineThatFitsCounts) {
  CallRules const city{.shares = {{"", "04", 1}, {"web", "", 0}}};
  EXPECT_TRUE(is_called_back({.signal_id = 9, .channel = "web", .item = "0401", .reachable = true}, city));
  EXPECT_FALSE(is_called_back({.signal_id = 9, .channel = "web", .item = "0102", .reachable = true}, city));
  EXPECT_FALSE(is_called_back({.signal_id = 9, .channel = "phone", .item = "0102", .reachable = true}, city));  // no line fits
}

TEST(CallBackAttempt, NobodyAnswersThreeTimesAndItIsGivenUp) {
  auto const city = rules();
  auto it = due();
  auto hour = 0;
  for (int attempt = 1; attempt <= 2; ++attempt) {
    auto const after = after_attempt(it, {.reached = false}, at(hour), city, always);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->state, CallBackState::due);
    EXPECT_EQ(after_attempt(*after, {.reached = false}, at(hour + 1), city, always).error().key, "call_back.early");
    it = *after;
    hour += 4;  // four work hours in a calendar that always works
  }
  auto const last = after_attempt(it, {.reached = false}, at(hour), city, always);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->state, CallBackState::not_reached);
  EXPECT_EQ(after_attempt(*last, {.reached = false}, at(50), city, always).error().key, "call_back.over");
}

TEST(CallBackAttempt, AWrongNumberNeedsNoSecondTry) {
  EXPECT_EQ(after_attempt(due(), {.no_number = true}, at(1), rules(), always)->state, CallBackState::not_reached);
}

TEST(CallBackAttempt, AsksForWhatTheRatesNeed) {
  auto const city = rules();
  auto const refused = [&](CallBackResult const& result) {
    auto const after = after_attempt(due(), result, at(1), city, always);
    return after ? std::string() : after.error().field;
  };
  EXPECT_EQ(refused({.reached = true}), "solved");
  EXPECT_EQ(refused({.reached = true, .solved = Answer::yes}), "satisfied");
  EXPECT_EQ(refused({.reached = true, .solved = Answer::yes, .satisfied = 6}), "satisfied");
  EXPECT_EQ(refused({.reached = true, .contacted = Answer::partly, .solved = Answer::yes, .satisfied = 5}), "contacted");
  EXPECT_EQ(refused({.reached = true, .solved = Answer::yes, .satisfied = 5, .reopen = true}), "reopen");
  EXPECT_EQ(refused({.reached = true, .solved = Answer::no, .satisfied = 1, .reopen = true}), "");
  EXPECT_EQ(refused({.words = std::string(call_back_words_chars_max + 1, 'x')}), "words");
}

TEST(ResponseDue, IsTheLimitOfTheFirstLineThatFits) {
  auto const city = rules();
  EXPECT_EQ(response_due("0401", at(0), city, always), at(2));    // two urgent hours
  EXPECT_EQ(response_due("0102", at(0), city, always), at(24));   // one work day
  EXPECT_EQ(response_due("0102", std::nullopt, city, always), std::nullopt);
}

// Ten call-backs of a month, counted by hand:
//   #  dispatched contacted  limit    reached  solved  satisfied  contact     notes
//   1  0          1          24       yes      yes     5          —
//   2  0          30         24       yes      yes     4          —           too late
//   3  0          —          24       yes      no      1          no          nobody called
//   4  0          2          24       yes      partly  3          no          the department says it did, the reporter denies it
//   5  —          —          —        yes      yes     5          —           never dispatched: put right on the spot
//   6  0          3          24       no       —       —          —           not reached
//   7  0          4          24       waiting  —       —          —
//   8  0          5          24       yes      no      2          yes         excluded from solution and satisfaction
//   9  0          6          24       withdrawn                               opened again
//   10 0          24         24       yes      yes     4          yes         at the last moment
// Response:     among 1 2 3 4 6 7 8 10 = 8; contacted in time and not denied: 1 6 7 8 10 = 5.
// Solution:     among reached 1 2 3 4 5 8 10, without 8 = 6; solved 1 2 5 10 = 4; excluded 1.
// Satisfaction: among 6 as above; 4 or 5: 1 2 5 10 = 4; excluded 1.
std::vector<CallBack> golden_month() {
  auto const with = [](CallBack it, std::optional<int> contacted, bool dispatched = true) {
    if (dispatched) {
      it.dispatched_at = at(0);
      it.response_due_at = at(24);
    }
    if (contacted) it.contacted_at = at(*contacted);
    return it;
  };
  auto lost = due();
  lost.state = CallBackState::not_reached;
  auto gone = due();
  gone.state = CallBackState::withdrawn;
  auto excluded = with(reached(Answer::no, 2, Answer::yes), 5);
  excluded.excluded_from = {"solution-rate", "satisfaction-rate"};
  return {with(reached(Answer::yes, 5), 1),
          with(reached(Answer::yes, 4), 30),
          with(reached(Answer::no, 1, Answer::no), std::nullopt),
          with(reached(Answer::partly, 3, Answer::no), 2),
          with(reached(Answer::yes, 5), std::nullopt, false),
          with(lost, 3),
          with(due(), 4),
          excluded,
          with(gone, 6),
          with(reached(Answer::yes, 4, Answer::yes), 24)};
}

TEST(Rates, OfAMonthAreThoseCountedByHand) {
  auto const city = rules();
  auto const month = golden_month();
  EXPECT_EQ(figure_of(month, *city.rate("response-rate")), (RateFigure{5, 8, 0}));
  EXPECT_EQ(figure_of(month, *city.rate("solution-rate")), (RateFigure{4, 6, 1}));
  EXPECT_EQ(figure_of(month, *city.rate("satisfaction-rate")), (RateFigure{4, 6, 1}));
}

TEST(Rates, EachCallBackCountsOnceInEachFigure) {
  auto const city = rules();
  for (auto const& rate : city.rates) {
    RateFigure sum;
    for (auto const& it : golden_month()) {
      auto const one = figure_of(std::span(&it, 1), rate);
      EXPECT_LE(one.numerator, one.denominator);
      EXPECT_LE(one.denominator + one.excluded, 1);
      sum.numerator += one.numerator;
      sum.denominator += one.denominator;
      sum.excluded += one.excluded;
    }
    EXPECT_EQ(sum, figure_of(golden_month(), rate));
  }
}

TEST(Rates, AnotherDefinitionCountsOtherwise) {
  RateDefinition const strict{.code = "x", .name = {}, .among = {{"reached", true}}, .count = {{"very_satisfied", true}, {"contact_denied", false}}};
  EXPECT_EQ(figure_of(golden_month(), strict), (RateFigure{2, 7, 0}));  // without `without: excluded` number 8 counts
}

TEST(CallRules, NameWhatIsWrongInTheFile) {
  test::TempFolder folder;
  auto const file = folder.path() / "calls.yaml";
  std::ofstream(file) << R"(calls: "1"
call_back:
  share: [{share: "1.5"}]
  within: 2 work_days
  again_after: 4 work_hours
rates:
  odd:
    name: {zh: 怪, en: Odd}
    of: call_backs
    among: [reached]
    count: [not happy]
    source: nobody
)";
  auto const read = read_call_rules(file);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().detail, HasSubstr("share"));
  EXPECT_THAT(read.error().detail, HasSubstr("not happy"));
}

TEST(Exclusion, IsDecidedByAnotherPersonOfAnotherDepartment) {
  EXPECT_TRUE(may_decide_exclusion("drainage", "staff:lead", "staff:eva", "supervision"));
  EXPECT_EQ(may_decide_exclusion("drainage", "staff:lead", "staff:eva", "drainage").error().code, Errc::forbidden);
  EXPECT_EQ(may_decide_exclusion("drainage", "staff:lead", "staff:lead", "supervision").error().code, Errc::forbidden);  // with two posts
  EXPECT_FALSE(may_decide_exclusion("drainage", "staff:lead", "staff:eva", ""));
}

}  // namespace
}  // namespace zhili::organise
