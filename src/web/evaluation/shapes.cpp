// What evaluation answers, as described in openapi.json.

#include "web/api/view.hpp"
#include "web/evaluation/page.hpp"

namespace zhili::web {

using shape::both_languages;
using shape::choice;
using shape::flag;
using shape::integer;
using shape::list;
using shape::map;
using shape::nullable;
using shape::number;
using shape::record;
using shape::text;

namespace {

Shape score_shape() { return nullable(record("", {{"total", number()}, {"parts", map(number())}})); }

std::vector<Field> figure_fields() {
  return {optional("hidden", flag(), {"太少，不公布", "Too few: not shown"}),
          optional("numerator", integer(), {"用时按分钟", "Of hours: in minutes"}),
          optional("denominator", integer()),
          optional("excluded", integer(), {"剔除的件数", "How many were left out"}),
          optional("value", nullable(number()), {"比率是 0 到 1", "A share is 0 to 1"}),
          optional("before", nullable(number()), {"上一期的值（环比）", "Value of the period before"}),
          optional("year_before", nullable(number()), {"去年同期的值（同比）", "Value of the year before"})};
}

std::vector<Field> period_fields() {
  return {{"period", text()}, {"kind", choice({"day", "week", "month", "quarter", "year", "span"})}, {"from", text()}, {"to", text()}};
}

Shape facts_shape() { return list(record("FactName", {{"fact", text()}, {"name", both_languages()}})); }

Shape total_shape() {
  auto fields = figure_fields();
  fields.push_back(optional("reasons", list(record("", {{"fact", text()}, {"name", both_languages()}, {"number", integer()}})), {"为什么剔除", "Why they were left out"}));
  return record("", {{"figures", map(record("TotalFigure", std::move(fields)))}, optional("score", score_shape())});
}

}  // namespace

Shape page_shape() {
  auto const row = record("EvaluationRow", {{"key", nullable(text()), {"只看这一行时用的代码", "The code that gives this row alone"}},
                                            {"name", both_languages()},
                                            {"figures", map(record("Figure", figure_fields()))},
                                            optional("score", score_shape())});
  auto point = period_fields();
  point.push_back({"figures", map(record("", {optional("hidden", flag()), optional("numerator", integer()), optional("denominator", integer()), optional("value", nullable(number()))}))});
  auto fields = period_fields();
  for (auto&& field : std::vector<Field>{{"running", flag(), {"这一期还没有完", "The period is not over"}},
                                         {"before", text()},
                                         {"year_before", text()},
                                         {"today", text()},
                                         {"by", text()},
                                         {"level", nullable(text())},
                                         {"staff", flag()},
                                         {"smallest", integer(), {"分母比它小的不公布", "Figures with a smaller denominator are hidden"}},
                                         {"complete", flag(), {"账本已全部数到", "All of the ledger is counted"}},
                                         {"behind", integer(), {"账本里还有几条没数", "Entries of the ledger that are still to be counted"}},
                                         {"indicators", list(text())},
                                         {"rows", list(row)},
                                         {"rows_left_out", integer()},
                                         {"total", total_shape()},
                                         {"trend", list(record("", std::move(point)))}})
    fields.push_back(field);
  return record("Evaluation", std::move(fields));
}

Shape indicators_shape() {
  auto const quantity = record("", {{"code", text()}, {"name", both_languages()}});
  auto const indicator = record("Indicator", {{"code", text()},
                                              {"name", both_languages()},
                                              {"about", both_languages()},
                                              {"of", choice({"cases", "signals"})},
                                              {"count", facts_shape()},
                                              {"count_not", facts_shape()},
                                              {"among", facts_shape()},
                                              {"among_not", facts_shape()},
                                              {"without", facts_shape()},
                                              {"sum", quantity},
                                              {"per", quantity},
                                              {"unit", choice({"share", "times", "hours"})},
                                              {"better", choice({"more", "less"})},
                                              {"public", flag()},
                                              {"source", text()}});
  auto const part = record("ScorePart", {{"indicator", text()}, {"points", number()}, {"reach", number()}, {"less_per_point", number()}, {"each", number()}, {"after", integer()}, {"then_each", number()}});
  auto const score = record("Score", {{"code", text()}, {"name", both_languages()}, {"about", both_languages()}, {"source", text()}, {"parts", list(part)}});
  return record("Indicators", {{"indicators", list(indicator)}, {"scores", list(score)}});
}

}  // namespace zhili::web
