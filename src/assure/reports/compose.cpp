#include "assure/reports/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace zhili::assure::reports {

namespace {

using catalogue::FigureUse;
using catalogue::ReportBlock;
using catalogue::ReportTemplate;
using catalogue::TextPiece;

Text both(std::string const& same) { return {same, same}; }

Text by_name(ReportBy by) {
  switch (by) {
    case ReportBy::area: return {"区域", "Area"};
    case ReportBy::item: return {"事项", "Item"};
    case ReportBy::group: return {"大类", "Class"};
    case ReportBy::department: return {"部门", "Department"};
    case ReportBy::day: return {"日期", "Day"};
    case ReportBy::none: break;
  }
  return {};
}

class Composer {
 public:
  Composer(ReportTemplate const& form, Subject const& subject, Figures& figures) : form_(form), subject_(subject), figures_(figures) {}

  Document all() {
    Document out;
    out.title = {subject_.area.zh + form_.name.zh, subject_.area.en + ": " + form_.name.en};
    out.subtitle = catalogue_period();
    if (!subject_.view.zh.empty()) {
      out.subtitle.zh += "　" + subject_.view.zh;
      out.subtitle.en += " · " + subject_.view.en;
    }
    out.issuer = subject_.city;
    out.as_of = subject_.as_of;
    out.seq = subject_.seq;
    for (auto const& block : form_.blocks)
      if (auto made = this->block(block)) out.blocks.push_back(std::move(*made));
    out.notes = notes();
    return out;
  }

 private:
  Text catalogue_period() const { return shown(form_.period, subject_.span, subject_.zone); }

  Span span_of(FigureUse::Period period) const {
    if (period == FigureUse::Period::before) return before(subject_.span, subject_.zone);
    if (period == FigureUse::Period::year_before) return year_before(subject_.span, subject_.zone);
    return subject_.span;
  }

  FigureWord const& about(std::string const& figure) {
    auto const [known, fresh] = words_.try_emplace(figure);
    if (fresh) known->second = figures_.word(figure);
    return known->second;
  }
  /// A value as people write it; what is hidden is remembered for the notes.
  Text written(Value const& value, Form form) {
    hid_ |= value.hidden;
    return both(shown(value.number, form));
  }

  std::optional<Block> block(ReportBlock const& b) {
    using Kind = ReportBlock::Kind;
    switch (b.kind) {
      case Kind::heading: return Heading{b.title};
      case Kind::text: return Paragraph{runs(b.text.zh, Lang::zh), runs(b.text.en, Lang::en)};
      case Kind::figures: return figure_row(b);
      case Kind::table: return table(b);
      case Kind::chart: return chart(b);
      case Kind::map: return map(b);
      case Kind::list: break;
    }
    return list(b);
  }

  // ---- words

  std::string word(std::string_view name, Lang lang) const {
    if (name == "city") return core::in(lang, subject_.city);
    if (name == "area") return core::in(lang, subject_.area);
    if (name == "period") return core::in(lang, catalogue_period());
    if (name == "before") return core::in(lang, shown(form_.period, span_of(FigureUse::Period::before), subject_.zone));
    return core::in(lang, moment_shown(subject_.as_of, subject_.zone));
  }

  std::vector<Run> runs(std::vector<TextPiece> const& pieces, Lang lang) {
    std::vector<Run> out;
    for (auto const& piece : pieces) {
      if (piece.figure) out.push_back(run(*piece.figure, lang));
      else if (!out.empty() && out.back().link.empty()) out.back().words += piece.word.empty() ? piece.words : word(piece.word, lang);
      else out.push_back({piece.word.empty() ? piece.words : word(piece.word, lang)});
    }
    return out;
  }

  Run run(FigureUse const& use, Lang lang) {
    auto const form = form_of(about(use.figure), use.part);
    auto const here = figures_.value(use.figure, use.part, use.as == FigureUse::As::change ? subject_.span : span_of(use.period));
    if (use.as == FigureUse::As::value) return {core::in(lang, written(here, form)), here.link};
    auto const other = figures_.value(use.figure, use.part, span_of(use.period));
    return {core::in(lang, change_shown(here.number, other.number, form)), other.link};
  }

  // ---- figures, tables, charts, maps

  FigureRow figure_row(ReportBlock const& b) {
    FigureRow out;
    for (auto const& code : b.figures) {
      auto const& [name, form, says] = about(code);
      auto const here = value(code, subject_.span);
      auto const change = change_shown(here.number, value(code, span_of(FigureUse::Period::before)).number, form);
      out.figures.push_back({name, written(here, form), {"较上期" + change.zh, change.en + " on the period before"}, here.link});
    }
    return out;
  }

  Value value(std::string const& figure, Span span) { return figures_.value(figure, FigurePart::value, span); }

  /// Values of further figures by the keys of the first one, which sets the order.
  struct Grid {
    std::vector<Group> first;
    std::vector<std::map<std::string, Value>> others;
  };
  Grid grid(ReportBlock const& b, std::size_t most) {
    Grid out{figures_.values(b.figures.front(), subject_.span, b.by, b.level), {}};
    for (std::size_t i = 1; i < b.figures.size(); ++i) {
      auto& values = out.others.emplace_back();
      for (auto& group : figures_.values(b.figures[i], subject_.span, b.by, b.level)) {
        if (std::ranges::find(out.first, group.key, &Group::key) == out.first.end())
          out.first.push_back({group.key, group.name, {}});
        values.emplace(group.key, std::move(group.value));
      }
    }
    rest_ = out.first.size() > most ? out.first.size() - most : 0;
    if (rest_ > 0) out.first.resize(most);
    return out;
  }
  Value at(Grid const& grid, std::size_t row, std::size_t figure) const {
    if (figure == 0) return grid.first[row].value;
    auto const& values = grid.others[figure - 1];
    auto const found = values.find(grid.first[row].key);
    return found == values.end() ? Value{} : found->second;
  }

  Cell cell(Value const& value, Form form) {
    if (!value.number && !value.hidden && form == Form::count) return {both("0")};
    return {written(value, form), value.link};
  }

  Table table(ReportBlock const& b) {
    Table out{.title = b.title, .columns = {{by_name(b.by), false}}, .rows = {}};
    for (auto const& code : b.figures) out.columns.push_back({about(code).name, true});
    auto const all = grid(b, b.most > 0 ? static_cast<std::size_t>(b.most) : b.by == ReportBy::day ? 400 : table_rows_default);
    for (std::size_t r = 0; r < all.first.size(); ++r) {
      Row row{{all.first[r].name}};
      for (std::size_t f = 0; f < b.figures.size(); ++f) row.push_back(cell(at(all, r, f), about(b.figures[f]).form));
      out.rows.push_back(std::move(row));
    }
    out.total.push_back({{"合计", "All"}});
    for (auto const& code : b.figures) out.total.push_back(cell(value(code, subject_.span), about(code).form));
    if (rest_ > 0) out.note = {fmt::format("另有 {} 行未列出，计入合计。", rest_), fmt::format("{} further rows are not shown; the last line counts them.", rest_)};
    return out;
  }

  Chart chart(ReportBlock const& b) {
    Chart out{.title = b.title, .labels = {}, .series = {}};
    bool const days = b.by == ReportBy::day;
    out.shape = !days ? Chart::Shape::bars : b.line ? Chart::Shape::line : Chart::Shape::columns;
    auto const all = grid(b, days ? 400 : b.most > 0 ? static_cast<std::size_t>(b.most) : chart_bars_default);
    for (auto const& group : all.first) out.labels.push_back(group.name);
    for (std::size_t f = 0; f < b.figures.size(); ++f) {
      auto const& [name, form, says] = about(b.figures[f]);
      Series series{.name = name, .values = {}, .shown = {}, .links = {}};
      for (std::size_t r = 0; r < all.first.size(); ++r) {
        auto const here = at(all, r, f);
        series.values.push_back(here.number.value_or(0));
        series.shown.push_back(cell(here, form).text);
        series.links.push_back(here.link);
      }
      out.series.push_back(std::move(series));
    }
    return out;
  }

  std::optional<Block> map(ReportBlock const& b) {
    auto const& [name, form, says] = about(b.figures.front());
    Map out{.title = b.title, .legend = name, .regions = {}};
    std::map<std::string, Value> values;
    for (auto& group : figures_.values(b.figures.front(), subject_.span, ReportBy::area, b.level)) values.emplace(group.key, std::move(group.value));
    for (auto& shape : figures_.shapes(b.level)) {
      auto const& here = values[shape.key];
      out.regions.push_back({shape.name, std::move(shape.rings), here.number.value_or(0), cell(here, form).text, here.link});
    }
    if (out.regions.empty()) return std::nullopt;  // a city without shapes has no map
    for (auto const place : figures_.list(ReportList::late, subject_.span, 500).places) out.marks.push_back({place});
    out.marks_legend = {"在办超期", "Overdue"};
    return out;
  }

  Table list(ReportBlock const& b) {
    auto const most = std::min(b.most > 0 ? static_cast<std::size_t>(b.most) : table_rows_default, list_rows_max);
    auto listed = figures_.list(b.list, subject_.span, most);
    Table out{.title = b.title, .columns = std::move(listed.columns), .rows = std::move(listed.rows)};
    auto const left = listed.all - static_cast<std::int64_t>(out.rows.size());
    if (out.rows.empty()) out.note = {"没有这样的案卷。", "There are none."};
    else if (left > 0) out.note = {fmt::format("共 {} 条，列出 {} 条。", listed.all, out.rows.size()), fmt::format("{} in all; {} are listed.", listed.all, out.rows.size())};
    return out;
  }

  // ---- how it was counted

  void name_figures(ReportBlock const& b, std::vector<std::string>& into) const {
    auto const add = [&](std::string const& code) {
      if (std::ranges::find(into, code) == into.end()) into.push_back(code);
    };
    for (auto const& code : b.figures) add(code);
    for (auto const* pieces : {&b.text.zh, &b.text.en})
      for (auto const& piece : *pieces)
        if (piece.figure) add(piece.figure->figure);
  }

  std::vector<Text> notes() {
    auto const moment = moment_shown(subject_.as_of, subject_.zone);
    std::vector<Text> out{{fmt::format("数据截至 {}（台账第 {} 条）；此后的变化不计入。", moment.zh, subject_.seq),
                           fmt::format("As of {} (ledger entry {}); what came later is not counted.", moment.en, subject_.seq)}};
    std::vector<std::string> named;
    for (auto const& block : form_.blocks) name_figures(block, named);
    for (auto const& code : named) {
      auto const& [name, form, says] = about(code);
      out.push_back({name.zh + "：" + says.zh + "。", name.en + ": " + says.en + "."});
    }
    if (hid_) out.push_back({"“–”是没有可算的，或件数太少、不公布。", "\"–\": nothing to count, or too few to be published."});
    out.push_back({"不向公众公开的案卷不计入。", "Cases that are not shown to the public are not counted."});
    return out;
  }

  ReportTemplate const& form_;
  Subject const& subject_;
  Figures& figures_;
  std::map<std::string, FigureWord> words_;
  std::size_t rest_ = 0;
  bool hid_ = false;
};

}  // namespace

Document compose(ReportTemplate const& form, Subject const& subject, Figures& figures) { return Composer(form, subject, figures).all(); }

core::Result<Document> with_comment(Document document, Text comment) {
  if (comment.zh.size() > comment_bytes_max || comment.en.size() > comment_bytes_max)
    return core::fail(core::Errc::limit, "report.comment.long",
                      {fmt::format("按语最多 {} 字节。", comment_bytes_max), fmt::format("A comment has {} bytes at most.", comment_bytes_max)}, "comment");
  if (comment.zh.empty() != comment.en.empty())
    return core::fail(core::Errc::invalid, "report.comment.languages",
                      {"按语须有中文和英文，或都空着。", "A comment has both languages, or none."}, comment.zh.empty() ? "comment_zh" : "comment_en");
  document.comment = std::move(comment);
  return document;
}

}  // namespace zhili::assure::reports
