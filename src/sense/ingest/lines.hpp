#pragma once
// Readings as JSON lines: the short form in which devices and gateways send.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "sense/ingest/incoming.hpp"

namespace zhili::sense::ingest {

inline constexpr std::size_t line_bytes_max = 20 * 1024;
/// If nothing of the first so many lines can be read, the rest is not even tried.
inline constexpr std::size_t bad_lines_tried_max = 100;
/// Streams that one line may tell.
inline constexpr std::size_t streams_of_line_max = 64;

/// Reads JSON lines (docs/reference/ingest.md has the forms):
///
///     {"s":"level","t":1700000000000,"v":12.5}      a stream of the device, ms since 1970 or ISO 8601, a value; "u": unit (UCUM)
///     {"t":1700000000000,"v":{"level":12.5,"battery":87}}      several streams at one time
///     ["level",1700000000000,12.5]      the same, short; without a time ["level",12.5]
///     {"d":31,"v":12.5}      a datastream by its number, in its own unit
///     12.5      where the topic has named the stream
///
/// What cannot be read is put among Batch::unread with its line and field; reading goes on at the next line. Nothing is allocated for a line
/// of numbers. Not thread-safe.
class LineReader {
 public:
  /// The datastream that a stream's name means; 0: none.
  using Names = std::function<std::int64_t(std::string_view)>;
  explicit LineReader(Names names) : names_(std::move(names)) {}

  /// `stream`: the datastream that is meant where a line names none; 0: every line names one.
  void read(std::string_view text, Batch& out, std::int64_t stream = 0);

 private:
  class Line;
  std::int64_t stream_of(std::string_view name);

  Names names_;
  std::vector<std::pair<std::string, std::int64_t>> known_;  // names of this text
  std::string kept_;                                         // of strings with escapes
};

}  // namespace zhili::sense::ingest
