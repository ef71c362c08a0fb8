#pragma once
// Tables as files that office programs open: CSV and XLSX.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::sheet {

/// Rows of one XLSX sheet, headings included: the format has no more.
inline constexpr std::size_t xlsx_rows_max = 1'048'576;
/// Characters of one cell: the format has no more.
inline constexpr std::size_t xlsx_cell_chars_max = 32'767;

/// An empty cell, a whole number, a number or a text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// How numbers of a column are shown. A share is kept as 0…1 and shown in per cent.
enum class Form : std::uint8_t { plain, share };

struct Column {
  std::string title;
  Form form = Form::plain;
  double width_chars = 14;
};

struct Sheet {
  std::string name;                     ///< in XLSX cut to 31 characters, and without []:*?/\ in it
  std::vector<std::string> notes = {};  ///< lines above the table: what it counts, from when to when
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;  ///< each as long as `columns`, or shorter
};

/// What a CSV file begins with: without it Excel reads UTF-8 as the machine's own set.
inline constexpr std::string_view csv_mark = "\xEF\xBB\xBF";

/// Adds one row as csv() writes it, with its line end.
void add_csv_row(std::string& out, std::span<Value const> row);

/// UTF-8 with a byte order mark, commas, CRLF (RFC 4180); notes first, a line each. A text that a spreadsheet would take
/// for a formula (it begins with = + - @, a tab or a return) gets an apostrophe before it. Pure.
std::string csv(Sheet const& sheet);

/// One workbook with these sheets, its headings frozen; texts are never formulas. `made_at` is what the file says of itself:
/// the same input gives the same bytes. Errors: limit (too many rows, a cell too long), unavailable (no memory).
/// Cost: about 2 µs a cell.
core::Result<std::string> xlsx(std::span<Sheet const> sheets, core::Instant made_at);

}  // namespace zhili::sheet
