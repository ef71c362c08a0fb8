#include "app/cli/owner.hpp"

#include "app/service.hpp"

namespace zhili::app {

core::Result<std::string> ask_owner(CommonOptions const& common, ControlRequest const& request) {
  if (auto answer = Control::ask(common.data, request)) return std::move(*answer);
  static core::SystemTime const time;
  if (about_devices(request)) {
    ZHILI_TRY(auto const service, Service::open(common, time, time));
    return service->sensing().devices().do_control(request);
  }
  ZHILI_TRY(auto const db, store::Db::open({.url = database_url(common), .readers = 1}, time));
  if (about_users(request)) {
    ZHILI_TRY(auto const packs, packs_folder(common));
    ZHILI_TRY(auto const installation, installation_of(common, packs));
    organise::Accounts accounts(*db, installation, time);
    return do_with_user(request, *db, accounts);
  }
  ZHILI_TRY(auto const vault,
            store::Vault::open(*db, {database_url(common), std::filesystem::path(common.data) / "master.key"}, time));
  web::PhotoStore photos(photos_folder(common.data));
  organise::ApiKeys keys(*db, time);
  ZHILI_TRY(auto const observations, store::Db::open_observations({.url = database_url(common), .readers = 1}, time));
  return do_control(request, {*db, *vault, photos, keys, observations.get()});
}

}  // namespace zhili::app
