#include <fmt/format.h>

#include <iterator>

#include "assure/reports/canvas.hpp"

namespace zhili::assure::reports {

namespace {

/// Of a page of its own. Inside the application the application's own style speaks.
constexpr std::string_view style = R"css(
:root{color-scheme:light}
body{margin:0;background:#f3f0e9;color:#1c1f23;font:15px/1.6 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif}
.report{max-width:50rem;margin:2rem auto;padding:3rem 3.5rem;background:#fff;box-shadow:0 1px 2px #1c1f2310,0 6px 20px #1c1f2312;font-variant-numeric:tabular-nums}
@media (max-width:40rem){.report{margin:0;padding:1.25rem}}
@media print{body{background:#fff}.report{box-shadow:none;margin:0;padding:0;max-width:none}}
.report header{border-top:3px solid #b3312f;padding-top:1rem;margin-bottom:1.5rem}
.report h1{font-family:"Songti SC","Noto Serif CJK SC",Georgia,serif;font-size:1.9rem;line-height:1.3;margin:0}
.report .period{color:#565b61;margin:.25rem 0 0}
.report h2{font-family:"Songti SC","Noto Serif CJK SC",Georgia,serif;font-size:1.2rem;margin:2rem 0 .5rem;padding-bottom:.3rem;border-bottom:1px solid #1c1f23}
.report .comment{margin:1rem 0;padding:.6rem 1rem;border-left:3px solid #b3312f;background:#faf7f2;white-space:pre-line}
.report a{color:#2b5c8a;text-underline-offset:.2em}
.report .key{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:1rem;margin:1rem 0;padding:0}
.report .key div{border-top:2px solid #2b5c8a;padding-top:.4rem}
.report .key dt{color:#565b61;font-size:.875rem}
.report .key dd{margin:0;font-size:1.7rem;line-height:1.2}
.report .key dd+dd{font-size:.8125rem;color:#565b61;line-height:1.4}
.report .key a{color:inherit;text-decoration-thickness:1px}
.report figure{margin:1.25rem 0}
.report figcaption,.report caption{text-align:left;font-weight:600;padding-bottom:.35rem;caption-side:top}
.report .scroll{overflow-x:auto}
.report table{border-collapse:collapse;width:100%;font-size:.9rem}
.report th,.report td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dedad2;vertical-align:top}
.report th{font-weight:600;border-top:1px solid #1c1f23;border-bottom:1px solid #1c1f23}
.report .n{text-align:right;white-space:nowrap}
.report tfoot td{font-weight:600;border-bottom:1px solid #1c1f23}
.report svg{display:block;width:100%;height:auto}
.report svg a:hover rect,.report svg a:hover path,.report svg a:focus rect{opacity:.75}
.report .notes,.report .under{font-size:.8125rem;color:#565b61}
.report .notes{margin-top:2.5rem;padding:.75rem 0 0;border-top:1px solid #dedad2;list-style:none}
)css";

class Html {
 public:
  explicit Html(Lang lang) : lang_(lang) {}

  std::string article(Document const& d) {
    add(R"(<article class="report" lang="{}"><header><h1>{}</h1><p class="period">{}</p><p class="period">{}</p></header>)",
        lang_ == Lang::zh ? "zh-CN" : "en", text(d.title), text(d.subtitle), text(d.issuer));
    if (!d.comment.zh.empty()) add(R"(<p class="comment">{}</p>)", text(d.comment));
    for (auto const& block : d.blocks) std::visit([this](auto const& one) { write(one); }, block);
    out_ += R"(<ul class="notes">)";
    for (auto const& note : d.notes) add("<li>{}</li>", text(note));
    out_ += "</ul></article>";
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> form, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), form, std::forward<Args>(args)...);
  }
  std::string text(Text const& both) const { return escaped(core::in(lang_, both)); }
  static std::string linked(std::string const& inside, std::string const& link) {
    return link.empty() ? inside : fmt::format(R"(<a href="{}">{}</a>)", escaped(link), inside);
  }

  void write(Heading const& b) { add("<h2>{}</h2>", text(b.text)); }
  void write(Paragraph const& b) {
    out_ += "<p>";
    for (auto const& run : lang_ == Lang::zh ? b.zh : b.en) out_ += linked(escaped(run.words), run.link);
    out_ += "</p>";
  }
  void write(FigureRow const& b) {
    out_ += R"(<dl class="key">)";
    for (auto const& f : b.figures) {
      add("<div><dt>{}</dt><dd>{}</dd>", text(f.label), linked(text(f.value), f.link));
      if (!f.change.zh.empty()) add("<dd>{}</dd>", text(f.change));
      out_ += "</div>";
    }
    out_ += "</dl>";
  }
  void cells(Row const& row, std::vector<Column> const& columns) {
    for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i)
      add("<td{}>{}</td>", columns[i].number ? R"( class="n")" : "", linked(text(row[i].text), row[i].link));
  }
  void write(Table const& b) {
    add(R"(<figure><div class="scroll" tabindex="0" role="region" aria-label="{0}"><table><caption>{0}</caption><thead><tr>)", text(b.title));
    for (auto const& column : b.columns) add(R"(<th scope="col"{}>{}</th>)", column.number ? R"( class="n")" : "", text(column.title));
    out_ += "</tr></thead><tbody>";
    for (std::size_t i = 0; i < b.rows.size() && i < html_rows_max; ++i) {
      out_ += "<tr>";
      cells(b.rows[i], b.columns);
      out_ += "</tr>";
    }
    out_ += "</tbody>";
    if (!b.total.empty()) {
      out_ += "<tfoot><tr>";
      cells(b.total, b.columns);
      out_ += "</tr></tfoot>";
    }
    out_ += "</table></div>";
    if (b.rows.size() > html_rows_max)
      add(R"(<p class="under">{}</p>)", lang_ == Lang::zh ? fmt::format("共 {} 行，这里是前 {} 行；全部在 XLSX 中。", b.rows.size(), html_rows_max)
                                                          : fmt::format("{} rows; these are the first {}. All of them are in the XLSX.", b.rows.size(), html_rows_max));
    if (!b.note.zh.empty()) add(R"(<p class="under">{}</p>)", text(b.note));
    out_ += "</figure>";
  }
  void write(Chart const& b) { add("<figure><figcaption>{}</figcaption>{}</figure>", text(b.title), to_svg(b, lang_)); }
  void write(Map const& b) { add("<figure><figcaption>{}</figcaption>{}</figure>", text(b.title), to_svg(b, lang_)); }

  Lang lang_;
  std::string out_;
};

std::string ink_style() {
  std::string out;
  for (std::size_t i = 0; i < ink_count; ++i) {
    auto const ink = static_cast<Ink>(i);
    auto const c = colour_of(ink);
    auto const part = [](double x) { return static_cast<int>(x * 255 + 0.5); };
    fmt::format_to(std::back_inserter(out), ".fill-{0}{{fill:#{1:02x}{2:02x}{3:02x}}}.edge-{0}{{stroke:#{1:02x}{2:02x}{3:02x}}}", name(ink), part(c.red), part(c.green), part(c.blue));
  }
  return out;
}

}  // namespace

std::string to_html_part(Document const& document, Lang lang) { return Html(lang).article(document); }

std::string to_html(Document const& document, Lang lang) {
  return fmt::format(
      R"(<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{}</title><style>{}{}</style></head><body><main>{}</main></body></html>)",
      lang == Lang::zh ? "zh-CN" : "en", escaped(core::in(lang, document.title)), style, ink_style(), to_html_part(document, lang));
}

}  // namespace zhili::assure::reports
