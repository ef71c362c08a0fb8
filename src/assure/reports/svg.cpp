#include <fmt/format.h>

#include <array>
#include <iterator>

#include "assure/reports/canvas.hpp"

namespace zhili::assure::reports {

namespace {

struct Tone {
  std::string_view name;
  unsigned rgb;
};
constexpr std::array<Tone, ink_count> tones{{{"ink", 0x1c1f23},
                                             {"soft", 0x565b61},
                                             {"line", 0xdedad2},
                                             {"paper", 0xffffff},
                                             {"first", 0x2b5c8a},
                                             {"second", 0xc98a3c},
                                             {"third", 0x1f7a5c},
                                             {"mark", 0xb3312f},
                                             {"wash0", 0xf1f4f7},
                                             {"wash1", 0xd5e1ec},
                                             {"wash2", 0xaac4da},
                                             {"wash3", 0x7aa1c4},
                                             {"wash4", 0x4a7bab}}};

class Svg final : public Canvas {
 public:
  void rectangle(Point at, double width, double height, Ink fill) override {
    add(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="fill-{}"/>)", at.x, at.y, width, height, name(fill));
  }
  void lines(std::vector<Point> const& points, Ink ink, double width, bool dashed) override {
    add(R"(<polyline fill="none" stroke-width="{:.1f}" class="edge-{}"{} points=")", width, name(ink), dashed ? R"( stroke-dasharray="2 2")" : "");
    for (auto const& p : points) add("{:.1f},{:.1f} ", p.x, p.y);
    out_ += "\"/>";
  }
  void polygon(std::vector<std::vector<Point>> const& rings, Ink fill, Ink edge, double edge_width) override {
    add(R"(<path fill-rule="evenodd" stroke-width="{:.1f}" class="fill-{} edge-{}" d=")", edge_width, name(fill), name(edge));
    for (auto const& ring : rings) {
      char step = 'M';
      for (auto const& p : ring) {
        add("{}{:.1f} {:.1f}", step, p.x, p.y);
        step = 'L';
      }
      out_ += 'Z';
    }
    out_ += "\"/>";
  }
  void dot(Point at, double radius, Ink fill, Ink edge) override {
    add(R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" class="fill-{} edge-{}"/>)", at.x, at.y, radius, name(fill), name(edge));
  }
  void text(Point at, std::string_view words, double size, Ink ink, Anchor anchor, bool bold) override {
    constexpr std::string_view anchors[] = {"start", "middle", "end"};
    add(R"(<text x="{:.1f}" y="{:.1f}" font-size="{:.1f}" text-anchor="{}" class="fill-{}"{}>{}</text>)", at.x, at.y, size,
        anchors[static_cast<std::size_t>(anchor)], name(ink), bold ? R"( font-weight="600")" : "", escaped(words));
  }
  void begin_link(std::string const& link, std::string_view title) override {
    linked_ = !link.empty();
    if (linked_) add(R"(<a href="{}"><title>{}</title>)", escaped(link), escaped(title));
  }
  void end_link() override {
    if (linked_) out_ += "</a>";
    linked_ = false;
  }
  std::string const& done() const { return out_; }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> form, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), form, std::forward<Args>(args)...);
  }
  std::string out_;
  bool linked_ = false;
};

constexpr double svg_width = 640;

template <class Drawn>
std::string whole(Drawn const& drawn, Lang lang) {
  Svg canvas;
  auto const height = draw(drawn, lang, svg_width, &canvas);
  return fmt::format(R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="group" aria-label="{}">{}</svg>)", svg_width, height,
                     escaped(core::in(lang, drawn.title)), canvas.done());
}

}  // namespace

Ink wash(std::size_t step) { return static_cast<Ink>(static_cast<std::size_t>(Ink::wash0) + std::min<std::size_t>(step, 4)); }

std::string_view name(Ink ink) { return tones[static_cast<std::size_t>(ink)].name; }

Rgb colour_of(Ink ink) {
  auto const rgb = tones[static_cast<std::size_t>(ink)].rgb;
  auto const part = [rgb](int shift) { return ((rgb >> shift) & 0xffU) / 255.0; };
  return {part(16), part(8), part(0)};
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char const c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

std::string to_svg(Chart const& chart, Lang lang) { return whole(chart, lang); }
std::string to_svg(Map const& map, Lang lang) { return whole(map, lang); }

}  // namespace zhili::assure::reports
