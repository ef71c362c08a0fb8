#pragma once
// Inside of to_pdf: pages of A4, words set by Pango, and the canvas that charts are drawn on.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assure/reports/canvas.hpp"

namespace zhili::assure::reports {

namespace paper {
inline constexpr double width = 595.28;  ///< A4, in points of 1/72 inch
inline constexpr double height = 841.89;
inline constexpr double side = 56;
inline constexpr double top = 62;
inline constexpr double bottom = 66;
inline constexpr double text_width = width - 2 * side;
inline constexpr double foot = height - bottom;
}  // namespace paper

enum class Face : std::uint8_t { sans, serif };

/// How words are set.
struct Style {
  double size = 9.5;
  Face face = Face::sans;
  bool bold = false;
  Ink ink = Ink::ink;
  Anchor anchor = Anchor::start;
  double leading = 1.45;  ///< height of a line in sizes of the letters
};

/// A PDF in the making. Everything is set twice, for the foot names the last page: at first nothing is drawn and pages are only
/// counted, until draw_from_the_beginning(). Not thread-safe; several at once do not disturb each other.
class Pages {
 public:
  /// `address`: before the paths of links; empty: nothing is linked.
  Pages(Document const& document, Lang lang, std::string address);
  ~Pages();
  Pages(Pages const&) = delete;

  /// Whether there is a font for the words; to be asked before anything is drawn.
  bool can_write(std::string_view words);

  double y() const { return y_; }
  void down(double by) { y_ += by; }
  /// A new page where less than `height` is left.
  void need(double height);
  void new_page();

  /// How high the words are in that width.
  double measure(std::string_view words, Style const& style, double width);
  /// How wide they are on one line.
  double natural_width(std::string_view words, Style const& style);
  /// Sets them with their upper left corner there; gives how high they are.
  double write(Point at, std::string_view words, Style const& style, double width);
  /// A stretch of flowing words, in bytes, that opens a path.
  struct Linked {
    std::size_t from;
    std::size_t to;
    std::string path;
  };
  /// The same line by line from y() on, over as many pages as it takes.
  void flow(std::string_view words, Style const& style, double left, double width, std::vector<Linked> const& links = {});

  void rule(double x, double y, double width, Ink ink, double thickness);
  void fill(double x, double y, double width, double height, Ink ink);

  /// A canvas whose (0, 0) is there; nothing while pages are counted.
  std::unique_ptr<Canvas> canvas(Point origin);

  /// What is drawn until end_link() opens the path; an empty one opens nothing.
  void begin_link(std::string const& path);
  void end_link();
  /// A line of the outline that leads here; what has a title lies below the heading before it.
  void outline(std::string const& title, bool heading);

  int page() const { return page_; }
  void draw_from_the_beginning();
  /// Ends the file. Errors: unavailable.
  core::Result<std::string> done();

 private:
  struct Inside;
  void foot();
  void link_box(Point at, double width, double height, std::string const& path);
  std::unique_ptr<Inside> in_;
  Document const& document_;
  Lang lang_;
  std::string address_;
  int last_page_ = 0;  ///< 0: pages are counted
  int page_ = 1;
  double y_ = paper::top;
};

}  // namespace zhili::assure::reports
