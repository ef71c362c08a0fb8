// Lists of devices, how many there are of each kind, and one device with all that is known of it.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "respond/cases/query.hpp"
#include "store/among.hpp"
#include "web/api/filters.hpp"
#include "web/api/view.hpp"
#include "web/devices/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

/// Devices that are looked at before some of them are shown.
constexpr std::size_t looked_at_together = 256;

bool keeps_any(Caller const& caller) { return caller.has_role(organise::administrator_role) || caller.has_role(device_keeper_role); }

core::Result<devices::WatchFilter> filter_of(Call const& call, DeviceParts const& parts) {
  devices::WatchFilter out{.type = call.query.text("type"), .state = devices::state_from(call.query.text("state")), .with_private = keeps_any(call.caller())};
  if (auto const id = call.query.integer("area")) {
    auto const places = parts.people.api.places->now();
    auto const* area = places->area(*id);
    if (!area) return core::fail(core::Errc::invalid, "query.area", {"没有这个区域。区域编号见 /api/v1/areas。", "There is no such area; see /api/v1/areas."}, "area");
    out.area = area->code;
  }
  ZHILI_TRY(auto const box, box_asked(call.query));
  if (box) out.box = sense::places::Box{box->south_west, box->north_east};
  return out;
}

std::string small_letters(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string like_pattern(std::string const& words) {
  std::string out = "%";
  for (char const c : words) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

/// Ids after `after` that fit, one more than a page has.
std::vector<devices::Id> fitting(store::Reader& r, devices::WatchFilter const& filter, std::string const& words, devices::Id after, std::size_t most, devices::DeviceWatch const& watch) {
  if (words.empty()) return watch.find(filter, after, most);
  std::vector<devices::Id> out;
  auto const pattern = like_pattern(small_letters(words));
  for (;;) {
    auto const found = r.rows<std::int64_t>("SELECT id FROM device WHERE id > ? AND words LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?", after, pattern, static_cast<std::int64_t>(looked_at_together));
    for (auto const& [id] : found)
      if (out.size() < most && watch.fits(filter, id)) out.push_back(id);
    if (out.size() == most || found.size() < looked_at_together) return out;
    after = std::get<0>(found.back());
  }
}

std::vector<devices::Device> devices_of(store::Reader& r, std::vector<devices::Id> const& ids) {
  std::vector<devices::Device> out;
  for (auto const id : ids)
    if (auto device = devices::DeviceDesk::find(r, id)) out.push_back(std::move(*device));
  return out;
}

std::vector<std::string> alarms_of(store::Reader& r, std::vector<devices::Device> const& shown, DeviceParts const& parts) {
  std::vector<std::string> out(shown.size());
  if (!parts.alarms || shown.empty()) return out;
  std::vector<std::int64_t> things;
  for (auto const& device : shown) things.push_back(device.thing);
  auto found = parts.alarms(r, things);
  found.resize(shown.size());
  return found;
}

core::Result<Response> list_devices(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto const filter, filter_of(call, parts));
  auto const limit = static_cast<std::size_t>(call.query.integer("limit").value_or(devices_page_default));
  auto const after = call.query.integer("cursor").value_or(0);
  array out;
  devices::Id next = 0;
  auto const read = parts.people.api.db->read([&](store::Reader& r) {
    auto ids = fitting(r, filter, call.query.text("q"), after, limit + 1, *parts.watch);
    if (ids.size() > limit) {
      ids.pop_back();
      next = ids.back();
    }
    auto const shown = devices_of(r, ids);
    auto const alarms = alarms_of(r, shown, parts);
    for (std::size_t i = 0; i < shown.size(); ++i)
      out.push_back(device_json(shown[i], parts.watch->sight(shown[i].id).value_or(devices::Sight{}), alarms[i], shown[i].is_private ? DeviceSight::shut : DeviceSight::open, parts));
  });
  if (!read) return core::fail(read.error());
  auto response = private_json(boost::json::serialize(object{{"devices", std::move(out)}, {"next", next == 0 ? value(nullptr) : value(std::to_string(next))}}));
  if (next != 0) add_next_link(response, call.request, std::to_string(next));
  return response;
}

object states_json(std::array<std::int64_t, devices::states> const& counts) {
  object out;
  for (std::size_t i = 0; i < devices::states; ++i) out[devices::name(static_cast<devices::State>(i))] = counts[i];
  return out;
}

core::Result<Response> counts(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto const filter, filter_of(call, parts));
  auto const counted = parts.watch->counts(filter);
  std::int64_t total = 0;
  for (auto const n : counted.by_state) total += n;
  array types;
  for (auto const& [id, by_state] : counted.by_type) {
    auto const* type = parts.people.api.catalogue->device_type(id);
    types.push_back(object{{"id", id}, {"name", to_json(type ? type->name : core::Text{id, id})}, {"by_state", states_json(by_state)}});
  }
  return private_json(boost::json::serialize(object{{"total", total}, {"by_state", states_json(counted.by_state)}, {"by_type", std::move(types)}}));
}

core::Result<Response> types(DeviceParts const& parts) {
  array out;
  auto const& catalogue = *parts.people.api.catalogue;
  for (auto const* type : catalogue.device_types()) out.push_back(device_type_json(*type, catalogue));
  return Response::json(boost::json::serialize(object{{"types", std::move(out)}}));
}

core::Result<array> streams_json(store::Reader& r, devices::Device const& device, DeviceSight sight, DeviceParts const& parts) {
  auto const& catalogue = *parts.people.api.catalogue;
  auto const* type = catalogue.device_type(device.type);
  array out;
  for (auto const& [stream, datastream] : devices::DeviceDesk::streams(r, device.id)) {
    auto const* known = type ? type->stream(stream) : nullptr;
    static catalogue::StreamType const unknown{};
    auto one = stream_json(known ? *known : unknown, catalogue);
    one["stream"] = stream;
    one["id"] = datastream;
    one["last"] = nullptr;
    if (sight == DeviceSight::open) {
      ZHILI_TRY(auto const last, parts.readings->last(datastream));
      if (last) {
        array quality;
        for (auto const& word : last->quality) quality.emplace_back(word);
        one["last"] = object{{"at", time_json(last->at, parts.people.api.zone)}, {"value", json_or_null(last->value)}, {"quality", std::move(quality)}};
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

/// What a device says of itself, by the fields that its type names.
array said_json(devices::Sight const& seen, catalogue::DeviceType const* type) {
  array out;
  auto const said = json_or_null(seen.firmware);
  auto const* fields = said.if_object();
  if (!type || !fields) return out;
  for (auto const& field : type->firmware)
    if (auto const* found = fields->if_contains(field.id)) out.push_back(object{{"field", field.id}, {"name", to_json(field.name)}, {"value", *found}});
  return out;
}

core::Result<Response> one(Call const& call, DeviceParts const& parts) {
  auto const& api = parts.people.api;
  object out;
  auto const id = device_id(call);
  ZHILI_TRY(auto const device, api.db->read([&](store::Reader& r) { return device_named(r, id); }));
  auto sight = DeviceSight::open;
  if (device.is_private) {
    if (call.query.has("purpose")) {
      ZHILI_CHECK(may_read(call, device, parts));
    } else {
      sight = DeviceSight::shut;
    }
  }
  ZHILI_CHECK(api.db->read([&](store::Reader& r) -> core::Result<> {
    auto const seen = parts.watch->sight(id).value_or(devices::Sight{});
    out = device_json(device, seen, alarms_of(r, {device}, parts).front(), sight, parts);
    ZHILI_TRY(out["streams"], streams_json(r, device, sight, parts));
    array credentials, commands;
    for (auto const& credential : devices::DeviceDesk::credentials(r, id)) credentials.push_back(credential_json(credential, api.zone));
    auto const* type = api.catalogue->device_type(device.type);
    out["said"] = said_json(seen, type);
    if (sight == DeviceSight::open)
      for (auto const& command : devices::CommandDesk::list(r, id, 0, device_commands_shown)) commands.push_back(command_json(command, type, api.zone));
    out["credentials"] = std::move(credentials);
    out["commands"] = std::move(commands);
    return {};
  }));
  array faults;
  if (auto const condition = parts.watch->condition(id))
    for (auto const& fault : condition->faults)
      if (sight == DeviceSight::open || fault.code == devices::FaultCode::silent || fault.code == devices::FaultCode::type_unknown) faults.push_back(fault_json(fault, api.zone));
  out["faults"] = std::move(faults);
  out["readable"] = sight == DeviceSight::open;
  out["made_at"] = time_json(device.made_at, api.zone);
  return private_json(boost::json::serialize(out));
}

std::vector<Field> filter_fields() {
  using namespace shape;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < devices::states; ++i) names.emplace_back(devices::name(static_cast<devices::State>(i)));
  return {optional("type", text(devices::device_code_characters_max), {"设备类型", "The type"}), optional("state", choice(std::move(names)), {"状态", "The state"}), area_field(), box_field()};
}

}  // namespace

void mount_device_lists(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  auto listed = filter_fields();
  listed.push_back(optional("q", text(device_query_characters_max), {"名称或序列号的一段", "A part of the name or of the serial number"}));
  listed.push_back(optional("cursor", integer(), {"上一页的 next", "`next` of the page before"}));
  listed.push_back(optional("limit", integer(1, devices_page_max), {"一页几个", "How many on a page"}));
  auto const device = record("Device", device_fields());
  operations.add({.id = "listDevices", .method = Method::get, .pattern = "/api/v1/devices", .summary = {"设备列表；装在家里的只有管理设备的人看得到，且没有位置", "Devices; those in homes are there for their keepers only, and without their place"},
                  .who = signed_in(), .query = std::move(listed), .good = {{.shape = record("DevicePage", {{"devices", shape::list(device)}, {"next", nullable(text())}})}}},
                 [parts](Call const& call) { return list_devices(call, parts); });
  auto const by_state = map(integer());
  operations.add({.id = "countDevices", .method = Method::get, .pattern = "/api/v1/devices/counts", .summary = {"按状态和类型数设备", "How many devices there are by state and type"}, .who = signed_in(), .query = filter_fields(),
                  .good = {{.shape = record("DeviceCounts", {{"total", integer()}, {"by_state", by_state},
                                                             {"by_type", shape::list(record("DeviceTypeCount", {{"id", text()}, {"name", both_languages()}, {"by_state", by_state}}))}})}}},
                 [parts](Call const& call) { return counts(call, parts); });
  operations.add({.id = "listDeviceTypes", .method = Method::get, .pattern = "/api/v1/devices/types", .summary = {"场景包里的设备类型、它们的数据流和命令", "The types of devices that packs have, with their streams and commands"}, .who = signed_in(),
                  .good = {{.shape = record("DeviceTypes", {{"types", shape::list(device_type_shape())}})}}},
                 [parts](Call const&) { return types(parts); });
  auto fields = device_fields();
  fields.insert(fields.end(), {{"made_at", time()}, {"said", shape::list(record("DeviceSaid", {{"field", text()}, {"name", both_languages()}, {"value", text()}})), {"设备说自己的：固件版本、出厂日期", "What the device says of itself: firmware, date of production"}}, {"readable", flag(), {"否：要先写明用途（purpose）", "false: say what for first (purpose)"}}, {"streams", shape::list(device_stream_shape())},
                               {"credentials", shape::list(credential_shape())}, {"commands", shape::list(command_shape())}, {"faults", shape::list(fault_shape())}});
  operations.add({.id = "getDevice", .method = Method::get, .pattern = "/api/v1/devices/{id}", .summary = {"一台设备：最新读数、凭证、命令、故障", "A device: newest readings, credentials, commands, faults"}, .who = signed_in(),
                  .path = {device_id_field()}, .query = device_reading_fields(), .good = {{.shape = record("FullDevice", std::move(fields))}}},
                 [parts](Call const& call) { return one(call, parts); });
}

}  // namespace zhili::web
