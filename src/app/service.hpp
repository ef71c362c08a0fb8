#pragma once
// The program at work: a data directory behind a server.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/control.hpp"
#include "app/finder.hpp"
#include "app/outward.hpp"
#include "app/phone.hpp"
#include "app/runtime.hpp"
#include "app/sensing/rules_asked.hpp"
#include "app/sensing/sensing.hpp"
#include "assure/reports/desk.hpp"
#include "organise/people/accounts.hpp"
#include "organise/people/api_keys.hpp"
#include "organise/people/private_words.hpp"
#include "organise/people/sessions.hpp"
#include "organise/sign_on/sign_on.hpp"
#include "organise/passkeys/passkeys.hpp"
#include "respond/cases/case_index.hpp"
#include "respond/clockwork.hpp"
#include "respond/evaluation/keeper.hpp"
#include "respond/open_figures/publisher.hpp"
#include "store/vault.hpp"
#include "web/api/api.hpp"
#include "web/health.hpp"
#include "web/metrics.hpp"
#include "web/open311/city_backend.hpp"
#include "web/photo/photo.hpp"
#include "web/server.hpp"
#include "web/tiles/tiles.hpp"

namespace zhili::app {

struct ServiceOptions {
  std::string listen = "127.0.0.1:8080";
  std::optional<web::TlsFiles> tls = {};
  std::optional<web::DemoFace> demo = {};
  std::string mqtt = {};  ///< where our own door for MQTT listens; empty: nowhere
  std::string nats = {};  ///< URL of a NATS server; empty: the one on loopback, if there is one
};

/// Thread-safe but for start and stop.
class Service {
 public:
  /// `time` is the city's; `wall` the world's, which may be the same. Errors: those of the parts.
  static core::Result<std::unique_ptr<Service>> open(CommonOptions const& common, core::TimeSource const& time, core::TimeSource const& wall);
  ~Service();

  /// Listens, and lets timers fire on a thread of their own. Errors: unavailable (address), invalid (address, TLS files).
  core::Result<> start(ServiceOptions const& options);
  /// Ends running requests, then everything.
  void stop();
  std::uint16_t port() const { return server_->port(); }
  /// Reads the TLS files of the server and of the MQTT door again; where they are bad, the old ones stay.
  core::Result<> reload_tls();

  /// Fires what is due at `now`, all of it, and drafts the reports that are: for a city that is played forward.
  void run_timers(core::Instant now);
  /// Counts all that has happened and publishes the months that are over, without waiting for a quiet hour: before anybody else
  /// uses the city.
  void count_and_publish(core::Instant now);

  store::Db& db() { return runtime_->db(); }
  Runtime& runtime() { return *runtime_; }
  catalogue::Catalogue const& catalogue() const { return *runtime_->catalogue(); }
  catalogue::Installation const& installation() const { return runtime_->installation(); }
  core::Zone const& zone() const { return runtime_->zone(); }
  sense::places::LivePlaces& places() { return runtime_->places(); }
  respond::SignalDesk& signals() { return *signals_; }
  respond::CaseDesk& cases() { return *cases_; }
  organise::ApiKeys& api_keys() { return *api_keys_; }
  web::PhotoStore& photos() { return *photos_; }
  web::Tiles& tiles() { return *tiles_; }
  respond::CaseIndex const& case_index() const { return case_index_; }
  organise::Accounts& accounts() { return *accounts_; }
  assure::reports::Desk& reports() { return *reports_; }
  Phone& phone() { return *phone_; }
  Sensing& sensing() { return *sensing_; }

  /// A case as it stands. Errors: not_found.
  core::Result<respond::CaseState> case_state(respond::Id id);
  /// When the clock that runs out first runs out.
  std::optional<core::Instant> next_due(respond::CaseState const& state) const;

 private:
  Service() = default;
  web::ApiParts api_parts(std::optional<web::DemoFace> demo);
  web::Router routes(ServiceOptions const& options);
  void add_health();
  core::Result<> start_sensing(ServiceOptions const& options);
  RuleDoor rule_door();
  void fire_timers(std::stop_token stop);
  void follow_cases(std::stop_token stop);
  void draft_reports(std::stop_token stop);
  void follow_evaluation(std::stop_token stop);
  void sweep(std::stop_token stop);
  void publish_figures(core::Instant now);

  core::TimeSource const* wall_ = nullptr;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<Finder> finder_;
  std::unique_ptr<web::PhotoStore> photos_;
  std::unique_ptr<respond::CaseDesk> cases_;
  std::unique_ptr<respond::SignalDesk> signals_;
  std::unique_ptr<respond::Clockwork> clockwork_;
  respond::CaseIndex case_index_;
  std::unique_ptr<respond::evaluation::Keeper> evaluation_;
  std::unique_ptr<respond::open_figures::Publisher> open_figures_;
  std::unique_ptr<organise::Accounts> accounts_;
  std::unique_ptr<organise::Sessions> sessions_;
  organise::PrivateWordsRules private_words_;
  std::unique_ptr<Phone> phone_;
  std::unique_ptr<organise::ApiKeys> api_keys_;
  std::unique_ptr<organise::SignOn> sign_on_;
  std::unique_ptr<organise::Passkeys> passkeys_;
  std::unique_ptr<web::open311::CityBackend> open311_;
  std::unique_ptr<web::Tiles> tiles_;
  std::unique_ptr<assure::reports::Source> figures_;
  std::unique_ptr<assure::reports::Desk> reports_;
  std::unique_ptr<Outward> outward_;
  std::unique_ptr<Sensing> sensing_;
  std::atomic<bool> stopping_ = false;
  web::Metrics metrics_;
  web::Health health_;
  std::unique_ptr<web::Server> server_;
  std::unique_ptr<Control> control_;
  std::jthread timers_;
  std::jthread follower_;
  std::jthread reporter_;
  std::jthread counting_;
  std::jthread sweep_;
};

}  // namespace zhili::app
