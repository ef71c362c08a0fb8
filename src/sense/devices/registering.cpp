#include "sense/devices/registering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace zhili::sense::devices {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;

namespace {

/// A device further away from the city's middle than this is written down wrongly: a rain gauge upstream is not.
constexpr double away_max_m = 300'000;
constexpr std::size_t types_named_max = 12;

std::string_view trimmed_text(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

core::Result<> check_near_city(core::LatLon at, places::PlaceIndex const& index) {
  if (index.city().areas.empty()) return {};
  auto const bounds = index.bounds();
  core::LatLon const middle{bounds.min.lat_e7 / 2 + bounds.max.lat_e7 / 2, bounds.min.lon_e7 / 2 + bounds.max.lon_e7 / 2};
  if (core::distance_m(middle, at) <= away_max_m) return {};
  return fail(Errc::invalid, "device.at",
              {fmt::format("坐标 {:.5f}, {:.5f} 离本市超过 {} 公里。请检查纬度、经度是不是写反了。", at.lat(), at.lon(), away_max_m / 1000),
               fmt::format("The point {:.5f}, {:.5f} is more than {} km from this city. Check whether latitude and longitude are exchanged.", at.lat(), at.lon(), away_max_m / 1000)},
              "lat");
}

core::Result<> place_by_component(WantedPlace const& wanted, places::PlaceIndex const& index, FoundPlace& out) {
  auto const* thing = index.thing(places::Kind::component, wanted.component);
  if (!thing)
    return fail(Errc::invalid, "device.component",
                {fmt::format("部件登记里没有编码 {}。请核对，或改填坐标。", wanted.component), fmt::format("The register of components has no {}. Check the code, or give coordinates instead.", wanted.component)},
                "component");
  out.component = thing->code;
  if (!out.at && !thing->shape.empty()) out.at = places::PlaceIndex::centre(thing->shape);
  if (out.words.empty()) out.words = thing->name.zh;
  return {};
}

core::Result<> place_by_area(WantedPlace const& wanted, places::PlaceIndex const& index, FoundPlace& out) {
  auto const* area = index.area(std::string_view(wanted.area));
  if (!area)
    return fail(Errc::invalid, "device.area", {fmt::format("没有编码为 {} 的区域。请核对区域编码。", wanted.area), fmt::format("There is no area with the code {}. Check the code.", wanted.area)}, "area");
  if (!out.at) {
    if (!area->shape.empty()) out.at = places::PlaceIndex::centre(area->shape);
    out.area = area->code;
    return {};
  }
  if (out.area.starts_with(area->code)) return {};
  return fail(Errc::invalid, "device.area",
              {fmt::format("这个点在区域 {}，不在 {}。请改坐标或区域。", out.area.empty() ? "（各区域之外）" : out.area, area->code),
               fmt::format("The point lies in area {}, not in {}. Mend the point or the area.", out.area.empty() ? "(outside of all)" : out.area, area->code)},
              "area");
}

}  // namespace

core::Result<FoundPlace> find_place(WantedPlace const& wanted, places::PlaceIndex const& index) {
  FoundPlace out{.at = wanted.at, .words = std::string(trimmed_text(wanted.words))};
  if (characters_in(out.words) > device_name_characters_max || !is_one_line(out.words))
    return fail(Errc::invalid, "device.place",
                {fmt::format("位置写一行，最多 {} 个字符。", device_name_characters_max), fmt::format("Write the place in one line of at most {} characters.", device_name_characters_max)}, "place");
  if (!wanted.at && wanted.component.empty() && wanted.area.empty())
    return fail(Errc::invalid, "device.place",
                {"要写明设备在哪里：坐标、部件编码或区域编码，至少一样。", "Say where the device is: coordinates, the code of a component, or that of an area."}, "place");
  if (out.at) ZHILI_CHECK(check_near_city(*out.at, index));
  if (!wanted.component.empty()) ZHILI_CHECK(place_by_component(wanted, index, out));
  if (out.at)
    if (auto const found = index.find(*out.at); !found.areas.empty()) out.area = found.areas.front()->code;
  if (!wanted.area.empty()) ZHILI_CHECK(place_by_area(wanted, index, out));
  if (out.words.empty() && out.at)
    if (auto const near = index.near(*out.at)) out.words = near->words.zh;
  return out;
}

core::Result<std::string> checked_name(std::string_view written, catalogue::DeviceType const& type, std::string_view serial) {
  auto out = std::string(trimmed_text(written));
  if (out.empty()) out = fmt::format("{} {}", type.name.zh, serial);
  if (characters_in(out) <= device_name_characters_max && is_one_line(out)) return out;
  return fail(Errc::invalid, "device.name",
              {fmt::format("名称写一行，最多 {} 个字符。", device_name_characters_max), fmt::format("Write the name in one line of at most {} characters.", device_name_characters_max)}, "name");
}

core::Result<catalogue::DeviceType const*> find_type(catalogue::Catalogue const& catalogue, std::string_view written) {
  written = trimmed_text(written);
  if (auto const* type = catalogue.device_type(written)) return type;
  std::string known;
  std::size_t named = 0;
  for (auto const* type : catalogue.device_types()) {
    if (!written.empty() && (type->name.zh == written || type->name.en == written)) return type;
    if (named++ < types_named_max) known += (known.empty() ? "" : ", ") + type->id;
  }
  if (named > types_named_max) known += ", …";
  return fail(Errc::invalid, "device.type",
              {fmt::format("没有设备类型“{}”。可用的有：{}。", written, known), fmt::format("There is no device type \"{}\". There are: {}.", written, known)}, "type");
}

core::Result<ReadyDevice> ready(NewDevice const& wanted, catalogue::Catalogue const& catalogue, places::PlaceIndex const& index) {
  ReadyDevice out;
  ZHILI_TRY(out.type, find_type(catalogue, wanted.type));
  ZHILI_TRY(out.serial, checked_serial(wanted.serial));
  ZHILI_TRY(out.name, checked_name(wanted.name, *out.type, out.serial));
  ZHILI_TRY(out.place, find_place(wanted.place, index));
  return out;
}

std::string search_words(std::string_view name, std::string_view serial) {
  auto out = std::string(name) + " " + std::string(serial);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

tl::unexpected<core::Error> serial_taken(std::string_view serial) {
  return fail(Errc::conflict, "device.serial_taken",
              {fmt::format("序列号 {} 已经登记过。要换位置或名称，请改那台设备。", serial), fmt::format("The serial number {} is registered already. To move or rename that device, change it.", serial)},
              "serial");
}

tl::unexpected<core::Error> no_such_device() { return fail(Errc::not_found, "device.unknown", {"没有这台设备。", "There is no such device."}, "id"); }

core::Result<RegisteredDevice> write_device(store::Writer& w, ReadyDevice const& ready, ThingMaker& things, EventKind kind, Id existing, std::string const& actor) {
  if (existing == 0 && w.value<std::int64_t>("SELECT id FROM device WHERE serial = ?", ready.serial)) return serial_taken(ready.serial);
  auto const& place = ready.place;
  ZHILI_TRY(auto made, things.make(w, {.type = ready.type, .name = ready.name, .serial = ready.serial, .at = place.at, .place = place.words, .is_private = ready.type->is_private}, actor));
  // The exact place of a device in a home is in its row only: the ledger is kept for ever.
  object payload{{"type", ready.type->id}, {"serial", ready.serial}, {"thing", made.thing}, {"area", place.area}};
  if (!ready.type->is_private) {
    payload["name"] = ready.name;
    if (!place.component.empty()) payload["component"] = place.component;
    if (place.at) payload["at"] = object{{"lat_e7", place.at->lat_e7}, {"lon_e7", place.at->lon_e7}};
  }
  auto const seq = w.append({.kind = kind, .subject = existing, .actor = actor, .payload = boost::json::serialize(payload)});
  RegisteredDevice out{.device = {.id = existing == 0 ? seq : existing, .type = ready.type->id, .name = ready.name, .serial = ready.serial, .life = Life::active, .thing = made.thing,
                                  .at = place.at, .area = place.area, .place = place.words, .component = place.component, .is_private = ready.type->is_private, .made_at = w.now(),
                                  .active_since = w.now()},
                       .datastreams = std::move(made.datastreams)};
  auto const lat = place.at ? std::optional<std::int64_t>(place.at->lat_e7) : std::nullopt;
  auto const lon = place.at ? std::optional<std::int64_t>(place.at->lon_e7) : std::nullopt;
  auto const words = search_words(ready.name, ready.serial);
  if (existing == 0) {
    w.exec("INSERT INTO device (id, type, name, serial, life, thing, lat_e7, lon_e7, area, place, component, is_private, made_at, active_since, words) VALUES "
           "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           out.device.id, ready.type->id, ready.name, ready.serial, Life::active, made.thing, lat, lon, place.area, place.words, place.component, ready.type->is_private ? 1 : 0,
           w.now(), w.now(), words);
  } else {
    w.exec("UPDATE device SET name = ?, life = ?, thing = ?, lat_e7 = ?, lon_e7 = ?, area = ?, place = ?, component = ?, active_since = ?, words = ? WHERE id = ?", ready.name,
           Life::active, made.thing, lat, lon, place.area, place.words, place.component, w.now(), words, existing);
  }
  for (std::size_t i = 0; i < out.datastreams.size() && i < ready.type->streams.size(); ++i)
    w.exec("INSERT INTO device_stream (datastream, device, stream) VALUES (?, ?, ?)", out.datastreams[i], out.device.id, ready.type->streams[i].id);
  return out;
}

core::Result<IssuedCredential> write_credential(store::Writer& w, Device const& device, WantedCredential const& wanted, SecretKey const& key, std::string const& actor) {
  auto const until = w.now() + wanted.overlap;
  boost::json::array ends;
  std::size_t good = 1;
  for (auto const& old : DeviceDesk::credentials(w, device.id)) {
    if (!old.good(w.now())) continue;
    if (!wanted.rotate || old.kind != wanted.kind) {
      ++good;
      continue;
    }
    if (!old.expires_at || *old.expires_at > until) {
      w.exec("UPDATE device_credential SET expires_at = ? WHERE id = ?", until, old.id);
      ends.push_back(old.id);
    }
    if (until > w.now()) ++good;
  }
  if (good > credentials_max)
    return fail(Errc::limit, "device.credentials",
                {fmt::format("一台设备最多有 {} 个有效凭证。请先停用不用的。", credentials_max), fmt::format("A device has at most {} good credentials. Disable those that are not used first.", credentials_max)});
  IssuedCredential out{.user = wanted.kind == CredentialKind::mqtt ? device.serial : std::string(), .secret = new_secret(wanted.kind == CredentialKind::mqtt ? password_prefix : token_prefix)};
  object payload{{"credential", name(wanted.kind)}};
  if (!ends.empty()) {
    payload["ends"] = std::move(ends);
    payload["ends_at"] = core::to_iso(until);
  }
  out.id = w.append({.kind = EventKind::device_credential_made, .subject = device.id, .actor = actor, .payload = boost::json::serialize(payload)});
  w.exec("INSERT INTO device_credential (id, device, kind, hash, made_at) VALUES (?, ?, ?, ?, ?)", out.id, device.id, wanted.kind, stored_hash(secret_hash(key, out.secret)), w.now());
  return out;
}

}  // namespace zhili::sense::devices
