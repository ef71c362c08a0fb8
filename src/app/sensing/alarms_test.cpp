// From a reading to a case, with the packs of the demo city: everything between a gauge and the desk, without threads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service.hpp"
#include "respond/alarms/query.hpp"
#include "respond/cases/codec.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::app {
namespace {

using namespace std::chrono_literals;
namespace alarms = respond::alarms;
using testing::ElementsAre;
using testing::IsEmpty;

class FromReadingToCase : public testing::Test {
 protected:
  FromReadingToCase() { open(); }
  void open() {
    service.reset();
    CommonOptions options;
    options.data = folder.path().string();
    options.packs = ZHILI_SOURCE_DIR "/packs";
    auto opened = Service::open(options, time, time);
    if (!opened) throw std::runtime_error(opened.error().text.en + opened.error().detail);
    service = std::move(*opened);
  }
  Sensing& sensing() { return service->sensing(); }
  sense::devices::Device gauge(std::string const& serial, core::LatLon at, std::string const& place) {
    auto const made = sensing().devices().desk().add({.type = "water-gauge", .serial = serial, .place = {.at = at, .words = place}}, "staff:dora");
    EXPECT_TRUE(made) << made.error().text.en;
    EXPECT_TRUE(sensing().rules().changed());
    time.advance(2s);  // for so long the rules may take to hear of it
    settle();
    return made.value_or(sense::devices::Device{});
  }
  std::int64_t level(sense::devices::Device const& device) { return sensing().devices().gate().datastream(device.id, "level"); }
  /// All that follows by itself by now.
  void settle() {
    for (int rounds = 0; rounds < 100; ++rounds) {
      auto const more = sensing().rules().keeper().step();
      ASSERT_TRUE(more) << more.error().text.en << more.error().detail;
      if (!*more) break;
    }
    service->run_timers(time.now());
  }
  void reads(sense::devices::Device const& device, double cm) {
    sense::observations::Batch batch;
    batch.add(level(device), time.now(), cm);
    ASSERT_TRUE(sensing().observations().append(std::move(batch)));
    settle();
  }
  void minutes(sense::devices::Device const& device, int many, double cm) {
    for (int i = 0; i < many; ++i) {
      time.advance(1min);
      reads(device, cm);
    }
  }
  std::vector<alarms::Line> list(std::string const& rule = {}) {
    return service->db().read([&](store::Reader& r) { return alarms::list_alarms(r, {.which = alarms::Filter::Which::all, .sights = {{}}, .rules = rule.empty() ? std::vector<std::string>{} : std::vector{rule}}, std::nullopt, 100); }).value();
  }
  std::int64_t number(std::string_view sql) { return service->db().read([&](store::Reader& r) { return r.value<std::int64_t>(sql).value_or(-1); }).value(); }
  std::vector<std::string> told_to(std::int64_t case_id) {
    std::vector<std::string> out;
    auto const entries = service->db().read([&](store::Reader& r) { return store::entries_of(r, case_id); }).value();
    for (auto const& entry : entries)
      if (entry.kind == core::EventKind::case_alarm_told) out.push_back(respond::decode(entry.kind, entry.at, entry.actor, entry.payload).value().what);
    return out;
  }

  test::TempFolder folder;
  core::ManualTime time{core::from_iso("2026-07-12T08:00:00+08:00").value()};
  std::unique_ptr<Service> service;
  core::LatLon const under = core::LatLon::of(34.8600, 117.5500);
};

TEST_F(FromReadingToCase, AnUnderpassFloodsAndFallsDryAgain) {
  auto const g = gauge("g1", under, "人民路下穿");
  minutes(g, 1, 3);
  minutes(g, 3, 23);
  EXPECT_THAT(list(), IsEmpty()) << "not for three minutes yet";
  minutes(g, 1, 24);
  auto const deep = list("ponding-deep");
  ASSERT_EQ(deep.size(), 1u);
  auto const& alarm = deep.front().alarm;
  EXPECT_EQ(alarm.state, alarms::State::raised);
  EXPECT_EQ(alarm.finding.severity, alarms::Severity::major);
  EXPECT_EQ(alarm.finding.says.zh, "人民路下穿水深 24 厘米");
  EXPECT_EQ(alarm.finding.where.device, g.id);
  EXPECT_EQ(alarm.finding.keeper.department, "drainage-service");
  EXPECT_EQ(alarm.finding.keeper.post, "drainage-service-desk");
  auto const its_case = deep.front().case_id;
  ASSERT_NE(its_case, 0) << alarm.waits.en;
  auto const opened = service->case_state(its_case).value();
  EXPECT_EQ(opened.opening.item.code, "0509");
  EXPECT_EQ(opened.opening.condition, "deep");
  EXPECT_EQ(opened.opening.rule, "ponding-deep");
  minutes(g, 46, 20);
  ASSERT_EQ(list("ponding-shallow").size(), 1u);
  EXPECT_EQ(list("ponding-shallow").front().case_id, its_case) << "one incident, whichever rule says so";
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 1);
  minutes(g, 10, 4);
  EXPECT_EQ(list("ponding-deep").front().alarm.state, alarms::State::raised) << "not for ten minutes yet";
  minutes(g, 1, 4);
  EXPECT_EQ(list("ponding-deep").front().alarm.state, alarms::State::cleared);
  EXPECT_THAT(told_to(its_case), ElementsAre("cleared"));
  EXPECT_TRUE(service->case_state(its_case)->open());
}

TEST_F(FromReadingToCase, ASilentGaugeIsAFaultOfTheDeviceAndSaysNothingOfThePlace) {
  auto const g = gauge("g1", under, "人民路下穿");
  minutes(g, 3, 2);
  for (int i = 0; i < 35; ++i) {
    time.advance(1min);
    settle();
  }
  auto const all = list();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().alarm.kind, alarms::Kind::fault);
  EXPECT_EQ(all.front().alarm.rule, alarms::fault_rule);
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM signal"), 0);
  minutes(g, 2, 2);
  EXPECT_EQ(list().front().alarm.state, alarms::State::cleared) << "it speaks again";
}

TEST_F(FromReadingToCase, WhatStandsOutlivesTheProgram) {
  auto const g = gauge("g1", under, "人民路下穿");
  minutes(g, 4, 23);
  auto const before = list("ponding-deep");
  ASSERT_EQ(before.size(), 1u);
  open();
  settle();
  minutes(g, 3, 23);
  EXPECT_EQ(list("ponding-deep").front().alarm, before.front().alarm) << "it is not raised again";
  minutes(g, 12, 1);
  EXPECT_EQ(list("ponding-deep").front().alarm.state, alarms::State::cleared);
  EXPECT_EQ(list("ponding-deep").front().alarm.times, 1);
  EXPECT_EQ(number("SELECT count(*) FROM casefile"), 1);
}

TEST_F(FromReadingToCase, WhereNobodyHoldsAFunctionTheAreasOwnOfficeKeepsIt) {
  auto const g = gauge("g1", under, "人民路下穿");
  Finder const finder(service->runtime());
  auto const where = service->db().read([&](store::Reader& r) {
    CitySurroundings const city({service->places(), service->installation(), finder});
    return std::pair{city.where(r, {catalogue::rules::Scope::thing, std::to_string(g.thing)}, g.thing), city.where(r, {catalogue::rules::Scope::place, place_key(g)}, 0)};
  }).value();
  EXPECT_EQ(where.first, where.second) << "a place is where its devices are";
  EXPECT_EQ(where.first.name.zh, "人民路下穿");
  CitySurroundings const city({service->places(), service->installation(), finder});
  EXPECT_EQ(city.keeper("0509", "drainage", catalogue::DutyBy::place, where.first), (alarms::Keeper{"drainage-service", "drainage-service-desk", false}));
  EXPECT_EQ(city.keeper("", "", catalogue::DutyBy::place, where.first), (alarms::Keeper{"urban-management-office", "", true})) << "兜底";
  EXPECT_EQ(city.keeper("0509", "astronomy", catalogue::DutyBy::place, where.first), (alarms::Keeper{"urban-management-office", "", true}));
  EXPECT_EQ(city.keeper("0509", "drainage", catalogue::DutyBy::place, alarms::Where{}), (alarms::Keeper{"drainage-service", "drainage-service-desk", false})) << "nobody knows where";
}

}  // namespace
}  // namespace zhili::app
