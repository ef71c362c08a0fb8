#pragma once
// What reports ask about the city: figures of a span of time, as the ledger knew it at one moment.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assure/reports/document.hpp"
#include "catalogue/indicators.hpp"
#include "catalogue/report_template.hpp"

namespace zhili::assure::reports {

using catalogue::FigurePart;
using catalogue::ReportBy;
using catalogue::ReportList;

/// From, inclusive, to, exclusive.
struct Span {
  core::Instant from{};
  core::Instant to{};
  bool operator==(Span const&) const = default;
};

/// A value with the cases that it counts.
struct Value {
  std::optional<double> number = {};  ///< nothing: there is nothing to divide by, or it is hidden
  std::string link = {};
  bool hidden = false;  ///< too few to be published
};
/// The value of one area, item, department, day.
struct Group {
  std::string key;
  Text name;
  Value value;
};

/// `times` has two decimals, `decimal` one: hours, days.
enum class Form : std::uint8_t { count, share, times, decimal };
/// What a figure is called, and how it is written.
struct FigureWord {
  Text name;
  Form form;
  Text says;  ///< what it counts, in one sentence
};
/// Of one of catalogue::report_counts.
FigureWord const& count_word(std::string_view count);
FigureWord word_of(catalogue::Indicator const& indicator);
/// How a part of such a figure is written.
Form form_of(FigureWord const& word, FigurePart part);

/// Asked while a document is made. Whoever implements it is bound to one place, one filter and one moment of the ledger, so two
/// questions never contradict each other, and the same moment gives the same answers. Not thread-safe.
class Figures {
 public:
  virtual ~Figures() = default;

  /// The last ledger entry that they know.
  virtual std::int64_t seq() const = 0;

  /// Of a count, or of an indicator. A code that is neither was refused when templates were loaded.
  virtual FigureWord word(std::string_view figure) const = 0;
  /// For the span: counts as they are, shares 0…1, hours.
  virtual Value value(std::string_view figure, FigurePart part, Span span) = 0;
  /// The same by something, largest first; days in their order, and none left out. `level` is of areas: empty: the level
  /// below the report's own.
  virtual std::vector<Group> values(std::string_view figure, Span span, ReportBy by, std::string_view level) = 0;
  /// Rows of a list, at most `most`, and how many there would be. The columns are those of the list.
  struct Listed {
    std::vector<Column> columns;
    std::vector<Row> rows;
    std::int64_t all = 0;
    std::vector<core::LatLon> places;  ///< of the rows, where everybody may see them
  };
  virtual Listed list(ReportList list, Span span, std::size_t most) = 0;
  /// The shapes of the areas of a level, by the keys of values(…, area, level).
  struct Shape {
    std::string key;
    Text name;
    std::vector<std::vector<core::LatLon>> rings;
  };
  virtual std::vector<Shape> shapes(std::string_view level) = 0;
};

/// "1,234", "85.2%", "0.25", "3.4"; "–" where there is nothing. Half away from zero.
std::string shown(std::optional<double> number, Form form);
/// "up 12.5%", "增加 12.5%"; rates in percentage points; "unchanged". Empty where one of both is missing.
Text change_shown(std::optional<double> now, std::optional<double> before, Form form);

}  // namespace zhili::assure::reports
