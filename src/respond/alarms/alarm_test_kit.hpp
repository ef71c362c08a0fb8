#pragma once
// For the tests of alarms: two underpasses, gauges and a gas detector, the desks over a database, and rules that say what the test says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "respond/alarms/desk.hpp"
#include "respond/alarms/query.hpp"
#include "respond/alarms/story.hpp"
#include "respond/cases/desk_test_kit.hpp"
#include "respond/clockwork.hpp"
#include "respond/signals/desk.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond::alarms::kit {

using namespace respond::kit;

/// 0415 may be the same thing within 150 m and 6 hours; 0500 is checked before a case is registered.
inline std::shared_ptr<catalogue::Catalogue const> flood_catalogue() {
  catalogue::Pack pack;
  pack.pack = "urban-flood";
  pack.version = "2026.1";
  auto ponding = respond::kit::item();
  ponding.code = "0415";
  ponding.open = true;
  auto shallow = respond::kit::condition(), deep = respond::kit::condition();
  shallow.code = "shallow";
  deep.code = "deep";
  shallow.duty.function = deep.duty.function = "drainage";
  ponding.conditions = {shallow, deep};
  ponding.same_thing = catalogue::SameThing{.within_m = 150, .within_time = std::chrono::hours(6), .weights = {.place = 4, .time = 2, .item = 3, .asset = 4, .text = 2}};
  auto checked = respond::kit::item();
  checked.code = "0500";
  checked.open = true;
  checked.conditions[0].check.before = catalogue::Occasion::always;
  pack.items = {ponding, checked};
  return catalogue::Catalogue::make({pack}).value();
}

/// Things 1 and 2 stand in underpass U (100 m of each other), 3 in underpass V in another community; all others at places of their own, ten metres apart.
class Town final : public Surroundings {
 public:
  Where where(store::Reader&, rules::Subject const& subject, std::int64_t thing) const override {
    Where out{.area_id = 9, .area = thing == 3 ? "370402001002" : "370402001001", .device = 100 + thing, .device_type = thing == 9 ? "gas-detector" : "water-gauge"};
    out.thing_name = {"水位计 " + std::to_string(thing), "Gauge " + std::to_string(thing)};
    if (thing <= 2 || subject.id == "U") {
      out.place = "U";
      out.name = {"人民路下穿", "Renmin Road underpass"};
      out.at = core::LatLon{348'600'000 + static_cast<std::int32_t>(thing) * 4'000, 1'175'500'000};
    } else {
      out.at = core::LatLon{348'700'000 + static_cast<std::int32_t>(thing) * 900, 1'175'500'000};
    }
    out.is_private = thing == 9;
    return out;
  }
  Keeper keeper(std::string_view, std::string_view function, catalogue::DutyBy, Where const&) const override {
    if (function.empty()) return {"street-office", "", true};
    return {"drainage", "drainage-desk", false};
  }
};

struct City {
  City(store::Db& database, std::filesystem::path const& key, std::string const& key_home, core::TimeSource const& clock)
      : db(database), vault(store::Vault::open(database, {key_home, key}, clock).value()), signals(database, *vault, catalogue, cases, nowhere, photos, clock),
        clockwork(database, cases, signals), desk({database, catalogue, signals, cases, town}) {}

  store::Db& db;
  std::unique_ptr<store::Vault> vault;
  KnownDuty duty;
  FullShelf photos;
  Nowhere nowhere;
  Town town;
  std::shared_ptr<catalogue::Catalogue const> catalogue = flood_catalogue();
  CaseDesk cases{db, catalogue, duty, photos, city_calendar()};
  SignalDesk signals;
  Clockwork clockwork;
  AlarmDesk desk;
};

class AlarmTest : public testing::TestWithParam<test::Engine> {
 protected:
  respond::CaseState a_case(Id id) { return db_->read([&](store::Reader& r) { return CaseDesk::load(r, id); }).value(); }
  std::vector<Line> list(Filter const& filter) {
    auto const found = db_->read([&](store::Reader& r) { return list_alarms(r, filter, std::nullopt, 100); });
    EXPECT_TRUE(found) << found.error().detail;
    return found.value_or(std::vector<Line>{});
  }
  std::int64_t set_window(Scope scope, core::Duration from, core::Duration until) {
    Window wanted{.scope = std::move(scope), .begins = db_.time.now() + from, .ends = db_.time.now() + until, .reason = "pumps are cleaned", .by = "staff:lin"};
    auto const made = db_->write([&](store::Writer& w) { return city_->desk.set_window(w, wanted); });
    EXPECT_TRUE(made) << made.error().text.en;
    run();
    return made.value_or(0);
  }
  void later(core::Duration by) {
    db_.time.advance(by);
    run();
  }
  AlarmTest() { db_.time.set(at("2026-07-13T08:00:00+08:00")); }

  std::unique_ptr<City> open_city() { return std::make_unique<City>(*db_, db_.folder() / "master.key", db_.options().url, db_.time); }

  /// A step of a rule at a thing, numbered on.
  rules::Transition says(rules::TransitionKind kind, std::int64_t thing, Severity severity = Severity::major, std::string rule = "ponding-deep", std::string opens = "0415/deep") {
    rules::Transition out{.rule = rule, .subject = {catalogue::rules::Scope::thing, std::to_string(thing)}};
    out.sequence = ++sequences_[rule + "/" + std::to_string(thing)];
    out.kind = kind;
    out.at = db_.time.now() - std::chrono::seconds(5);
    out.severity = severity;
    out.thing = thing;
    out.stream = thing * 10;
    out.property = "water-level";
    out.has_value = true;
    out.value = 23;
    out.unit = "cm";
    out.says = {"{place}水深 23 厘米", "{place}: water 23 cm deep"};
    out.opens = std::move(opens);
    return out;
  }
  void take(std::vector<rules::Transition> const& some) {
    auto const done = db_->write([&](store::Writer& w) { return city_->desk.transitions(w, some); });
    ASSERT_TRUE(done) << done.error().text.en << done.error().detail;
  }
  void run() {
    for (;;) {
      auto const done = city_->desk.run_due(db_.time.now(), 100'000);
      ASSERT_TRUE(done) << done.error().text.en << done.error().detail;
      if (*done == 0) return;
    }
  }
  void raise(std::int64_t thing, Severity severity = Severity::major) {
    take({says(rules::TransitionKind::raise, thing, severity)});
    run();
  }
  void clear(std::int64_t thing) {
    take({says(rules::TransitionKind::clear, thing)});
    run();
  }
  std::string does(Id alarm, Command const& command, std::string actor = "staff:dora") {
    auto const done = city_->desk.execute(alarm, command, {.actor = std::move(actor), .department = "command"});
    if (done) run();
    return done ? "" : done.error().key;
  }
  Id alarm_of(std::string const& subject, std::string const& rule = "ponding-deep") {
    return db_->read([&](store::Reader& r) { return r.value<std::int64_t>("SELECT id FROM alarm WHERE rule = ? AND subject = ?", rule, subject).value_or(0); }).value_or(-1);
  }
  /// Its row, which says what its entries say.
  AlarmState state(Id alarm) {
    auto const both = db_->read([&](store::Reader& r) -> core::Result<std::pair<AlarmState, AlarmState>> {
      ZHILI_TRY(auto row, AlarmDesk::load(r, alarm));
      ZHILI_TRY(auto fold, AlarmDesk::fold(r, alarm));
      return std::pair{std::move(row), std::move(fold)};
    });
    EXPECT_TRUE(both) << both.error().text.en << both.error().detail;
    if (!both) return {};
    EXPECT_EQ(both->first, both->second) << "the row of alarm " << alarm << " is not what its entries say";
    EXPECT_EQ(contradiction(both->first), "");
    return both->first;
  }
  AlarmState state(std::string const& subject, std::string const& rule = "ponding-deep") { return state(alarm_of(subject, rule)); }
  std::int64_t number(std::string_view sql) { return db_->read([&](store::Reader& r) { return r.value<std::int64_t>(sql).value_or(-1); }).value_or(-2); }
  Id case_of(Id alarm) {
    return db_->read([&](store::Reader& r) { return alarm_line(r, alarm); }).value_or(Line{}).case_id;
  }
  std::vector<std::string> told_to(Id case_id) {
    std::vector<std::string> out;
    auto const entries = db_->read([&](store::Reader& r) { return store::entries_of(r, case_id); }).value();
    for (auto const& entry : entries)
      if (entry.kind == core::EventKind::case_alarm_told) out.push_back(respond::decode(entry.kind, entry.at, entry.actor, entry.payload).value().what);
    return out;
  }
  std::vector<std::string> story(Id alarm) {
    Names const names{.person = [](std::string const& ref) { return core::Text{ref, ref}; }, .post = [](std::string const& post) { return core::Text{post, post}; },
                      .when = [](core::Instant when) { return core::Text{core::to_iso(when, core::Zone::utc()), core::to_iso(when, core::Zone::utc())}; }};
    std::vector<std::string> out;
    auto const lines = db_->read([&](store::Reader& r) { return story_of(r, alarm, names); }).value();
    for (auto const& line : lines) out.push_back(line.sentence.en);
    return out;
  }

  test::TempDb db_{GetParam()};
  std::map<std::string, std::int64_t> sequences_;
  std::unique_ptr<City> city_ = open_city();
};

}  // namespace zhili::respond::alarms::kit
