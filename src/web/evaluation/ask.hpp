#pragma once
// What somebody asks of evaluation, from a query string.

#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "core/period.hpp"
#include "respond/cases/case_index.hpp"
#include "respond/evaluation/figures.hpp"
#include "web/evaluation/evaluation.hpp"

namespace zhili::web {

/// Errors of a parameter: what is wrong with its value.
tl::unexpected<core::Error> bad_parameter(std::string_view field, std::string_view value, core::Text rule);

/// Stands for "nowhere" in a query: a case without a department.
inline constexpr std::string_view nowhere = "-";

struct Ask {
  respond::evaluation::Dimension by = respond::evaluation::Dimension::department;
  std::string level = {};  ///< by area: of this level
  core::Period period = {};
  std::map<respond::evaluation::Dimension, std::vector<std::string>> only = {};
  std::vector<catalogue::Indicator const*> indicators = {};
  bool staff = false;
  core::Day today = 0;
  std::optional<respond::MapBox> box = {};
  std::optional<std::vector<std::int64_t>> subjects = {};  ///< in the box; found by find_subjects()
  std::shared_ptr<sense::places::PlaceIndex const> places = {};

  respond::evaluation::Question question(catalogue::Cohort cohort, core::Period const& in) const {
    return {.cohort = cohort, .from = in.from, .to = in.to, .only = only, .today = today, .public_only = !staff, .subjects = subjects};
  }
};

/// by, level, period, area, grid, department, function, item (several), source, bbox, indicators.
std::vector<Field> ask_fields();
/// Reads them. Without a period: the month of today; without indicators: all of cases. Errors: invalid, `field` names the
/// parameter.
core::Result<Ask> read_ask(Input const& asked, bool staff, ApiParts const& parts);

/// The signals and cases of a part of the map, by their ids and in their order; signals up to an entry. Cost: a walk along the
/// index, and one along the signals.
std::vector<std::int64_t> subjects_in(store::Reader& reader, respond::CaseIndex const& index, respond::MapBox const& box, store::Seq until);
/// Those of the box that was asked for, if one was.
void find_subjects(store::Reader& reader, ApiParts const& parts, Ask& ask);
/// An area with all that lies in it, as evaluation knows them.
std::vector<std::string> areas_within(sense::places::Area const& area, sense::places::PlaceIndex const& places);

/// An indicator that whoever asks may see. Errors: invalid (`field` "indicator").
core::Result<catalogue::Indicator const*> indicator_of(std::string_view code, bool staff, ApiParts const& parts);

/// So that the page has every indicator of a score. Errors: invalid (one that whoever asks may not see).
core::Result<> add_indicators(std::vector<catalogue::ScorePart> const& score, Ask& ask, ApiParts const& parts);

/// What a code of a dimension is called; "" is nowhere.
core::Text name_of_key(respond::evaluation::Dimension by, std::string const& code, Ask const& ask, ApiParts const& parts);

}  // namespace zhili::web
