#include "web/assets.hpp"

#include <algorithm>
#include <fstream>

#include "store/digest.hpp"
#include "web/transport/ascii.hpp"
#include "web/transport/negotiate.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

constexpr int asset_gzip_level = 9;
constexpr std::size_t tag_digits = 32;
constexpr std::size_t content_name_least = 8;
constexpr std::string_view keep_for_ever = "public, max-age=31536000, immutable";
constexpr std::string_view ask_each_time = "no-cache";

std::string_view asset_type(std::string_view extension) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"webp", "image/webp"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"txt", "text/plain; charset=utf-8"},
      {"pbf", "application/x-protobuf"},
      {"wasm", "application/wasm"}};
  for (auto const& [known, type] : types)
    if (known == extension) return type;
  return "application/octet-stream";
}

std::string_view extension_of(std::string_view path) {
  auto const dot = path.rfind('.');
  auto const slash = path.rfind('/');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  return path.substr(dot + 1);
}

/// As the build names them: "assets/main-Bx3kfd01.js".
bool is_named_by_content(std::string_view path) {
  auto const dot = path.rfind('.');
  auto const dash = path.find('-');
  return path.starts_with("assets/") && dash < dot && dot != std::string_view::npos &&
         dot - dash > content_name_least;
}

bool is_interface(std::string_view path) {
  auto const first = path.substr(0, path.find('/'));
  for (std::string_view const name : {"api", "open311", "tiles", "photos", "health", "metrics", "assets"})
    if (first == name) return true;
  return false;
}

Response serve_asset(Assets::File const& file, Request const& request) {
  bool const packed = file.packed && accepts_gzip(request.headers.get("accept-encoding").value_or(""));
  Response response{.type = file.type, .shared = packed ? file.packed : file.plain};
  response.headers.add("ETag", "\"" + file.tag + (packed ? "-gz\"" : "\""));
  response.headers.add("Cache-Control",
                       std::string(file.is_named_by_content ? keep_for_ever : ask_each_time));
  if (file.packed) response.headers.add("Vary", "Accept-Encoding");
  // "identity" keeps the transport from packing again what the client wants as it is.
  response.headers.add("Content-Encoding", packed ? "gzip" : "identity");
  return response;
}

}  // namespace

void Assets::add(std::string path, std::string bytes) {
  File file;
  file.type = asset_type(extension_of(path));
  file.tag = store::to_hex(store::sha256(bytes)).substr(0, tag_digits);
  file.is_named_by_content = is_named_by_content(path);
  auto packed = gzip(bytes, asset_gzip_level);
  constexpr std::size_t tenth = 10;
  if (!packed.empty() && packed.size() + bytes.size() / tenth < bytes.size())
    file.packed = std::make_shared<std::string const>(std::move(packed));
  file.plain = std::make_shared<std::string const>(std::move(bytes));
  files_.insert_or_assign(std::move(path), std::move(file));
}

core::Result<Assets> Assets::load(std::filesystem::path const& folder) {
  std::error_code failed;
  Assets out;
  auto const entries = std::filesystem::recursive_directory_iterator(folder, failed);
  if (failed) {
    return fail(
        Errc::not_found, "assets.folder",
        {"找不到网页文件夹：" + folder.string(), "There is no folder of web pages: " + folder.string()}, {},
        failed.message());
  }
  for (auto const& entry : entries) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
      return fail(Errc::unavailable, "assets.file",
                  {"无法读取网页文件：" + entry.path().string(),
                   "A file of the web pages cannot be read: " + entry.path().string()});
    }
    out.add(std::filesystem::relative(entry.path(), folder).generic_string(), std::move(bytes));
  }
  return out;
}

Assets::File const* Assets::find(std::string_view path) const {
  auto const found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

void mount_assets(Router& router, std::shared_ptr<Assets const> assets) {
  router.get("/{path...}", [assets = std::move(assets)](Request const& request) {
    auto const path = request.param("path");
    if (auto const* const file = assets->find(path)) return serve_asset(*file, request);
    auto const* const application = assets->find("index.html");
    if (application != nullptr && extension_of(path).empty() && !is_interface(path))
      return serve_asset(*application, request);
    return Response::problem({Errc::not_found,
                              "http.not_found",
                              {"没有这个网址：" + request.path, "There is nothing at " + request.path}});
  });
}

}  // namespace zhili::web
