#pragma once
// What charts and maps are drawn on: a page of a PDF, or an SVG inside a page of HTML. One drawing, two papers.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assure/reports/document.hpp"

namespace zhili::assure::reports {

/// Colours by what they are for; a page in the dark has others.
enum class Ink : std::uint8_t { ink, soft, line, paper, first, second, third, mark, wash0, wash1, wash2, wash3, wash4 };
inline constexpr std::size_t ink_count = 13;
/// A step of the scale of a map, 0…4.
Ink wash(std::size_t step);

struct Rgb {
  double red, green, blue;
};
/// On white paper.
Rgb colour_of(Ink ink);
/// "first", "wash2".
std::string_view name(Ink ink);

struct Point {
  double x = 0;
  double y = 0;
};
enum class Anchor : std::uint8_t { start, middle, end };

/// Units are points of 1/72 inch; y grows downwards. `y` of a text is its baseline.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void rectangle(Point at, double width, double height, Ink fill) = 0;
  virtual void lines(std::vector<Point> const& points, Ink ink, double width, bool dashed = false) = 0;
  /// Rings filled by the even-odd rule, with an edge.
  virtual void polygon(std::vector<std::vector<Point>> const& rings, Ink fill, Ink edge, double edge_width) = 0;
  virtual void dot(Point at, double radius, Ink fill, Ink edge) = 0;
  virtual void text(Point at, std::string_view words, double size, Ink ink, Anchor anchor = Anchor::start, bool bold = false) = 0;
  /// What is drawn until end_link() opens the cases; an empty link opens nothing.
  virtual void begin_link(std::string const& link, std::string_view title) = 0;
  virtual void end_link() = 0;
};

/// How wide words will be, near enough to lay a chart out: a Chinese character is as wide as the size, a Latin one about half.
double width_of(std::string_view words, double size);
/// The beginning of the words that fits, with an ellipsis where something was cut.
std::string fitted(std::string_view words, double size, double width);

/// Draws it from (0, 0) on; gives how high it is. `canvas` null: only measures.
double draw(Chart const& chart, Lang lang, double width, Canvas* canvas);
double draw(Map const& map, Lang lang, double width, Canvas* canvas);

/// The same as a whole <svg>, colours by classes "fill-first" and "edge-first".
std::string to_svg(Chart const& chart, Lang lang);
std::string to_svg(Map const& map, Lang lang);

/// `&<>"'` as entities; what no HTML may hold is left out.
std::string escaped(std::string_view text);

}  // namespace zhili::assure::reports
