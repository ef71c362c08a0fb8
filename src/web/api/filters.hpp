#pragma once
// From a query string to a filter.

#include "core/result.hpp"
#include "respond/cases/query.hpp"
#include "sense/places/places.hpp"
#include "web/operation/input.hpp"

namespace zhili::web {

/// The parameters of a list of cases: state, stage, item, area, department, from, to, dates, at, overdue, outcome, soon, bbox.
std::vector<Field> case_filter_fields();
/// The same with the page: cursor, limit.
std::vector<Field> case_list_fields();

/// Reads case_filter_fields(). A date without a time is that day in the city's zone, whole: `from` its beginning, `to` its end.
/// Errors: invalid, `field` names the parameter, the text says the rule.
core::Result<respond::CaseFilter> case_filter(Input const& query, sense::places::PlaceIndex const& places, core::Instant now,
                                              core::Zone const& zone);
/// Reads case_list_fields().
core::Result<respond::CaseFilter> case_list_filter(Input const& query, sense::places::PlaceIndex const& places, core::Instant now,
                                                   core::Zone const& zone);

/// `area`, as a parameter.
Field area_field();
/// Reads it: the lowest areas below it; none if it is not given or holds all. Errors: invalid.
core::Result<std::vector<std::int64_t>> areas_asked(Input const& query, sense::places::PlaceIndex const& places);

/// `bbox`, as a parameter.
Field box_field();
/// Reads it, widened to whole cells; nothing if it is not given. Errors: invalid.
core::Result<std::optional<respond::MapBox>> box_asked(Input const& query);

/// `by`, as a parameter.
Field count_by_field();
/// Reads it; a stage if it is not given.
respond::CountBy count_by(Input const& query);

/// Where the next page begins: behind this line.
std::string cursor_of(respond::CaseLine const& last);

}  // namespace zhili::web
