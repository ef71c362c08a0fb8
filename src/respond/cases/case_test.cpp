#include "respond/cases/case.hpp"

#include <fstream>
#include <sstream>

#include "respond/cases/case_test_kit.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {
namespace {

using namespace kit;

Command to_department(Verb verb, char const* department, std::string reason = {}) {
  auto c = doing(verb, std::move(reason));
  c.department = department;
  return c;
}
Command registering(core::Instant received) {
  auto c = doing(Verb::register_case);
  c.opening = opening(received);
  return c;
}
Command until(Verb verb, char const* iso, std::string reason = "waiting for parts") {
  auto c = doing(verb, std::move(reason));
  c.until = at(iso);
  return c;
}

Play handling() {
  Play p;
  EXPECT_EQ(p.does("2026-04-27T09:00:00+08:00", acceptor, registering(p.now)), "");
  EXPECT_EQ(p.does(dispatcher, to_department(Verb::dispatch, "drainage")), "");
  EXPECT_EQ(p.does(han, doing(Verb::take)), "");
  return p;
}

// The whole road: returned, dispatched again, extended, reworked, supervised, closed, appealed against,
// evaluated.
TEST(CaseStory, EveryClockIsExactToTheLastStep) {
  Play p;
  EXPECT_EQ(p.does("2026-04-27T09:30:00+08:00", acceptor, registering(at("2026-04-27T09:00:00+08:00"))), "");
  EXPECT_EQ(p.clock("whole"), "0.062 of 5 work days, running, due 2026-05-07T09:00");
  EXPECT_EQ(p.does("2026-04-27T09:45:00+08:00", dispatcher, to_department(Verb::dispatch, "greening")), "");
  EXPECT_EQ(p.clock("dispatch"), "0.25 of 1 urgent hour, stopped");
  EXPECT_EQ(p.does("2026-04-27T10:45:00+08:00", gao, doing(Verb::give_back, "a drain, not a tree")), "");
  EXPECT_EQ(p.clock("handle"), "1 of 8 work hours, paused");
  EXPECT_EQ(p.clock("dispute"), "0 of 4 work hours, running, due 2026-04-27T15:45");
  EXPECT_EQ(p.does("2026-04-27T11:00:00+08:00", dispatcher, to_department(Verb::dispatch, "drainage")), "");
  EXPECT_EQ(p.clock("dispatch"), "0.5 of 1 urgent hour, stopped");
  EXPECT_EQ(p.clock("dispute"), "0.25 of 4 work hours, stopped");
  EXPECT_EQ(p.clock("handle"), "1 of 8 work hours, running, due 2026-04-28T10:00");
  EXPECT_EQ(p.does("2026-04-27T13:30:00+08:00", han, doing(Verb::take)), "");
  EXPECT_EQ(p.does("2026-04-27T14:00:00+08:00", han, until(Verb::ask_extension, "2026-04-29T18:00:00+08:00")),
            "");
  EXPECT_EQ(p.does("2026-04-27T15:00:00+08:00", lead, doing(Verb::grant)), "");
  EXPECT_EQ(p.clock("handle"), "4 of 23 work hours, running, due 2026-04-29T18:00");
  EXPECT_EQ(p.clock("whole"), "0.625 of 6.875 work days, running, due 2026-05-08T17:00");
  EXPECT_EQ(p.does("2026-04-28T09:00:00+08:00", han, photographed(Verb::report_back)), "");
  EXPECT_EQ(p.clock("handle"), "7 of 23 work hours, stopped");
  EXPECT_EQ(p.does("2026-04-28T09:30:00+08:00", dispatcher, doing(Verb::send_to_verify)), "");
  EXPECT_EQ(p.does("2026-04-28T10:00:00+08:00", vera, doing(Verb::fail, "still wet")), "");
  EXPECT_EQ(p.clock("verify"), "1 of 4 work hours, stopped");
  EXPECT_EQ(p.clock("handle"), "7 of 23 work hours, running, due 2026-04-30T10:00");
  auto level2 = until(Verb::supervise, "2026-04-29T10:00:00+08:00", "a leader asked");
  level2.level = 2;
  EXPECT_EQ(p.does("2026-04-28T11:00:00+08:00", sun, level2), "");
  auto reply = doing(Verb::reply, "pump ordered");
  reply.number = 1;
  EXPECT_EQ(p.does("2026-04-28T12:00:00+08:00", han, reply), "");
  EXPECT_EQ(p.clock("supervise/1"), "1 of 23 urgent hours, stopped");
  EXPECT_EQ(p.does("2026-04-28T14:00:00+08:00", han, photographed(Verb::report_back)), "");
  EXPECT_EQ(p.clock("handle"), "10 of 23 work hours, stopped");
  EXPECT_EQ(p.does(dispatcher, doing(Verb::send_to_verify)), "");
  EXPECT_EQ(p.does("2026-04-28T15:00:00+08:00", cai, photographed(Verb::pass)), "");
  EXPECT_EQ(p.does("2026-04-28T16:00:00+08:00", acceptor, closing()), "");
  EXPECT_EQ(p.clock("whole"), "1.75 of 6.875 work days, stopped");
  auto rating = doing(Verb::rate);
  rating.score = 4;
  EXPECT_EQ(p.does("2026-04-28T20:00:00+08:00", reporter, rating), "");
  EXPECT_EQ(p.does("2026-04-29T09:00:00+08:00", han_lead, doing(Verb::appeal, "the rework was rain")), "");
  EXPECT_EQ(p.does("2026-04-30T09:00:00+08:00", eva, doing(Verb::decide_appeal, "weather record agrees")),
            "");
  EXPECT_EQ(p.clock("appeal"), "1 of 5 work days, stopped");
  EXPECT_NE(p.does("2026-05-05T15:59:00+08:00", clockwork, doing(Verb::evaluate)), "");
  EXPECT_EQ(p.does("2026-05-05T16:00:00+08:00", clockwork, doing(Verb::evaluate)), "");
  EXPECT_EQ(p.state.stage, Stage::evaluated);
  EXPECT_EQ(p.state.returns, 1);
  EXPECT_EQ(p.state.reworks, 1);
  EXPECT_EQ(p.state.extensions, 1);
  EXPECT_EQ(p.state.version, static_cast<std::int64_t>(p.story.size()));
}

TEST(Case, WhoHandlesDoesNotJudge) {
  auto p = handling();
  Actor const both = person("han", {Role::handler, Role::verifier, Role::acceptor}, "drainage");
  Actor const colleague = person("he", {Role::verifier, Role::acceptor}, "drainage");
  EXPECT_EQ(p.does(han, photographed(Verb::report_back)), "");
  auto chosen = doing(Verb::send_to_verify);
  chosen.person = "staff:han";
  EXPECT_NE(p.does(dispatcher, chosen), "");
  EXPECT_EQ(p.does(dispatcher, doing(Verb::send_to_verify)), "");
  for (auto const& actor : {han, both, colleague}) {
    auto const refused = p.ask(actor, photographed(Verb::pass));
    ASSERT_FALSE(refused) << actor.ref;
    EXPECT_EQ(refused.error().code, core::Errc::forbidden);
    EXPECT_THAT(refused.error().text.en, testing::HasSubstr("Who handled it cannot verify"));
  }
  EXPECT_EQ(p.does(vera, photographed(Verb::pass)), "");
  EXPECT_NE(p.does(both, closing()), "");
  EXPECT_EQ(p.does(dispatcher, closing()), "");
}

TEST(Case, ASelfHandledCaseIsJudgedByAnotherCollector) {
  Play p;
  EXPECT_EQ(p.does(acceptor, registering(p.now)), "");
  EXPECT_EQ(p.does(cai, photographed(Verb::handle_on_spot)), "");
  EXPECT_EQ(p.clock("handle"), "none");
  EXPECT_EQ(p.does(dispatcher, doing(Verb::send_to_verify)), "");
  EXPECT_NE(p.does(cai, photographed(Verb::pass)), "");
  auto const other = person("chu", Role::collector, "centre");
  EXPECT_EQ(p.does(other, doing(Verb::fail, "half of it is still there")), "");
  EXPECT_EQ(p.does(cai, photographed(Verb::report_back)), "");  // who began it ends it
}

TEST(Case, AStaleCommandNamesBothVersionsAndWhoChangedIt) {
  auto p = handling();
  auto stale = photographed(Verb::report_back);
  stale.expected_version = 2;
  auto const refused = p.ask(han, stale);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::conflict);
  EXPECT_EQ(refused.error().key, "case.version");
  EXPECT_EQ(refused.error().text.en,
            "You saw version 2; staff:han has made version 3 since. Look again, then decide.");
  stale.expected_version = 3;
  EXPECT_TRUE(p.ask(han, stale));
}

TEST(Case, ARefusalSaysWhatWhyWhoAndWhatElse) {
  auto p = handling();
  auto error = p.ask(dispatcher, closing()).error();
  EXPECT_EQ(error.key, "case.close.stage");
  EXPECT_THAT(error.text.en, testing::HasSubstr("while it is being handled; that is possible when verified"));
  EXPECT_THAT(error.text.zh, testing::HasSubstr("现在可以"));
  error = p.ask(passer_by, photographed(Verb::report_back)).error();
  EXPECT_EQ(error.code, core::Errc::forbidden);
  EXPECT_THAT(error.text.en, testing::HasSubstr("Who may: collector, handler, handler's lead"));
  error = p.ask(gao, photographed(Verb::report_back)).error();
  EXPECT_EQ(error.key, "case.report_back.actor");
  error = p.ask(han, doing(Verb::report_back)).error();
  EXPECT_EQ(error.field, "photos");
  EXPECT_EQ(error.code, core::Errc::invalid);
}

TEST(Case, WhatACommandBringsHasLimits) {
  auto p = handling();
  auto const refused = [&](Command const& command) { return p.ask(lead, command).error().field; };
  EXPECT_EQ(refused(doing(Verb::force_close, std::string(max_reason_chars + 1, 'x'))), "reason");
  EXPECT_EQ(refused(doing(Verb::force_close, std::string("a\0b", 3))), "reason");
  EXPECT_EQ(refused(to_department(Verb::settle, std::string(max_ref_chars + 1, 'x').c_str())), "department");
  auto many = doing(Verb::force_close, "x");
  many.photos.resize(max_photos_per_command + 1);
  EXPECT_EQ(refused(many), "photos");
  EXPECT_EQ(refused(until(Verb::force_close, "2099-01-01T00:00:00Z")), "until");
  std::string han_zi;
  for (std::size_t i = 0; i < max_reason_chars; ++i) han_zi += "涝";  // counted as characters, not bytes
  EXPECT_TRUE(p.ask(lead, doing(Verb::force_close, han_zi)));
}

TEST(Case, AReturnIsTimeBoxedCountedAndEndsWithTheDefaultDuty) {
  Play p;
  p.policy.max_returns = 2;
  EXPECT_EQ(p.does("2026-04-27T09:00:00+08:00", acceptor, registering(p.now)), "");
  EXPECT_EQ(p.does(dispatcher, to_department(Verb::dispatch, "greening")), "");
  p.now = at("2026-04-27T14:01:00+08:00");  // 4 work hours and a minute later
  EXPECT_EQ(p.ask(gao, doing(Verb::give_back, "not ours")).error().key, "case.return.case");
  p.now = at("2026-04-27T14:00:00+08:00");
  EXPECT_EQ(p.does(gao, doing(Verb::give_back, "not ours")), "");
  EXPECT_EQ(p.does(dispatcher, to_department(Verb::dispatch, "drainage")), "");
  EXPECT_EQ(p.does(han, doing(Verb::give_back, "not ours")), "");
  EXPECT_EQ(p.state.returns, 2);
  EXPECT_NE(p.does(dispatcher, to_department(Verb::dispatch, "greening")), "");  // no third bounce
  EXPECT_NE(p.does(clockwork, to_department(Verb::settle, "street")), "");  // not before the time is over
  EXPECT_EQ(p.does("2026-04-28T09:00:00+08:00", clockwork, to_department(Verb::settle, "street")), "");
  EXPECT_EQ(p.state.department, "street");
  auto const street = person("st", Role::handler, "street");
  EXPECT_NE(p.does(street, doing(Verb::give_back, "not ours")), "");  // what was settled stays
}

TEST(Case, ASuspensionOverAHolidayMovesTheEndByExactlyWhatItTook) {
  auto p = handling();
  EXPECT_EQ(p.clock("handle"), "0 of 8 work hours, running, due 2026-04-27T18:00");
  EXPECT_EQ(
      p.does("2026-04-27T12:00:00+08:00", han, until(Verb::ask_suspension, "2026-05-06T15:00:00+08:00")), "");
  auto const asker_leads = person("han", Role::dispatcher_lead, "command");
  EXPECT_NE(p.does(asker_leads, doing(Verb::grant)), "");
  EXPECT_EQ(p.does(lead, doing(Verb::grant)), "");
  EXPECT_EQ(p.clock("handle"), "3 of 8 work hours, paused");
  EXPECT_EQ(p.state.clocks.find("handle")->spans.back().reason, "waiting for parts");
  EXPECT_EQ(p.state.clocks.find("handle")->spans.back().by, "staff:lin");
  EXPECT_NE(p.does("2026-05-06T14:59:00+08:00", clockwork, doing(Verb::resume)), "");
  EXPECT_EQ(p.does("2026-05-06T15:00:00+08:00", clockwork, doing(Verb::resume)), "");
  EXPECT_EQ(p.clock("handle"), "3 of 8 work hours, running, due 2026-05-07T11:00");
  EXPECT_EQ(p.state.stage, Stage::handling);
}

TEST(Case, AReworkHasItsOwnBudgetWhereTheConditionGivesOne) {
  auto p = handling();
  p.condition = condition(true);
  p.now = at("2026-04-27T10:00:00+08:00");
  EXPECT_EQ(p.does(han, photographed(Verb::report_back)), "");
  EXPECT_EQ(p.does(dispatcher, doing(Verb::send_to_verify)), "");
  EXPECT_EQ(p.does(vera, doing(Verb::fail, "no")), "");
  EXPECT_EQ(p.clock("handle"), "1 of 8 work hours, stopped");
  EXPECT_EQ(p.clock("rework/1"), "0 of 2 work hours, running, due 2026-04-27T12:00");
  EXPECT_EQ(p.does("2026-04-27T11:00:00+08:00", han, photographed(Verb::report_back)), "");
  EXPECT_EQ(p.clock("rework/1"), "1 of 2 work hours, stopped");
}

TEST(Case, JointDepartmentsFinishBeforeTheLeadReports) {
  auto p = handling();
  EXPECT_EQ(p.does(han_lead, to_department(Verb::add_joint, "greening", "roots in the pipe")), "");
  EXPECT_NE(p.does(han_lead, to_department(Verb::add_joint, "greening", "again")), "");
  EXPECT_NE(p.does(han, photographed(Verb::report_back)), "");
  EXPECT_NE(p.does(han, doing(Verb::finish_joint)), "");
  EXPECT_EQ(p.does(gao, doing(Verb::finish_joint)), "");
  EXPECT_EQ(p.does(han, photographed(Verb::report_back)), "");
  EXPECT_EQ(p.does(dispatcher, doing(Verb::send_to_verify)), "");
  EXPECT_NE(p.does(person("gu", Role::verifier, "greening"), photographed(Verb::pass)), "");
}

TEST(Case, ReopeningBeginsAnotherRoundAndGoesOnWithTheWholeClock) {
  auto p = handling();
  EXPECT_EQ(p.does(lead, doing(Verb::force_close, "works planned anyway")), "");
  EXPECT_EQ(p.state.ending, Ending::forced);
  EXPECT_NE(p.does(passer_by, doing(Verb::reopen, "not fixed")), "");
  p.now = at("2026-05-12T09:00:01+08:00");  // 15 natural days are over
  EXPECT_NE(p.does(reporter, doing(Verb::reopen, "not fixed")), "");
  p.now = at("2026-05-12T09:00:00+08:00");
  EXPECT_EQ(p.does(reporter, doing(Verb::reopen, "not fixed")), "");
  EXPECT_EQ(p.state.stage, Stage::registered);
  EXPECT_EQ(p.state.reopens, 1);
  EXPECT_EQ(p.clock("dispatch"), "0 of 1 urgent hour, running, due 2026-05-12T10:00");
  EXPECT_EQ(p.does(dispatcher, to_department(Verb::dispatch, "drainage")), "");
  EXPECT_EQ(p.clock("handle"), "0 of 8 work hours, running, due 2026-05-12T18:00");
}

TEST(Case, RecordedHistoryHasNoClocksUntilItIsAdopted) {
  Play p;
  auto record = doing(Verb::record);
  record.opening = opening(at("2015-03-01T12:00:00Z"));
  record.opening->stage = Stage::registered;
  record.opening->external_no = "101001234567";
  EXPECT_EQ(p.does(importer, record), "");
  EXPECT_TRUE(p.state.recorded);
  EXPECT_TRUE(p.state.clocks.empty());
  auto const refused = p.ask(dispatcher, to_department(Verb::dispatch, "drainage"));
  EXPECT_EQ(refused.error().key, "case.recorded");
  EXPECT_EQ(p.does(acceptor, doing(Verb::adopt, "we look after it from now on")), "");
  EXPECT_EQ(p.clock("dispatch"), "0 of 1 urgent hour, running, due 2026-04-27T10:00");
  EXPECT_EQ(p.does(dispatcher, to_department(Verb::dispatch, "drainage")), "");
}

TEST(Case, ACalendarEditCountsOpenClocksAgainAndSaysWhy) {
  auto p = handling();
  p.now = at("2026-04-28T10:00:00+08:00");
  EXPECT_EQ(p.clock("whole"), "1.125 of 5 work days, running, due 2026-05-07T09:00");
  auto spec = p.calendar.spec();
  spec.version = "2026-b";
  spec.dates.push_back({2026, 4, 28, core::DateRule::Kind::holiday});  // a holiday declared on the day itself
  p.calendar = core::Calendar::make(spec).value();
  EXPECT_NE(p.does(clockwork, doing(Verb::reproject)), "");
  EXPECT_EQ(p.does(clockwork, doing(Verb::reproject, "city-wide closure after the storm")), "");
  EXPECT_EQ(p.story.back().kind, core::EventKind::clock_reprojected);
  EXPECT_EQ(p.story.back().what, "cn@2026-b");
  EXPECT_EQ(p.clock("whole"), "1 of 5 work days, running, due 2026-05-08T09:00");
  EXPECT_EQ(p.clock("handle"), "8 of 8 work hours, running, due 2026-04-27T18:00");
}

TEST(Case, TimeThatRanOutIsSaidOnceAndAgainAfterAnExtension) {
  auto p = handling();
  auto out = doing(Verb::expire);
  out.clock = "handle";
  EXPECT_NE(p.does("2026-04-27T17:59:59+08:00", clockwork, out), "");
  EXPECT_EQ(p.does("2026-04-27T18:00:00+08:00", clockwork, out), "");
  EXPECT_NE(p.does(clockwork, out), "");
  EXPECT_EQ(p.does(han, until(Verb::ask_extension, "2026-04-28T12:00:00+08:00")), "");
  EXPECT_EQ(p.does(lead, doing(Verb::grant)), "");
  EXPECT_EQ(p.clock("handle"), "8 of 11 work hours, running, due 2026-04-28T12:00");
  EXPECT_EQ(p.does("2026-04-28T12:00:00+08:00", clockwork, out), "");
}

TEST(Case, APromiseThatCannotBeArmedFails) {
  Play p;
  p.calendar = core::Calendar::make({.code = "idle"}).value();
  EXPECT_EQ(p.ask(acceptor, registering(p.now)).error().key, "calendar.no_time");
}

TEST(CaseCodec, SkipsWhatItDoesNotKnowAndRefusesWhatContradicts) {
  auto const read = [](char const* payload) {
    return decode(core::EventKind::case_returned, core::from_ms(5), "staff:han", payload);
  };
  auto const event = read(
      R"({"reason":"not ours","n":2,"later":{"x":[1]},"clocks":[["handle","pause",0,"work_hours",8,3,"r","b",9]]})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->number, 2);
  EXPECT_EQ(event->clocks.at(0).by, "b");
  for (auto const* bad :
       {"", "[]", R"({"reason":1})", R"({"n":"2"})", R"({"clocks":[["handle"]]})", R"({"clocks":5})",
        R"({"clocks":[["h","fly",0,"work_hours",8,3]]})", R"({"opening":{"stage":"nowhere"}})"})
    EXPECT_EQ(read(bad).error().code, core::Errc::corrupt) << bad;
}

// Run with ZHILI_WRITE_DOCS=1 to write the pages anew.
TEST(Lifecycle, ThePagesOfTheDocumentationAreTheTable) {
  for (auto const& [lang, file] :
       {std::pair{core::Lang::en, "lifecycle.md"}, {core::Lang::zh, "lifecycle.zh.md"}}) {
    auto const path = std::string(ZHILI_SOURCE_DIR "/docs/reference/") + file;
    if (std::getenv("ZHILI_WRITE_DOCS")) std::ofstream(path) << lifecycle_page(lang);
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str(), lifecycle_page(lang))
        << "ZHILI_WRITE_DOCS=1 build/dev/respond_test writes " << file;
  }
}

}  // namespace
}  // namespace zhili::respond
