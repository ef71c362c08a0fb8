#pragma once
// CreateObservations: many observations as arrays of arrays, read straight into rows. Nothing is built of the JSON.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "sense/ingest/incoming.hpp"
#include "sense/things/entity.hpp"

namespace zhili::web::sensorthings {

inline constexpr std::size_t data_array_body_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t data_array_rows_max = 400'000;
/// Of what was wrong, so many rows say it; the others are told as "error".
inline constexpr std::size_t data_array_errors_told_max = 1'000;

struct DataArrays {
  sense::ingest::Batch batch;  ///< the good rows; `line` is the row's number among all, from 1
  std::size_t rows = 0;        ///< all of them
  std::vector<std::pair<std::uint32_t, core::Text>> wrong = {};  ///< of the others, by number; at most `data_array_errors_told_max` with words
  /// Datastream and feature of rows that name one.
  std::set<std::pair<sense::things::Id, sense::things::Id>> features = {};
};

/// Errors: invalid (it is no data array), limit (rows). What is wrong with one row is no error. Cost: some 100 ns a row.
core::Result<DataArrays> read_data_arrays(std::string_view body);

/// "2026-11-21T08:05:00.123Z" and no other form, quickly. Nothing: see core::from_iso.
std::optional<std::int64_t> plain_time_ms(std::string_view text);

}  // namespace zhili::web::sensorthings
