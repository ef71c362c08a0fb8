// What the verbs of rules are told by the serving process.

#include "app/sensing/rules_asked.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "respond/rules/keeper_test_kit.hpp"

namespace zhili::app {
namespace {

namespace rules = respond::rules;

class RulesAsked : public testing::Test {
 protected:
  RulesAsked() : place(rules::test::DbEngine::sqlite) {
    place.rule("watch: water-level\nraise: value > 15 cm\nname: {zh: 积水, en: Ponding}");
    place.gauges(2);
    keeper = place.keeper();
    rules::test::Place::settle(*keeper);
  }
  RuleDoor door() {
    return {.keeper = *keeper, .time = place.db.time, .zone = core::Zone::find("Asia/Shanghai").value(),
            .replay = [this](std::string const& rule, core::Instant from, core::Instant until, std::function<bool(std::size_t, std::size_t)> const& progress) -> core::Result<rules::Replayed> {
              asked = {rule, core::to_iso(from), core::to_iso(until)};
              if (!progress(1, 2)) return core::fail(core::Errc::unavailable, "replay.ended", {"停了", "It was ended."});
              return rules::Replayed{.subjects = 9, .concerned = 2, .readings = 7, .fired = 2, .times = {{.subject = {.id = "1"}, .thing = 1, .at = from, .until = until, .has_value = true, .value = 20.5, .unit = "cm"},
                                                                                                       {.subject = {.id = "2"}, .thing = 2, .at = until, .has_value = true, .value = 3}}};
            },
            .subject = [](rules::Subject const& subject, std::int64_t) { return web::RuleSubject{.place = {"桥下", "Bridge"}, .is_private = subject.id == "2"}; },
            .ends = [this] { return ending; }};
  }
  boost::json::value ask(ControlRequest const& request) {
    auto const done = do_with_rules(request, door());
    EXPECT_TRUE(done) << done.error().text.en;
    return done ? boost::json::parse(*done) : boost::json::value{};
  }

  rules::test::Place place;
  std::unique_ptr<rules::Keeper> keeper;
  std::vector<std::string> asked;
  bool ending = false;
};

TEST_F(RulesAsked, ListsRulesAndArmsThem) {
  auto const before = ask({"rule_list", {}}).as_array();
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].at("id"), "deep");
  EXPECT_EQ(before[0].at("name").at("en"), "Ponding");
  EXPECT_TRUE(before[0].at("armed").as_bool());
  ask({"rule_arm", {{"rule", "deep"}, {"armed", "no"}, {"reason", "误报"}}});
  EXPECT_FALSE(ask({"rule_list", {}}).as_array()[0].at("armed").as_bool());
  ask({"rule_arm", {{"rule", "deep"}, {"armed", "yes"}, {"reason", "好了"}}});
  EXPECT_TRUE(ask({"rule_list", {}}).as_array()[0].at("armed").as_bool());
  EXPECT_FALSE(do_with_rules({"rule_arm", {{"rule", "deep"}, {"armed", "no"}}}, door())) << "without a reason";
  EXPECT_FALSE(do_with_rules({"rule_arm", {{"rule", "none"}, {"armed", "no"}, {"reason", "x"}}}, door()));
}

TEST_F(RulesAsked, ReplaysOverDaysOfTheCity) {
  auto const done = ask({"rule_replay", {{"rule", "deep"}, {"from", "2026-05-01"}, {"to", "2026-05-31T12:00:00+08:00"}}});
  EXPECT_EQ(asked, (std::vector<std::string>{"deep", "2026-04-30T16:00:00Z", "2026-05-31T04:00:00Z"}));
  EXPECT_EQ(done.at("fired"), 2);
  auto const& times = done.at("times").as_array();
  ASSERT_EQ(times.size(), 2U);
  EXPECT_EQ(times[0].at("at"), "2026-05-01T00:00:00+08:00");
  EXPECT_EQ(times[0].at("value"), "20.5 cm");
  EXPECT_EQ(times[0].at("subject"), "thing:1");
  for (auto const* key : {"subject", "value"}) EXPECT_EQ(times[1].at(key), "") << "it stands in a home";
  EXPECT_EQ(times[1].at("place").at("en"), "");
}

TEST_F(RulesAsked, WithoutTimesTheLastThirtyDays) {
  ask({"rule_replay", {{"rule", "deep"}}});
  auto const now = place.db.time.now();
  EXPECT_EQ(asked, (std::vector<std::string>{"deep", core::to_iso(now - std::chrono::days(30)), core::to_iso(now)}));
}

TEST_F(RulesAsked, WhatCannotBeReadNamesTheOption) {
  for (auto const* wrong : {"yesterday", "2026-02-30", "2026-13-01", "2026-05-31T12:00:00", "2026-05-3x"}) {
    auto const done = do_with_rules({"rule_replay", {{"rule", "deep"}, {"from", wrong}}}, door());
    ASSERT_FALSE(done) << wrong;
    EXPECT_EQ(done.error().field, "--from");
  }
  EXPECT_TRUE(asked.empty());
  EXPECT_FALSE(do_with_rules({"rule_dance", {}}, door()));
  EXPECT_TRUE(about_rules({"rule_list", {}}));
  EXPECT_FALSE(about_rules({"device_list", {}}));
}

TEST_F(RulesAsked, AReplayEndsWithTheProcess) {
  ending = true;
  auto const done = do_with_rules({"rule_replay", {{"rule", "deep"}}}, door());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().key, "replay.ended");
}

}  // namespace
}  // namespace zhili::app
