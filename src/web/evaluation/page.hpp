#pragma once
// A page of evaluation: rows of figures with what they were before, their total and a line over time.

#include <boost/json/fwd.hpp>

#include "sheet/sheet.hpp"
#include "web/evaluation/ask.hpp"

namespace zhili::web {

struct PageRow {
  std::string code;  ///< of a filter that gives this row alone; "" nowhere
  core::Text name;
  bool alone = true;  ///< whether such a filter exists
  // by cohort
  std::map<catalogue::Cohort, respond::evaluation::FactSums> now, before, year_before;
};

struct Page {
  Ask ask;
  std::vector<PageRow> rows = {};  ///< most first
  std::size_t left_out = 0;   ///< rows beyond evaluation_rows_max
  PageRow total = {};
  struct Point {
    core::Period period;
    std::map<catalogue::Cohort, respond::evaluation::FactSums> sums;
  };
  std::vector<Point> trend = {};
  std::int64_t behind = 0;  ///< entries of the ledger that are still to be counted
};

/// One figure as somebody may see it; nothing where it is kept from them.
using Shown = std::optional<respond::evaluation::Figure>;
/// The rows of one indicator: for everybody, a denominator below smallest_public_cell is hidden, and where that would be a
/// single row, which the total would give away, the next smallest too.
std::vector<Shown> shown_rows(catalogue::Indicator const& indicator, Page const& page);
/// The same for figures that are shown as they would be alone.
void hide_one_more(std::vector<Shown>& figures);
Shown shown(catalogue::Indicator const& indicator, respond::evaluation::FactSums const& sums, bool staff);

/// Cost: three times a tally, and a small one for each point of the trend.
Page read_page(store::Reader& reader, Ask ask, ApiParts const& parts);

/// `parts`: of a score over indicators that the page has; none: no scores.
boost::json::object page_json(Page const& page, std::vector<catalogue::ScorePart> const& parts);
/// What page_json makes, and what GET /api/v1/indicators answers.
Shape page_shape();
Shape indicators_shape();
sheet::Sheet page_sheet(Page const& page, core::Lang lang);

}  // namespace zhili::web
