#include "web/devices/view.hpp"

#include <boost/json.hpp>

#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

std::vector<std::string> state_names() {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < devices::states; ++i) out.emplace_back(devices::name(static_cast<devices::State>(i)));
  return out;
}

value reading_json(std::optional<double> number) { return number ? value(*number) : value(nullptr); }

/// What a list shows of what a device says of itself.
value version_in(std::string const& firmware) {
  boost::system::error_code error;
  auto const said = boost::json::parse(firmware.empty() ? "{}" : firmware, error);
  auto const* version = error || !said.is_object() ? nullptr : said.get_object().if_contains("version");
  return version ? *version : value(nullptr);
}

value place_json(devices::Device const& device, DeviceSight sight, DeviceParts const& parts) {
  auto const places = parts.people.api.places->now();
  auto const* area = places->area(std::string_view(device.area));
  bool const exact = sight == DeviceSight::open && device.at;
  return object{{"lat", exact ? value(device.at->lat()) : value(nullptr)},
                {"lon", exact ? value(device.at->lon()) : value(nullptr)},
                {"area", device.area},
                {"area_name", area ? value(to_json(area->name)) : value(nullptr)},
                {"place", sight == DeviceSight::open ? device.place : std::string()},
                {"component", device.component.empty() || sight == DeviceSight::shut ? value(nullptr) : value(device.component)}};
}

}  // namespace

value json_or_null(std::string const& text) {
  boost::system::error_code error;
  auto out = boost::json::parse(text, error);
  return error ? value(nullptr) : out;
}

std::vector<Field> device_fields() {
  using namespace shape;
  auto const place = record("DevicePlace", {{"lat", nullable(number())}, {"lon", nullable(number())}, {"area", text(), {"区域编码；空：在各区域之外", "Code of the area; empty: outside of all"}},
                                            {"area_name", nullable(both_languages())}, {"place", text()}, {"component", nullable(text())}});
  return {{"id", text()},
          {"name", text()},
          {"type", record("DeviceTypeName", {{"id", text()}, {"name", both_languages()}})},
          {"serial", text()},
          {"thing", nullable(integer()), {"SensorThings 的 Thing", "The Thing of SensorThings"}},
          {"at", place},
          {"private", flag(), {"装在家里：位置和读数不公开给工作人员", "Stands in a home: place and readings are not for all staff"}},
          {"state", choice(state_names())},
          {"last_seen", nullable(time())},
          {"battery", nullable(number()), {"百分比", "per cent"}},
          {"signal_dbm", nullable(number())},
          {"firmware", nullable(text())},
          {"alarm", nullable(text()), {"最重的未清除告警", "The gravest open alarm"}}};
}

object device_json(devices::Device const& device, devices::Sight const& seen, std::string const& alarm, DeviceSight sight, DeviceParts const& parts) {
  auto const& zone = parts.people.api.zone;
  auto const* type = parts.people.api.catalogue->device_type(device.type);
  // The name of a device in a home may be the name of somebody.
  auto const shown = sight == DeviceSight::open ? device.name : (type ? type->name.zh + " " : std::string()) + device.serial;
  return {{"id", std::to_string(device.id)},
          {"name", shown},
          {"type", object{{"id", device.type}, {"name", to_json(type ? type->name : core::Text{device.type, device.type})}}},
          {"serial", device.serial},
          {"thing", device.thing == 0 ? value(nullptr) : value(device.thing)},
          {"at", place_json(device, sight, parts)},
          {"private", device.is_private},
          {"state", devices::name(seen.state)},
          {"last_seen", time_json(seen.last_seen, zone)},
          {"battery", reading_json(seen.battery)},
          {"signal_dbm", reading_json(seen.signal)},
          {"firmware", version_in(seen.firmware)},
          {"alarm", alarm.empty() ? value(nullptr) : value(alarm)}};
}

std::vector<Field> stream_fields() {
  using namespace shape;
  return {{"stream", text(), {"设备怎么叫它", "What the device calls it"}}, {"property", text()}, {"name", both_languages()}, {"unit", text(), {"UCUM", "UCUM"}},
          {"symbol", text()}, {"kind", choice({"number", "bool", "count", "text"})}, {"range", nullable(list(number()))}, {"every_s", nullable(integer())}};
}

object stream_json(catalogue::StreamType const& stream, catalogue::Catalogue const& catalogue) {
  auto const* property = catalogue.property(stream.property);
  auto const unit = property ? property->unit : stream.unit;
  value range = nullptr;
  if (stream.range) range = array{stream.to_property(stream.range->low), stream.to_property(stream.range->high)};
  return {{"stream", stream.id},
          {"property", stream.property},
          {"name", to_json(stream.name)},
          {"unit", unit},
          {"symbol", core::unit_symbol(unit)},
          {"kind", catalogue::name(stream.kind)},
          {"range", std::move(range)},
          {"every_s", stream.every.count() == 0 ? value(nullptr) : value(stream.every.count() / 1000)}};
}

Shape device_stream_shape() {
  using namespace shape;
  auto fields = stream_fields();
  fields.insert(fields.begin(), Field{"id", integer(), {"Datastream 的编号", "id of the Datastream"}});
  fields.push_back({"last", nullable(record("LastReading", {{"at", time()}, {"value", anything()}, {"quality", list(text())}}))});
  return record("DeviceStream", std::move(fields));
}

Shape credential_shape() {
  using namespace shape;
  return record("DeviceCredential", {{"id", integer()}, {"kind", choice({"token", "mqtt"})}, {"made_at", time()}, {"expires_at", nullable(time())},
                                     {"last_used_at", nullable(time()), {"精确到分钟", "To a minute"}}, {"disabled_at", nullable(time())}});
}

object credential_json(devices::Credential const& credential, core::Zone const& zone) {
  return {{"id", credential.id},
          {"kind", devices::name(credential.kind)},
          {"made_at", time_json(credential.made_at, zone)},
          {"expires_at", time_json(credential.expires_at, zone)},
          {"last_used_at", time_json(credential.last_used_at, zone)},
          {"disabled_at", time_json(credential.disabled_at, zone)}};
}

Shape command_shape() {
  using namespace shape;
  return record("DeviceCommand", {{"id", integer()}, {"command", text()}, {"name", both_languages()}, {"parameters", map(anything())}, {"by", text()},
                                  {"state", choice({"waiting", "sent", "acknowledged", "failed", "expired"})}, {"made_at", time()}, {"expires_at", time()}, {"sent_at", nullable(time())},
                                  {"done_at", nullable(time())}, {"result", text()}});
}

object command_json(devices::Command const& command, catalogue::DeviceType const* type, core::Zone const& zone) {
  auto const* known = type ? type->command(command.command) : nullptr;
  return {{"id", command.id},
          {"command", command.command},
          {"name", to_json(known ? known->name : core::Text{command.command, command.command})},
          {"parameters", json_or_null(command.parameters)},
          {"by", command.actor},
          {"state", devices::name(command.state)},
          {"made_at", time_json(command.made_at, zone)},
          {"expires_at", time_json(command.expires_at, zone)},
          {"sent_at", time_json(command.sent_at, zone)},
          {"done_at", time_json(command.done_at, zone)},
          {"result", command.result}};
}

Shape fault_shape() {
  using namespace shape;
  return record("DeviceFault", {{"code", choice({"silent", "stream_silent", "out_of_range", "stuck", "type_unknown"})}, {"stream", nullable(text())}, {"since", time()}, {"words", both_languages()}});
}

object fault_json(devices::Fault const& fault, core::Zone const& zone) {
  return {{"code", devices::name(fault.code)}, {"stream", fault.stream.empty() ? value(nullptr) : value(fault.stream)}, {"since", time_json(fault.since, zone)}, {"words", to_json(fault.words)}};
}

Shape device_type_shape() {
  using namespace shape;
  auto const word = record("DeviceWord", {{"code", text()}, {"name", both_languages()}});
  auto const parameter = record("CommandParameter", {{"id", text()}, {"name", both_languages()}, {"kind", choice({"number", "bool", "count", "text"})}, {"unit", text()}, {"range", nullable(list(number()))},
                                                     {"required", flag()}, {"choices", list(word)}});
  auto const command = record("CommandType", {{"id", text()}, {"name", both_languages()}, {"about", both_languages()}, {"parameters", list(parameter)}, {"expires_s", integer()}});
  return record("DeviceType", {{"id", text()}, {"name", both_languages()}, {"about", both_languages()}, {"private", flag()}, {"streams", list(record("StreamType", stream_fields()))},
                               {"commands", list(command)}, {"pack", text()}});
}

object device_type_json(catalogue::DeviceType const& type, catalogue::Catalogue const& catalogue) {
  array streams, commands;
  for (auto const& stream : type.streams) streams.push_back(stream_json(stream, catalogue));
  for (auto const& command : type.commands) {
    array parameters;
    for (auto const& parameter : command.parameters) {
      array choices;
      for (auto const& choice : parameter.choices) choices.push_back(object{{"code", choice.code}, {"name", to_json(choice.name)}});
      value range = nullptr;
      if (parameter.range) range = array{parameter.range->low, parameter.range->high};
      parameters.push_back(object{{"id", parameter.id}, {"name", to_json(parameter.name)}, {"kind", catalogue::name(parameter.kind)}, {"unit", parameter.unit}, {"range", std::move(range)},
                                  {"required", parameter.required}, {"choices", std::move(choices)}});
    }
    commands.push_back(object{{"id", command.id}, {"name", to_json(command.name)}, {"about", to_json(command.about)}, {"parameters", std::move(parameters)},
                              {"expires_s", command.expires.count() / 1000}});
  }
  return {{"id", type.id}, {"name", to_json(type.name)}, {"about", to_json(type.about)}, {"private", type.is_private}, {"streams", std::move(streams)}, {"commands", std::move(commands)}, {"pack", type.pack}};
}

object told_command_json(devices::Command const& command, core::Zone const& zone) {
  return {{"id", command.id}, {"command", command.command}, {"parameters", json_or_null(command.parameters)}, {"expires_at", time_json(command.expires_at, zone)}};
}

}  // namespace zhili::web
