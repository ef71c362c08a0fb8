#include "app/outward.hpp"

#include <spdlog/spdlog.h>

#include "web/exchange/routes.hpp"
#include "web/hooks/routes.hpp"
#include "web/live/live.hpp"

namespace zhili::app {

using web::client::Client;
using web::client::Reach;

std::filesystem::path hooks_key_file(std::filesystem::path const& data) { return data / "hooks.key"; }

core::Result<std::unique_ptr<Outward>> Outward::open(Runtime& runtime, web::ApiParts const& parts, respond::CaseDesk& cases, store::Vault& vault) {
  std::unique_ptr<Outward> out(new Outward(parts));
  auto const& outbound = runtime.installation().outbound;
  auto const ca_file = outbound.ca_file.empty() ? std::string() : (runtime.data() / outbound.ca_file).string();
  ZHILI_TRY(out->to_anybody_, Client::make({.reach = Reach::outside, .inside_allowed = outbound.inside_allowed, .ca_file = ca_file}));
  ZHILI_TRY(out->to_peers_, Client::make({.reach = Reach::anywhere, .ca_file = ca_file}));
  ZHILI_TRY(out->hooks_, web::hooks::Hooks::open(runtime.db(), hooks_key_file(runtime.data())));
  out->deliveries_ = std::make_unique<web::hooks::Deliveries>(parts, *out->hooks_, *out->to_anybody_);
  ZHILI_TRY(out->exchange_, web::exchange::Exchange::open(parts, cases, vault, *out->to_peers_, runtime.data()));
  return out;
}

void Outward::mount(web::Operations& operations, web::PeopleParts const& parts, web::Metrics& metrics) {
  web::live::mount_events(operations, live_, parts.api, parts.gate, metrics);
  web::hooks::mount_hooks(operations, *hooks_, *deliveries_, parts);
  web::exchange::mount_exchange(operations, *exchange_, parts);
}

void Outward::start() {
  telling_ = std::make_unique<bus::Worker>([this] {
    if (auto const told = live_.tick(std::chrono::steady_clock::now()); !told)
      spdlog::error("live events: {} {}", told.error().text.en, told.error().detail);
    return web::live::tick_ms;
  });
  deliveries_->start();
  exchange_->start();
}

void Outward::stop() {
  telling_.reset();
  for (auto* client : {to_anybody_.get(), to_peers_.get()})
    if (client) client->stop();
  if (deliveries_) deliveries_->stop();
  if (exchange_) exchange_->stop();
}

}  // namespace zhili::app
