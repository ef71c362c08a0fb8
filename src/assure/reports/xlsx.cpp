#include <fmt/format.h>

#include <charconv>

#include "assure/reports/document.hpp"
#include "sheet/sheet.hpp"

namespace zhili::assure::reports {

namespace {

using sheet::Sheet;

/// A cell of a number column as a number where it is one: "1,234" and "85.2%" are for people.
sheet::Value value_of(std::string const& shown, bool number) {
  if (!number) return shown;
  std::string plain;
  for (auto const c : shown)
    if (c != ',' && c != '%') plain += c;
  double out = 0;
  auto const [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), out);
  if (plain.empty() || error != std::errc{} || end != plain.data() + plain.size()) return shown;
  if (shown.ends_with('%')) return out / 100;
  if (plain.find('.') == std::string::npos) return static_cast<std::int64_t>(out);
  return out;
}

/// A column whose numbers are all shares is shown as shares.
sheet::Form form_of(Table const& table, std::size_t column) {
  if (!table.columns[column].number) return sheet::Form::plain;
  for (auto const& row : table.rows)
    if (column < row.size() && !row[column].text.zh.empty()) return row[column].text.zh.ends_with('%') ? sheet::Form::share : sheet::Form::plain;
  return sheet::Form::plain;
}

std::vector<sheet::Value> values_of(Row const& row, std::vector<Column> const& columns, Lang lang) {
  std::vector<sheet::Value> out;
  for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i)
    out.push_back(row[i].text.zh.empty() ? sheet::Value{} : value_of(core::in(lang, row[i].text), columns[i].number));
  return out;
}

Sheet sheet_of(Table const& table, Lang lang) {
  Sheet out{.name = core::in(lang, table.title), .columns = {}, .rows = {}};
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    out.columns.push_back({core::in(lang, table.columns[i].title), form_of(table, i), table.columns[i].number ? 12.0 : 24.0});
  out.rows.reserve(table.rows.size() + 1);
  for (auto const& row : table.rows) out.rows.push_back(values_of(row, table.columns, lang));
  if (!table.total.empty()) out.rows.push_back(values_of(table.total, table.columns, lang));
  return out;
}

Sheet sheet_of(Chart const& chart, Lang lang) {
  Sheet out{.name = core::in(lang, chart.title), .columns = {{"", sheet::Form::plain, 24}}, .rows = {}};
  for (auto const& series : chart.series) out.columns.push_back({core::in(lang, series.name)});
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    auto& row = out.rows.emplace_back();
    row.emplace_back(core::in(lang, chart.labels[i]));
    for (auto const& series : chart.series) row.push_back(value_of(core::in(lang, series.shown[i]), true));
  }
  return out;
}

/// The figures that stand for themselves, and how everything was counted.
Sheet first_sheet(Document const& document, Lang lang) {
  bool const zh = lang == Lang::zh;
  Sheet out{.name = zh ? "指标" : "Figures",
            .notes = {core::in(lang, document.title), core::in(lang, document.subtitle), core::in(lang, document.issuer)},
            .columns = {{zh ? "指标" : "Figure", sheet::Form::plain, 24}, {zh ? "数值" : "Value"}, {zh ? "变化" : "Change", sheet::Form::plain, 30}},
            .rows = {}};
  for (auto const& note : document.notes) out.notes.push_back(core::in(lang, note));
  for (auto const& block : document.blocks)
    if (auto const* row = std::get_if<FigureRow>(&block))
      for (auto const& f : row->figures)
        out.rows.push_back({core::in(lang, f.label), core::in(lang, f.value), core::in(lang, f.change)});
  return out;
}

}  // namespace

core::Result<std::string> to_xlsx(Document const& document, Lang lang) {
  std::vector<Sheet> sheets{first_sheet(document, lang)};
  for (auto const& block : document.blocks) {
    if (auto const* table = std::get_if<Table>(&block)) sheets.push_back(sheet_of(*table, lang));
    if (auto const* chart = std::get_if<Chart>(&block)) sheets.push_back(sheet_of(*chart, lang));
  }
  // A workbook takes no name twice, and templates may.
  for (std::size_t i = 0; i < sheets.size(); ++i) sheets[i].name = fmt::format("{} {}", i + 1, sheets[i].name);
  return sheet::xlsx(sheets, document.as_of);
}

}  // namespace zhili::assure::reports
