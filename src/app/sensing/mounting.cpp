#include "app/sensing/mounting.hpp"

#include <functional>

#include "web/devices/devices.hpp"
#include "web/ingest/ingest.hpp"
#include "web/people/gate.hpp"
#include "web/sensorthings/sensorthings.hpp"

namespace zhili::app {

using namespace sense;

namespace {

/// What stands behind "Bearer "; empty if nothing was sent.
std::string_view bearer_of(web::Request const& request) {
  constexpr std::string_view bearer = "Bearer ";
  auto const sent = request.headers.get("Authorization").value_or("");
  return sent.starts_with(bearer) ? sent.substr(bearer.size()) : std::string_view();
}

/// A device by its token.
core::Result<ingest::Source> device_of(web::Request const& request, Sensing const& sensing) {
  if (auto source = sensing.device_source(bearer_of(request), ingest::Way::lines)) return *source;
  return core::fail(core::Errc::forbidden, "device.token",
                    {"这个设备令牌无效、已停用或已过期。请在设备页面换一个。", "This device token is not good: unknown, disabled or over. Issue another on the device's page."});
}

/// A device, or a program by its key.
core::Result<ingest::Source> sender_of(web::Request const& request, web::Gate const& gate, Sensing const& sensing) {
  if (bearer_of(request).starts_with(devices::token_prefix)) return device_of(request, sensing);
  ZHILI_TRY(auto const key, gate.key(request, organise::Scope::sensing_write));
  return ingest::Source{.way = ingest::Way::lines, .any_stream = true};
}

/// How the stream of a NATS server is doing; nothing where none is used.
std::function<std::optional<web::MqttHealth>()> mqtt_health(Sensing& sensing) {
  return [&sensing] { return sensing.mqtt() && sensing.mqtt()->has_stream() ? std::optional(sensing.mqtt()->health()) : std::nullopt; };
}

}  // namespace

void mount_sensing(web::Operations& operations, web::Router& router, web::PeopleParts const& people, Sensing& sensing, std::vector<std::string> mqtt_endpoints, web::Metrics& metrics) {
  web::IngestParts parts{.api = people.api,
                               .intake = &sensing.intake(),
                               .quarantine = &sensing.quarantine(),
                               .sender = [gate = people.gate, &sensing](web::Request const& request) { return sender_of(request, *gate, sensing); }};
  parts.mqtt = mqtt_health(sensing);
  web::mount_lines(router, parts);
  web::mount_ingest(operations, parts);
  web::add_ingest_metrics(metrics, parts);
  auto const device = [&sensing](web::Request const& request) { return device_of(request, sensing); };
  web::sensorthings::mount_sensorthings(router, {.db = people.api.db,
                                                 .time = people.api.time,
                                                 .things = &sensing.things(),
                                                 .observations = &sensing.stored(),
                                                 .extents = &sensing.extents(),
                                                 .intake = &sensing.intake(),
                                                 .access = web::sensorthings::access_by(people.gate, true, device),
                                                 .mqtt_endpoints = std::move(mqtt_endpoints)});
  auto devices = sensing.devices().web_parts(people);
  devices.alarms = respond::alarms::gravest_of;
  web::mount_devices(operations, devices);
  web::mount_alarms(operations, sensing.alarms().web_parts(people, [&sensing](std::string const& rule) { return sensing.rule_name(rule); }));
  auto& rules = sensing.rules();
  web::mount_rules(operations, {.people = people, .keeper = &rules.keeper(), .replay = std::bind_front(&RulesAtWork::replay, &rules), .subject = std::bind_front(&RulesAtWork::subject, &rules)});
  web::add_rule_metrics(metrics, rules.keeper());
  web::add_alarm_metrics(metrics, *people.api.db, *people.api.time);
}

}  // namespace zhili::app
