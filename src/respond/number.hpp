#pragma once
// Public numbers: what people read out over the phone. Made from the id, never stored.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace zhili::respond {

/// "LC-2611-4182": the installation's prefix, year and month in its own time, the id.
std::string public_number(std::string_view prefix, std::int64_t id, core::Instant at, core::Zone const& zone);

/// The id in a number of this installation, in whatever case it is written; nothing for any other text.
std::optional<std::int64_t> id_of_number(std::string_view prefix, std::string_view number);

/// A number without what people write differently: letters are capital, full-width characters are plain ones, blanks and
/// dashes are gone. "lc 2611－4182" and "LC-2611-4182" are both "LC26114182".
std::string plain_number(std::string_view text);

/// The ids that a number, or the end of one ("4182", "2611-4182"), may stand for: two at most, smaller first. Whose it is
/// shows by comparing plain numbers.
std::vector<std::int64_t> ids_as_written(std::string_view text);

}  // namespace zhili::respond
