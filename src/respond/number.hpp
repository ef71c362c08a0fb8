#pragma once
// Public numbers: what people read out over the phone. Made from the id, never stored.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace zhili::respond {

/// "LC-2611-4182": the installation's prefix, year and month in its own time, the id.
std::string public_number(std::string_view prefix, std::int64_t id, core::Instant at, core::Zone const& zone);

/// The id in a number of this installation, in whatever case it is written; nothing for any other text.
std::optional<std::int64_t> id_of_number(std::string_view prefix, std::string_view number);

}  // namespace zhili::respond
