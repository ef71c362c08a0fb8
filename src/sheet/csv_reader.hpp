#pragma once
// Comma-separated values as RFC 4180 has them, read piece by piece.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace zhili::sheet {

/// One record of a CSV file. The views live until the next call of next().
struct CsvRecord {
  std::uint64_t line = 0;   ///< where it begins, counted from 1; also of one that is broken
  std::string_view raw;     ///< as it stands in the file, without the final line break
  std::vector<std::string_view> fields;
};

/// Takes bytes from `fill` and gives records. Quotes, doubled quotes, line breaks inside quotes, LF and CRLF, a UTF-8
/// byte order mark; an empty line is skipped. A record longer than `record_bytes_max` or a quote that never closes is an
/// error of its own that can be skipped over: the reader goes on at the next line break. Not thread-safe.
class CsvReader {
 public:
  static constexpr std::size_t record_bytes_max = 1 << 20;
  static constexpr std::size_t fields_max = 1'000;

  /// Fills the buffer from its front; 0 at the end of the input.
  using Fill = std::function<core::Result<std::size_t>(char* to, std::size_t bytes)>;

  explicit CsvReader(Fill fill, char delimiter = ',');

  /// true: `out` holds the next record; false: the end. Errors: invalid (this record is broken; calling again goes on
  /// behind it) and whatever `fill` says.
  core::Result<bool> next(CsvRecord& out);

 private:
  core::Result<> skip_byte_order_mark();
  core::Result<bool> more();
  core::Result<std::size_t> find_end();
  core::Result<bool> split(std::string_view raw, CsvRecord& out);

  Fill fill_;
  char delimiter_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool started_ = false;
  std::uint64_t line_ = 1;
  std::string unquoted_;
};

}  // namespace zhili::sheet
