// What devices ask and say for themselves, by their own token.

#include <boost/json.hpp>

#include "organise/people/rates.hpp"
#include "web/api/view.hpp"
#include "web/devices/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

/// A device that waits to be claimed asks again after so long.
constexpr std::int64_t announce_again_s = 60;

core::Result<Response> announce(Call const& call, DeviceParts const& parts, organise::Rate& rate) {
  if (!call.request.loopback) ZHILI_CHECK(rate.take(organise::counted_address(call.request.peer), parts.people.api.time->now()));
  ZHILI_TRY(auto const told, parts.desk->announce(call.body.text("serial"), call.body.text("secret")));
  return private_json(boost::json::serialize(object{{"id", std::to_string(told.device)}, {"state", told.claimed ? "active" : "unclaimed"}, {"token", told.token.empty() ? value(nullptr) : value(told.token)},
                                                    {"again_s", told.claimed ? value(nullptr) : value(announce_again_s)}}),
                      told.claimed ? 200 : 202);
}

core::Result<Response> itself(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto const pass, device_of(call.request, *parts.gate));
  auto const& catalogue = *parts.people.api.catalogue;
  return parts.people.api.db->read([&](store::Reader& r) -> core::Result<Response> {
    ZHILI_TRY(auto const device, device_named(r, pass.device));
    auto const* type = catalogue.device_type(device.type);
    array streams;
    for (auto const& [stream, datastream] : devices::DeviceDesk::streams(r, device.id)) {
      auto const* known = type ? type->stream(stream) : nullptr;
      streams.push_back(object{{"stream", stream}, {"datastream", datastream}, {"unit", known ? known->unit : std::string()},
                               {"every_s", known && known->every.count() > 0 ? value(known->every.count() / 1000) : value(nullptr)}});
    }
    return private_json(boost::json::serialize(object{{"id", std::to_string(device.id)}, {"serial", device.serial}, {"type", device.type}, {"streams", std::move(streams)},
                                                      {"time", time_json(parts.people.api.time->now(), parts.people.api.zone)}}));
  });
}

core::Result<Response> health(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto const pass, device_of(call.request, *parts.gate));
  std::vector<std::pair<std::string, std::string>> fields;
  for (auto const& [field, text] : call.body.object("firmware"))
    if (text.is_string()) fields.emplace_back(field, text.get_string());
  ZHILI_CHECK(parts.watch->says(pass.device, fields, parts.people.api.time->now()));
  return Response::no_content();
}

void next(Call const& call, Responder const& respond, DeviceParts const& parts) {
  auto const pass = device_of(call.request, *parts.gate);
  if (!pass) return respond(Response::problem(pass.error()));
  auto const wait = std::chrono::seconds(call.query.integer("wait").value_or(0));
  parts.commands->next_later(pass->device, parts.people.api.time->now() + wait, [respond, zone = parts.people.api.zone](core::Result<std::optional<devices::Command>> const& found) {
    if (!found) return respond(Response::problem(found.error()));
    array commands;
    if (*found) commands.push_back(told_command_json(**found, zone));
    respond(private_json(boost::json::serialize(object{{"commands", std::move(commands)}})));
  });
}

core::Result<Response> answer(Call const& call, DeviceParts const& parts) {
  ZHILI_TRY(auto const pass, device_of(call.request, *parts.gate));
  ZHILI_TRY(auto const command, parts.commands->answer(pass.device, call.path.integer("command").value_or(0), {.done = call.body.flag("done"), .result = call.body.text("result")}));
  return private_json(boost::json::serialize(object{{"id", command.id}, {"state", devices::name(command.state)}}));
}

}  // namespace

void mount_own_device(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  auto const rate = std::make_shared<organise::Rate>(announcements_max_per_minute, std::chrono::minutes(1));
  auto const told = record("AnnouncedDevice", {{"id", text()}, {"state", choice({"active", "unclaimed"})}, {"token", nullable(text()), {"认领之后才有，用过就不再给", "Once it is claimed, until it is used"}},
                                               {"again_s", nullable(integer()), {"多少秒后再来问", "Ask again after so many seconds"}}});
  operations.add({.id = "announceDevice", .method = Method::post, .pattern = "/api/v1/devices/announce", .summary = {"设备报到：序列号和认领密钥", "A device announces itself: serial number and claim secret"}, .who = everybody(),
                  .body = {needed("serial", text(devices::serial_characters_max), {"序列号", "serial number"}), needed("secret", text(devices::secret_bytes_max), {"认领密钥 za_…", "claim secret za_…"})},
                  .good = {{.status = 202, .shape = told}, {.shape = told}}},
                 [parts, rate](Call const& call) { return announce(call, parts, *rate); });
  auto const stream = record("OwnStream", {{"stream", text()}, {"datastream", integer()}, {"unit", text()}, {"every_s", nullable(integer())}});
  operations.add({.id = "getOwnDevice", .method = Method::get, .pattern = "/api/v1/devices/me", .summary = {"我是谁，该发什么", "Who I am and what I am to send"}, .who = with_device_token(),
                  .good = {{.shape = record("OwnDevice", {{"id", text()}, {"serial", text()}, {"type", text()}, {"streams", list(stream)}, {"time", time()}})}}},
                 [parts](Call const& call) { return itself(call, parts); });
  operations.add({.id = "sayOwnHealth", .method = Method::post, .pattern = "/api/v1/devices/me/health", .summary = {"说说自己：固件字段", "Tells of itself: firmware fields"}, .who = with_device_token(),
                  .body = {optional("firmware", map(text(devices::firmware_bytes_max)), {"类型有的字段", "Fields that its type has"})}, .good = {{.status = 204}}},
                 [parts](Call const& call) { return health(call, parts); });
  auto const command = record("OwnCommand", {{"id", integer()}, {"command", text()}, {"parameters", map(anything())}, {"expires_at", time()}});
  operations.add_later({.id = "waitForCommand", .method = Method::get, .pattern = "/api/v1/devices/me/commands", .summary = {"要做的下一条命令；没有就等", "The command to be done next; waits for one"}, .who = with_device_token(),
                        .query = {optional("wait", integer(0, command_wait_max_s), {"最多等几秒", "For how many seconds at most"})},
                        .good = {{.shape = record("OwnCommands", {{"commands", list(command)}})}}},
                       [parts](Call const& call, Responder const& respond) { next(call, respond, parts); });
  operations.add({.id = "answerCommand", .method = Method::post, .pattern = "/api/v1/devices/me/commands/{command}", .summary = {"做完了，或做不了", "It is done, or cannot be done"}, .who = with_device_token(),
                  .path = {needed("command", integer(), {"命令编号", "id of the command"})},
                  .body = {needed("done", flag(), {"做成了没有", "whether it was done"}), optional("result", text(devices::command_text_bytes_max), {"结果或原因", "The result, or why not"})},
                  .good = {{.shape = record("AnsweredCommand", {{"id", integer()}, {"state", text()}})}}},
                 [parts](Call const& call) { return answer(call, parts); });
}

}  // namespace zhili::web
