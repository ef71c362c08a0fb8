// A small history whose every figure is counted by hand.
#include <gtest/gtest.h>

#include "catalogue/pack.hpp"
#include "respond/cases/desk_test_kit.hpp"
#include "respond/evaluation/figures.hpp"
#include "respond/evaluation/keeper.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond::evaluation {
namespace {

using namespace kit;
using core::period_from;
using catalogue::Fact;

catalogue::Catalogue const& base() {
  static auto const made = catalogue::read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base"}).value();
  return *made;
}

Command asking(Verb verb, char const* until) {
  auto out = doing(verb, "waits for parts");
  out.until = at(until);
  out.clock = "handle";
  return out;
}
Command rating(int score) {
  auto out = doing(Verb::rate);
  out.score = score;
  return out;
}

/// Eight cases, registered on Monday 27 April 2026 at 9:00 and due on 7 May at 9:00, five work days later.
class Golden : public testing::TestWithParam<test::Engine> {
 protected:
  Golden() {
    go("2026-04-27T09:00:00+08:00");
    for (auto* id : {&a, &b, &c, &d, &e, &f, &g, &h}) *id = kit_.new_case();
    play();
    EXPECT_TRUE(keeper_.catch_up());
  }

  void go(char const* iso) { db_.time.set(at(iso)); }
  void does(Id id, Actor const& actor, Command const& command) { EXPECT_EQ(kit_.does(id, actor, command), ""); }
  void handle_again(Id id) {
    does(id, han, photographed(Verb::report_back));
    does(id, dispatcher, doing(Verb::send_to_verify));
  }
  void handle(Id id) {
    does(id, han, doing(Verb::take));
    handle_again(id);
  }
  void pass(Id id) {
    does(id, vera, photographed(Verb::pass));
    does(id, acceptor, closing());
  }

  void play() {
    go("2026-04-27T09:05:00+08:00");
    does(h, cai, photographed(Verb::handle_on_spot));
    does(h, dispatcher, doing(Verb::send_to_verify));
    go("2026-04-27T09:30:00+08:00");
    for (auto const id : {a, c, d, g}) does(id, dispatcher, doing(Verb::dispatch));
    does(c, han, doing(Verb::take));
    does(c, han, asking(Verb::ask_extension, "2026-04-30T09:30:00+08:00"));
    does(c, lead, doing(Verb::grant));
    does(d, han, asking(Verb::ask_suspension, "2026-09-30T09:30:00+08:00"));
    does(d, lead, doing(Verb::grant));
    go("2026-04-27T10:00:00+08:00");
    pass(h);
    go("2026-04-27T10:30:00+08:00");  // an hour and a half: too late for b
    does(b, dispatcher, doing(Verb::dispatch));
    does(b, han, doing(Verb::give_back, "not ours"));
    does(b, dispatcher, doing(Verb::dispatch));
    handle(b);
    does(b, vera, doing(Verb::fail, "half of it"));
    handle_again(b);
    does(b, vera, doing(Verb::fail, "still there"));
    handle_again(b);
    handle(a);
    go("2026-04-27T11:40:00+08:00");
    pass(a);
    does(a, reporter, rating(5));
    go("2026-04-27T16:00:00+08:00");
    pass(b);
    does(b, reporter, rating(2));
    go("2026-05-08T09:00:00+08:00");
    does(f, lead, doing(Verb::force_close, "the street is gone"));
    does(c, han, photographed(Verb::report_back));
    does(c, dispatcher, doing(Verb::send_to_verify));
    handle(g);
    go("2026-05-08T10:00:00+08:00");
    pass(c);
    pass(g);
    does(g, han, doing(Verb::appeal, "the gate was locked"));
    auto decision = doing(Verb::decide_appeal, "seen on the photo");
    decision.upheld = true;
    does(g, eva, decision);
  }

  Tally all(char const* period, char const* today, Cohort cohort = Cohort::cases) {
    auto const in = period_from(period).value();
    Question const question{.cohort = cohort, .from = in.from, .to = in.to, .today = period_from(today)->from};
    return db_->read([&](store::Reader& r) { return tally(r, Dimension::department, question); }).value();
  }
  /// "numerator/denominator, excluded".
  std::string figure_of(std::string_view code, char const* period = "2026-05", char const* today = "2026-06-01") {
    auto const* indicator = base().indicator(code);
    if (!indicator) return "no such indicator";
    auto const got = figure(*indicator, together(all(period, today, indicator->of)));
    return std::to_string(got.numerator) + "/" + std::to_string(got.denominator) + ", " + std::to_string(got.excluded);
  }

  test::TempDb db_{GetParam()};
  DeskKit kit_{*db_};
  Keeper keeper_{*db_, one_item_catalogue(), city_calendar(), city_calendar().zone()};
  Id a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, Golden, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& each) { return test::name_of(each.param); });

TEST_P(Golden, EveryIndicatorIsWhatAHandCounts) {
  // On time: a, b, h, and c because of its extension. Late: f. Open: e. Left out: d is suspended, g's appeal was upheld.
  EXPECT_EQ(figure_of("on_time_closing"), "4/6, 2");
  EXPECT_EQ(figure_of("closing"), "5/6, 2");
  EXPECT_EQ(figure_of("late_closing"), "1/6, 2");
  EXPECT_EQ(figure_of("open_late"), "1/6, 2");
  EXPECT_EQ(figure_of("urgent_on_time"), "0/0, 0");
  EXPECT_EQ(figure_of("handling"), "4/6, 2");
  EXPECT_EQ(figure_of("on_time_handling"), "3/6, 2") << "c took longer than even the extension gave it";
  EXPECT_EQ(figure_of("rework_cases"), "1/4, 1");
  EXPECT_EQ(figure_of("rework_times"), "2/4, 1");
  EXPECT_EQ(figure_of("first_time_fix"), "3/4, 1");
  EXPECT_EQ(figure_of("accurate_dispatch"), "5/6, 0");
  EXPECT_EQ(figure_of("returns"), "1/6, 0");
  EXPECT_EQ(figure_of("on_time_dispatch"), "4/5, 0");
  EXPECT_EQ(figure_of("on_time_verification"), "4/5, 0") << "b waited from 10:30 to 16:00, four hours and a half of work";
  EXPECT_EQ(figure_of("self_handling"), "1/8, 0");
  EXPECT_EQ(figure_of("forced_closing"), "1/6, 0");
  EXPECT_EQ(figure_of("extensions"), "1/8, 0");
  EXPECT_EQ(figure_of("satisfaction"), "1/2, 0");
  EXPECT_EQ(figure_of("hours_to_close"), "48280/6, 0") << "minutes: 160 + 420 + 15900 + 15840 + 15900 + 60";
}

TEST_P(Golden, ACaseCountsOnTheDayThatItIsDueAndAGrantedExtensionMovesIt) {
  EXPECT_EQ(figure_of("closing", "2026-05-07"), "4/5, 2");  // all but c
  EXPECT_EQ(figure_of("closing", "2026-05-09"), "1/1, 0");  // c: two work days later, Saturday was worked
  EXPECT_EQ(figure_of("closing", "2026-04"), "0/0, 0");
  EXPECT_EQ(figure_of("closing", "2026"), "5/6, 2");
  EXPECT_EQ(figure_of("closing", "2026-Q2"), "5/6, 2");
  EXPECT_EQ(figure_of("closing", "2026-W19"), "5/6, 2");
}

TEST_P(Golden, WhatIsOpenCountsFromTheDayAfterItWasDue) {
  EXPECT_EQ(figure_of("on_time_closing", "2026-05", "2026-05-07"), "4/5, 3") << "e is not due yet";
  EXPECT_EQ(figure_of("on_time_closing", "2026-05", "2026-05-08"), "4/6, 2");
}

TEST_P(Golden, ThePlaceWhereItHappensAgainAndAgainCountsFromTheThirdOn) {
  // All in one cell at one time: c to h. Then a and b go 2 km away and only what is left counts, then all but g and h lie long before.
  auto const count_anew = [&](std::string const& sql) {
    ASSERT_TRUE(db_->write([&](store::Writer& w) -> core::Result<> {
      w.exec(sql);
      w.exec("DELETE FROM evaluation_position");
      return {};
    }));
    ASSERT_TRUE(keeper_.catch_up());
  };
  count_anew("UPDATE casefile SET lat_e7 = 348600000, lon_e7 = 1175500000");
  EXPECT_EQ(figure_of("frequent_cases"), "6/8, 0");
  count_anew("UPDATE casefile SET lat_e7 = 348800000 WHERE id <= " + std::to_string(b));
  EXPECT_EQ(figure_of("frequent_cases"), "4/8, 0");
  count_anew("UPDATE casefile SET opened_at = opened_at - 2678400000 WHERE id <= " + std::to_string(f));  // 31 days
  EXPECT_EQ(figure_of("frequent_cases"), "2/8, 0") << "e and f of those that came before; g and h are two";
}

TEST_P(Golden, WhatOthersFoundFirstIsCountedOfTheSignalsThatWereRegistered) {
  ASSERT_TRUE(db_->write([&](store::Writer& w) -> core::Result<> {
    w.exec("UPDATE signal SET state = ?", Stage::registered);
    w.exec("UPDATE signal SET channel = 'patrol' WHERE id IN (SELECT signal_id FROM casefile WHERE id <= ?)", c);
    w.exec("UPDATE signal SET channel = 'staff' WHERE id = (SELECT signal_id FROM casefile WHERE id = ?)", d);
    w.exec("UPDATE signal SET state = ? WHERE id = (SELECT signal_id FROM casefile WHERE id = ?)", Stage::rejected, h);
    w.exec("DELETE FROM evaluation_position");
    return {};
  }));
  ASSERT_TRUE(keeper_.catch_up());
  EXPECT_EQ(figure_of("found_by_others", "2026-04"), "3/7, 0") << "e, f and g; h was rejected";
  EXPECT_EQ(figure_of("registration", "2026-04"), "7/8, 0");
}

TEST_P(Golden, AnOldCodeOfAnItemIsCountedAsWhatThePackMapsItTo) {
  catalogue::Pack older;
  older.pack = "city-appearance";
  older.version = "2026.1";
  older.items = {item()};
  auto newer = older;
  newer.version = "2027.1";
  newer.items.front().code = "0199";
  newer.items.front().pack_version = newer.version;
  newer.maps = {{.from = {"0102", "city-appearance", "2026.1"}, .to_code = "0199", .to_condition = {}}};
  auto const mapped = catalogue::Catalogue::make({newer}, {older}).value();
  Keeper keeper(*db_, mapped, city_calendar(), city_calendar().zone());
  ASSERT_TRUE(keeper.catch_up()) << "another map counts everything anew";
  auto const may = period_from("2026-05").value();
  auto const codes = db_->read([&](store::Reader& r) {
    std::map<std::string, std::int64_t> out;
    auto const by_item = tally(r, Dimension::item, {.cohort = Cohort::cases, .from = may.from, .to = may.to, .today = may.to});
    for (auto const& [key, code] : codes_of(r, by_item))
      for (auto const& [facts, sums] : by_item.contains(key) ? by_item.at(key) : FactSums{}) out[code] += sums.number;
    return out;
  }).value();
  EXPECT_EQ(codes, (std::map<std::string, std::int64_t>{{"0199", 8}}));
}

TEST_P(Golden, WhatIsCountedAtAnEntryIsWhatWasCountedThen) {
  auto const may = period_from("2026-05").value();
  Question const asked{.cohort = Cohort::cases, .from = may.from, .to = may.to, .today = may.to};
  auto const then = db_->read([&](store::Reader& r) { return std::pair(store::last_seq(r), keeper_.sums(r).value().by(Dimension::department, asked)); }).value();
  does(e, lead, doing(Verb::force_close, "gone"));  // the kept sums do not know it yet
  auto const now = db_->read([&](store::Reader& r) { return keeper_.sums(r).value().by(Dimension::department, asked); }).value();
  auto const again = db_->read([&](store::Reader& r) { return keeper_.sums_as_of(r, then.first).value().by(Dimension::department, asked); }).value();
  auto const late = db_->read([&](store::Reader& r) { return keeper_.sums_as_of(r, store::last_seq(r)).value().by(Dimension::department, asked); }).value();
  EXPECT_NE(now, then.second);
  EXPECT_EQ(again, then.second);
  auto const filled = [](std::map<std::string, FactSums> sums) {
    std::erase_if(sums, [](auto const& one) { return one.second.empty(); });
    return sums;
  };
  EXPECT_EQ(filled(now), filled(late));
}

TEST_P(Golden, ReasonsOfExclusionAreNamed) {
  auto const why = reasons(*base().indicator("closing"), together(all("2026-05", "2026-05-07")));
  EXPECT_EQ(why, (std::map<Fact, std::int64_t>{{Fact::suspended, 1}, {Fact::appeal_upheld, 1}, {Fact::not_due_yet, 1}}));
}

TEST_P(Golden, ADismissedAppealChangesNothingAndAnUpheldOneLeavesTheTrailInTheCase) {
  EXPECT_EQ(kit_.entries(g, core::EventKind::case_appealed), 1U);
  EXPECT_EQ(kit_.entries(g, core::EventKind::case_appeal_decided), 1U);
  auto const before = figure_of("on_time_closing");
  does(c, han, doing(Verb::appeal, "as well"));
  does(c, eva, doing(Verb::decide_appeal, "no"));
  ASSERT_TRUE(keeper_.catch_up());
  EXPECT_EQ(figure_of("on_time_closing"), before);
}

TEST_P(Golden, TheScoreFollowsItsParts) {
  std::map<std::string, std::pair<catalogue::Indicator const*, Figure>> figures;
  auto const sums = together(all("2026-05", "2026-06-01"));
  auto const& of_jinhua = *base().score("jinhua");
  for (auto const& part : of_jinhua.parts) figures[part.indicator] = {base().indicator(part.indicator), figure(*base().indicator(part.indicator), sums)};
  auto const got = score(of_jinhua.parts, figures);
  ASSERT_TRUE(got);
  // 66.67 % on time: 3.33 points below 70; 83.33 % closed: 6.67 below 90; two reworks at 0.2.
  EXPECT_NEAR(got->total, (50 - 3.3333) + (20 - 6.6667) - 0.4, 0.001);
  auto parts = of_jinhua.parts;
  parts[2].after = 1;
  EXPECT_NEAR(score(parts, figures)->total, (50 - 3.3333) + (20 - 6.6667) - 0.2 - 0.5, 0.001);
}

}  // namespace
}  // namespace zhili::respond::evaluation
