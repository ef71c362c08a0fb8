#include "catalogue/report_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "catalogue/schema.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {

std::string_view name(ReportPeriod period) {
  switch (period) {
    case ReportPeriod::day: return "day";
    case ReportPeriod::week: return "week";
    case ReportPeriod::month: return "month";
    case ReportPeriod::special: break;
  }
  return "special";
}

namespace {

constexpr std::pair<std::string_view, ReportBy> bys[] = {{"area", ReportBy::area}, {"item", ReportBy::item},
                                                         {"group", ReportBy::group}, {"department", ReportBy::department},
                                                         {"day", ReportBy::day}};
constexpr std::pair<std::string_view, ReportList> lists[] = {{"longest_open", ReportList::longest_open},
                                                             {"late", ReportList::late},
                                                             {"repeated_places", ReportList::repeated_places},
                                                             {"cases", ReportList::cases}};
constexpr std::pair<std::string_view, ReportBlock::Kind> kinds[] = {
    {"heading", ReportBlock::Kind::heading}, {"text", ReportBlock::Kind::text},   {"figures", ReportBlock::Kind::figures},
    {"table", ReportBlock::Kind::table},     {"chart", ReportBlock::Kind::chart}, {"map", ReportBlock::Kind::map},
    {"list", ReportBlock::Kind::list}};

/// The value of a word that the schema has checked already.
template <class Value, std::size_t n>
Value among(std::pair<std::string_view, Value> const (&all)[n], std::string_view word) {
  auto const found = std::ranges::find(all, word, &std::pair<std::string_view, Value>::first);
  return found == std::end(all) ? Value{} : found->second;
}

/// A code as indicators have them.
bool is_code(std::string_view name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::string_view take_word(std::string_view& rest) {
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  auto const word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

bool read_option(std::string_view option, FigureUse& into) {
  if (option == "period=this") into.period = FigureUse::Period::here;
  else if (option == "period=before") into.period = FigureUse::Period::before;
  else if (option == "period=year_before") into.period = FigureUse::Period::year_before;
  else if (option == "as=value") into.as = FigureUse::As::value;
  else if (option == "as=change") into.as = FigureUse::As::change;
  else if (option == "part=numerator") into.part = FigurePart::numerator;
  else if (option == "part=denominator") into.part = FigurePart::denominator;
  else if (option == "part=excluded") into.part = FigurePart::excluded;
  else return false;
  return true;
}

class Reader {
 public:
  explicit Reader(Report& report) : report_(report) {}

  ReportBlock block(Node const& node) {
    ReportBlock out;
    for (auto const& [word, kind] : kinds) {
      Node const* const part = node.get(word);
      if (part == nullptr) continue;
      out.kind = kind;
      fill(out, *part);
      return out;
    }
    return out;  // the schema has said that it is none
  }

 private:
  void fill(ReportBlock& out, Node const& part) {
    using Kind = ReportBlock::Kind;
    if (out.kind == Kind::heading) out.title = read_text(&part);
    if (out.kind == Kind::text) out.text = {cut(part.get("zh")), cut(part.get("en"))};
    if (out.kind == Kind::figures) out.figures = figures(&part);
    if (out.kind < Kind::table) return;
    out.title = read_text(part.get("title"));
    out.figures = figures(part.get("figures"));
    if (Node const* const one = part.get("figure"); one != nullptr && one->is_scalar()) out.figures = {one->text};
    out.by = out.kind == Kind::map ? ReportBy::area : among(bys, part.str("by"));
    out.list = among(lists, part.str("of"));
    out.line = part.str("shape") == "line";
    out.level = part.str("level");
    if (Node const* const most = part.get("most")) out.most = static_cast<int>(read_count(*most).value_or(0));
  }

  std::vector<std::string> figures(Node const* list) {
    std::vector<std::string> out;
    if (list == nullptr || !list->is_list()) return out;
    for (auto const& one : list->children)
      if (one.is_scalar()) out.push_back(one.text);
    return out;
  }

  std::vector<TextPiece> cut(Node const* node) {
    if (node == nullptr || !node->is_scalar()) return {};
    return cut_text(node->text, [&](std::string_view inside) { unknown(*node, inside); });
  }

  void unknown(Node const& place, std::string_view said) {
    report_.at(place, "pack.report.brace", {fmt::format("报告的文字里没有“{{{}}}”", said), fmt::format("a text of a report knows no “{{{}}}”", said)},
               {fmt::format("词有 {}；指标写成 {{figure:closed}}，可加 part=、period=、as=", fmt::join(report_words, "、")),
                fmt::format("words are {}; write a figure as {{figure:closed}}, with part=, period= or as=", fmt::join(report_words, ", "))});
  }

  Report& report_;
};

/// Finds fault with the figures that one template names.
class FigureCheck {
 public:
  FigureCheck(std::vector<Indicator const*> const& known, Report& report) : known_(known), report_(report) {}

  void block(Node const& node) const {
    for (auto const& [word, kind] : kinds) {
      Node const* const part = node.get(word);
      if (part == nullptr) continue;
      if (kind == ReportBlock::Kind::text)
        for (auto const* lang : {"zh", "en"}) text(part->get(lang));
      list(kind == ReportBlock::Kind::figures ? part : part->get("figures"));
      if (Node const* const one = part->get("figure"); one != nullptr && one->is_scalar()) figure(*one, {.figure = one->text});
    }
  }

 private:
  void text(Node const* node) const {
    if (node == nullptr || !node->is_scalar()) return;
    for (auto const& piece : cut_text(node->text, [](std::string_view) {}))
      if (piece.figure) figure(*node, *piece.figure);
  }
  void list(Node const* node) const {
    if (node == nullptr || !node->is_list()) return;
    for (auto const& one : node->children)
      if (one.is_scalar()) figure(one, {.figure = one.text});
  }

  void figure(Node const& place, FigureUse const& use) const {
    bool const count = is_report_count(use.figure);
    if (count && use.part != FigurePart::value)
      return report_.at(place, "pack.report.part", {fmt::format("“{}”只是一个数，没有分子分母", use.figure), fmt::format("“{}” is one number and has no parts", use.figure)},
                        {"去掉 part=", "leave out part="});
    auto const found = std::ranges::find(known_, use.figure, &Indicator::code);
    if (count || (found != known_.end() && (*found)->open)) return;
    if (found != known_.end())
      return report_.at(place, "pack.report.private", {fmt::format("指标“{}”不对公众公布，而报告会发布", use.figure), fmt::format("the indicator “{}” is not public, and a report is published", use.figure)},
                        {"换一个指标，或把它设为 public", "name another one, or make it public"});
    std::vector<std::string> codes(report_counts.begin(), report_counts.end());
    for (auto const* one : known_) codes.push_back(one->code);
    auto const meant = nearest(use.figure, codes);
    report_.at(place, "pack.report.figure", {fmt::format("没有指标“{}”", use.figure), fmt::format("there is no figure “{}”", use.figure)},
               meant.empty() ? core::Text{fmt::format("写 {}，或 indicators 里的一个", fmt::join(report_counts, "、")), fmt::format("write {}, or one of indicators", fmt::join(report_counts, ", "))}
                             : core::Text{fmt::format("是不是“{}”？", meant), fmt::format("did you mean “{}”?", meant)});
  }

  std::vector<Indicator const*> const& known_;
  Report& report_;
};

std::optional<int> minute_of(std::string_view text) {
  auto const hour = take_number(text);
  if (!hour || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  auto const minute = take_number(text);
  if (!minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
  return static_cast<int>(*hour * 60 + *minute);
}

std::optional<ReportSchedule> schedule_of(Node const& key, Node const& node, ReportPeriod period, Report& report) {
  Node const* const at = node.get("at");
  auto const minute = at != nullptr && at->is_scalar() ? minute_of(at->text) : std::nullopt;
  if (at != nullptr && at->is_scalar() && !minute)
    report.at(*at, "pack.report.at", {fmt::format("没有时刻“{}”", at->text), fmt::format("there is no time “{}”", at->text)},
              {"写成 \"08:00\"", "write \"08:00\""});
  if (period == ReportPeriod::special)
    report.at(node, "pack.report.special", {fmt::format("专题报告 {} 没有周期，不能定时", key.text),
                                            fmt::format("the special report {} has no period and cannot be scheduled", key.text)},
              {"去掉 schedule，或写 period: day、week 或 month", "leave out schedule, or write period: day, week or month"});
  if (!minute) return std::nullopt;
  return ReportSchedule{*minute, std::string(node.str("level"))};
}

}  // namespace

bool is_report_count(std::string_view figure) { return std::ranges::find(report_counts, figure) != report_counts.end(); }

std::optional<TextPiece> read_brace(std::string_view inside) {
  if (std::ranges::find(report_words, inside) != report_words.end()) return TextPiece{.word = std::string(inside)};
  if (!inside.starts_with("figure:")) return std::nullopt;
  inside.remove_prefix(7);
  FigureUse use{.figure = std::string(take_word(inside))};
  if (!is_code(use.figure)) return std::nullopt;
  bool other_period = false;
  for (auto option = take_word(inside); !option.empty(); option = take_word(inside)) {
    if (!read_option(option, use)) return std::nullopt;
    other_period |= option.starts_with("period=") && option != "period=this";
  }
  if (use.as == FigureUse::As::change && !other_period) use.period = FigureUse::Period::before;
  return TextPiece{.figure = std::move(use)};
}

void check_report(Node const& node, std::vector<Indicator const*> const& known, Report& report) {
  FigureCheck const check(known, report);
  if (Node const* const blocks = node.get("blocks"); blocks != nullptr && blocks->is_list())
    for (auto const& block : blocks->children)
      if (block.is_map()) check.block(block);
}

ReportTemplate read_report(Node const& key, Node const& node, Report& report) {
  ReportTemplate out{.code = key.text, .name = read_text(node.get("name")), .about = read_text(node.get("about")), .period = {}, .schedule = {}, .blocks = {}};
  for (auto const period : {ReportPeriod::day, ReportPeriod::week, ReportPeriod::month, ReportPeriod::special})
    if (name(period) == node.str("period")) out.period = period;
  if (Node const* const schedule = node.get("schedule"); schedule != nullptr && schedule->is_map())
    out.schedule = schedule_of(key, *schedule, out.period, report);
  Reader reader(report);
  if (Node const* const blocks = node.get("blocks"); blocks != nullptr && blocks->is_list())
    for (auto const& block : blocks->children)
      if (block.is_map()) out.blocks.push_back(reader.block(block));
  return out;
}

}  // namespace zhili::catalogue
