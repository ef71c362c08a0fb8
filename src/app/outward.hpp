#pragma once
// What the program tells others: live events, webhooks, and the cities that work with ours.

#include <memory>

#include "app/runtime.hpp"
#include "bus/worker.hpp"
#include "respond/cases/desk.hpp"
#include "web/client/client.hpp"
#include "web/exchange/exchange.hpp"
#include "web/hooks/deliveries.hpp"
#include "web/live/hub.hpp"
#include "web/metrics.hpp"
#include "web/people/people.hpp"

namespace zhili::app {

/// DATA/hooks.key: what the secrets of webhooks are made from.
std::filesystem::path hooks_key_file(std::filesystem::path const& data);

/// Everything of it, with its threads. `parts` and what they point to outlive it.
class Outward {
 public:
  /// Errors: those of the files of keys; invalid (ranges of addresses in installation.yaml).
  static core::Result<std::unique_ptr<Outward>> open(Runtime& runtime, web::ApiParts const& parts, respond::CaseDesk& cases, store::Vault& vault);
  ~Outward() { stop(); }

  void mount(web::Operations& operations, web::PeopleParts const& parts, web::Metrics& metrics);
  void start();
  void stop();

  web::live::Hub& live() { return live_; }
  web::hooks::Hooks& hooks() { return *hooks_; }
  web::hooks::Deliveries& deliveries() { return *deliveries_; }
  web::exchange::Exchange& exchange() { return *exchange_; }

 private:
  explicit Outward(web::ApiParts const& parts) : live_(parts) {}

  web::live::Hub live_;
  std::unique_ptr<web::client::Client> to_anybody_;  // to addresses that an administrator enters
  std::unique_ptr<web::client::Client> to_peers_;    // to addresses that the installation's file names
  std::unique_ptr<web::hooks::Hooks> hooks_;
  std::unique_ptr<web::hooks::Deliveries> deliveries_;
  std::unique_ptr<web::exchange::Exchange> exchange_;
  std::unique_ptr<bus::Worker> telling_;
};

}  // namespace zhili::app
