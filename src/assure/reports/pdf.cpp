#include <fmt/format.h>

#include <algorithm>

#include "assure/reports/pdf_page.hpp"

namespace zhili::assure::reports {

namespace {

constexpr Style body{.size = 9.5, .leading = 1.7};
constexpr Style small_words{.size = 7.5, .ink = Ink::soft, .leading = 1.5};
constexpr Style caption{.size = 9.5, .bold = true};
constexpr Style cell_style{.size = 8, .leading = 1.4};
constexpr double cell_gap = 8;  // between columns
constexpr double row_air = 5;   // above and below the words of a row, together
constexpr double number_width_min = 46;
constexpr double number_width_max = 90;
constexpr std::size_t rows_looked_at = 200;  // for the widths of columns
constexpr double heading_height = 38;
constexpr double total_height = 20;

/// Sets one document, block by block.
class Setter {
 public:
  Setter(Document const& document, Lang lang, std::string const& address) : pages_(document, lang, address), lang_(lang) {}

  void all(Document const& d) {
    head(d);
    for (std::size_t i = 0; i < d.blocks.size(); ++i) {
      // A heading stands on the page of what it heads.
      if (std::holds_alternative<Heading>(d.blocks[i]) && i + 1 < d.blocks.size())
        pages_.need(std::min(heading_height + std::visit([this](auto const& next) { return least(next); }, d.blocks[i + 1]), paper::foot - paper::top));
      std::visit([this](auto const& one) { set(one); }, d.blocks[i]);
    }
    notes(d);
  }
  Pages& pages() { return pages_; }

 private:
  std::string const& in(Text const& text) const { return core::in(lang_, text); }

  void head(Document const& d) {
    pages_.fill(paper::side, paper::top - 10, 42, 3, Ink::mark);
    pages_.flow(in(d.title), {.size = 21, .face = Face::serif, .bold = true, .leading = 1.35}, paper::side, paper::text_width);
    pages_.down(2);
    pages_.flow(in(d.subtitle), {.size = 10.5, .ink = Ink::soft}, paper::side, paper::text_width);
    pages_.flow(in(d.issuer), {.size = 9, .ink = Ink::soft}, paper::side, paper::text_width);
    pages_.down(8);
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::ink, 0.8);
    pages_.down(12);
    if (d.comment.zh.empty()) return;
    auto const from = pages_.y();
    auto const page = pages_.page();
    pages_.flow(in(d.comment), {.size = 9.5, .face = Face::serif, .leading = 1.7}, paper::side + 12, paper::text_width - 12);
    if (page == pages_.page()) pages_.fill(paper::side, from, 2, pages_.y() - from, Ink::mark);
    pages_.down(10);
  }

  /// The height that the beginning of a block needs.
  double least(Heading const&) { return heading_height; }
  double least(Paragraph const&) { return 50; }
  double least(FigureRow const&) { return 70; }
  double least(Table const&) { return 100; }
  template <class Drawn>
  double least(Drawn const& b) {
    return draw(b, lang_, paper::text_width, nullptr) + 28;
  }

  void set(Heading const& b) {
    pages_.down(8);
    pages_.outline(in(b.text), true);
    pages_.flow(in(b.text), {.size = 13, .face = Face::serif, .bold = true}, paper::side, paper::text_width);
    pages_.down(2);
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::ink, 0.5);
    pages_.down(8);
  }

  void set(Paragraph const& b) {
    std::string words;
    std::vector<Pages::Linked> links;
    for (auto const& run : lang_ == Lang::zh ? b.zh : b.en) {
      if (!run.link.empty()) links.push_back({words.size(), words.size() + run.words.size(), run.link});
      words += run.words;
    }
    pages_.flow(words, body, paper::side, paper::text_width, links);
    pages_.down(6);
  }

  void set(FigureRow const& b) {
    if (b.figures.empty()) return;
    constexpr double gap = 12;
    auto const in_row = std::min<std::size_t>(b.figures.size(), 5);
    auto const width = (paper::text_width - gap * static_cast<double>(in_row - 1)) / static_cast<double>(in_row);
    for (std::size_t from = 0; from < b.figures.size(); from += in_row) {
      pages_.need(66);
      auto const y = pages_.y();
      double height = 0;
      for (std::size_t i = from; i < std::min(from + in_row, b.figures.size()); ++i) {
        auto const x = paper::side + (width + gap) * static_cast<double>(i - from);
        auto const& f = b.figures[i];
        pages_.fill(x, y, width, 1.6, Ink::first);
        auto at = y + 6;
        at += pages_.write({x, at}, in(f.label), {.size = 8.5, .ink = Ink::soft}, width);
        pages_.begin_link(f.link);
        at += pages_.write({x, at}, in(f.value), {.size = 19, .face = Face::serif, .bold = true, .leading = 1.3}, width);
        pages_.end_link();
        if (!f.change.zh.empty()) at += pages_.write({x, at + 1}, in(f.change), small_words, width);
        height = std::max(height, at - y);
      }
      pages_.down(height + 12);
    }
  }

  // ---- tables

  /// Number columns are as wide as their widest words, and not too narrow; the others share the rest by what they hold.
  std::vector<double> widths(Table const& table, std::size_t rows) {
    std::vector<double> out(table.columns.size(), 0);
    auto const look = [&](std::size_t i, std::string const& words, bool bold) {
      auto style = cell_style;
      style.bold = bold;
      auto const wide = table.columns[i].number ? pages_.natural_width(words, style) + 1 : width_of(words, style.size);
      out[i] = std::max(out[i], wide);
    };
    for (std::size_t i = 0; i < table.columns.size(); ++i) look(i, in(table.columns[i].title), true);
    auto const rows_seen = [&](Row const& row, bool bold) {
      for (std::size_t i = 0; i < row.size() && i < out.size(); ++i) look(i, in(row[i].text), bold);
    };
    for (std::size_t r = 0; r < std::min(rows, rows_looked_at); ++r) rows_seen(table.rows[r], false);
    rows_seen(table.total, true);
    double fixed = cell_gap * static_cast<double>(out.size() - 1);
    double free = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (table.columns[i].number) out[i] = std::clamp(out[i], number_width_min, number_width_max);
      (table.columns[i].number ? fixed : free) += out[i];
    }
    if (free > 0)
      for (std::size_t i = 0; i < out.size(); ++i)
        if (!table.columns[i].number) out[i] *= (paper::text_width - fixed) / free;
    return out;
  }

  double row_height(std::vector<std::string_view> const& words, std::vector<double> const& widths_of, Style const& style) {
    double height = 0;
    for (std::size_t i = 0; i < words.size(); ++i) height = std::max(height, pages_.measure(words[i], style, widths_of[i]));
    return height + row_air;
  }

  /// `cells`: whose links the words have; none for the head.
  void row(std::vector<std::string_view> const& words, Row const* cells, Table const& table, std::vector<double> const& widths_of, Style style, double height) {
    double x = paper::side;
    for (std::size_t i = 0; i < words.size(); ++i) {
      style.anchor = table.columns[i].number ? Anchor::end : Anchor::start;
      if (cells) pages_.begin_link((*cells)[i].link);
      pages_.write({x, pages_.y() + row_air / 2}, words[i], style, widths_of[i]);
      pages_.end_link();
      x += widths_of[i] + cell_gap;
    }
    pages_.down(height);
  }

  void table_head(Table const& table, std::vector<double> const& widths_of, bool again) {
    auto style = caption;
    if (!again) pages_.outline(in(table.title), false);
    pages_.down(pages_.write({paper::side, pages_.y()}, in(table.title) + (again ? (lang_ == Lang::zh ? "（续）" : " (continued)") : ""), style, paper::text_width));
    pages_.down(2);
    std::vector<std::string_view> titles;
    for (auto const& column : table.columns) titles.emplace_back(in(column.title));
    style = cell_style;
    style.bold = true;
    auto const height = row_height(titles, widths_of, style);
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::ink, 0.8);
    row(titles, nullptr, table, widths_of, style, height);
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::ink, 0.5);
  }

  std::vector<std::string_view> words_of(Row const& row_of) const {
    std::vector<std::string_view> out;
    for (auto const& cell : row_of) out.emplace_back(in(cell.text));
    return out;
  }

  void set(Table const& b) {
    if (b.columns.empty()) return;
    auto const rows = std::min(b.rows.size(), pdf_rows_max);
    auto const wide = widths(b, rows);
    pages_.down(4);
    pages_.need(90);
    table_head(b, wide, false);
    // The last line does not stand alone on a page.
    for (std::size_t r = 0; r < rows; ++r) body_row(b, b.rows[r], wide, cell_style, r + 1 == rows && !b.total.empty() ? total_height : 0);
    if (!b.total.empty()) {
      auto style = cell_style;
      style.bold = true;
      body_row(b, b.total, wide, style, 0);
    }
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::ink, 0.8);
    pages_.down(3);
    if (b.rows.size() > rows)
      under(lang_ == Lang::zh ? fmt::format("共 {} 行，这里是前 {} 行；全部在 XLSX 中。", b.rows.size(), rows)
                              : fmt::format("{} rows; these are the first {}. All of them are in the XLSX.", b.rows.size(), rows));
    if (!b.note.zh.empty()) under(in(b.note));
    pages_.down(12);
  }

  void body_row(Table const& b, Row const& cells, std::vector<double> const& wide, Style const& style, double after) {
    auto const words = words_of(cells);
    auto const height = row_height(words, wide, style);
    if (pages_.y() + height + after > paper::foot) {
      pages_.new_page();
      table_head(b, wide, true);
    }
    row(words, &cells, b, wide, style, height);
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::line, 0.4);
  }

  void under(std::string const& words) { pages_.flow(words, small_words, paper::side, paper::text_width); }

  // ---- drawings

  template <class Drawn>
  void drawing(Drawn const& b) {
    auto const height = draw(b, lang_, paper::text_width, nullptr);
    pages_.down(4);
    pages_.need(std::min(height + 24, paper::foot - paper::top));
    pages_.outline(in(b.title), false);
    pages_.down(pages_.write({paper::side, pages_.y()}, in(b.title), caption, paper::text_width) + 6);
    if (auto const canvas = pages_.canvas({paper::side, pages_.y()})) draw(b, lang_, paper::text_width, canvas.get());
    pages_.down(height + 12);
  }
  void set(Chart const& b) { drawing(b); }
  void set(Map const& b) { drawing(b); }

  void notes(Document const& d) {
    pages_.down(8);
    pages_.need(40);
    pages_.rule(paper::side, pages_.y(), paper::text_width, Ink::line, 0.5);
    pages_.down(6);
    for (auto const& note : d.notes) under(in(note));
  }

  Pages pages_;
  Lang lang_;
};

}  // namespace

core::Result<std::string> to_pdf(Document const& document, Lang lang, std::string const& address) {
  Setter setter(document, lang, address);
  if (!setter.pages().can_write(core::in(lang, document.title)))
    return core::fail(core::Errc::unavailable, "report.font",
                      {"这台机器没有能写这份报告的字体。请安装 fonts-noto-cjk。", "No font on this machine can write this report. Install fonts-noto-cjk."});
  setter.all(document);
  setter.pages().draw_from_the_beginning();
  setter.all(document);
  return setter.pages().done();
}

}  // namespace zhili::assure::reports
