#include <fmt/format.h>

#include "assure/reports/canvas.hpp"
#include "web/reports/reports.hpp"

namespace zhili::web {

namespace {

namespace reports = assure::reports;
using core::Lang;
using reports::escaped;

constexpr std::size_t feed_entries_max = 50;

/// Where this request reached us: a reader of feeds wants whole addresses.
std::string origin(Request const& request) {
  return fmt::format("{}://{}", request.secure ? "https" : "http", request.headers.get("Host").value_or("localhost"));
}

core::Result<Response> feed(Request const& request, ApiParts const& parts) {
  ZHILI_TRY(auto const published, parts.db->read([](store::Reader& r) { return reports::Desk::list(r, false, {}, 0, feed_entries_max); }));
  auto const lang = request.lang();
  auto const base = escaped(origin(request));
  auto const updated = published.empty() ? core::from_ms(0) : published.front().changed_at;
  auto out = fmt::format(R"(<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{}"><title>{} · {}</title><id>{}/feeds/reports.atom</id><link rel="self" href="{}/feeds/reports.atom"/><updated>{}</updated>)",
                         lang == Lang::zh ? "zh-CN" : "en", escaped(core::in(lang, parts.installation->name)), lang == Lang::zh ? "报告" : "Reports", base, base, core::to_iso(updated));
  for (auto const& report : published)
    out += fmt::format(R"(<entry><title>{} {}</title><id>{}/reports/{}</id><link href="{}/reports/{}"/><updated>{}</updated><author><name>{}</name></author></entry>)",
                       escaped(core::in(lang, report.title)), escaped(core::in(lang, report.subtitle)), base, report.id, base, report.id, core::to_iso(report.changed_at),
                       escaped(core::in(lang, parts.installation->name)));
  return Response{.type = "application/atom+xml; charset=utf-8", .body = out + "</feed>"};
}

}  // namespace

void mount_report_feed(Router& router, ApiParts const& parts) {
  router.get("/feeds/reports.atom", [parts](Request const& request) {
    auto out = feed(request, parts);
    return out ? std::move(*out) : Response::problem(out.error());
  });
}

}  // namespace zhili::web
