#pragma once
// Open311 on this city's own catalogue, signals and cases.

#include <functional>

#include "respond/signals/desk.hpp"
#include "web/api/api.hpp"
#include "web/open311/backend.hpp"

namespace zhili::web::open311 {

/// Services are the catalogue's items that are offered to residents; requests are signals; a request is closed when its
/// case is, or when it was rejected.
class CityBackend final : public Backend {
 public:
  /// Who a key belongs to, or an error: see organise/people/api_keys.hpp.
  using KeyHolder = std::function<core::Result<std::string>(std::string_view key)>;

  CityBackend(ApiParts parts, respond::SignalDesk& desk, store::Vault& vault, KeyHolder key_holder)
      : parts_(std::move(parts)), desk_(desk), vault_(vault), key_holder_(std::move(key_holder)) {}

  core::Result<std::vector<Service>> services(core::Lang lang) override;
  core::Result<ServiceDefinition> definition(std::string_view service_code, core::Lang lang) override;
  core::Result<std::string> key_holder(std::string_view api_key) override { return key_holder_(api_key); }
  void create(NewRequest request, std::function<void(core::Result<Created>)> done) override;
  core::Result<std::vector<Found>> find(Query const& query, core::Lang lang) override;
  core::Result<std::vector<Update>> updates(core::Instant from, core::Instant to, std::vector<std::string> const& ids, std::size_t limit,
                                            core::Lang lang) override;
  core::Result<> hear(NewUpdate const& update) override;
  core::Result<std::string> id_of_token(std::string_view token) override;

 private:
  ApiParts parts_;
  respond::SignalDesk& desk_;
  store::Vault& vault_;
  KeyHolder key_holder_;
};

}  // namespace zhili::web::open311
