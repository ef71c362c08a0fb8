// Registering, changing, and giving credentials.

#include <algorithm>
#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/devices/keeping.hpp"
#include "web/devices/view.hpp"

namespace zhili::web {

using boost::json::object;
using boost::json::value;

namespace {

constexpr std::int64_t hours_in_ms = 3'600'000;

core::Result<Response> shown(core::Result<devices::Device> const& device, int status, DeviceParts const& parts) {
  if (!device) return core::fail(device.error());
  auto const sight = device->is_private ? DeviceSight::shut : DeviceSight::open;
  return Response::json(boost::json::serialize(device_json(*device, parts.watch->sight(device->id).value_or(devices::Sight{}), {}, sight, parts)), status);
}

core::Result<Response> add(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto place, place_wanted(call.body));
  return shown(parts.desk->add({.type = call.body.text("type"), .name = call.body.text("name"), .serial = call.body.text("serial"), .place = std::move(place)}, keeper_of(call)), 201, parts);
}

core::Result<Response> change(Call const& call, DeviceParts const& parts) {
  devices::DeviceChange wanted;
  if (call.body.has("name")) wanted.name = call.body.text("name");
  if (call.body.has("disabled")) wanted.disabled = call.body.flag("disabled");
  if (says_place(call.body)) {
    ZHILI_TRY(wanted.place, place_wanted(call.body));
  }
  return shown(parts.desk->change(device_id(call), wanted, keeper_of(call)), 200, parts);
}

/// Errors: not_found, forbidden.
core::Result<> check_keeper(store::Reader& r, Call const& call) {
  ZHILI_TRY(auto const device, device_named(r, device_id(call)));
  return keeps_devices(call.caller(), device.area);
}

core::Result<Response> issue(Call const& call, DeviceParts const& parts) {
  devices::WantedCredential wanted{.kind = devices::credential_kind_from(call.body.text("kind")).value_or(devices::CredentialKind::token), .rotate = !call.body.flag("beside")};
  if (auto const hours = call.body.integer("overlap_hours")) wanted.overlap = std::chrono::milliseconds(*hours * hours_in_ms);
  auto done = call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_CHECK(check_keeper(w, call));
    ZHILI_TRY(auto const issued, parts.desk->issue(w, device_id(call), wanted, call.caller().ref()));
    return Response::json(boost::json::serialize(object{{"id", issued.id}, {"kind", devices::name(wanted.kind)}, {"user", issued.user}, {"secret", issued.secret}}), 201);
  }, "secret");
  if (done) ZHILI_CHECK(parts.desk->committed());
  return done;
}

core::Result<Response> disable(Call const& call, DeviceParts const& parts) {
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) { return check_keeper(r, call); }));
  auto const credential = call.path.integer("credential").value_or(0);
  ZHILI_CHECK(parts.desk->disable_credential(device_id(call), credential, call.caller().ref()));
  return Response::json(boost::json::serialize(object{{"id", credential}}));
}

}  // namespace

devices::Keeper keeper_of(Call const& call) {
  return {call.caller().ref(), [&caller = call.caller()](std::string_view area) { return keeps_devices(caller, area); }};
}

std::vector<Field> place_fields() {
  using namespace shape;
  return {optional("lat", number(-90, 90), {"纬度", "Latitude"}),
          optional("lon", number(-180, 180), {"经度", "Longitude"}),
          optional("datum", choice({"wgs84", "cgcs2000", "gcj02", "bd09"}), {"坐标的基准；不写是 WGS 84", "Datum of the coordinates; WGS 84 if left out"}),
          optional("component", text(devices::device_code_characters_max), {"装在哪个部件上：部件编码", "The component that it sits on: its code"}),
          optional("area", text(devices::device_code_characters_max), {"区域编码", "Code of an area"}),
          optional("place", text(devices::device_name_characters_max), {"位置怎么叫", "What the place is called"})};
}

bool says_place(Input const& body) {
  return std::ranges::any_of(place_fields(), [&](Field const& field) { return field.name != "datum" && body.has(field.name); });
}

core::Result<devices::WantedPlace> place_wanted(Input const& body) {
  devices::WantedPlace out{.component = body.text("component"), .area = body.text("area"), .words = body.text("place")};
  auto const lat = body.number("lat"), lon = body.number("lon");
  if (lat.has_value() != lon.has_value())
    return core::fail(core::Errc::invalid, "body.field", {"纬度和经度要一起写。", "lat and lon come together."}, lat ? "lon" : "lat");
  if (!lat) return out;
  ZHILI_TRY(auto const datum, core::datum_of(body.has("datum") ? body.text("datum") : "wgs84"));
  out.at = core::to_wgs84(datum, core::LatLon::of(*lat, *lon));
  return out;
}

void mount_device_keeping(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  auto const device = record("Device", device_fields());
  auto fields = place_fields();
  fields.insert(fields.begin(), {needed("type", text(devices::device_name_characters_max), {"设备类型，见 /api/v1/devices/types", "The type, see /api/v1/devices/types"}),
                                 needed("serial", text(devices::serial_characters_max), {"序列号", "Serial number"}),
                                 optional("name", text(devices::device_name_characters_max), {"名称", "What it is called"})});
  operations.add({.id = "registerDevice", .method = Method::post, .pattern = "/api/v1/devices", .summary = {"登记一台设备；坐标、部件或区域至少写一样", "Register a device; say where by coordinates, component or area"}, .who = device_keepers(),
                  .body = std::move(fields), .good = {{.status = 201, .shape = device}}},
                 [parts](Call const& call) { return add(call, parts); });
  auto changes = place_fields();
  changes.insert(changes.begin(), {optional("name", text(devices::device_name_characters_max), {"名称", "What it is called"}), optional("disabled", flag(), {"停用或再启用", "Disable it, or use it again"})});
  operations.add({.id = "changeDevice", .method = Method::patch, .pattern = "/api/v1/devices/{id}", .summary = {"改名、移动、停用或启用", "Rename, move, disable or enable"}, .who = device_keepers(), .path = {device_id_field()},
                  .body = std::move(changes), .good = {{.shape = device}}},
                 [parts](Call const& call) { return change(call, parts); });
  operations.add({.id = "issueDeviceCredential", .method = Method::post, .pattern = "/api/v1/devices/{id}/credentials", .summary = {"发一个凭证，只显示这一次；旧的在重叠期后失效", "Issue a credential, shown this once; the old one ends after the overlap"},
                  .who = device_keepers(), .path = {device_id_field()},
                  .body = {optional("kind", choice({"token", "mqtt"}), {"HTTP 令牌或 MQTT 密码；不写是令牌", "A token for HTTP or a password for MQTT; a token if left out"}),
                           optional("overlap_hours", integer(0, devices::rotation_overlap_max.count()), {"新旧同时有效几小时；不写是 24", "For how many hours the old one works beside it; 24 if left out"}),
                           optional("beside", flag(), {"旧的留着", "The old ones stay"})},
                  .once = true, .good = {{.status = 201, .shape = record("IssuedDeviceCredential", {{"id", integer()}, {"kind", text()}, {"user", text(), {"MQTT 的用户名", "User name for MQTT"}},
                                                                                                    {"secret", nullable(text()), {"只显示这一次", "Shown this once"}}})}}},
                 [parts](Call const& call) { return issue(call, parts); });
  operations.add({.id = "disableDeviceCredential", .method = Method::del, .pattern = "/api/v1/devices/{id}/credentials/{credential}", .summary = {"停用一个凭证，立即生效", "Disable a credential at once"}, .who = device_keepers(),
                  .path = {device_id_field(), needed("credential", integer(), {"凭证编号", "id of the credential"})}, .good = {{.shape = id_shape()}}},
                 [parts](Call const& call) { return disable(call, parts); });
}

}  // namespace zhili::web
