#pragma once
// Observations of one datastream as few bytes.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "sense/observations/observation.hpp"

namespace zhili::sense::observations {

/// More than any block has: what a reader believes at most.
inline constexpr std::size_t block_read_max = 1U << 16U;

/// Columns (times, numbers, results by kind, flags, what is rare), each by itself, then a CRC-32. In the order given, which must be by
/// time and number. About 1 to 3 bytes for each reading of a gauge.
std::string encode_block(std::span<Observation const> rows);

/// Errors: corrupt (CRC, or a column that cannot be). Never more memory than `block_read_max` rows and the bytes themselves.
core::Result<std::vector<Observation>> decode_block(std::int64_t datastream, std::string_view bytes);

}  // namespace zhili::sense::observations
