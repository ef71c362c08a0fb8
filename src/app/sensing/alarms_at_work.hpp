#pragma once
// Alarms put together: where things stand and whose they are, the desk that keeps them, and the thread on which follows what follows.

#include <memory>

#include "bus/worker.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/installation.hpp"
#include "respond/alarms/desk.hpp"
#include "respond/duty.hpp"
#include "sense/places/places.hpp"
#include "web/alarms/alarms.hpp"

namespace zhili::app {

/// How often it is looked whether something follows, where nothing says so before: a window begins, another process has stopped.
inline constexpr std::chrono::milliseconds alarms_looked_at_every{500};

/// Where alarms stand and whose they are, by the register of devices, Things, places and the installation's mapping. Thread-safe. What it is
/// given outlives it.
class CitySurroundings final : public respond::alarms::Surroundings {
 public:
  struct Parts {
    sense::places::LivePlaces const& places;
    catalogue::Installation const& installation;
    respond::DutyFinder const& duties;
  };
  explicit CitySurroundings(Parts parts) : parts_(parts) {}

  respond::alarms::Where where(store::Reader& reader, respond::rules::Subject const& subject, std::int64_t thing) const override;
  respond::alarms::Keeper keeper(std::string_view item, std::string_view function, catalogue::DutyBy by, respond::alarms::Where const& where) const override;

 private:
  Parts parts_;
};

/// Thread-safe but for start and stop. What it is given outlives it.
class AlarmsAtWork {
 public:
  struct Parts {
    store::Db& db;
    core::TimeSource const& time;
    std::shared_ptr<catalogue::Catalogue const> catalogue;
    catalogue::Installation const& installation;
    sense::places::LivePlaces const& places;
    respond::SignalDesk& signals;
    respond::CaseDesk& cases;
    respond::DutyFinder const& duties;
  };
  explicit AlarmsAtWork(Parts parts);
  ~AlarmsAtWork();

  /// Reports, cases, windows: on a thread of its own.
  void start();
  void stop();
  /// Does all that is due at `now`: for a city that is played forward. Errors are logged.
  void run(core::Instant now);

  respond::alarms::AlarmDesk& desk() { return desk_; }
  /// `rule_name`: as of web::AlarmParts.
  web::AlarmParts web_parts(web::PeopleParts people, std::function<std::optional<core::Text>(std::string const& rule)> rule_name);

 private:
  std::chrono::nanoseconds round();

  store::Db& db_;
  core::TimeSource const& time_;
  CitySurroundings city_;
  respond::alarms::AlarmDesk desk_;
  std::mutex mutex_;  // guards worker_
  std::unique_ptr<bus::Worker> worker_;
};

}  // namespace zhili::app
