#pragma once
// Do codes fit the scheme? Inside of places only.

#include <optional>

#include "sense/places/places.hpp"

namespace zhili::sense::places {

/// What is wrong with a code and how to mend it, or nothing.
std::optional<Text> code_fault(CodeScheme const& scheme, Area const& area);
std::optional<Text> code_fault(CodeScheme const& scheme, UnitGrid const& grid);
std::optional<Text> code_fault(CodeScheme const& scheme, DutyGrid const& duty);
std::optional<Text> code_fault(CodeScheme const& scheme, Thing const& thing);

/// The first fault of a city as an error (invalid).
core::Result<> check_codes(City const& city);

}  // namespace zhili::sense::places
