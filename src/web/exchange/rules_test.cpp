#include "web/exchange/rules.hpp"

#include <gtest/gtest.h>

namespace zhili::web::exchange {
namespace {

using core::EventKind;
using respond::CaseState;
using respond::Event;
using respond::Stage;
using respond::Verb;

constexpr auto own = "other-city";
constexpr auto peer = "peer:qinghe";

CaseState at(Stage stage, std::string department = own) {
  CaseState out;
  out.stage = stage;
  out.department = std::move(department);
  return out;
}

Event event(EventKind kind, std::string department = {}, std::string actor = "staff:ben") {
  Event out{.kind = kind};
  out.department = std::move(department);
  out.actor = std::move(actor);
  out.reason = "why";
  return out;
}

TEST(ExchangeRules, WorkThereIsTakingItHere) {
  for (auto const* status : {"in_progress", "action_scheduled", "planned"})
    EXPECT_EQ(next_step(meaning_of(status), at(Stage::dispatched), own), Verb::take) << status;
  EXPECT_EQ(next_step(Means::working, at(Stage::handling), own), std::nullopt);
}

TEST(ExchangeRules, ClosedThereIsReportedBackHereAndVerifyingStaysOurs) {
  EXPECT_EQ(next_step(meaning_of("closed"), at(Stage::dispatched), own), Verb::take);
  EXPECT_EQ(next_step(meaning_of("fixed"), at(Stage::handling), own), Verb::report_back);
  for (auto const stage : {Stage::reported_back, Stage::verifying, Stage::verified, Stage::closed, Stage::registered})
    EXPECT_EQ(next_step(Means::done, at(stage), own), std::nullopt);
}

TEST(ExchangeRules, ARefusalGivesTheCaseBackBeforeWorkHasBegun) {
  EXPECT_EQ(next_step(meaning_of("not_councils_responsibility"), at(Stage::dispatched), own), Verb::give_back);
  EXPECT_EQ(next_step(Means::refused, at(Stage::handling), own), std::nullopt);
}

TEST(ExchangeRules, APeerMovesNoCaseOfAnotherDepartment) {
  for (auto const means : {Means::working, Means::done, Means::refused})
    for (auto const stage : {Stage::dispatched, Stage::handling}) EXPECT_EQ(next_step(means, at(stage, "road-service"), own), std::nullopt);
}

TEST(ExchangeRules, UnknownStatesOnlyStandInTheStory) {
  for (auto const* status : {"open", "investigating", "reopen", "unchanged", "for_triage", "", "whatever"}) EXPECT_EQ(meaning_of(status), Means::nothing) << status;
}

TEST(ExchangeRules, ThePeerIsToldWhatConcernsItsWork) {
  EXPECT_EQ(say_of(event(EventKind::case_reworked), own, peer)->status, "reopen");
  EXPECT_EQ(say_of(event(EventKind::case_reworked), own, peer)->words, "why");
  EXPECT_FALSE(say_of(event(EventKind::case_supervised), own, peer)->ends);
  EXPECT_TRUE(say_of(event(EventKind::case_closed), own, peer)->ends);
  EXPECT_EQ(say_of(event(EventKind::case_taken), own, peer), std::nullopt);
}

TEST(ExchangeRules, ACaseThatGoesToSomebodyElseIsNoLongerThePeers) {
  EXPECT_EQ(say_of(event(EventKind::case_dispatched, own), own, peer), std::nullopt);
  auto const elsewhere = say_of(event(EventKind::case_dispatched, "road-service"), own, peer);
  EXPECT_EQ(elsewhere->status, "cancelled");
  EXPECT_TRUE(elsewhere->ends);
  auto const given_back = say_of(event(EventKind::case_returned, {}, peer), own, peer);
  EXPECT_TRUE(given_back->ends);
  EXPECT_EQ(given_back->status, "") << "it need not be told what it said itself";
}

}  // namespace
}  // namespace zhili::web::exchange
