#pragma once
// Finding cases: lists, counts and one line. Reads tables only; thread-safe by way of the reader.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/geo.hpp"
#include "core/time.hpp"
#include "respond/cases/words.hpp"
#include "store/db.hpp"

namespace zhili::respond {

inline constexpr std::size_t list_limit_max = 200;
inline constexpr std::size_t list_areas_max = 64;   ///< more areas are asked for by leaving the filter out
inline constexpr std::size_t box_cells_max = 256;   ///< a larger box is searched along time, not along space
inline constexpr auto soon_window = std::chrono::hours(4);
inline constexpr auto counts_window = std::chrono::days(31);  ///< of counts that name no beginning

/// A box on the map; `west` ≤ `east`.
struct MapBox {
  core::LatLon south_west;
  core::LatLon north_east;
};

/// Where a list goes on: behind this case.
struct After {
  core::Instant opened_at;
  std::int64_t id = 0;
};

/// What is wanted; what is not set does not narrow.
struct CaseFilter {
  enum class State : std::uint8_t { all, open, closed };
  State state = State::all;
  std::optional<Stage> stage = {};
  std::optional<std::string> item = {};
  std::vector<std::int64_t> areas = {};  ///< of the lowest level; at most list_areas_max
  std::optional<std::string> department = {};
  std::optional<core::Instant> from = {};  ///< opened at or after
  std::optional<core::Instant> to = {};    ///< opened before
  bool by_closing = false;                 ///< from and to are of closing, not of opening
  std::optional<core::Instant> overdue_at = {};  ///< open, and due before this
  std::optional<core::Instant> soon_at = {};     ///< open, and due within soon_window of this
  std::optional<MapBox> box = {};
  bool public_only = false;  ///< leaves out what its reporter or its item keeps private
  std::optional<After> after = {};
  std::size_t limit = 50;  ///< 1…list_limit_max
};

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
  bool is_private = false;
  std::string words;    ///< empty if there are none or they are private
  std::string channel;  ///< how its first signal came
};

/// Newest first. Cost: one index range and one row look-up a line; with areas or a small box, one range each.
std::vector<CaseLine> list_cases(store::Reader& reader, CaseFilter const& filter);

std::optional<CaseLine> find_case(store::Reader& reader, std::int64_t id);
/// By the source's own number, whatever the source.
std::optional<CaseLine> find_external_case(store::Reader& reader, std::string_view external_no);

enum class CountBy : std::uint8_t { stage, area, item, department, outcome };

struct Count {
  std::string key;  ///< a stage's or outcome's name, an area's id, a code; empty: not known
  std::int64_t count = 0;
};

/// How many, by one property, most first. Outcomes: on_time, late, no_promise, open, open_late. A count of cases that
/// are not all open and that names no beginning is of the last `counts_window` before `now`.
std::vector<Count> count_cases(store::Reader& reader, CaseFilter const& filter, CountBy by, core::Instant now);

/// The cell of the map index that a place lies in: 0.005 degree wide and high.
std::int64_t cell_of(core::LatLon place);
/// The middle of that cell.
core::LatLon cell_centre(core::LatLon place);

}  // namespace zhili::respond
