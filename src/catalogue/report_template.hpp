#pragma once
// What a pack says of a report: its period, when it is drafted, and its blocks in order. Data, no program: a text may name
// figures, and nothing else happens in it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace zhili::catalogue {

/// Lengths of lists of cases that a template may name beside the indicators of packs.
inline constexpr std::array<std::string_view, 4> report_counts{"opened", "closed", "in_hand", "late"};
bool is_report_count(std::string_view figure);
/// Words of the report itself that a text may name.
inline constexpr std::array<std::string_view, 5> report_words{"city", "area", "period", "before", "as_of"};

enum class ReportPeriod : std::uint8_t { day, week, month, special };
/// "day", "week", "month", "special".
std::string_view name(ReportPeriod period);

/// What of an indicator: its value, or one of the numbers of which it is made. A count has only a value.
enum class FigurePart : std::uint8_t { value, numerator, denominator, excluded };

/// A figure named in a text: `{figure:closed period=before}`, `{figure:closed as=change}`, `{figure:closing part=denominator}`.
struct FigureUse {
  enum class Period : std::uint8_t { here, before, year_before };
  enum class As : std::uint8_t { value, change };  ///< change: of this period against the other one, in words
  std::string figure;
  FigurePart part = FigurePart::value;
  Period period = Period::here;
  As as = As::value;
};

/// A piece of a text: words, or a word of the report (`{period}`), or a figure.
struct TextPiece {
  std::string words = {};
  std::string word = {};
  std::optional<FigureUse> figure = {};
};
struct ReportText {
  std::vector<TextPiece> zh;
  std::vector<TextPiece> en;
};

/// What rows of a table, bars of a chart or shapes of a map stand for.
enum class ReportBy : std::uint8_t { none, area, item, group, department, day };
/// What a list holds.
enum class ReportList : std::uint8_t { none, longest_open, late, repeated_places, cases };

struct ReportBlock {
  enum class Kind : std::uint8_t { heading, text, figures, table, chart, map, list };
  Kind kind = Kind::text;
  core::Text title = {};  ///< of a text: empty
  ReportText text = {};
  std::vector<std::string> figures = {};
  ReportBy by = ReportBy::none;
  ReportList list = ReportList::none;
  bool line = false;       ///< a chart by day: a line and not columns
  std::string level = {};  ///< of areas: "street"; empty: the one below the report's own
  int most = 0;            ///< rows at most, the largest first; 0: what the program says
};

/// When it is drafted by itself: at this minute of the day after its period has ended.
struct ReportSchedule {
  int minute = 0;     ///< of the day, 0…1439, in the city's zone
  std::string level;  ///< one report for each area of this level; empty: one for the whole city
};

struct ReportTemplate {
  std::string code;
  core::Text name;
  core::Text about;
  ReportPeriod period = ReportPeriod::special;
  std::optional<ReportSchedule> schedule;
  std::vector<ReportBlock> blocks;
};

}  // namespace zhili::catalogue
