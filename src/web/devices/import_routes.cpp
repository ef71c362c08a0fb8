// Devices from a file: looked at first, then taken in while somebody watches.

#include <algorithm>
#include <boost/json.hpp>

#include "sense/devices/device_csv.hpp"
#include "web/api/view.hpp"
#include "web/devices/devices.hpp"
#include "web/devices/import_jobs.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

/// Of the lines that are wrong so many are shown; all of them stand in the file of results.
constexpr std::size_t wrong_lines_shown_max = 500;
constexpr std::size_t form_bytes_around_file = 64 * 1024;
constexpr std::size_t import_name_characters_max = 40;

object error_json(core::Error const& error) { return {{"code", error.key}, {"field", error.field}, {"detail", to_json(error.text)}}; }

object import_json(devices::Import const& import) {
  array wrong;
  for (auto const& line : import.lines) {
    if (line.fate != devices::LineFate::refused) continue;
    if (wrong.size() == wrong_lines_shown_max) break;
    auto one = error_json(line.error);
    one["line"] = line.line;
    wrong.push_back(std::move(one));
  }
  return {{"lines", import.lines.size()}, {"fits", import.fits}, {"there", import.there}, {"refused", import.refused}, {"written", import.written}, {"wrong", std::move(wrong)}};
}

core::Result<devices::ImportOptions> options_of(Input const& body) {
  devices::ImportOptions out;
  auto const mode = body.text("mode");
  out.mode = mode == "all" ? devices::ImportMode::all : mode == "good_lines" ? devices::ImportMode::good_lines : devices::ImportMode::preview;
  ZHILI_TRY(out.datum, core::datum_of(body.has("datum") ? body.text("datum") : "wgs84"));
  out.credentials = devices::credential_kind_from(body.text("credentials"));
  return out;
}

core::Result<Response> take(Call const& call, DeviceParts const& parts, ImportJobs& jobs) {
  auto const files = call.body.files("file");
  auto const file = files.empty() ? std::string_view() : files.front();
  ZHILI_TRY(auto options, options_of(call.body));
  auto const actor = call.caller().ref();
  if (options.mode == devices::ImportMode::preview) {
    ZHILI_TRY(auto const seen, parts.desk->import_csv(file, options, actor));
    return Response::json(boost::json::serialize(import_json(seen)));
  }
  ZHILI_TRY(auto const name, jobs.start(*parts.desk, std::string(file), std::move(options), actor, parts.people.api.time->now()));
  return Response::json(boost::json::serialize(object{{"import", name}}), 202);
}

core::Result<ImportJobs::Seen> job_of(Call const& call, DeviceParts const& parts, ImportJobs& jobs) {
  if (auto seen = jobs.find(call.path.text("import"), call.caller().ref(), parts.people.api.time->now())) return std::move(*seen);
  return core::fail(core::Errc::not_found, "device.import.unknown",
                    {"没有这次导入，或时间太久，或由另一个进程在做。再发一次同一个文件不会重复登记。", "There is no such import: it is long ago, or another process does it. Sending the same file again registers nothing twice."}, "import");
}

core::Result<Response> progress(Call const& call, DeviceParts const& parts, ImportJobs& jobs) {
  ZHILI_TRY(auto const seen, job_of(call, parts, jobs));
  object out{{"state", seen.running ? "running" : seen.result && *seen.result ? "done" : "failed"}, {"done", seen.done}, {"total", seen.total}, {"result", nullptr}, {"error", nullptr}};
  if (seen.result && *seen.result) out["result"] = import_json(**seen.result);
  else if (seen.result) out["error"] = error_json(seen.result->error());
  return private_json(boost::json::serialize(out));
}

core::Result<Response> result(Call const& call, DeviceParts const& parts, ImportJobs& jobs) {
  ZHILI_TRY(auto const seen, job_of(call, parts, jobs));
  if (!seen.result || !*seen.result) return core::fail(core::Errc::conflict, "device.import.running", {"还没有结果。", "There is no result yet."}, "import");
  Response out{.type = "text/csv; charset=utf-8", .body = devices::import_result_csv(**seen.result, call.request.lang())};
  out.headers.add("Cache-Control", "private, no-store");
  out.headers.add("Content-Disposition", "attachment; filename=\"devices.csv\"");
  return out;
}

}  // namespace

void mount_device_imports(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  auto const jobs = std::make_shared<ImportJobs>();
  auto const error = record("ImportError", {{"code", text()}, {"field", text()}, {"detail", both_languages()}});
  auto const wrong = record("WrongLine", {{"line", integer()}, {"code", text()}, {"field", text()}, {"detail", both_languages()}});
  auto const seen = record("DeviceImport", {{"lines", integer()}, {"fits", integer()}, {"there", integer(), {"早已登记", "Registered before"}}, {"refused", integer()}, {"written", flag()}, {"wrong", list(wrong)}});
  operations.add({.id = "importDevices", .method = Method::post, .pattern = "/api/v1/devices/import", .summary = {"用 CSV 文件登记设备：先预览，再导入", "Register devices from a CSV file: look first, then take them in"}, .who = device_keepers(true),
                  .body = {needed("file", list(shape::file(devices::csv_bytes_max), 1), {"CSV 文件", "the CSV file"}),
                           optional("mode", choice({"preview", "all", "good_lines"}), {"预览、要么全部要么不导、只导对的行；不写是预览", "Look only, all or nothing, or the good lines; look only if left out"}),
                           optional("datum", choice({"wgs84", "cgcs2000", "gcj02", "bd09"}), {"坐标的基准；不写是 WGS 84", "Datum of the coordinates; WGS 84 if left out"}),
                           optional("credentials", choice({"token", "mqtt"}), {"给每台新设备发一个凭证，写在结果文件里", "Give each new device a credential, in the file of results"})},
                  .body_format = BodyFormat::form, .good = {{.shape = seen}, {.status = 202, .shape = record("DeviceImportBegun", {{"import", text()}})}},
                  .options = {.body_bytes_max = devices::csv_bytes_max + form_bytes_around_file}},
                 [parts, jobs](Call const& call) { return take(call, parts, *jobs); });
  auto const name = needed("import", text(import_name_characters_max), {"导入的名字", "name of the import"});
  operations.add({.id = "getDeviceImport", .method = Method::get, .pattern = "/api/v1/devices/imports/{import}", .summary = {"导入到哪里了", "How far an import is"}, .who = device_keepers(true), .path = {name},
                  .good = {{.shape = record("DeviceImportProgress", {{"state", choice({"running", "done", "failed"})}, {"done", integer()}, {"total", integer()}, {"result", nullable(seen)}, {"error", nullable(error)}})}}},
                 [parts, jobs](Call const& call) { return progress(call, parts, *jobs); });
  operations.add({.id = "getDeviceImportResult", .method = Method::get, .pattern = "/api/v1/devices/imports/{import}/result", .summary = {"结果文件，含凭证；保存一小时", "The file of results with credentials; kept for an hour"}, .who = device_keepers(true), .path = {name},
                  .good = {{.shape = text(), .type = "text/csv"}}},
                 [parts, jobs](Call const& call) { return result(call, parts, *jobs); });
}

void mount_devices(Operations& operations, DeviceParts const& parts) {
  mount_device_lists(operations, parts);
  mount_device_keeping(operations, parts);
  mount_device_claims(operations, parts);
  mount_device_imports(operations, parts);
  mount_device_commands(operations, parts);
  mount_own_device(operations, parts);
  mount_series(operations, parts);
  mount_dashboards(operations, parts);
}

}  // namespace zhili::web
