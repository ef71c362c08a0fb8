#pragma once
// Finding cases: lists and one line. Thread-safe by way of the reader.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/geo.hpp"
#include "core/time.hpp"
#include "respond/cases/case.hpp"
#include "respond/cases/case_index.hpp"
#include "respond/cases/words.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// One case in a list.
struct CaseLine {
  std::int64_t id = 0;
  std::int64_t signal_id = 0;
  std::int64_t incident_id = 0;
  std::string item;
  std::string pack;
  std::string pack_version;
  std::string condition;
  Stage stage = Stage::none;
  std::optional<std::int64_t> area_id;
  std::string grid;
  std::optional<core::LatLon> place;
  bool location_unknown = false;
  core::Instant opened_at;
  std::optional<core::Instant> due_at;
  std::optional<core::Instant> closed_at;
  std::string department;
  std::int64_t version = 0;
  bool recorded = false;
  bool contradiction = false;
  std::string external_no;
  bool released = false;
  bool place_withheld = false;  ///< the release keeps the exact place back
  bool is_private = false;
  std::string words;    ///< empty if there are none or they are private
  std::string channel;  ///< how its first signal came
};

/// Newest first. Cost: the index's, and a look-up for each line.
std::vector<CaseLine> list_cases(store::Reader& reader, CaseIndex& index, CaseFilter const& filter);

/// The oldest cases in which this is asked of somebody, at most `limit`. Cost: one index range.
std::vector<std::int64_t> asking_cases(store::Reader& reader, Asked asked, std::size_t limit);

/// Those of these cases that there are, in no order. Cost: one question.
std::vector<CaseLine> find_cases(store::Reader& reader, std::vector<std::int64_t> const& ids);
std::optional<CaseLine> find_case(store::Reader& reader, std::int64_t id);
/// By the source's own number, whatever the source.
std::optional<CaseLine> find_external_case(store::Reader& reader, std::string_view external_no);

/// Where the exact place is not shown and no grid is known: the middle of a square 0.005 degree wide and high.
core::LatLon cell_centre(core::LatLon place);
/// A box, widened to whole cells of that size: asking with smaller and smaller boxes must not find a place that is not shown.
MapBox whole_cells(MapBox const& box);

}  // namespace zhili::respond
