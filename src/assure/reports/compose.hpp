#pragma once
// From a template and figures to a document. Pure but for what it asks the figures.

#include "assure/reports/figures.hpp"
#include "assure/reports/periods.hpp"

namespace zhili::assure::reports {

/// Rows of a table, bars of a chart, where the template does not say.
inline constexpr std::size_t table_rows_default = 20;
inline constexpr std::size_t chart_bars_default = 10;

/// What a report is about, beside its template.
struct Subject {
  Span span;
  Text city;
  Text area;  ///< of the report; the city's name for the whole city
  Text view = {};  ///< what a special report is narrowed to, in words; empty: nothing
  core::Zone zone = core::Zone::utc();
  core::Instant as_of{};
  std::int64_t seq = 0;
};

Document compose(catalogue::ReportTemplate const& form, Subject const& subject, Figures& figures);

/// The same document with an editor's comment. Errors: limit, invalid (one language without the other).
inline constexpr std::size_t comment_bytes_max = 6'000;
core::Result<Document> with_comment(Document document, Text comment);

}  // namespace zhili::assure::reports
