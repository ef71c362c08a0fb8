#pragma once
// A batch as it stands in the database until its observations are in blocks: quick to write rather than small.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "sense/observations/observation.hpp"

namespace zhili::sense::observations {

inline constexpr std::size_t batch_rows_max = 1'000'000;  ///< in one batch

/// `numbers`: of each row, its number in its datastream. Ends with a CRC-32.
std::string encode_batch(Batch const& batch, std::span<std::int64_t const> numbers);

struct NumberedBatch {
  Batch batch;
  std::vector<std::int64_t> numbers;
};
/// Errors: corrupt.
core::Result<NumberedBatch> decode_batch(std::string_view bytes);

/// One observation by itself, for a correction.
std::string encode_one(Observation const& observation);
core::Result<Observation> decode_one(ObservationId id, std::string_view bytes);

}  // namespace zhili::sense::observations
