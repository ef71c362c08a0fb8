#include "web/assets/assets.hpp"

#include <boost/json.hpp>

extern "C" char const zhili_assets_begin[];
extern "C" char const zhili_assets_end[];

namespace zhili::web {

namespace {

constexpr std::string_view magic = "ZHILI-ASSETS-1\n";
constexpr std::string_view app_policy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

std::shared_ptr<std::string const> part(std::string_view bytes, std::int64_t at, std::int64_t size) {
  if (size == 0) return nullptr;
  return std::make_shared<std::string const>(bytes.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(size)));
}

/// true for names like index-B3xk9_aQ.js: their content never changes.
bool hashed(std::string_view path) { return path.starts_with("/assets/"); }

Response answer(Request const& request, Asset const& asset, std::string_view path) {
  Response out{.type = asset.type, .shared = asset.plain};
  out.headers.add("ETag", asset.etag);
  out.headers.add("Cache-Control", hashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
  if (asset.type.starts_with("text/html")) out.headers.add("Content-Security-Policy", std::string(app_policy));
  auto const accepts = request.headers.get("Accept-Encoding").value_or("");
  if (asset.gzip && accepts.find("gzip") != std::string_view::npos) {
    out.shared = asset.gzip;
    out.headers.add("Content-Encoding", "gzip");
    out.headers.add("Vary", "Accept-Encoding");
  }
  return out;
}

}  // namespace

Assets carried_assets() {
  std::string_view all(zhili_assets_begin, static_cast<std::size_t>(zhili_assets_end - zhili_assets_begin));
  if (!all.starts_with(magic)) return {};
  all.remove_prefix(magic.size());
  auto const line = all.find('\n');
  auto const index = boost::json::parse(boost::json::string_view(all.data(), line));
  auto const bytes = all.substr(line + 1);
  Assets out;
  for (auto const& value : index.as_array()) {
    auto const& o = value.as_object();
    Asset asset{.type = std::string(o.at("type").as_string()),
                .etag = '"' + std::string(o.at("etag").as_string()) + '"',
                .plain = part(bytes, o.at("at").as_int64(), o.at("size").as_int64()),
                .gzip = part(bytes, o.at("gzip_at").as_int64(), o.at("gzip_size").as_int64())};
    if (!asset.plain) asset.plain = std::make_shared<std::string const>();
    out.emplace(std::string(o.at("path").as_string()), std::move(asset));
  }
  return out;
}

void mount_assets(Router& router, std::shared_ptr<Assets const> assets) {
  router.get("/{path...}", [assets](Request const& request) {
    auto const path = "/" + std::string(request.param("path"));
    if (auto const found = assets->find(path); found != assets->end()) return answer(request, found->second, path);
    // A path with an ending is a file that is not there; any other is a page of the application.
    auto const index = assets->find("/index.html");
    if (index == assets->end() || path.rfind('.') > path.rfind('/') + 1)
      return Response::problem({core::Errc::not_found, "path.unknown",
                                {"没有这个页面。", assets->empty() ? "There is no such page; this program was built without the web application."
                                                                    : "There is no such page."}});
    return answer(request, index->second, "/index.html");
  });
}

}  // namespace zhili::web
