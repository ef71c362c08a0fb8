#pragma once
// For the tests of incidents: a street of dark lamps, and the desks over a database.

#include <gtest/gtest.h>

#include <memory>

#include "respond/cases/desk_test_kit.hpp"
#include "respond/clockwork.hpp"
#include "respond/signals/desk.hpp"

namespace zhili::respond::kit {

/// Item 0102 may be the same thing within 100 m and a day; 0103 is kin of it and joins by itself within 30 m and an hour.
inline std::shared_ptr<catalogue::Catalogue const> lamp_catalogue() {
  catalogue::Pack pack;
  pack.pack = "city-appearance";
  pack.version = "2026.1";
  catalogue::SameThing rule{.within_m = 100, .within_time = std::chrono::hours(24), .weights = {.place = 4, .time = 2, .item = 3, .asset = 4, .text = 2}};
  pack.items = {item(), item()};
  for (auto& one : pack.items) one.open = true;
  rule.kin = {"0103"};
  pack.items[0].same_thing = rule;
  pack.items[1].code = "0103";
  rule.kin = {"0102"};
  rule.join = catalogue::JoinRule{.within_m = 30, .within_time = std::chrono::minutes(60), .score_percent = 80};
  pack.items[1].same_thing = rule;
  return catalogue::Catalogue::make({pack}).value();
}

/// The desks over one database. What a test says of a place is metres along a street to the north.
struct Street {
  explicit Street(store::Db& database, std::filesystem::path const& key, std::string const& key_home, core::TimeSource const& time)
      : db(database), vault(store::Vault::open(database, {key_home, key}, time).value()),
        signals(database, *vault, catalogue, cases, places, photos, time), clockwork(database, cases, signals) {}

  Report report(double metres, std::string words = {}, std::string item = "0102") const {
    return {.item = std::move(item), .channel = "web", .place = core::LatLon::of(34.86 + metres / 111'195.08, 117.55), .words = std::move(words)};
  }
  Received receive(Report report) {
    auto const got = signals.receive(std::move(report), passer_by);
    EXPECT_TRUE(got) << got.error().text.en << got.error().detail;
    return got.value_or(Received{});
  }
  Id tell(double metres, std::string words = {}, std::string item = "0102") { return receive(report(metres, std::move(words), std::move(item))).id; }
  /// The case that a report begins.
  Id registered(Id signal) {
    auto const done = signals.execute(signal, {.verb = Verb::register_case}, acceptor);
    EXPECT_TRUE(done) << done.error().text.en << done.error().detail;
    return done ? done->case_id : 0;
  }
  std::string does(Id signal, SignalCommand const& command, Actor const& actor = acceptor) {
    auto const done = signals.execute(signal, command, actor);
    return done ? "" : done.error().key + ": " + done.error().text.en + done.error().detail;
  }
  std::string join(Id signal, Id into) { return does(signal, {.verb = Verb::join, .into = into}); }
  std::string split(Id signal) { return does(signal, {.verb = Verb::split, .reason = "another lamp"}); }

  SignalState signal(Id id) {
    auto const loaded = db.read([&](store::Reader& r) { return SignalDesk::load(r, id); });
    EXPECT_TRUE(loaded) << loaded.error().detail;
    return loaded.value_or(SignalState{});
  }
  CaseState a_case(Id id) {
    auto const loaded = db.read([&](store::Reader& r) { return CaseDesk::load(r, id); });
    EXPECT_TRUE(loaded) << loaded.error().detail;
    return loaded.value_or(CaseState{});
  }
  std::vector<Candidate> candidates(Id id) {
    auto const found = db.read([&](store::Reader& r) -> core::Result<std::vector<Candidate>> {
      ZHILI_TRY(auto const state, SignalDesk::load(r, id));
      return signals.candidates(r, state);
    });
    EXPECT_TRUE(found) << found.error().detail;
    return found.value_or(std::vector<Candidate>{});
  }
  std::int64_t number(std::string_view sql, Id id = 0) {
    return db.read([&](store::Reader& r) {
               return id == 0 ? r.value<std::int64_t>(sql).value_or(-1) : r.value<std::int64_t>(sql, id).value_or(-1);
             }).value_or(-2);
  }
  /// Each signal's and case's place in the tables, which a split must give back.
  std::vector<std::string> rows() {
    std::vector<std::string> out;
    auto const add = [&](std::string_view sql) {
      auto const read = db.read([&](store::Reader& r) {
        using Number = std::optional<std::int64_t>;
        r.each<std::int64_t, std::int64_t, Number, Number>(sql, [&](std::int64_t id, std::int64_t state, Number a, Number b) {
          out.push_back(std::to_string(id) + " " + std::to_string(state) + " " + std::to_string(a.value_or(0)) + " " + std::to_string(b.value_or(0)));
        });
      });
      EXPECT_TRUE(read);
    };
    add("SELECT id, state, incident_id, case_id FROM signal ORDER BY id");
    add("SELECT id, stage, due_at, closed_at FROM casefile ORDER BY id");
    add("SELECT subject, kind, due_at, due_at FROM timer ORDER BY subject, kind, name");
    return out;
  }

  store::Db& db;
  std::unique_ptr<store::Vault> vault;
  KnownDuty duty;
  FullShelf photos;
  Nowhere places;
  std::shared_ptr<catalogue::Catalogue const> catalogue = lamp_catalogue();
  CaseDesk cases{db, catalogue, duty, photos, city_calendar()};
  SignalDesk signals;
  Clockwork clockwork;
};

}  // namespace zhili::respond::kit
