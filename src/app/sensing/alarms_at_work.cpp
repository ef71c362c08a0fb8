#include "app/sensing/alarms_at_work.hpp"

#include <spdlog/spdlog.h>

#include "app/sensing/rules_at_work.hpp"
#include "sense/devices/desk.hpp"
#include "sense/things/things.hpp"

namespace zhili::app {

namespace alarms = respond::alarms;
namespace rules = respond::rules;
using sense::devices::DeviceDesk;

namespace {

constexpr std::size_t followed_per_round = 4;
/// After a piece the writer is left to requests for so many times as long: a mass of alarms must not be felt.
constexpr int alarms_pause_factor = 2;

core::Text same_in_both(std::string const& text) { return {text, text}; }

/// A device of that place, so that a place of which nobody says which thing decided is known, too.
std::optional<sense::devices::Device> device_at(store::Reader& reader, std::string const& place) {
  auto const slash = place.find('/');
  auto const id = slash == std::string::npos ? reader.value<std::int64_t>("SELECT id FROM device WHERE component = ? ORDER BY id LIMIT 1", place)
                                             : reader.value<std::int64_t>("SELECT id FROM device WHERE component = '' AND area = ? AND place = ? ORDER BY id LIMIT 1", place.substr(0, slash), place.substr(slash + 1));
  return id ? DeviceDesk::find(reader, *id) : std::nullopt;
}

alarms::Where of_device(sense::devices::Device const& device) {
  alarms::Where out{.place = place_key(device), .at = device.at, .area = device.area, .device = device.id, .device_type = device.type, .thing_name = same_in_both(device.name), .is_private = device.is_private};
  if (!device.place.empty()) out.name = same_in_both(device.place);
  return out;
}

alarms::Where of_thing(sense::things::ThingFacts const& thing) {
  return {.at = thing.at, .thing_name = same_in_both(thing.name), .is_private = thing.is_private};
}

}  // namespace

alarms::Where CitySurroundings::where(store::Reader& reader, rules::Subject const& subject, std::int64_t thing) const {
  bool const of_place = subject.scope == catalogue::rules::Scope::place;
  auto const device = thing != 0 ? DeviceDesk::of_thing(reader, thing) : of_place ? device_at(reader, subject.id) : std::nullopt;
  alarms::Where out;
  if (device) out = of_device(*device);
  else if (auto const facts = thing != 0 ? sense::things::Things::thing(reader, thing) : std::nullopt) out = of_thing(*facts);
  if (of_place) out.place = subject.id;
  auto const places = parts_.places.now();
  if (out.area.empty() && out.at)
    if (auto const found = places->find(*out.at); !found.areas.empty()) out.area = found.areas.front()->code;
  if (auto const* area = out.area.empty() ? nullptr : places->area(std::string_view(out.area))) out.area_id = area->id;
  return out;
}

alarms::Keeper CitySurroundings::keeper(std::string_view item, std::string_view function, catalogue::DutyBy by, alarms::Where const& where) const {
  auto const& installation = parts_.installation;
  if (!function.empty()) {
    if (!where.at) {
      if (auto const* holder = installation.holder(function, where.area)) return {holder->department, holder->post, false};
    } else if (auto const found = parts_.duties.find({.item = std::string(item), .function = std::string(function), .by = by, .place = where.at})) {
      return {found->department, found->post, false};
    }
  }
  catalogue::Department const* own = nullptr;  // whose area is the smallest one around it
  for (auto const& department : installation.departments)
    if (!department.area.empty() && where.area.starts_with(department.area) && (!own || own->area.size() < department.area.size())) own = &department;
  return {own ? own->code : installation.default_department, "", true};
}

AlarmsAtWork::AlarmsAtWork(Parts parts)
    : db_(parts.db), time_(parts.time), city_({parts.places, parts.installation, parts.duties}), desk_({parts.db, parts.catalogue, parts.signals, parts.cases, city_}) {
  desk_.on_work([this] {
    std::lock_guard const lock(mutex_);
    if (worker_) worker_->wake();
  });
}

AlarmsAtWork::~AlarmsAtWork() { stop(); }

void AlarmsAtWork::start() {
  std::lock_guard const lock(mutex_);
  worker_ = std::make_unique<bus::Worker>([this] { return round(); });
}

void AlarmsAtWork::stop() {
  std::unique_ptr<bus::Worker> ending;
  std::unique_lock lock(mutex_);
  ending = std::move(worker_);
  lock.unlock();  // its work may be telling that there is more to do
}

std::chrono::nanoseconds AlarmsAtWork::round() {
  auto const began = std::chrono::steady_clock::now();
  auto const done = desk_.run_due(time_.now(), followed_per_round);
  if (!done) spdlog::error("alarms: {} {}", done.error().text.en, done.error().detail);
  if (done.value_or(0) == 0) return alarms_looked_at_every;
  return alarms_pause_factor * std::chrono::nanoseconds(std::chrono::steady_clock::now() - began);
}

void AlarmsAtWork::run(core::Instant now) {
  constexpr std::size_t per_pass = 1'000;
  for (;;) {
    auto const done = desk_.run_due(now, per_pass);
    if (!done) return spdlog::error("alarms: {} {}", done.error().text.en, done.error().detail);
    if (*done == 0) return;
  }
}

web::AlarmParts AlarmsAtWork::web_parts(web::PeopleParts people, std::function<std::optional<core::Text>(std::string const&)> rule_name) {
  return {.people = std::move(people), .desk = &desk_, .rule_name = std::move(rule_name)};
}

}  // namespace zhili::app
