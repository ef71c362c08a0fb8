#pragma once
// Inside of web/evaluation: what its routes share.

#include <optional>

#include "web/evaluation/evaluation.hpp"

namespace zhili::web {

/// Whoever asks, if they hold a post.
std::optional<Caller> staff_of(Request const& request, PeopleParts const& parts);
inline bool is_staff(Request const& request, PeopleParts const& parts) { return staff_of(request, parts).has_value(); }

void mount_evaluation_lists(Operations& operations, PeopleParts const& parts);  ///< what stands behind a figure

}  // namespace zhili::web
