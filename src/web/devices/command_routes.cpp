// What staff tell devices to do.

#include <boost/json.hpp>

#include "web/devices/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;

namespace {

constexpr std::int64_t ms_in_s = 1'000;
constexpr std::size_t command_list_max = 100;

core::Result<Response> ask(Call const& call, DeviceParts const& parts) {
  devices::NewCommand wanted{.device = device_id(call), .command = call.body.text("command"), .parameters = boost::json::serialize(call.body.object("parameters")), .mark = call.body.text("mark")};
  if (auto const seconds = call.body.integer("expires_s")) wanted.expires = core::Duration(*seconds * ms_in_s);
  auto done = call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const device, device_named(w, wanted.device));
    ZHILI_CHECK(keeps_devices(call.caller(), device.area));
    ZHILI_TRY(auto const command, parts.commands->ask(w, wanted, call.caller().ref()));
    return Response::json(boost::json::serialize(command_json(command, parts.people.api.catalogue->device_type(device.type), parts.people.api.zone)), 201);
  });
  if (done) parts.commands->asked(wanted.device);
  return done;
}

core::Result<Response> list_commands(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto const device, parts.people.api.db->read([&](store::Reader& r) { return device_named(r, device_id(call)); }));
  ZHILI_CHECK(may_read(call, device, parts));
  auto const limit = static_cast<std::size_t>(call.query.integer("limit").value_or(device_commands_shown));
  ZHILI_TRY(auto const commands, parts.people.api.db->read([&](store::Reader& r) { return devices::CommandDesk::list(r, device.id, call.query.integer("cursor").value_or(0), limit); }));
  array out;
  for (auto const& command : commands) out.push_back(command_json(command, parts.people.api.catalogue->device_type(device.type), parts.people.api.zone));
  bool const more = commands.size() == limit;
  return private_json(boost::json::serialize(object{{"commands", std::move(out)}, {"next", more ? boost::json::value(std::to_string(commands.back().id)) : boost::json::value(nullptr)}}));
}

}  // namespace

void mount_device_commands(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  operations.add({.id = "askDevice", .method = Method::post, .pattern = "/api/v1/devices/{id}/commands", .summary = {"给设备下一条命令：排队，一次一条，过期作废", "Tell a device to do something: queued, one at a time, void when it expires"}, .who = device_keepers(),
                  .path = {device_id_field()},
                  .body = {needed("command", text(devices::device_code_characters_max), {"命令，见设备类型", "The command, see the type"}), optional("parameters", map(anything()), {"参数", "Its parameters"}),
                           optional("expires_s", integer(1, std::chrono::seconds(devices::command_expiry_max).count()), {"几秒后作废；不写按类型", "Void after so many seconds; as the type says if left out"}),
                           optional("mark", text(devices::command_mark_characters_max), {"自己的标记：同一标记只下一次", "A mark of one's own: the same mark is the same command"})},
                  .once = true, .good = {{.status = 201, .shape = command_shape()}}},
                 [parts](Call const& call) { return ask(call, parts); });
  auto query = device_reading_fields();
  query.insert(query.begin(), {optional("cursor", integer(), {"上一页的 next", "`next` of the page before"}), optional("limit", integer(1, command_list_max), {"一页几条", "How many on a page"})});
  operations.add({.id = "listDeviceCommands", .method = Method::get, .pattern = "/api/v1/devices/{id}/commands", .summary = {"设备的命令，新的在前", "Commands of a device, the newest first"}, .who = signed_in(), .path = {device_id_field()},
                  .query = std::move(query), .good = {{.shape = record("DeviceCommands", {{"commands", shape::list(command_shape())}, {"next", nullable(text())}})}}},
                 [parts](Call const& call) { return list_commands(call, parts); });
}

}  // namespace zhili::web
