#include <fmt/format.h>

#include <list>
#include <mutex>

#include "assure/reports/document.hpp"
#include "web/form.hpp"
#include "web/reports/reports.hpp"

namespace zhili::web {

namespace {

namespace reports = assure::reports;
using reports::Lang;

/// Files that were made last are kept, so that a published report is not set anew for every reader.
constexpr std::size_t kept_files_max = 16;
constexpr std::size_t kept_file_bytes_max = 4 << 20;

enum class Paper : std::uint8_t { html, part, pdf, xlsx, json };

/// Makes files, one at a time: a crowd that opens a report takes one processor and not all of them. Thread-safe.
class Files {
 public:
  core::Result<std::shared_ptr<std::string const>> file(reports::Version const& version, Paper form, Lang lang, std::string const& address) {
    auto const key = fmt::format("{} {} {}", version.digest, static_cast<int>(form), static_cast<int>(lang));
    std::scoped_lock const lock(mutex_);
    for (auto at = kept_.begin(); at != kept_.end(); ++at) {
      if (at->first != key) continue;
      kept_.splice(kept_.begin(), kept_, at);
      return kept_.front().second;
    }
    ZHILI_TRY(auto made, make(version, form, lang, address));
    auto out = std::make_shared<std::string const>(std::move(made));
    if (out->size() > kept_file_bytes_max) return out;
    kept_.emplace_front(key, out);
    if (kept_.size() > kept_files_max) kept_.pop_back();
    return out;
  }

 private:
  static core::Result<std::string> make(reports::Version const& version, Paper form, Lang lang, std::string const& address) {
    if (form == Paper::json) return version.document;
    ZHILI_TRY(auto const document, reports::document_from(version.document));
    switch (form) {
      case Paper::html: return reports::to_html(document, lang);
      case Paper::part: return reports::to_html_part(document, lang);
      case Paper::pdf: return reports::to_pdf(document, lang, address);
      case Paper::xlsx:
      case Paper::json: break;
    }
    return reports::to_xlsx(document, lang);
  }

  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<std::string const>>> kept_;  // the last one asked for first
};

struct Kind {
  Paper form;
  std::string_view end;
  std::string_view type;
};
constexpr Kind kinds[] = {{Paper::html, "html", "text/html; charset=utf-8"},
                          {Paper::pdf, "pdf", "application/pdf"},
                          {Paper::xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                          {Paper::json, "json", "application/json"}};

core::Result<Response> file(Call const& call, ReportParts const& parts, Files& files, Kind const& kind) {
  auto const caller = caller_if_any(call.request, parts);
  auto const number = call.path.integer("version").value_or(0);
  auto const lang = call.query.text("lang") == "en" ? Lang::en : call.query.text("lang") == "zh" ? Lang::zh : call.request.lang();
  reports::Report report;
  ZHILI_TRY(auto const version, parts.people.api.db->read([&](store::Reader& r) -> core::Result<reports::Version> {
    ZHILI_TRY(report, report_of(r, call));
    auto kept = may_see(r, report, number, caller) ? reports::Desk::version(r, report.id, number) : std::nullopt;
    if (!kept) return no_such_report();
    return std::move(*kept);
  }));
  auto const form = kind.form == Paper::html && call.query.flag("part") ? Paper::part : kind.form;
  ZHILI_TRY(auto const bytes, files.file(version, form, lang, parts.people.api.installation->address));
  Response out{.type = std::string(kind.type), .shared = bytes};
  out.headers.add("ETag", fmt::format("\"{}-{}-{}\"", version.digest.substr(0, 24), static_cast<int>(form), lang == Lang::zh ? "zh" : "en"));
  out.headers.add("Cache-Control", "private, no-cache");
  if (kind.form == Paper::pdf || kind.form == Paper::xlsx) {
    auto const name = fmt::format("{} {}.{}", core::in(lang, report.title), core::in(lang, report.subtitle), kind.end);
    out.headers.add("Content-Disposition", fmt::format("attachment; filename=\"report-{}-{}.{}\"; filename*=UTF-8''{}", report.id, number, kind.end, percent_encode(name)));
  }
  return out;
}

}  // namespace

void mount_report_files(Operations& operations, ReportParts const& parts) {
  using namespace shape;
  auto const files = std::make_shared<Files>();
  for (auto const& kind : kinds) {
    std::vector<Field> query{optional("lang", choice({"zh", "en"}), {"语言；不写按 Accept-Language", "The language; Accept-Language if left out"})};
    if (kind.form == Paper::html) query.push_back(optional("part", flag(), {"只要 <article>，放进别的页面", "Only the <article>, for another page"}));
    auto id = "getReport" + std::string(kind.end);
    id[9] = static_cast<char>(id[9] - 'a' + 'A');
    operations.add({.id = std::move(id), .method = Method::get, .pattern = fmt::format("/api/v1/reports/{{id}}/{{version}}.{}", kind.end),
                    .summary = {fmt::format("一版报告，{}", kind.end), fmt::format("A version of a report as {}", kind.end)}, .who = everybody(),
                    .path = {needed("id", integer(), {"报告编号", "Id of the report"}), needed("version", integer(), {"第几版", "Which version"})}, .query = std::move(query),
                    .good = {{.shape = anything(), .type = std::string(kind.type)}}},
                   [parts, files, kind](Call const& call) { return file(call, parts, *files, kind); });
  }
}

}  // namespace zhili::web
