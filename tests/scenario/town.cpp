#include "scenario/town.hpp"

#include <fmt/format.h>

#include "support/temp_db.hpp"
#include "web/api/api.hpp"

namespace zhili::scenario {

namespace {

namespace places = sense::places;

constexpr auto community = "370402001001";

places::City city_of(Script const& script) {
  places::City out;
  out.areas = {{0, "3704", "city", {"榴城", "Liucheng"}, "", {}},
               {0, "370402", "district", {"市中区", "Centre district"}, "3704", {}},
               {0, "370402001", "street", {"河东街道", "Hedong street office"}, "370402", {}},
               {0, community, "community", {"石榴社区", "Shiliu community"}, "370402001", {}}};
  int number = 0;
  for (auto const& cell : script.grids) {
    places::UnitGrid grid;
    grid.code = fmt::format("{}{:03}", community, ++number);
    auto const [south, west] = cell.south_west;
    auto const [north, east] = cell.north_east;
    grid.shape.polygons = {{{{south, west}, {south, east}, {north, east}, {north, west}}, {}}};
    out.grids.push_back(std::move(grid));
  }
  return out;
}

}  // namespace

Town::Town(Script const& script, std::filesystem::path const& folder, std::string const& database_url,
           core::TimeSource const& time)
    : folder_(folder) {
  options_.data = folder.string();
  options_.database = database_url;
  options_.packs = ZHILI_SOURCE_DIR "/packs";
  runtime_ = need(app::Runtime::open(options_, time));
  need(places::save(db(), city_of(script), {"system", "survey", time.now()}));
  need(runtime_->reload_places());
  vault_ = need(store::Vault::open(db(), {app::database_url(options_), folder / "master.key"}, time));
  finder_ = std::make_unique<app::Finder>(*runtime_);
  cases_ = std::make_unique<respond::CaseDesk>(db(), runtime_->catalogue(), *finder_, photos_,
                                               runtime_->calendar());
  signals_ = std::make_unique<respond::SignalDesk>(db(), *vault_, runtime_->catalogue(), *cases_, *finder_,
                                                   photos_, time);
  clockwork_ = std::make_unique<respond::Clockwork>(db(), *cases_, *signals_);
  web::Operations operations(router_, nullptr);  // nobody signs in here
  web::mount_api(operations, {.db = &db(),
                           .time = &time,
                           .catalogue = runtime_->catalogue(),
                           .installation = &runtime_->installation(),
                           .places = &runtime_->places(),
                           .zone = zone(),
                           .calendar = &runtime_->calendar(),
                           .desk = signals_.get(),
                           .photos = nullptr});
}

void Town::look(Script const& script) {
  if (script.devices.empty()) return;
  if (!sensing_) set_up(script);
  while (need(sensing_->rules().keeper().step())) {
  }
  sensing_->alarms().run(runtime_->time().now());
}

void Town::set_up(Script const& script) {
  sensing_ = need(app::Sensing::open(options_, *runtime_, *vault_, {*signals_, *cases_, *finder_}));
  for (auto const& [name, one] : script.devices) {
    auto const made = need(sensing_->devices().desk().add({.type = one.type, .serial = name, .place = {.at = script.places.at(one.place), .words = one.called}}, "system"));
    devices_[name] = made.id;
  }
}

std::string Town::department_of_role(std::string const& role) const {
  for (auto const& post : runtime_->installation().posts)
    if (post.role == role && role != "handler" && role != "handler_lead") return post.department;
  return {};
}

std::string Town::receipt(std::string const& token) {
  auto match = router_.find(web::Method::get, {"api", "v1", "signals", token});
  if (!match.route) throw std::runtime_error("there is no route for receipts");
  web::Request request;
  request.params = std::move(match.params);
  return std::string(match.route->handler(request).bytes());
}

bool Town::files_hold(std::string const& bytes) const {
  return test::files_with(folder_, bytes) > 0;
}

void Town::change_calendar(core::Civil const& date, bool worked, std::string const& reason) {
  auto spec = cases_->calendar().spec();
  using Kind = core::DateRule::Kind;
  spec.dates.push_back({date.year, date.month, date.day, worked ? Kind::workday : Kind::holiday, {}});
  spec.version += "+";
  need(clockwork_->reproject(need(core::Calendar::make(std::move(spec))), reason));
}

}  // namespace zhili::scenario
