#include "sense/devices/desk.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "sense/devices/registering.hpp"

namespace zhili::sense::devices {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;

namespace {

using OptionalInteger = std::optional<std::int64_t>;

std::optional<core::Instant> instant(OptionalInteger ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; }

tl::unexpected<core::Error> not_claimed_yet() {
  return fail(Errc::conflict, "device.unclaimed", {"这台设备还没有认领。请先用认领码认领。", "This device is not claimed yet. Claim it by its code first."}, "id");
}

}  // namespace

DeviceDesk::DeviceDesk(Parts parts) : parts_(std::move(parts)) {}

core::Result<> DeviceDesk::committed(std::span<std::int64_t const> new_datastreams) {
  if (!new_datastreams.empty()) parts_.things.told(new_datastreams);
  return parts_.gate.follow();
}

core::Result<Device> DeviceDesk::add(NewDevice const& wanted, Keeper const& keeper) {
  auto const index = parts_.places.now();
  ZHILI_TRY(auto const prepared, ready(wanted, *parts_.catalogue, *index));
  ZHILI_CHECK(keeper.check(prepared.place.area));
  ZHILI_TRY(auto made, parts_.db.write([&](store::Writer& w) { return write_device(w, prepared, parts_.things, EventKind::device_registered, 0, keeper.ref); }));
  ZHILI_CHECK(committed(made.datastreams));
  return std::move(made.device);
}

namespace {

struct Changed {
  Device device;
  bool moved = false, renamed = false;
};

core::Result<Changed> changed_device(Device before, DeviceChange const& change, catalogue::DeviceType const* type, places::PlaceIndex const& index) {
  Changed out{.device = std::move(before)};
  if (change.name) {
    static catalogue::DeviceType const unknown{};
    ZHILI_TRY(auto name, checked_name(*change.name, type ? *type : unknown, out.device.serial));
    out.renamed = name != out.device.name;
    out.device.name = std::move(name);
  }
  if (change.place) {
    ZHILI_TRY(auto place, find_place(*change.place, index));
    out.moved = place.at != out.device.at || place.area != out.device.area || place.words != out.device.place || place.component != out.device.component;
    out.device.at = place.at;
    out.device.area = std::move(place.area);
    out.device.place = std::move(place.words);
    out.device.component = std::move(place.component);
  }
  return out;
}

void write_changes(store::Writer& w, Changed const& changed, std::string const& actor) {
  auto const& device = changed.device;
  object payload;
  if (!device.is_private) {
    if (changed.renamed) payload["name"] = device.name;
    if (changed.moved && device.at) payload["at"] = object{{"lat_e7", device.at->lat_e7}, {"lon_e7", device.at->lon_e7}};
    if (changed.moved && !device.component.empty()) payload["component"] = device.component;
  }
  if (changed.moved) payload["area"] = device.area;
  w.append({.kind = EventKind::device_changed, .subject = device.id, .actor = actor, .payload = boost::json::serialize(payload)});
  w.exec("UPDATE device SET name = ?, lat_e7 = ?, lon_e7 = ?, area = ?, place = ?, component = ?, words = ? WHERE id = ?", device.name,
         device.at ? OptionalInteger(device.at->lat_e7) : std::nullopt, device.at ? OptionalInteger(device.at->lon_e7) : std::nullopt, device.area, device.place, device.component,
         search_words(device.name, device.serial), device.id);
}

}  // namespace

core::Result<Device> DeviceDesk::change(Id id, DeviceChange const& change, Keeper const& keeper) {
  auto const& actor = keeper.ref;
  auto const index = parts_.places.now();
  ZHILI_TRY(auto out, parts_.db.write([&](store::Writer& w) -> core::Result<Device> {
    auto before = find(w, id);
    if (!before) return no_such_device();
    if (before->life == Life::unclaimed) return not_claimed_yet();
    ZHILI_CHECK(keeper.check(before->area));
    auto const* type = parts_.catalogue->device_type(before->type);
    ZHILI_TRY(auto changed, changed_device(std::move(*before), change, type, *index));
    auto& device = changed.device;
    ZHILI_CHECK(keeper.check(device.area));
    if (changed.moved || changed.renamed) {
      write_changes(w, changed, actor);
      ZHILI_CHECK(parts_.things.change(w, device.thing, {.type = type, .name = device.name, .serial = device.serial, .at = device.at, .place = device.place, .is_private = device.is_private},
                                       changed.moved, actor));
    }
    if (change.disabled && *change.disabled != (device.life == Life::disabled)) {
      device.life = *change.disabled ? Life::disabled : Life::active;
      // Whoever was away on purpose is not late: what it is to say is expected from now on.
      if (!*change.disabled) device.active_since = w.now();
      w.append({.kind = *change.disabled ? EventKind::device_disabled : EventKind::device_enabled, .subject = id, .actor = actor, .payload = "{}"});
      w.exec("UPDATE device SET life = ?, active_since = ? WHERE id = ?", device.life, device.active_since, id);
    }
    return device;
  }));
  ZHILI_CHECK(committed());
  return out;
}

core::Result<IssuedCredential> DeviceDesk::issue(store::Writer& w, Id id, WantedCredential const& wanted, std::string const& actor) const {
  if (wanted.overlap.count() < 0 || wanted.overlap > rotation_overlap_max)
    return fail(Errc::invalid, "device.overlap",
                {fmt::format("新旧凭证最多同时有效 {} 天。", rotation_overlap_max.count() / 24), fmt::format("The old and the new credential work side by side for {} days at most.", rotation_overlap_max.count() / 24)},
                "overlap_hours");
  auto const device = find(w, id);
  if (!device) return no_such_device();
  if (device->life == Life::unclaimed) return not_claimed_yet();
  if (device->life == Life::disabled)
    return fail(Errc::conflict, "device.disabled", {"这台设备已停用。请先启用，再发凭证。", "This device is disabled. Enable it before you issue a credential."}, "id");
  return write_credential(w, *device, wanted, parts_.key, actor);
}

core::Result<IssuedCredential> DeviceDesk::issue(Id device, WantedCredential const& wanted, std::string const& actor) {
  ZHILI_TRY(auto out, parts_.db.write([&](store::Writer& w) { return issue(w, device, wanted, actor); }));
  ZHILI_CHECK(committed());
  return out;
}

core::Result<> DeviceDesk::disable_credential(Id device, Id credential, std::string const& actor) {
  ZHILI_CHECK(parts_.db.write([&](store::Writer& w) -> core::Result<> {
    auto const known = w.row<std::int64_t, OptionalInteger>("SELECT device, disabled_at FROM device_credential WHERE id = ?", credential);
    if (!known || std::get<0>(*known) != device) return fail(Errc::not_found, "device.credential", {"没有这个凭证。", "There is no such credential."}, "credential");
    if (std::get<1>(*known)) return fail(Errc::conflict, "device.credential_disabled", {"这个凭证已经停用。", "This credential was disabled before."}, "credential");
    w.exec("UPDATE device_credential SET disabled_at = ? WHERE id = ?", w.now(), credential);
    w.append({.kind = EventKind::device_credential_disabled, .subject = device, .actor = actor, .payload = boost::json::serialize(object{{"credential", credential}})});
    return {};
  }));
  return committed();
}

std::vector<Credential> DeviceDesk::credentials(store::Reader& r, Id device) {
  std::vector<Credential> out;
  r.each<std::int64_t, std::int64_t, std::int64_t, OptionalInteger, OptionalInteger, OptionalInteger>(
      "SELECT id, kind, made_at, expires_at, last_used_at, disabled_at FROM device_credential WHERE device = ? ORDER BY id DESC",
      [&](std::int64_t id, std::int64_t kind, std::int64_t made, OptionalInteger expires, OptionalInteger used, OptionalInteger disabled) {
        out.push_back({id, static_cast<CredentialKind>(kind), core::from_ms(made), instant(expires), instant(used), instant(disabled)});
      },
      device);
  return out;
}

namespace {

template <class... Args>
void visit_devices(store::Reader& r, std::string_view sql, std::function<void(Device)> const& visit, Args const&... args) {
  r.each<std::int64_t, std::string, std::string, std::string, std::int64_t, OptionalInteger, OptionalInteger, OptionalInteger, std::string, std::string, std::string, std::int64_t, std::int64_t, OptionalInteger>(
      sql,
      [&](std::int64_t id, std::string type, std::string name, std::string serial, std::int64_t life, OptionalInteger thing, OptionalInteger lat, OptionalInteger lon, std::string area, std::string place,
          std::string component, std::int64_t is_private, std::int64_t made, OptionalInteger active) {
        Device out{.id = id, .type = std::move(type), .name = std::move(name), .serial = std::move(serial), .life = static_cast<Life>(life), .thing = thing.value_or(0), .at = {},
                   .area = std::move(area), .place = std::move(place), .component = std::move(component), .is_private = is_private != 0, .made_at = core::from_ms(made),
                   .active_since = instant(active)};
        if (lat && lon) out.at = core::LatLon{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
        visit(std::move(out));
      },
      args...);
}

}  // namespace

std::optional<Device> DeviceDesk::find(store::Reader& r, Id id) {
  std::optional<Device> out;
  visit_devices(r, "SELECT id, type, name, serial, life, thing, lat_e7, lon_e7, area, place, component, is_private, made_at, active_since FROM device WHERE id = ?", [&](Device found) { out = std::move(found); }, id);
  return out;
}

std::optional<Device> DeviceDesk::of_thing(store::Reader& r, std::int64_t thing) {
  std::optional<Device> out;
  visit_devices(r, "SELECT id, type, name, serial, life, thing, lat_e7, lon_e7, area, place, component, is_private, made_at, active_since FROM device WHERE thing = ?", [&](Device found) { out = std::move(found); }, thing);
  return out;
}

void DeviceDesk::each(store::Reader& r, std::function<void(Device)> const& visit) {
  visit_devices(r, "SELECT id, type, name, serial, life, thing, lat_e7, lon_e7, area, place, component, is_private, made_at, active_since FROM device ORDER BY id", visit);
}

std::vector<DeviceStream> DeviceDesk::streams(store::Reader& r, Id device) {
  std::vector<DeviceStream> out;
  r.each<std::string, std::int64_t>("SELECT stream, datastream FROM device_stream WHERE device = ? ORDER BY datastream",
                                    [&](std::string stream, std::int64_t datastream) { out.push_back({std::move(stream), datastream}); }, device);
  return out;
}

}  // namespace zhili::sense::devices
