#pragma once
// Inside of CaseFigures: indicators, as evaluation counts them.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "assure/reports/figures.hpp"
#include "respond/evaluation/figures.hpp"
#include "respond/evaluation/sums_at.hpp"
#include "web/reports/case_counts.hpp"

namespace zhili::web {

/// Figures of indicators as the evaluation page shows them to everybody: the same cohorts, the same rule for what is too small.
class IndicatorFigures {
 public:
  /// `where`: what a question is narrowed to, and the day on which it is asked. `fields`: the same for links.
  IndicatorFigures(respond::evaluation::SumsAt sums, respond::evaluation::Question where, Fields const& fields, CaseKeys const& keys)
      : sums_(std::move(sums)), where_(std::move(where)), fields_(fields), keys_(keys) {}

  assure::reports::Value value(catalogue::Indicator const& indicator, catalogue::FigurePart part, core::Period const& period);
  /// By something other than days, largest value first.
  std::vector<assure::reports::Group> values(catalogue::Indicator const& indicator, core::Period const& period, catalogue::ReportBy by, std::string_view level);
  /// By day, each a cohort of its own, in their order.
  std::vector<assure::reports::Value> days(catalogue::Indicator const& indicator, std::vector<core::Day> const& days);

 private:
  using Shown = std::optional<respond::evaluation::Figure>;
  using Sums = std::map<std::string, respond::evaluation::FactSums>;
  Sums const& sums(catalogue::Cohort cohort, core::Period const& period, respond::evaluation::Dimension by);
  Shown figure(catalogue::Indicator const& indicator, core::Period const& period);
  assure::reports::Value shown(catalogue::Indicator const& indicator, Shown const& figure, catalogue::FigurePart part, std::string link) const;
  std::string link(catalogue::Indicator const& indicator, catalogue::FigurePart part, core::Period const& period, catalogue::ReportBy by, std::string const& key) const;

  respond::evaluation::SumsAt sums_;
  respond::evaluation::Question where_;
  Fields const& fields_;
  CaseKeys const& keys_;
  std::map<std::tuple<catalogue::Cohort, core::Day, core::Day, respond::evaluation::Dimension>, Sums> known_;
};

}  // namespace zhili::web
