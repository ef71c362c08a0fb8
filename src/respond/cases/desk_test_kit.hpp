#pragma once
// For the tests of the desk: a database with one case, a catalogue of one item, and a duty that is known.

#include <gtest/gtest.h>

#include <memory>

#include "respond/cases/case_test_kit.hpp"
#include "respond/cases/desk.hpp"
#include "respond/signals/place_finder.hpp"
#include "store/ledger.hpp"

namespace zhili::respond::kit {

class KnownDuty final : public DutyFinder {
 public:
  core::Result<DutyAnswer> find(DutyQuestion const& question) const override {
    return DutyAnswer{"drainage",
                      "drainage-desk",
                      "DG-07",
                      {{{"职能", "Function"}, {question.function, question.function}}}};
  }
  DutyAnswer default_duty(DutyQuestion const&) const override { return {"street", "", "", {}}; }
};

/// Knows no place at all.
class Nowhere final : public PlaceFinder {
 public:
  Located locate(core::LatLon) const override { return {}; }
  std::string asset(core::LatLon, std::string_view) const override { return {}; }
};

/// Has every photo but those whose name begins with "no".
class FullShelf final : public PhotoShelf {
 public:
  bool has(std::string_view name) const override { return !name.starts_with("no"); }
};

inline std::shared_ptr<catalogue::Catalogue const> one_item_catalogue() {
  catalogue::Pack pack;
  pack.pack = "city-appearance";
  pack.version = "2026.1";
  pack.items = {item()};
  return catalogue::Catalogue::make({pack}).value();
}

struct DeskKit {
  explicit DeskKit(store::Db& database)
      : db(database), desk(database, one_item_catalogue(), duty, photos, city_calendar()) {}

  /// A signal's row and entry as the desk of signals leaves them, and the case that is registered from it.
  Id new_case() {
    auto const made = db.write([&](store::Writer& w) -> core::Result<Id> {
      auto const signal = w.append({core::EventKind::signal_received, 0, "citizen", "{}"});
      auto const incident = w.append({core::EventKind::incident_opened, 0, "citizen", "{}"});
      w.exec(
          "INSERT INTO signal (id, item, state, channel, received_at, lat_e7, lon_e7, location_unknown, "
          "area_id, grid, "
          "released, private) VALUES (?, '0102', ?, 'web', ?, 348600000, 1175500000, 0, 9, 'G1', 0, 0)",
          signal, Stage::collected, w.now());
      auto command = doing(Verb::register_case);
      command.opening = opening(w.now());
      command.opening->signal = signal;
      command.opening->incident = incident;
      ZHILI_TRY(auto const state, desk.open(w, command, acceptor));
      return state.id;
    });
    EXPECT_TRUE(made) << made.error().text.en << made.error().detail;
    return made.value_or(0);
  }
  std::string does(Id id, Actor const& actor, Command const& command) {
    auto const done = desk.execute(id, command, actor);
    return done ? std::string() : done.error().key + ": " + done.error().text.en + done.error().detail;
  }
  CaseState state(Id id) {
    auto const loaded = db.read([&](store::Reader& r) { return CaseDesk::load(r, id); });
    EXPECT_TRUE(loaded) << loaded.error().detail;
    return loaded.value_or(CaseState{});
  }
  std::int64_t number(std::string_view sql, Id id) {
    return db.read([&](store::Reader& r) { return r.value<std::int64_t>(sql, id).value_or(-1); })
        .value_or(-2);
  }
  std::int64_t stage_row(Id id) { return number("SELECT stage FROM casefile WHERE id = ?", id); }
  std::int64_t timers(Id id) { return number("SELECT count(*) FROM timer WHERE subject = ?", id); }
  std::size_t entries(Id id, core::EventKind kind) {
    return db
        .read([&](store::Reader& r) {
          auto const all = store::entries_of(r, id);
          return static_cast<std::size_t>(std::ranges::count(all, kind, &store::Recorded::kind));
        })
        .value_or(0);
  }

  store::Db& db;
  KnownDuty duty;
  FullShelf photos;
  CaseDesk desk;
};

}  // namespace zhili::respond::kit
