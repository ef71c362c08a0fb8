#include "app/sign_on.hpp"

#include <fmt/format.h>

#include <fstream>

#include "web/client/client.hpp"

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;

constexpr std::size_t secret_bytes_max = 1'000;

core::Result<std::string> secret_in(std::filesystem::path const& file, std::string const& provider) {
  std::ifstream in(file, std::ios::binary);
  std::string out(secret_bytes_max, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  if (!out.empty()) return out;
  return fail(Errc::not_found, "sign_on.secret_file",
              {fmt::format("身份提供方 {} 的 secret_file“{}”读不到，或是空的。", provider, file.string()),
               fmt::format("The secret_file \"{}\" of the identity provider {} cannot be read, or is empty.", file.string(), provider)},
              "secret_file");
}

/// Providers are named by the installation's own file, so they may stand inside.
core::Result<organise::ProviderLine> line_to_providers() {
  ZHILI_TRY(auto made, web::client::Client::make({.reach = web::client::Reach::anywhere}));
  return [client = std::shared_ptr<web::client::Client>(std::move(made))](
             organise::ProviderCall const& call) -> core::Result<organise::ProviderSaid> {
    web::client::Call out{.url = call.url, .headers = {{"Accept", "application/json"}}};
    if (!call.authorization.empty()) out.headers.emplace_back("Authorization", call.authorization);
    if (!call.form.empty()) {
      out.method = "POST";
      out.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
      out.body = call.form;
    }
    ZHILI_TRY(auto answer, client->call(out));
    return organise::ProviderSaid{answer.status, std::move(answer.body)};
  };
}

}  // namespace

core::Result<std::unique_ptr<organise::SignOn>> open_sign_on(Runtime& runtime, organise::Accounts const& accounts,
                                                             organise::Sessions& sessions) {
  std::vector<organise::Provider> providers;
  for (auto const& one : runtime.installation().sign_on) {
    ZHILI_TRY(auto secret, secret_in(one.secret_file, one.code));
    providers.push_back({.code = one.code, .name = {one.name.zh, one.name.en}, .issuer = one.issuer, .client_id = one.client_id,
                         .client_secret = std::move(secret), .login_claim = one.login_claim});
    if (!one.scope.empty()) providers.back().scope = one.scope;
  }
  ZHILI_TRY(auto line, line_to_providers());
  return std::make_unique<organise::SignOn>(runtime.db(), accounts, sessions, std::move(providers), runtime.installation().address,
                                            std::move(line));
}

organise::RelyingParty relying_party(catalogue::Installation const& installation) {
  auto const& origin = installation.address;
  if (origin.empty()) return {"localhost", "http://localhost"};
  auto host = origin.substr(origin.find("://") + 3);
  return {host.substr(0, host.find(':')), origin};
}

}  // namespace zhili::app
