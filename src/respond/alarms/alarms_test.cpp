// Alarms on both databases: from a rule's word to a case, and back.
#include <set>
#include <thread>
#include <tuple>

#include "respond/alarms/alarm_test_kit.hpp"

namespace zhili::respond::alarms {
namespace {

using namespace std::chrono_literals;
using kit::at;
using rules::TransitionKind;
using testing::ElementsAre;
using testing::HasSubstr;

class Alarms : public kit::AlarmTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Alarms, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Alarms, AFloodedUnderpassBecomesACaseThatHearsHowItEnds) {
  raise(1);
  auto const alarm = alarm_of("thing:1");
  auto s = state(alarm);
  EXPECT_EQ(s.state, State::raised);
  EXPECT_EQ(s.finding.says.zh, "人民路下穿水深 23 厘米");
  EXPECT_EQ(s.finding.keeper.department, "drainage");
  EXPECT_EQ(s.raised_at, db_.time.now() - 5s) << "in the time of the readings";
  auto const made = case_of(alarm);
  ASSERT_NE(made, 0);
  auto const opened = a_case(made);
  EXPECT_EQ(opened.stage, Stage::registered);
  EXPECT_EQ(opened.opening.rule, "ponding-deep");
  EXPECT_EQ(opened.opening.condition, "deep");
  EXPECT_EQ(number("SELECT count(*) FROM signal WHERE channel = 'sensor' AND words LIKE '人民路下穿水深%'"), 1);
  EXPECT_THAT(told_to(made), ElementsAre());
  take({says(TransitionKind::escalate, 1, Severity::critical)});
  run();
  clear(1);
  EXPECT_THAT(told_to(made), ElementsAre("escalated", "cleared"));
  EXPECT_TRUE(a_case(made).open()) << "whether the work is done is for people to say";
  EXPECT_EQ(state(alarm).state, State::cleared);
  EXPECT_EQ(number("SELECT count(*) FROM alarm_due"), 0);
}

TEST_P(Alarms, WhatComesBackWhileItsCaseIsOpenMakesNoSecondOne) {
  raise(1);
  auto const alarm = alarm_of("thing:1");
  auto const first = case_of(alarm);
  clear(1);
  later(10min);
  raise(1);
  EXPECT_EQ(state(alarm).times, 2);
  EXPECT_EQ(case_of(alarm), first);
  EXPECT_THAT(told_to(first), ElementsAre("cleared", "raised"));
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 1);
  ASSERT_TRUE(city_->cases.execute(first, kit::doing(respond::Verb::force_close, "pumped dry"), kit::lead));
  clear(1);
  raise(1);
  EXPECT_NE(case_of(alarm), first) << "the old case is closed";
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 2);
}

TEST_P(Alarms, TheSecondAlarmAtThePlaceJoinsTheIncident) {
  raise(1);
  raise(2);
  auto const first = alarm_of("thing:1"), second = alarm_of("thing:2");
  EXPECT_NE(first, second);
  EXPECT_EQ(case_of(first), case_of(second));
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 1);
  raise(3);
  EXPECT_NE(case_of(alarm_of("thing:3")), case_of(first)) << "another underpass";
  later(7h);
  clear(2);
  ASSERT_TRUE(city_->cases.execute(case_of(first), kit::doing(respond::Verb::force_close, "pumped dry"), kit::lead));
  raise(2);
  EXPECT_NE(case_of(second), case_of(first));
}

TEST_P(Alarms, SomebodyWhoReportedTheSameIsJoinedAndTold) {
  raise(1);
  auto const receipt = city_->signals.receive({.item = "0415", .channel = "web", .place = core::LatLon{348'604'000, 1'175'500'000}, .words = "桥下全是水，车熄火了"}, kit::passer_by);
  ASSERT_TRUE(receipt);
  auto const candidates = db_->read([&](store::Reader& r) -> core::Result<std::vector<Candidate>> {
    ZHILI_TRY(auto const s, SignalDesk::load(r, receipt->id));
    return city_->signals.candidates(r, s);
  });
  ASSERT_EQ(candidates->size(), 1u);
  EXPECT_EQ(candidates->front().case_id, case_of(alarm_of("thing:1")));
  auto const joined = city_->signals.execute(receipt->id, {.verb = respond::Verb::join, .into = candidates->front().case_id}, kit::acceptor);
  ASSERT_TRUE(joined) << joined.error().text.en;
  EXPECT_EQ(joined->case_id, case_of(alarm_of("thing:1")));
}

TEST_P(Alarms, WhatThePackDoesNotLetRegisterWaitsWithItsReason) {
  take({says(TransitionKind::raise, 1, Severity::minor, "smell", "0500")});
  take({says(TransitionKind::raise, 3, Severity::minor, "nothing-known", "9999/x"), says(TransitionKind::raise, 4, Severity::minor, "no-such-condition", "0415/boiling")});
  run();
  auto const smell = state("thing:1", "smell");
  EXPECT_NE(smell.signal, 0);
  EXPECT_EQ(case_of(smell.id), 0);
  EXPECT_THAT(smell.waits.en, HasSubstr("asks for a check"));
  auto const unknown = state("thing:3", "nothing-known");
  EXPECT_EQ(unknown.signal, 0);
  EXPECT_THAT(unknown.waits.zh, HasSubstr("9999"));
  EXPECT_THAT(state("thing:4", "no-such-condition").waits.en, HasSubstr("boiling"));
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 0);
  EXPECT_THAT(story(smell.id), ElementsAre("minor alarm: Renmin Road underpass: water 23 cm deep", HasSubstr("waits at the desk: The item asks for a check")));
}

TEST_P(Alarms, OfWhatStandsInAHomeNothingIsSaidAloud) {
  raise(9);
  EXPECT_EQ(number("SELECT count(*) FROM signal WHERE private = 1 AND words IS NULL"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM alarm WHERE private = 1"), 1);
  EXPECT_NE(case_of(alarm_of("thing:9")), 0);
}

TEST_P(Alarms, ADevicesFaultIsOneAlarmOfTheDeviceWhicheverRulesNotice) {
  for (auto const* rule : {"ponding-deep", "ponding-shallow"}) take({says(TransitionKind::fault, 1, Severity::minor, rule)});
  run();
  auto const fault = state("thing:1", std::string(fault_rule));
  EXPECT_EQ(fault.kind, Kind::fault);
  EXPECT_EQ(fault.times, 1);
  EXPECT_EQ(fault.finding.opens, "") << "no case: the road is not at fault";
  EXPECT_TRUE(fault.finding.keeper.fallback);
  EXPECT_THAT(fault.finding.says.en, HasSubstr("Gauge 1 sends nothing"));
  EXPECT_EQ(number("SELECT count(*) FROM signal"), 0);
  take({says(TransitionKind::fault_over, 1, Severity::minor, "ponding-deep")});
  EXPECT_EQ(state(fault.id).state, State::raised) << "the other rule still misses it";
  take({says(TransitionKind::fault_over, 1, Severity::minor, "ponding-shallow")});
  EXPECT_EQ(state(fault.id).state, State::cleared);
  EXPECT_EQ(number("SELECT count(*) FROM alarm WHERE kind = 0"), 0) << "nothing is said of the place";
}

TEST_P(Alarms, AlreadyRaisedAtItsPlaceItStaysWhileTheDeviceIsAtFault) {
  raise(1);
  take({says(TransitionKind::fault, 1)});
  EXPECT_EQ(state("thing:1").state, State::raised);
  EXPECT_EQ(state("thing:1", std::string(fault_rule)).state, State::raised);
}

TEST_P(Alarms, AnotherSilentDeviceOfAPlaceTakesTheFaultOver) {
  auto first = says(TransitionKind::fault, 1, Severity::minor, "dry-place");
  first.subject = {catalogue::rules::Scope::place, "U"};
  auto second = first;
  second.thing = 2;
  second.sequence = 2;
  auto over = second;
  over.kind = TransitionKind::fault_over;
  over.sequence = 3;
  take({first});
  take({second});
  EXPECT_EQ(state("thing:1", std::string(fault_rule)).state, State::cleared);
  EXPECT_EQ(state("thing:2", std::string(fault_rule)).state, State::raised);
  take({over});
  EXPECT_EQ(state("thing:2", std::string(fault_rule)).state, State::cleared);
}

TEST_P(Alarms, WhatComesTwiceIsTakenOnce) {
  std::vector<rules::Transition> const some{says(TransitionKind::raise, 1), says(TransitionKind::clear, 1), says(TransitionKind::raise, 1)};
  take(some);
  take(some);
  take({some[0]});
  auto const s = state("thing:1");
  EXPECT_EQ(s.times, 2);
  EXPECT_EQ(s.version, 3);
  EXPECT_EQ(s.state, State::raised);
}

TEST_P(Alarms, AGaugeThatFluttersIsOneAlarmWithoutAFloodOfSteps) {
  raise(1);
  clear(1);
  auto fluttering = says(TransitionKind::raise, 1);
  fluttering.flapping = true;
  take({fluttering});
  for (int i = 0; i < 50; ++i) {  // a source that says it again and again
    auto again = says(TransitionKind::raise, 1);
    again.flapping = true;
    take({again});
  }
  run();
  auto const s = state("thing:1");
  EXPECT_TRUE(s.finding.flapping);
  EXPECT_EQ(s.times, 2);
  EXPECT_LE(s.version, 6) << "raised, reported, cleared, raised, reported again";
  EXPECT_EQ(number("SELECT count(*) FROM alarm"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 1);
  clear(1);
  EXPECT_FALSE(state("thing:1").finding.flapping);
}

TEST_P(Alarms, TwoWhoAcknowledgeAtOnceGetOneWinnerAndOneClearMessage) {
  raise(1);
  auto const alarm = alarm_of("thing:1");
  auto const seen = state(alarm).version;
  std::array<core::Result<AlarmState>, 2> done;
  {
    std::array<std::jthread, 2> both;
    for (std::size_t i = 0; i < 2; ++i)
      both[i] = std::jthread([&, i] { done[i] = city_->desk.execute(alarm, {.verb = Verb::acknowledge}, {.actor = i == 0 ? "staff:dora" : "staff:lin"}); });
  }
  ASSERT_NE(done[0].has_value(), done[1].has_value());
  auto const& lost = done[0] ? done[1].error() : done[0].error();
  std::string const winner = done[0] ? "staff:dora" : "staff:lin";
  EXPECT_EQ(lost.code, core::Errc::conflict);
  EXPECT_EQ(lost.key, "alarm.state");
  EXPECT_THAT(lost.text.en, HasSubstr(winner + " has acknowledged this alarm already"));
  EXPECT_EQ(state(alarm).acknowledged_by, winner);
  EXPECT_EQ(does(alarm, {.verb = Verb::comment, .expected_version = seen, .reason = "on my way"}), "alarm.version");
}

TEST_P(Alarms, PeopleLookAfterIt) {
  raise(1);
  auto const alarm = alarm_of("thing:1");
  EXPECT_EQ(does(alarm, {.verb = Verb::acknowledge}), "");
  EXPECT_EQ(does(alarm, {.verb = Verb::assign, .assigned = {"drainage-desk", "staff:han"}}), "");
  EXPECT_EQ(does(alarm, {.verb = Verb::assign, .assigned = {"drainage-desk", "staff:han"}}), "alarm.assigned");
  EXPECT_EQ(does(alarm, {.verb = Verb::comment, .reason = "泵车已出发"}), "");
  EXPECT_EQ(does(alarm, {.verb = Verb::clear}), "alarm.reason");
  EXPECT_EQ(does(alarm, {.verb = Verb::clear, .reason = "tested with a bucket"}), "");
  EXPECT_EQ(does(alarm, {.verb = Verb::acknowledge}), "alarm.state");
  EXPECT_EQ(does(alarm, {.verb = Verb::reopen, .reason = "it was no test"}), "");
  EXPECT_EQ(does(999, {.verb = Verb::acknowledge}), "alarm.unknown");
  auto const s = state(alarm);
  EXPECT_EQ(s.state, State::raised);
  EXPECT_EQ(s.times, 1);
  EXPECT_EQ(s.assigned.person, "staff:han");
  EXPECT_THAT(story(alarm), ElementsAre(HasSubstr("major alarm"), "Reported; a case is open", "staff:dora acknowledged it", "staff:dora gave it to staff:han (drainage-desk)", "staff:dora says",
                                        "staff:dora cleared the alarm", "staff:dora reopened it"));
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 1) << "reopening is no new raising";
}

TEST_P(Alarms, ListsAreNarrowedAndPagedAndShowOnlyWhatSomebodyMaySee) {
  for (std::int64_t thing = 1; thing <= 12; ++thing) {
    db_.time.advance(1s);
    take({says(TransitionKind::raise, thing, thing % 2 == 0 ? Severity::critical : Severity::minor)});
  }
  take({says(TransitionKind::fault, 5), says(TransitionKind::clear, 7)});
  run();
  Filter all{.which = Filter::Which::all, .sights = {{}}};
  EXPECT_EQ(list(all).size(), 13u);
  EXPECT_EQ(list({.sights = {}}).size(), 0u) << "no post, nothing to see";
  EXPECT_EQ(list({.sights = {{}}}).size(), 12u) << "open ones";
  EXPECT_EQ(list({.which = Filter::Which::cleared, .sights = {{}}}).size(), 1u);
  EXPECT_EQ(list({.sights = {{}}, .severity = Severity::critical}).size(), 6u);
  EXPECT_EQ(list({.sights = {{}}, .kind = Kind::fault}).size(), 1u);
  EXPECT_EQ(list({.sights = {{}}, .area = "370402001002"}).size(), 1u);
  EXPECT_EQ(list({.sights = {{}}, .thing = 5}).size(), 2u);
  EXPECT_EQ(list({.sights = {{}}, .place = "U"}).size(), 2u);
  EXPECT_EQ(list({.which = Filter::Which::all, .sights = {{}}, .rules = {"ponding-deep"}}).size(), 12u);
  EXPECT_EQ(list({.sights = {{}}, .rules = {"ponding-deep", "device-fault", "no-such"}}).size(), 12u) << "of several rules";
  EXPECT_EQ(list({.sights = {{}}, .rules = {"no-such"}}).size(), 0u);
  EXPECT_EQ(list({.sights = {{}}, .case_id = case_of(alarm_of("thing:1"))}).size(), 2u) << "of the incident";
  EXPECT_EQ(list({.sights = {{.area = "370402001002"}}}).size(), 1u);
  EXPECT_EQ(list({.sights = {{.item = "04"}}}).size(), 11u) << "a fault opens no item";
  EXPECT_EQ(list({.sights = {{.item = "05"}, {.area = "370402001002", .item = "04"}}}).size(), 1u);
  EXPECT_EQ(list({.sights = {{.department = "drainage"}}}).size(), 11u);
  EXPECT_EQ(list({.sights = {{.department = "drain"}}}).size(), 0u) << "a department, not a prefix";
  EXPECT_EQ(list({.sights = {{.faults_only = true}}}).size(), 1u);
  for (auto const& line : list(all))
    for (auto const& sight : {Sight{.area = "370402001002"}, Sight{.item = "04"}, Sight{.department = "drainage"}, Sight{.faults_only = true}}) {
      auto const seen = list({.which = Filter::Which::all, .sights = {sight}});
      EXPECT_EQ(sight.sees(line.alarm), std::ranges::any_of(seen, [&](Line const& one) { return one.alarm.id == line.alarm.id; })) << "in SQL and in words the same";
    }
  std::vector<Id> paged;
  std::optional<After> after;
  for (;;) {
    auto const page = db_->read([&](store::Reader& r) { return list_alarms(r, all, after, 4); }).value();
    for (auto const& line : page) paged.push_back(line.alarm.id);
    if (page.size() < 4) break;
    after = After{page.back().alarm.raised_at, page.back().alarm.id};
  }
  std::vector<Id> whole;
  for (auto const& line : list(all)) whole.push_back(line.alarm.id);
  EXPECT_EQ(paged, whole);
  EXPECT_EQ(db_->read([](store::Reader& r) { return gravest_of(r, {2, 3, 7, 99}); }).value(), (std::vector<std::string>{"critical", "minor", "", ""}));
}

TEST_P(Alarms, InAStormTheOldCriticalOneThatNobodyTookNoteOfIsFirst) {
  take({says(TransitionKind::raise, 10, Severity::critical, "storm", "")});
  for (std::int64_t batch = 0; batch < 4; ++batch) {
    db_.time.advance(1min);
    std::vector<rules::Transition> storm;
    for (std::int64_t i = 0; i < 50; ++i) storm.push_back(says(TransitionKind::raise, 100 + batch * 50 + i, i % 3 == 0 ? Severity::major : Severity::minor, "storm", ""));
    take(storm);
  }
  auto const at_thing = [&](std::int64_t thing) { return alarm_of("thing:" + std::to_string(thing), "storm"); };
  Filter const urgent{.sights = {{}}, .order = Order::urgency};
  EXPECT_EQ(list({.sights = {{}}}).front().alarm.subject, "thing:299") << "the newest is first unless urgency is asked for";
  ASSERT_EQ(does(at_thing(100), {.verb = Verb::acknowledge}), "");
  ASSERT_EQ(does(at_thing(249), {.verb = Verb::suppress, .reason = "known", .suppression = Suppression{db_.time.now() + 1h, 0}}), "");
  std::vector<Line> paged;
  std::optional<After> after;
  for (;;) {
    auto const page = db_->read([&](store::Reader& r) { return list_alarms(r, urgent, after, 20); }).value();
    paged.insert(paged.end(), page.begin(), page.end());
    if (page.size() < 20) break;
    auto const& last = page.back().alarm;
    after = After{last.raised_at, last.id, last.state, last.finding.severity};
    // Somebody takes note of the very line behind which the next page begins: nothing else moves.
    if (paged.size() == 20) {
      ASSERT_EQ(does(last.id, {.verb = Verb::clear, .reason = "dry"}), "");
    }
  }
  std::set<Id> each;
  for (auto const& line : paged) each.insert(line.alarm.id);
  EXPECT_EQ(paged.size(), 201u);
  EXPECT_EQ(each.size(), 201u) << "each once";
  EXPECT_EQ(paged.front().alarm.subject, "thing:10");
  EXPECT_EQ(paged[199].alarm.subject, "thing:100") << "acknowledged, and grave";
  EXPECT_EQ(paged[200].alarm.subject, "thing:249");
  auto const before = [](Line const& a, Line const& b) {
    auto const key = [](AlarmState const& s) { return std::tuple(s.state, -static_cast<int>(s.finding.severity), -core::to_ms(s.raised_at), -s.id); };
    return key(a.alarm) < key(b.alarm);
  };
  EXPECT_TRUE(std::ranges::is_sorted(paged, before));
}

TEST_P(Alarms, AStormOfTenThousandIsTakenInOneTransaction) {
  std::vector<rules::Transition> storm;
  for (std::int64_t thing = 10; thing < 10'010; ++thing) storm.push_back(says(TransitionKind::raise, thing, Severity::major, "storm", ""));
  take(storm);
  EXPECT_EQ(number("SELECT count(*) FROM alarm WHERE state = 1"), 10'000);
  EXPECT_EQ(number("SELECT count(*) FROM alarm_due"), 0) << "nothing follows where no case is wanted";
  for (auto& t : storm) {
    t.kind = TransitionKind::clear;
    ++t.sequence;
  }
  take(storm);
  EXPECT_EQ(number("SELECT count(*) FROM alarm WHERE state = 4"), 10'000);
  EXPECT_EQ(state("thing:4711", "storm").version, 2);
}

TEST_P(Alarms, BetweenTheAlarmAndItsCaseTheProgramMayStop) {
  take({says(TransitionKind::raise, 1), says(TransitionKind::raise, 3)});
  city_.reset();  // nothing has followed yet
  db_.close();
  db_.open();
  city_ = open_city();
  EXPECT_EQ(db_->read([](store::Reader& r) { return AlarmDesk::next_due(r); }).value(), db_.time.now());
  run();
  EXPECT_NE(case_of(alarm_of("thing:1")), 0);
  EXPECT_NE(case_of(alarm_of("thing:3")), 0);
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 2);
}

TEST_P(Alarms, TwoProcessesDoWhatFollowsOnce) {
  std::vector<rules::Transition> some;
  for (std::int64_t thing = 20; thing < 40; ++thing) some.push_back(says(TransitionKind::raise, thing * 100));
  take(some);
  // Only on PostgreSQL a second process can have the same database; on SQLite a second desk has to do.
  bool const two_databases = GetParam() == test::Engine::postgresql;
  auto const second = two_databases ? store::Db::open(db_.options(), db_.time).value() : nullptr;
  auto const far = two_databases ? std::make_unique<kit::City>(*second, db_.folder() / "master.key", db_.options().url, db_.time) : nullptr;
  AlarmDesk near({*db_, city_->catalogue, city_->signals, city_->cases, city_->town});
  auto& other = far ? far->desk : near;
  {
    std::jthread const one([&] { ASSERT_TRUE(city_->desk.run_due(db_.time.now(), 1'000)); });
    std::jthread const two([&] { ASSERT_TRUE(other.run_due(db_.time.now(), 1'000)); });
  }
  run();
  EXPECT_EQ(number("SELECT count(*) FROM signal"), 20);
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 20);
}

}  // namespace
}  // namespace zhili::respond::alarms
