#pragma once
// Everything between a device and its history, wired together.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "app/mqtt/mqtt.hpp"
#include "app/runtime.hpp"
#include "app/sensing/alarms_at_work.hpp"
#include "app/sensing/devices.hpp"
#include "app/sensing/rules_at_work.hpp"
#include "app/sensing/stream_facts.hpp"
#include "sense/ingest/intake.hpp"
#include "sense/ingest/quarantine.hpp"
#include "sense/ingest/store_sink.hpp"
#include "sense/ingest/ucum_units.hpp"
#include "sense/observations/store.hpp"
#include "sense/things/extents.hpp"
#include "sense/things/stored_observations.hpp"
#include "sense/things/things_sink.hpp"
#include "sense/things/things.hpp"
#include "store/vault.hpp"

namespace zhili::app {

/// How often figures of days are made and what is too old is taken away.
inline constexpr std::chrono::minutes tidy_observations_every{10};

/// Where alarms become reports and cases, and who has the duty.
struct SensingDesks {
  respond::SignalDesk& signals;
  respond::CaseDesk& cases;
  respond::DutyFinder const& duties;
};

/// Thread-safe but for start and stop.
class Sensing {
 public:
  /// Errors: those of the parts.
  static core::Result<std::unique_ptr<Sensing>> open(CommonOptions const& common, Runtime& runtime, store::Vault& vault, SensingDesks desks);
  ~Sensing();

  /// The threads that follow, compact and write back, and MQTT as far as it is asked for. `is_program`: whether this is an API key that may
  /// send observations. Errors: those of the door for MQTT.
  core::Result<> start(MqttOptions mqtt, core::TimeSource const& wall, std::function<bool(std::string_view key)> is_program);
  void stop();

  sense::observations::ObservationStore& observations() { return *observations_; }
  store::Db& observations_db() { return *observations_db_; }
  sense::things::Things& things() { return things_; }
  sense::things::StoredObservations& stored() { return *stored_; }
  sense::things::ExtentsKeeper& extents() { return extents_; }
  sense::ingest::Intake& intake() { return *intake_; }
  sense::ingest::Quarantine& quarantine() { return quarantine_; }
  Devices& devices() { return *devices_; }
  AlarmsAtWork& alarms() { return *alarms_; }
  RulesAtWork& rules() { return *rules_; }
  /// What a rule in force is called; nothing: there is none.
  std::optional<core::Text> rule_name(std::string const& rule) const;
  /// Nothing before start().
  Mqtt* mqtt() { return mqtt_.get(); }
  /// What a device may write, from its token; nothing: it is none of ours.
  std::optional<sense::ingest::Source> device_source(std::string_view token, sense::ingest::Way way) const;

 private:
  explicit Sensing(Runtime& runtime);
  void listen();
  void hear();
  void keep_what_is_needed();
  void follow(std::stop_token stop);
  void compact(std::stop_token stop);
  void tidy(std::function<bool()> const& stop);
  void tell_rules();
  std::optional<web::mqtt::Who> who(std::string_view user, std::string_view password, std::function<bool(std::string_view)> const& is_program) const;
  bool is_public(std::int64_t datastream);

  Runtime& runtime_;
  std::unique_ptr<store::Db> observations_db_;
  std::unique_ptr<sense::observations::ObservationStore> observations_;
  sense::things::Things things_;
  std::unique_ptr<sense::things::StoredObservations> stored_;
  std::unique_ptr<Devices> devices_;
  std::unique_ptr<SensingFacts> facts_;
  sense::ingest::UcumUnits units_;
  sense::things::ExtentsKeeper extents_;
  std::unique_ptr<sense::ingest::StoreSink> store_sink_;
  std::unique_ptr<sense::things::ThingsSink> sink_;
  sense::ingest::Quarantine quarantine_;
  std::unique_ptr<sense::ingest::Intake> intake_;  // ends before what it writes to
  std::unique_ptr<AlarmsAtWork> alarms_;
  std::unique_ptr<Fetching> fetching_;             // from the start on
  std::unique_ptr<RulesAtWork> rules_;             // ends before the alarms that it raises
  std::atomic<bool> streams_changed_ = true;       // since the rules were told last; what changed before the start may be unknown to them
  bool rules_unaware_ = false;                     // they could not be told; of the follower
  std::unique_ptr<MqttCommands> mqtt_commands_;
  std::unique_ptr<Mqtt> mqtt_;
  std::int64_t heard_ = 0;                         // position up to which devices were told
  std::jthread follower_;
  std::jthread compactor_;
};

}  // namespace zhili::app
