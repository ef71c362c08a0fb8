#pragma once
// From a query string to a filter.

#include "core/result.hpp"
#include "respond/cases/query.hpp"
#include "sense/places/places.hpp"
#include "web/http.hpp"

namespace zhili::web {

/// Reads state, stage, item, area, department, from, to, dates, overdue, soon, bbox, cursor, limit. A date without a time is
/// that day in the city's zone, whole: `from` its beginning, `to` its end. Errors: invalid, `field` names the
/// parameter, the text says the rule.
core::Result<respond::CaseFilter> case_filter(Fields const& query, sense::places::PlaceIndex const& places, core::Instant now,
                                              core::Zone const& zone);

/// Reads `by`; a stage if it is not given.
core::Result<respond::CountBy> count_by(Fields const& query);

/// Where the next page begins: behind this line.
std::string cursor_of(respond::CaseLine const& last);

}  // namespace zhili::web
