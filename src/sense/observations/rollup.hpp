#pragma once
// A day of one datastream in figures.

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "sense/observations/history.hpp"

namespace zhili::sense::observations {

inline constexpr int minutes_of_a_day = 24 * 60;

/// Figures of a day by hour and, where a day has more readings than minutes, by minute; keys are minutes of the day (UTC). The figure
/// of a day is made of its hours, so that a city's own midnight is one too.
struct DayFigures {
  std::map<int, Figures> hours = {};    ///< 0, 60, …
  std::map<int, Figures> minutes = {};
  bool operator==(DayFigures const&) const = default;
};

/// Whether a result counts in figures, and as what.
std::optional<double> figure_of(Value const& value);
void add(Figures& to, double value);
void add(Figures& to, Figures const& later);

/// Of observations of one day in order of time. `every_minute`: also where the readings themselves say as much, because they are to go.
DayFigures figures_of_day(std::span<Observation const> rows, bool every_minute = false);
/// Adds readings to a day whose other readings are gone. What was last in an hour or a minute stays so.
void add_late(DayFigures& to, std::span<Observation const> rows);

/// Ends with a CRC-32.
std::string encode_figures(DayFigures const& figures);
/// Errors: corrupt; `detail` names datastream and day.
core::Result<DayFigures> decode_figures(std::int64_t datastream, std::int64_t day, std::string_view bytes);

}  // namespace zhili::sense::observations
