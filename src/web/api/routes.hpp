#pragma once
// The groups of routes that api.hpp puts together.

#include <cstddef>

#include "web/api/api.hpp"

namespace zhili::web {

void mount_city(Operations& operations, ApiParts const& parts);     ///< city, areas, departments, items
void mount_cases(Operations& operations, ApiParts const& parts);    ///< list, counts, one case with its story
void mount_export(Operations& operations, ApiParts const& parts);  ///< all cases of a filter, as CSV or JSON
void mount_now(Operations& operations, ApiParts const& parts);      ///< what the first page shows
void mount_signals(Operations& operations, ApiParts const& parts);  ///< taking a report, and following it

/// A longer number is none.
inline constexpr std::size_t case_number_characters_max = 100;
/// `no`, as a part of a path.
Field case_number_field();
Field signal_number_field();

}  // namespace zhili::web
