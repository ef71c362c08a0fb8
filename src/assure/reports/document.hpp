#pragma once
// A report as plain data, in both languages. Everything that is drawn or written of a report comes from here and from nowhere
// else, so the same document gives the same pages.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::assure::reports {

using core::Lang;
using core::Text;

/// Rows of one list of cases. A list that would be longer ends here and says so.
inline constexpr std::size_t list_rows_max = 100'000;
/// Rows of a list that stand on an HTML page; the rest is in the XLSX, and the page says so.
inline constexpr std::size_t html_rows_max = 500;
/// The same for the PDF.
inline constexpr std::size_t pdf_rows_max = 2'000;

/// Words of one language. A run with a link opens the cases that it counts: a path of the web application,
/// "/cases?state=open&area=12".
struct Run {
  std::string words;
  std::string link = {};
  bool operator==(Run const&) const = default;
};

struct Heading {
  Text text;
  bool operator==(Heading const&) const = default;
};

struct Paragraph {
  std::vector<Run> zh;
  std::vector<Run> en;
  bool operator==(Paragraph const&) const = default;
};

/// A figure that stands for itself, with how it has changed.
struct Figure {
  Text label;
  Text value;
  Text change = {};
  std::string link = {};
  bool operator==(Figure const&) const = default;
};
struct FigureRow {
  std::vector<Figure> figures;
  bool operator==(FigureRow const&) const = default;
};

struct Column {
  Text title;
  bool number = false;  ///< set to the right
  bool operator==(Column const&) const = default;
};
struct Cell {
  Text text;
  std::string link = {};
  bool operator==(Cell const&) const = default;
};
using Row = std::vector<Cell>;

struct Table {
  Text title;
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::vector<Cell> total = {};  ///< a last row for all; may be empty
  Text note = {};                ///< below the table
  bool operator==(Table const&) const = default;
};

struct Series {
  Text name;
  std::vector<double> values;  ///< one for each label
  std::vector<Text> shown;     ///< the same as people write them
  std::vector<std::string> links;
  bool operator==(Series const&) const = default;
};
struct Chart {
  enum class Shape : std::uint8_t { bars, columns, line };
  Text title;
  Shape shape = Shape::bars;
  std::vector<Text> labels;
  std::vector<Series> series;
  bool operator==(Chart const&) const = default;
};

struct Region {
  Text name;
  std::vector<std::vector<core::LatLon>> rings;
  double value = 0;
  Text shown;
  std::string link = {};
  bool operator==(Region const&) const = default;
};
struct Mark {
  core::LatLon at;
  bool operator==(Mark const&) const = default;
};
struct Map {
  Text title;
  Text legend;  ///< what the colour stands for
  std::vector<Region> regions;
  std::vector<Mark> marks = {};
  Text marks_legend = {};
  bool operator==(Map const&) const = default;
};

using Block = std::variant<Heading, Paragraph, FigureRow, Table, Chart, Map>;

struct Document {
  Text title;              ///< 榴城区城市运行月报
  Text subtitle;           ///< the period
  Text issuer;             ///< who publishes it
  Text comment = {};       ///< of the editor; both empty, or both written
  std::vector<Block> blocks;
  std::vector<Text> notes;  ///< how it was counted, as of when
  core::Instant as_of{};
  std::int64_t seq = 0;  ///< of the last ledger entry that it knows
  bool operator==(Document const&) const = default;
};

/// Canonical: the same document gives the same bytes. Cost: proportional to its rows.
std::string to_json(Document const& document);
/// Errors: corrupt.
core::Result<Document> document_from(std::string_view json);

/// SHA-256 of the canonical text, hexadecimal.
std::string digest_of(std::string_view json);

// ---- what a document becomes ----

/// One language as a page of its own. All words are escaped. Pure.
std::string to_html(Document const& document, Lang lang);
/// The same as an <article>, to be put into another page.
std::string to_html_part(Document const& document, Lang lang);

/// A4 pages with their fonts embedded and an outline; the same document gives the same bytes. `address`: where the installation
/// is reached ("https://city.example.org"); figures then open their lists there; empty: they open nothing. Thread-safe. Cost:
/// some tenths of a second.
/// Errors: unavailable (no font on this machine has the letters of `lang`, or no memory).
core::Result<std::string> to_pdf(Document const& document, Lang lang, std::string const& address = {});

/// One workbook: a sheet for the figures, one for each table and chart. Texts are never formulas. Errors: those of sheet::xlsx.
core::Result<std::string> to_xlsx(Document const& document, Lang lang);

}  // namespace zhili::assure::reports
