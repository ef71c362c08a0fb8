// What `zhili device` asks of the serving process.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "app/sensing/devices.hpp"
#include "sense/devices/device_csv.hpp"

namespace zhili::app {

namespace devices = sense::devices;
using boost::json::array;
using boost::json::object;
using core::Errc;
using core::fail;

namespace {

/// Whoever has the machine.
constexpr std::string_view at_this_machine = "cli";
constexpr std::int64_t ms_per_hour = 3'600'000;
constexpr std::size_t listed_max = 100'000;
constexpr std::size_t wrong_lines_told_max = 200;

core::Result<std::optional<double>> degrees_of(ControlRequest const& request, std::string const& name, double most) {
  auto const text = request.word(name);
  if (text.empty()) return std::nullopt;
  double out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size() && out >= -most && out <= most) return out;
  return fail(Errc::invalid, "device.degrees", {fmt::format("--{} 应是 −{} 到 {} 之间的度数。", name, most, most), fmt::format("--{} is a number of degrees between −{} and {}.", name, most, most)}, name);
}

core::Result<std::string> add_device(ControlRequest const& request, devices::DeviceDesk& desk) {
  ZHILI_TRY(auto const lat, degrees_of(request, "lat", 90));
  ZHILI_TRY(auto const lon, degrees_of(request, "lon", 180));
  devices::NewDevice wanted{.type = request.word("type"), .name = request.word("name"), .serial = request.word("serial"), .place = {.component = request.word("component"), .area = request.word("area")}};
  if (lat && lon) wanted.place.at = core::LatLon::of(*lat, *lon);
  ZHILI_TRY(auto const made, desk.add(wanted, std::string(at_this_machine)));
  return boost::json::serialize(object{{"id", made.id}, {"name", made.name}, {"area", made.area}});
}

core::Result<std::string> file_bytes(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::not_found, "device.file", {fmt::format("读不到文件 {}。", path), fmt::format("The file {} cannot be read.", path)}, "FILE");
  std::string out;
  out.resize(devices::csv_bytes_max + 1);  // one more: the reader says that it is too long
  file.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(file.gcount()));
  return out;
}

/// The file of results holds secrets: only its owner may read it, and it overwrites nothing.
core::Result<> keep_result(std::string const& path, std::string const& text) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return fail(Errc::conflict, "device.result", {fmt::format("{} 已存在，不覆盖。", path), fmt::format("{} exists; it is not overwritten.", path)}, "--result");
  std::ofstream file(path, std::ios::binary);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  file << text;
  if (file.flush()) return {};
  return fail(Errc::unavailable, "device.result", {fmt::format("写不了 {}。", path), fmt::format("{} cannot be written.", path)}, "--result");
}

core::Result<std::string> import_devices(ControlRequest const& request, devices::DeviceDesk& desk) {
  ZHILI_TRY(auto const bytes, file_bytes(request.word("file")));
  devices::ImportOptions options;
  auto const mode = request.word("mode");
  options.mode = mode == "all" ? devices::ImportMode::all : mode == "good_lines" ? devices::ImportMode::good_lines : devices::ImportMode::preview;
  ZHILI_TRY(options.datum, core::datum_of(request.word("datum").empty() ? "wgs84" : request.word("datum")));
  options.credentials = devices::credential_kind_from(request.word("credentials"));
  auto const result = request.word("result");
  // Secrets that nobody can read afterwards would be lost: say so before anything is written.
  if (options.credentials && options.mode != devices::ImportMode::preview && result.empty())
    return fail(Errc::invalid, "device.result", {"要发凭证，就用 --result 写明结果放在哪个文件。", "With --credentials, say by --result into which file they go."}, "--result");
  if (std::error_code none; !result.empty() && std::filesystem::exists(result, none))
    return fail(Errc::conflict, "device.result", {fmt::format("{} 已存在，不覆盖。", result), fmt::format("{} exists; it is not overwritten.", result)}, "--result");
  ZHILI_TRY(auto const done, desk.import_csv(bytes, options, std::string(at_this_machine)));
  if (!result.empty()) ZHILI_CHECK(keep_result(result, devices::import_result_csv(done, request.word("lang") == "zh" ? core::Lang::zh : core::Lang::en)));
  array wrong;
  for (auto const& line : done.lines)
    if (line.fate == devices::LineFate::refused && wrong.size() < wrong_lines_told_max)
      wrong.push_back(object{{"line", line.line}, {"field", line.error.field}, {"zh", line.error.text.zh}, {"en", line.error.text.en}});
  return boost::json::serialize(object{{"fits", done.fits}, {"there", done.there}, {"refused", done.refused}, {"written", done.written}, {"wrong", std::move(wrong)}});
}

core::Result<std::string> list_devices(ControlRequest const& request, store::Db& db, devices::DeviceWatch const& watch) {
  devices::WatchFilter const filter{.type = request.word("type"), .state = devices::state_from(request.word("state")), .area = request.word("area"), .with_private = true};
  array out;
  ZHILI_CHECK(db.read([&](store::Reader& r) -> core::Result<> {
    for (auto const id : watch.find(filter, 0, listed_max)) {
      auto const device = devices::DeviceDesk::find(r, id);
      auto const sight = watch.sight(id);
      if (!device || !sight) continue;
      out.push_back(object{{"id", id}, {"serial", device->serial}, {"type", device->type}, {"name", device->is_private ? std::string() : device->name}, {"area", device->area}, {"state", devices::name(sight->state)},
                           {"last_seen", sight->last_seen ? core::to_iso(*sight->last_seen) : std::string()}});
    }
    return {};
  }));
  return boost::json::serialize(out);
}

core::Result<std::string> give_credential(ControlRequest const& request, devices::DeviceDesk& desk, devices::Gatekeeper const& gate) {
  auto const device = gate.with_serial(request.word("serial"));
  if (device == 0)
    return fail(Errc::not_found, "device.unknown", {fmt::format("没有序列号为 {} 的设备。", request.word("serial")), fmt::format("There is no device with the serial number {}.", request.word("serial"))}, "SERIAL");
  devices::WantedCredential wanted{.kind = devices::credential_kind_from(request.word("kind")).value_or(devices::CredentialKind::token)};
  if (auto const hours = request.word("overlap_hours"); !hours.empty()) wanted.overlap = std::chrono::milliseconds(std::atoll(hours.c_str()) * ms_per_hour);
  ZHILI_TRY(auto const issued, desk.issue(device, wanted, std::string(at_this_machine)));
  return boost::json::serialize(object{{"user", issued.user}, {"secret", issued.secret}});
}

}  // namespace

bool about_devices(ControlRequest const& request) { return request.what.starts_with("device_"); }

core::Result<std::string> Devices::do_control(ControlRequest const& request) {
  if (request.what == "device_list") return list_devices(request, parts_.db, *watch_);
  if (request.what == "device_add") return add_device(request, *desk_);
  if (request.what == "device_import") return import_devices(request, *desk_);
  if (request.what == "device_token") return give_credential(request, *desk_, *gate_);
  return fail(Errc::invalid, "control.what", {"不认识的请求。", "An unknown request."}, "what");
}

}  // namespace zhili::app
