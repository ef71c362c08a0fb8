#include "web/reports/indicator_figures.hpp"

#include <algorithm>
#include <charconv>

#include "web/evaluation/page.hpp"

namespace zhili::web {

namespace {

using assure::reports::Group;
using assure::reports::Value;
using catalogue::FigurePart;
using catalogue::Indicator;
using catalogue::ReportBy;
using respond::evaluation::Dimension;
using respond::evaluation::FactSums;
namespace evaluation = respond::evaluation;

constexpr double minutes_of_an_hour = 60;

Dimension dimension_of(ReportBy by) {
  switch (by) {
    case ReportBy::area: return Dimension::area;
    case ReportBy::item:
    case ReportBy::group: return Dimension::item;
    case ReportBy::department: return Dimension::department;
    case ReportBy::day:
    case ReportBy::none: break;
  }
  return Dimension::source;
}

std::string_view name_of(FigurePart part) {
  if (part == FigurePart::denominator) return "denominator";
  return part == FigurePart::excluded ? "excluded" : "numerator";
}

std::optional<double> number_of(Indicator const& indicator, evaluation::Figure const& figure, FigurePart part) {
  switch (part) {
    case FigurePart::value: return evaluation::value(indicator, figure);
    case FigurePart::numerator: return static_cast<double>(figure.numerator) / (indicator.sum == catalogue::Quantity::hours ? minutes_of_an_hour : 1);
    case FigurePart::denominator: return static_cast<double>(figure.denominator);
    case FigurePart::excluded: break;
  }
  return static_cast<double>(figure.excluded);
}

}  // namespace

IndicatorFigures::Sums const& IndicatorFigures::sums(catalogue::Cohort cohort, core::Period const& period, Dimension by) {
  auto const [known, fresh] = known_.try_emplace({cohort, period.from, period.to, by});
  if (!fresh) return known->second;
  auto question = where_;
  question.cohort = cohort;
  question.from = period.from;
  question.to = period.to;
  return known->second = sums_.by(by, question);
}

IndicatorFigures::Shown IndicatorFigures::figure(Indicator const& indicator, core::Period const& period) {
  FactSums all;
  for (auto const& [code, some] : sums(indicator.of, period, Dimension::source)) all.add(some);
  return web::shown(indicator, all, false);
}

Value IndicatorFigures::shown(Indicator const& indicator, Shown const& figure, FigurePart part, std::string link) const {
  if (!figure) return {.number = {}, .link = {}, .hidden = true};
  return {.number = number_of(indicator, *figure, part), .link = std::move(link), .hidden = false};
}

Value IndicatorFigures::value(Indicator const& indicator, FigurePart part, core::Period const& period) {
  return shown(indicator, figure(indicator, period), part, link(indicator, part, period, ReportBy::none, ""));
}

std::vector<Value> IndicatorFigures::days(Indicator const& indicator, std::vector<core::Day> const& days) {
  std::vector<Shown> figures;
  for (auto const day : days) figures.push_back(figure(indicator, {core::PeriodKind::day, day, day + 1}));
  hide_one_more(figures);
  std::vector<Value> out;
  for (std::size_t i = 0; i < days.size(); ++i)
    out.push_back(shown(indicator, figures[i], FigurePart::value,
                        link(indicator, FigurePart::value, {core::PeriodKind::day, days[i], days[i] + 1}, ReportBy::none, "")));
  return out;
}

std::vector<Group> IndicatorFigures::values(Indicator const& indicator, core::Period const& period, ReportBy by, std::string_view level) {
  std::map<std::string, FactSums> by_key;
  for (auto const& [code, some] : sums(indicator.of, period, dimension_of(by))) {
    std::int64_t area = 0;
    if (by == ReportBy::area) std::from_chars(code.data(), code.data() + code.size(), area);
    auto const& key = by == ReportBy::group ? keys_.group_of(code) : by != ReportBy::area ? code : area == 0 ? code : keys_.area_at(area, level);
    by_key[key].add(some);
  }
  std::vector<Shown> figures;
  for (auto const& [key, some] : by_key) figures.push_back(web::shown(indicator, some, false));
  hide_one_more(figures);
  std::vector<Group> out;
  std::size_t i = 0;
  for (auto const& [key, some] : by_key) {
    auto const& one = figures[i++];
    if (some.empty()) continue;
    out.push_back({key, keys_.name(by, key), shown(indicator, one, FigurePart::value, link(indicator, FigurePart::value, period, by, key))});
  }
  std::ranges::stable_sort(out, [](Group const& a, Group const& b) { return a.value.number.value_or(-1) > b.value.number.value_or(-1); });
  return out;
}

std::string IndicatorFigures::link(Indicator const& indicator, FigurePart part, core::Period const& period, ReportBy by, std::string const& key) const {
  if (by != ReportBy::none && key.empty()) return {};
  CaseLink out(fields_, "/evaluation/cases");
  if (by == ReportBy::area) out.set("area", keys_.area_id(key));
  if (by == ReportBy::item) out.set("item", key);
  if (by == ReportBy::group) out.set("item", keys_.items_of(key));
  if (by == ReportBy::department) out.set("department", key);
  out.set("indicator", indicator.code);
  out.set("part", std::string(name_of(part)));
  out.set("period", core::to_text(period));
  return out.done();
}

}  // namespace zhili::web
