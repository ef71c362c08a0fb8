// Codes for boxes, and claiming on the spot.

#include <boost/json.hpp>

#include "organise/people/rates.hpp"
#include "web/devices/keeping.hpp"
#include "web/devices/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;

namespace {

constexpr std::size_t codes_bytes_sent_max = 256 * 1024;  // serial numbers of one request

core::Result<Response> make_codes(Call const& call, DeviceParts const& parts) {
  devices::WantedTickets wanted{.type = call.body.text("type"), .serials = call.body.texts("serials")};
  if (auto const days = call.body.integer("days")) wanted.days = std::chrono::days(*days);
  ZHILI_TRY(auto const tickets, parts.desk->make_tickets(wanted, call.caller().ref()));
  array out;
  for (auto const& ticket : tickets) out.push_back(object{{"serial", ticket.serial}, {"code", ticket.code}, {"secret", ticket.secret}});
  return Response::json(boost::json::serialize(object{{"codes", std::move(out)}}), 201);
}

core::Result<Response> claim(Call const& call, DeviceParts const& parts, organise::Rate& wrong) {
  auto const now = parts.people.api.time->now();
  auto const who = call.caller().ref();
  if (wrong.full_until(who, now)) return core::fail(wrong.take(who, now).error());
  ZHILI_TRY(auto place, place_wanted(call.body));
  auto const claimed = parts.desk->claim({.code = call.body.text("code"), .name = call.body.text("name"), .place = std::move(place)}, keeper_of(call));
  if (!claimed && claimed.error().key == "device.claim.unknown") wrong.count(who, now);
  if (!claimed) return core::fail(claimed.error());
  auto const sight = claimed->is_private ? DeviceSight::shut : DeviceSight::open;
  return Response::json(boost::json::serialize(device_json(*claimed, parts.watch->sight(claimed->id).value_or(devices::Sight{}), {}, sight, parts)), 201);
}

}  // namespace

void mount_device_claims(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  constexpr std::size_t code_characters_sent_max = 40;
  auto const ticket = record("ClaimCode", {{"serial", text()}, {"code", text(), {"印在盒子上", "For the box"}}, {"secret", text(), {"写进设备，用来报到", "For the device: what it announces itself with"}}});
  operations.add({.id = "makeClaimCodes", .method = Method::post, .pattern = "/api/v1/devices/claim-codes", .summary = {"生成认领码和设备密钥，只显示这一次", "Make claim codes and the devices' secrets, shown this once"}, .who = device_keepers(true),
                  .body = {needed("type", text(devices::device_name_characters_max), {"设备类型", "The type"}),
                           needed("serials", shape::list(text(devices::serial_characters_max), devices::claim_codes_max), {"序列号", "Serial numbers"}),
                           optional("days", integer(1, devices::claim_days_max.count()), {"有效几天；不写是 90", "For how many days they are good; 90 if left out"})},
                  .good = {{.status = 201, .shape = record("ClaimCodes", {{"codes", shape::list(ticket)}})}}, .options = {.body_bytes_max = codes_bytes_sent_max}},
                 [parts](Call const& call) { return make_codes(call, parts); });
  auto fields = place_fields();
  fields.insert(fields.begin(), {needed("code", text(code_characters_sent_max), {"盒子上的认领码", "The code on the box"}), optional("name", text(devices::device_name_characters_max), {"名称", "What it is called"})});
  auto const wrong = std::make_shared<organise::Rate>(wrong_codes_max_per_hour, std::chrono::hours(1));
  operations.add({.id = "claimDevice", .method = Method::post, .pattern = "/api/v1/devices/claim", .summary = {"用认领码认领设备，写明它在哪里", "Claim a device by its code, and say where it is"}, .who = device_keepers(), .body = std::move(fields),
                  .good = {{.status = 201, .shape = record("Device", device_fields())}}},
                 [parts, wrong](Call const& call) { return claim(call, parts, *wrong); });
}

}  // namespace zhili::web
