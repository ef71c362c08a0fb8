// A page as JSON and as a table.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/evaluation/page.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using catalogue::Indicator;
using respond::evaluation::Dimension;
using respond::evaluation::FactSums;
using respond::evaluation::Figure;
namespace evaluation = respond::evaluation;

FactSums const& sums_of(std::map<catalogue::Cohort, FactSums> const& all, catalogue::Cohort cohort) {
  static FactSums const none;
  auto const found = all.find(cohort);
  return found == all.end() ? none : found->second;
}

value number_json(std::optional<double> number) { return number ? value(*number) : value(nullptr); }

std::optional<double> value_then(Indicator const& indicator, FactSums const& sums, bool staff) {
  auto const then = shown(indicator, sums, staff);
  return then ? evaluation::value(indicator, *then) : std::nullopt;
}

object figure_json(Indicator const& indicator, Shown const& now, PageRow const& row, bool staff) {
  if (!now) return {{"hidden", true}};
  return {{"numerator", now->numerator},
          {"denominator", now->denominator},
          {"excluded", now->excluded},
          {"value", number_json(evaluation::value(indicator, *now))},
          {"before", number_json(value_then(indicator, sums_of(row.before, indicator.of), staff))},
          {"year_before", number_json(value_then(indicator, sums_of(row.year_before, indicator.of), staff))}};
}

value score_json(Page const& page, PageRow const& row, std::vector<catalogue::ScorePart> const& parts, std::vector<Indicator const*> const& of) {
  std::map<std::string, std::pair<Indicator const*, Figure>> figures;
  for (auto const* indicator : of) {
    auto const figure = shown(*indicator, sums_of(row.now, indicator->of), page.ask.staff);
    if (!figure) return nullptr;
    figures[indicator->code] = {indicator, *figure};
  }
  auto const score = evaluation::score(parts, figures);
  if (!score) return nullptr;
  object by_part;
  for (auto const& part : score->parts) by_part[part.indicator] = part.points;
  return object{{"total", score->total}, {"parts", std::move(by_part)}};
}

object period_json(core::Period const& period) {
  return {{"period", core::to_text(period)},
          {"kind", name(period.kind)},
          {"from", core::to_text(period.from)},
          {"to", core::to_text(period.to - 1)}};
}

array trend_json(Page const& page) {
  array out;
  for (auto const& point : page.trend) {
    object figures;
    for (auto const* indicator : page.ask.indicators) {
      auto const got = shown(*indicator, sums_of(point.sums, indicator->of), page.ask.staff);
      figures[indicator->code] = got ? value(object{{"numerator", got->numerator},
                                                    {"denominator", got->denominator},
                                                    {"value", number_json(evaluation::value(*indicator, *got))}})
                                     : value(object{{"hidden", true}});
    }
    auto one = period_json(point.period);
    one["figures"] = std::move(figures);
    out.push_back(std::move(one));
  }
  return out;
}

object total_json(Page const& page) {
  object figures;
  for (auto const* indicator : page.ask.indicators) {
    auto const& sums = sums_of(page.total.now, indicator->of);
    auto one = figure_json(*indicator, shown(*indicator, sums, page.ask.staff), page.total, page.ask.staff);
    array why;
    for (auto const& [fact, number] : evaluation::reasons(*indicator, sums)) {
      auto const& words = catalogue::words(fact);
      why.push_back(object{{"fact", words.name}, {"name", object{{"zh", words.zh}, {"en", words.en}}}, {"number", number}});
    }
    if (!one.contains("hidden")) one["reasons"] = std::move(why);
    figures[indicator->code] = std::move(one);
  }
  return figures;
}

sheet::Value cell(std::optional<double> number) { return number ? sheet::Value(*number) : sheet::Value(); }

}  // namespace

object page_json(Page const& page, std::vector<catalogue::ScorePart> const& parts) {
  auto const& ask = page.ask;
  auto const scored = !parts.empty();
  array rows;
  for (auto const& row : page.rows)
    rows.push_back(object{{"key", row.alone ? value(row.code.empty() ? std::string(nowhere) : row.code) : value(nullptr)},
                          {"name", to_json(row.name)},
                          {"figures", object{}}});
  for (auto const* indicator : ask.indicators) {
    auto const all = shown_rows(*indicator, page);
    for (std::size_t i = 0; i < all.size(); ++i)
      rows[i].as_object()["figures"].as_object()[indicator->code] = figure_json(*indicator, all[i], page.rows[i], ask.staff);
  }
  if (scored)
    for (std::size_t i = 0; i < page.rows.size(); ++i) rows[i].as_object()["score"] = score_json(page, page.rows[i], parts, ask.indicators);
  object out = period_json(ask.period);
  out["running"] = ask.today < ask.period.to;
  out["before"] = core::to_text(core::before(ask.period));
  out["year_before"] = core::to_text(core::year_before(ask.period));
  out["today"] = core::to_text(ask.today);
  out["by"] = name(ask.by);
  out["level"] = ask.by == Dimension::area ? value(ask.level) : value(nullptr);
  out["staff"] = ask.staff;
  out["smallest"] = ask.staff ? 0 : smallest_public_cell;
  out["complete"] = page.behind == 0;
  out["behind"] = page.behind;
  array codes;
  for (auto const* indicator : ask.indicators) codes.emplace_back(indicator->code);
  out["indicators"] = std::move(codes);
  out["rows"] = std::move(rows);
  out["rows_left_out"] = page.left_out;
  out["total"] = object{{"figures", total_json(page)}};
  if (scored) out["total"].as_object()["score"] = score_json(page, page.total, parts, ask.indicators);
  out["trend"] = trend_json(page);
  return out;
}

sheet::Sheet page_sheet(Page const& page, core::Lang lang) {
  auto const& ask = page.ask;
  bool const zh = lang == core::Lang::zh;
  auto const said = [&](char const* in_zh, char const* in_en) { return std::string(zh ? in_zh : in_en); };
  sheet::Sheet out;
  out.name = core::to_text(ask.period);
  out.notes = {fmt::format("{} {}–{}", core::to_text(ask.period), core::to_text(ask.period.from), core::to_text(ask.period.to - 1))};
  if (!ask.staff) out.notes.push_back(fmt::format("{} {}", said("分母小于此数的不公布：", "Not shown where the denominator is below"), smallest_public_cell));
  out.columns.push_back({said("名称", "Name"), sheet::Form::plain, 24});
  for (auto const* indicator : ask.indicators) {
    auto const& name = core::in(lang, indicator->name);
    auto const form = indicator->unit == catalogue::Unit::share ? sheet::Form::share : sheet::Form::plain;
    out.columns.push_back({name, form});
    out.columns.push_back({name + said("：分子", ": numerator")});
    out.columns.push_back({name + said("：分母", ": denominator")});
    out.columns.push_back({name + said("：剔除", ": left out")});
    out.columns.push_back({name + said("：上期", ": period before"), form});
    out.columns.push_back({name + said("：去年同期", ": year before"), form});
  }
  auto const add = [&](PageRow const& row, std::string name, std::vector<Shown> const& figures) {
    auto& cells = out.rows.emplace_back();
    cells.emplace_back(std::move(name));
    for (std::size_t i = 0; i < figures.size(); ++i) {
      auto const& indicator = *ask.indicators[i];
      if (!figures[i]) {
        cells.resize(cells.size() + 6);
        continue;
      }
      cells.push_back(cell(evaluation::value(indicator, *figures[i])));
      for (auto const number : {figures[i]->numerator, figures[i]->denominator, figures[i]->excluded}) cells.emplace_back(number);
      cells.push_back(cell(value_then(indicator, sums_of(row.before, indicator.of), ask.staff)));
      cells.push_back(cell(value_then(indicator, sums_of(row.year_before, indicator.of), ask.staff)));
    }
  };
  std::vector<std::vector<Shown>> by_indicator;
  for (auto const* indicator : ask.indicators) by_indicator.push_back(shown_rows(*indicator, page));
  for (std::size_t r = 0; r < page.rows.size(); ++r) {
    std::vector<Shown> figures;
    for (auto const& all : by_indicator) figures.push_back(all[r]);
    add(page.rows[r], core::in(lang, page.rows[r].name), figures);
  }
  std::vector<Shown> totals;
  for (auto const* indicator : ask.indicators) totals.push_back(shown(*indicator, sums_of(page.total.now, indicator->of), ask.staff));
  add(page.total, said("合计", "Total"), totals);
  return out;
}

}  // namespace zhili::web
