#include "assure/reports/pdf_page.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <numbers>
#include <unordered_map>
#include <utility>

namespace zhili::assure::reports {

namespace {

struct Unref {
  void operator()(cairo_t* it) const { cairo_destroy(it); }
  void operator()(cairo_surface_t* it) const { cairo_surface_destroy(it); }
  void operator()(PangoLayout* it) const { g_object_unref(it); }
  void operator()(PangoContext* it) const { g_object_unref(it); }
  void operator()(PangoFontMap* it) const { g_object_unref(it); }
  void operator()(PangoFontDescription* it) const { pango_font_description_free(it); }
  void operator()(PangoLayoutIter* it) const { pango_layout_iter_free(it); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

cairo_status_t take(void* out, unsigned char const* bytes, unsigned length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

void set(cairo_t* on, Ink ink) {
  auto const c = colour_of(ink);
  cairo_set_source_rgb(on, c.red, c.green, c.blue);
}

/// As attributes of tags hold texts.
std::string as_attribute(std::string_view text) {
  std::string out;
  for (auto const c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

constexpr double points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

}  // namespace

struct Pages::Inside {
  std::string bytes;
  Held<cairo_surface_t> surface;
  Held<cairo_t> cairo;
  Held<PangoFontMap> fonts;  // of its own: Pango's default one belongs to a thread
  Held<PangoContext> context;
  Held<PangoLayout> layout;  // one for all words: making one costs more than setting them
  std::string set_for;
  std::unordered_map<std::string, int> line_counts;  // setting words costs most, and a table asks twice
  bool linked = false;
  int outlines = 0;
  int last_heading = CAIRO_PDF_OUTLINE_ROOT;

  static std::string key(Style const& style) { return fmt::format("{} {} {}", style.size, static_cast<int>(style.face), style.bold); }

  int line_count(std::string_view words, Style const& style, double width) {
    auto const [known, fresh] = line_counts.try_emplace(fmt::format("{} {} {}", key(style), width, words), 0);
    if (!fresh) return known->second;
    prepare(words, style, width);
    return known->second = pango_layout_get_line_count(layout.get());
  }

  void prepare(std::string_view words, Style const& style, double width) {
    auto const wanted = key(style);
    if (wanted != set_for) {
      Held<PangoFontDescription> font(pango_font_description_new());
      pango_font_description_set_family_static(font.get(), style.face == Face::sans ? "Noto Sans CJK SC" : "Noto Serif CJK SC");
      pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
      pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
      pango_layout_set_font_description(layout.get(), font.get());
      set_for = wanted;
    }
    pango_layout_set_line_spacing(layout.get(), 0);
    pango_layout_set_width(layout.get(), width < 0 ? -1 : static_cast<int>(width * PANGO_SCALE));
    constexpr PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    pango_layout_set_alignment(layout.get(), alignments[static_cast<std::size_t>(style.anchor)]);
    pango_layout_set_text(layout.get(), words.data(), static_cast<int>(words.size()));
  }

  /// Calls `each(line, baseline)`, the baseline counted from the top of the first line.
  template <class Each>
  double lines(Style const& style, Each&& each) {
    auto const height = style.size * style.leading;
    double y = 0;
    Held<PangoLayoutIter> const iter(pango_layout_get_iter(layout.get()));
    do {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents(iter.get(), nullptr, &logical);
      each(pango_layout_iter_get_line_readonly(iter.get()), points(logical.x), y + height / 2 + style.size * 0.36);
      y += height;
    } while (pango_layout_iter_next_line(iter.get()));
    return y;
  }

  void show(PangoLayoutLine* line, double x, double y, Ink ink) const {
    set(cairo.get(), ink);
    cairo_move_to(cairo.get(), x, y);
    pango_cairo_show_layout_line(cairo.get(), line);
  }
};

Pages::Pages(Document const& document, Lang lang, std::string address)
    : in_(std::make_unique<Inside>()), document_(document), lang_(lang), address_(std::move(address)) {
  in_->surface.reset(cairo_pdf_surface_create_for_stream(take, &in_->bytes, paper::width, paper::height));
  auto* const surface = in_->surface.get();
  cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, core::in(lang, document.title).c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, core::in(lang, document.subtitle).c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, core::in(lang, document.issuer).c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "zhili");
  // Without it the library writes the time of today, and the same report would give other bytes tomorrow.
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, core::to_iso(document.as_of).c_str());
  in_->cairo.reset(cairo_create(surface));
  in_->fonts.reset(pango_cairo_font_map_new());
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(in_->fonts.get()), 72);
  in_->context.reset(pango_font_map_create_context(in_->fonts.get()));
  pango_context_set_language(in_->context.get(), pango_language_from_string(lang == Lang::zh ? "zh-cn" : "en"));
  auto* const options = cairo_font_options_create();
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  pango_cairo_context_set_font_options(in_->context.get(), options);
  cairo_font_options_destroy(options);
  in_->layout.reset(pango_layout_new(in_->context.get()));
  pango_layout_set_wrap(in_->layout.get(), PANGO_WRAP_WORD_CHAR);
}

Pages::~Pages() = default;

bool Pages::can_write(std::string_view words) {
  in_->prepare(words, {}, -1);
  return pango_layout_get_unknown_glyphs_count(in_->layout.get()) == 0;
}

void Pages::need(double height) {
  if (y_ + height > paper::foot) new_page();
}

void Pages::new_page() {
  if (last_page_ > 0) {
    foot();
    cairo_show_page(in_->cairo.get());
  }
  ++page_;
  y_ = paper::top;
}

void Pages::draw_from_the_beginning() {
  last_page_ = page_;
  page_ = 1;
  y_ = paper::top;
}

void Pages::foot() {
  bool const zh = lang_ == Lang::zh;
  Style style{.size = 7.5, .ink = Ink::soft};
  auto const y = paper::height - 42;
  rule(paper::side, y - 5, paper::text_width, Ink::line, 0.5);
  write({paper::side, y}, fitted(core::in(lang_, document_.title) + "  " + core::in(lang_, document_.subtitle), style.size, paper::text_width * 0.78),
        style, paper::text_width * 0.8);
  style.anchor = Anchor::end;
  auto const number = zh ? fmt::format("第 {} 页，共 {} 页", page_, last_page_) : fmt::format("Page {} of {}", page_, last_page_);
  write({paper::side + paper::text_width * 0.8, y}, number, style, paper::text_width * 0.2);
}

double Pages::measure(std::string_view words, Style const& style, double width) {
  return in_->line_count(words, style, width) * style.size * style.leading;
}

double Pages::natural_width(std::string_view words, Style const& style) {
  in_->prepare(words, style, -1);
  int width = 0;
  pango_layout_get_size(in_->layout.get(), &width, nullptr);
  return points(width);
}

double Pages::write(Point at, std::string_view words, Style const& style, double width) {
  if (last_page_ == 0) return measure(words, style, width);
  in_->prepare(words, style, width);
  return in_->lines(style, [&](PangoLayoutLine* line, double x, double baseline) { in_->show(line, at.x + x, at.y + baseline, style.ink); });
}

void Pages::flow(std::string_view words, Style const& style, double left, double width, std::vector<Linked> const& links) {
  in_->prepare(words, style, width);
  // A line that is shown may end a page, and the foot uses the layout: first the lines, then the pages.
  struct Box {
    double from;
    double to;
    std::string const* path;
  };
  struct Line {
    std::string words;
    double x;
    std::vector<Box> boxes = {};
  };
  std::vector<Line> lines;
  in_->lines(style, [&](PangoLayoutLine* line, double x, double) {
    auto const begin = static_cast<std::size_t>(line->start_index);
    auto const end = begin + static_cast<std::size_t>(line->length);
    lines.push_back({std::string(words.substr(begin, end - begin)), x});
    for (auto const& link : links) {
      if (link.to <= begin || link.from >= end) continue;
      auto const at = [&](std::size_t index) {
        int units = 0;
        pango_layout_line_index_to_x(line, static_cast<int>(index), FALSE, &units);
        return points(units);
      };
      lines.back().boxes.push_back({at(std::max(link.from, begin)), at(std::min(link.to, end)), &link.path});
    }
  });
  auto const height = style.size * style.leading;
  for (auto const& line : lines) {
    need(height);
    write({left + line.x, y_}, line.words, {style.size, style.face, style.bold, style.ink, Anchor::start, style.leading}, -1);
    for (auto const& box : line.boxes) link_box({left + line.x + box.from, y_}, box.to - box.from, height, *box.path);
    y_ += height;
  }
}

void Pages::rule(double x, double y, double width, Ink ink, double thickness) {
  if (last_page_ == 0) return;
  auto* const on = in_->cairo.get();
  set(on, ink);
  cairo_set_line_width(on, thickness);
  cairo_move_to(on, x, y);
  cairo_line_to(on, x + width, y);
  cairo_stroke(on);
}

void Pages::fill(double x, double y, double width, double height, Ink ink) {
  if (last_page_ == 0) return;
  set(in_->cairo.get(), ink);
  cairo_rectangle(in_->cairo.get(), x, y, width, height);
  cairo_fill(in_->cairo.get());
}

void Pages::begin_link(std::string const& path) {
  in_->linked = last_page_ > 0 && !address_.empty() && !path.empty();
  if (in_->linked) cairo_tag_begin(in_->cairo.get(), CAIRO_TAG_LINK, fmt::format("uri='{}'", as_attribute(address_ + path)).c_str());
}

void Pages::end_link() {
  if (std::exchange(in_->linked, false)) cairo_tag_end(in_->cairo.get(), CAIRO_TAG_LINK);
}

void Pages::link_box(Point at, double width, double height, std::string const& path) {
  if (last_page_ == 0 || address_.empty() || path.empty()) return;
  auto const box = fmt::format("rect=[{:.2f} {:.2f} {:.2f} {:.2f}] uri='{}'", at.x, at.y, width, height, as_attribute(address_ + path));
  cairo_tag_begin(in_->cairo.get(), CAIRO_TAG_LINK, box.c_str());
  cairo_tag_end(in_->cairo.get(), CAIRO_TAG_LINK);
}

void Pages::outline(std::string const& title, bool heading) {
  if (last_page_ == 0 || title.empty()) return;
  auto const name = fmt::format("part{}", ++in_->outlines);
  cairo_tag_begin(in_->cairo.get(), CAIRO_TAG_DEST, fmt::format("name='{}' x={:.2f} y={:.2f}", name, paper::side, y_).c_str());
  cairo_tag_end(in_->cairo.get(), CAIRO_TAG_DEST);
  auto const parent = heading ? static_cast<int>(CAIRO_PDF_OUTLINE_ROOT) : in_->last_heading;
  auto const line = cairo_pdf_surface_add_outline(in_->surface.get(), parent, title.c_str(), fmt::format("dest='{}'", name).c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
  if (heading) in_->last_heading = line;
}

core::Result<std::string> Pages::done() {
  foot();
  cairo_show_page(in_->cairo.get());
  in_->cairo.reset();
  cairo_surface_finish(in_->surface.get());
  auto const status = cairo_surface_status(in_->surface.get());
  if (status == CAIRO_STATUS_SUCCESS) return std::move(in_->bytes);
  return core::fail(core::Errc::unavailable, "report.pdf", {"PDF 写不成。请再试一次。", "The PDF could not be written. Try again."}, {}, cairo_status_to_string(status));
}

namespace {

class Drawing final : public Canvas {
 public:
  Drawing(Pages& pages, cairo_t* on, Point origin) : pages_(pages), on_(on) {
    cairo_save(on_);
    cairo_translate(on_, origin.x, origin.y);
    cairo_set_line_join(on_, CAIRO_LINE_JOIN_ROUND);
  }
  ~Drawing() override { cairo_restore(on_); }
  Drawing(Drawing const&) = delete;

  void rectangle(Point at, double width, double height, Ink ink) override { pages_.fill(at.x, at.y, width, height, ink); }
  void lines(std::vector<Point> const& points, Ink ink, double width, bool dashed) override {
    set(on_, ink);
    cairo_set_line_width(on_, width);
    double const dash[] = {2, 2};
    cairo_set_dash(on_, dash, dashed ? 2 : 0, 0);
    path(points);
    cairo_stroke(on_);
    cairo_set_dash(on_, nullptr, 0, 0);
  }
  void polygon(std::vector<std::vector<Point>> const& rings, Ink ink, Ink edge, double edge_width) override {
    cairo_set_fill_rule(on_, CAIRO_FILL_RULE_EVEN_ODD);
    for (auto const& ring : rings) {
      path(ring);
      cairo_close_path(on_);
    }
    set(on_, ink);
    cairo_fill_preserve(on_);
    set(on_, edge);
    cairo_set_line_width(on_, edge_width);
    cairo_stroke(on_);
  }
  void dot(Point at, double radius, Ink ink, Ink edge) override {
    cairo_new_sub_path(on_);
    cairo_arc(on_, at.x, at.y, radius, 0, 2 * std::numbers::pi);
    set(on_, ink);
    cairo_fill_preserve(on_);
    set(on_, edge);
    cairo_set_line_width(on_, 0.7);
    cairo_stroke(on_);
  }
  void text(Point at, std::string_view words, double size, Ink ink, Anchor anchor, bool bold) override {
    Style const style{.size = size, .bold = bold, .ink = ink};
    auto const width = anchor == Anchor::start ? 0 : pages_.natural_width(words, style);
    auto const left = anchor == Anchor::start ? at.x : anchor == Anchor::middle ? at.x - width / 2 : at.x - width;
    pages_.write({left, at.y - (size * style.leading / 2 + size * 0.36)}, words, style, -1);
  }
  void begin_link(std::string const& link, std::string_view) override { pages_.begin_link(link); }
  void end_link() override { pages_.end_link(); }

 private:
  void path(std::vector<Point> const& points) {
    for (std::size_t i = 0; i < points.size(); ++i) (i == 0 ? cairo_move_to : cairo_line_to)(on_, points[i].x, points[i].y);
  }
  Pages& pages_;
  cairo_t* on_;
};

}  // namespace

std::unique_ptr<Canvas> Pages::canvas(Point origin) {
  if (last_page_ == 0) return nullptr;
  return std::make_unique<Drawing>(*this, in_->cairo.get(), origin);
}

}  // namespace zhili::assure::reports
