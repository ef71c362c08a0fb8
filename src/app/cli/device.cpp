// Verbs for devices. Registering needs catalogue, places and memory of the gatekeeper, so only the serving process does it.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "app/cli/verbs.hpp"
#include "app/control.hpp"

namespace zhili::app {

namespace {

core::Result<boost::json::value> ask_about_devices(DeviceOptions const& options, ControlRequest request) {
  request.words.emplace("lang", options.common.lang == core::Lang::zh ? "zh" : "en");
  auto const answer = Control::ask(options.common.data, request);
  if (!answer)
    return core::fail(core::Errc::unavailable, "device.not_served",
                      {fmt::format("{} 没有进程在服务。请先 zhili serve。", options.common.data), fmt::format("No process serves {}: start zhili serve first.", options.common.data)}, "--data");
  if (!*answer) return core::fail(answer->error());
  boost::system::error_code error;
  auto parsed = boost::json::parse(**answer, error);
  if (!error) return parsed;
  return core::fail(core::Errc::internal, "device.answer", {"正在运行的进程答得不对。", "The serving process gave an answer that cannot be read."});
}

std::string text_of(boost::json::object const& o, std::string_view key) {
  auto const& value = o.at(key);
  return value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
}

/// A path that the serving process understands, wherever it was started.
std::string whole_path(std::string const& path) {
  std::error_code none;
  return path.empty() ? path : std::filesystem::absolute(path, none).string();
}

}  // namespace

Exit device_list(DeviceOptions const& options) {
  auto const said = ask_about_devices(options, {"device_list", {{"type", options.type}, {"state", options.state}, {"area", options.area}}});
  if (!said) return say_failure(said.error(), options.common.lang);
  for (auto const& one : said->as_array()) {
    auto const& device = one.as_object();
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", text_of(device, "id"), text_of(device, "serial"), text_of(device, "type"), text_of(device, "state"), text_of(device, "last_seen"), text_of(device, "area"), text_of(device, "name"));
  }
  return Exit::done;
}

Exit device_add(DeviceOptions const& options) {
  auto const said = ask_about_devices(options, {"device_add", {{"type", options.type}, {"serial", options.serial}, {"name", options.name}, {"lat", options.lat}, {"lon", options.lon}, {"component", options.component}, {"area", options.area}}});
  if (!said) return say_failure(said.error(), options.common.lang);
  fmt::print("{}\n", text_of(said->as_object(), "id"));
  return Exit::done;
}

Exit device_import(DeviceOptions const& options) {
  auto const lang = options.common.lang;
  auto const said = ask_about_devices(options, {"device_import", {{"file", whole_path(options.file)}, {"mode", options.mode}, {"datum", options.datum}, {"credentials", options.credentials}, {"result", whole_path(options.result)}}});
  if (!said) return say_failure(said.error(), lang);
  auto const& done = said->as_object();
  for (auto const& one : done.at("wrong").as_array()) {
    auto const& wrong = one.as_object();
    fmt::print(stderr, "{}\t{}\t{}\n", text_of(wrong, "line"), text_of(wrong, "field"), text_of(wrong, lang == core::Lang::zh ? "zh" : "en"));
  }
  bool const written = done.at("written").as_bool();
  auto const fits = text_of(done, "fits"), there = text_of(done, "there"), refused = text_of(done, "refused");
  core::Text const sentence = written ? core::Text{fmt::format("登记 {} 台，早已登记 {} 台，退回 {} 行。", fits, there, refused), fmt::format("registered {}, there before {}, refused {}.", fits, there, refused)}
                                      : core::Text{fmt::format("可以登记 {} 台，早已登记 {} 台，有错 {} 行；什么都没有写。", fits, there, refused),
                                                   fmt::format("{} fit, {} are there, {} are wrong; nothing was written.", fits, there, refused)};
  fmt::print("{}\n", core::in(lang, sentence));
  return refused == "0" ? Exit::done : Exit::findings;
}

Exit device_token(DeviceOptions const& options) {
  auto const said = ask_about_devices(options, {"device_token", {{"serial", options.serial}, {"kind", options.credentials}, {"overlap_hours", options.overlap_hours}}});
  if (!said) return say_failure(said.error(), options.common.lang);
  auto const& issued = said->as_object();
  auto const user = text_of(issued, "user");
  fmt::print("{}{}\n", user.empty() ? "" : user + "  ", text_of(issued, "secret"));
  fmt::print(stderr, "{}\n", core::in(options.common.lang, {"只显示这一次；旧的到重叠期满为止还能用。", "Shown this once; the one before works until the overlap is over."}));
  return Exit::done;
}

}  // namespace zhili::app
