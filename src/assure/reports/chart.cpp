#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "assure/reports/canvas.hpp"

namespace zhili::assure::reports {

namespace {

constexpr double label_size = 8.5;
constexpr Ink series_inks[] = {Ink::first, Ink::second, Ink::third};

Ink ink_of(std::size_t series) { return series_inks[series % std::size(series_inks)]; }

struct Nothing final : Canvas {
  void rectangle(Point, double, double, Ink) override {}
  void lines(std::vector<Point> const&, Ink, double, bool) override {}
  void polygon(std::vector<std::vector<Point>> const&, Ink, Ink, double) override {}
  void dot(Point, double, Ink, Ink) override {}
  void text(Point, std::string_view, double, Ink, Anchor, bool) override {}
  void begin_link(std::string const&, std::string_view) override {}
  void end_link() override {}
};

double largest(Chart const& chart) {
  double out = 0;
  for (auto const& series : chart.series)
    for (auto const value : series.values) out = std::max(out, value);
  return out;
}

/// A round step with which an axis from 0 has at most five lines.
double step_for(double largest_value) {
  if (largest_value <= 5) return 1;
  auto const rough = largest_value / 5;
  auto const power = std::pow(10, std::floor(std::log10(rough)));
  for (auto const times : {1.0, 2.0, 5.0, 10.0})
    if (power * times >= rough) return power * times;
  return power * 10;
}

std::string link_of(Series const& series, std::size_t i) { return i < series.links.size() ? series.links[i] : std::string(); }
std::string_view shown_of(Series const& series, std::size_t i, Lang lang) {
  return i < series.shown.size() ? std::string_view(core::in(lang, series.shown[i])) : std::string_view();
}

/// Gives the y below it. One series needs no legend: the title says what it is.
double legend(Chart const& chart, Lang lang, double y, Canvas& canvas) {
  if (chart.series.size() < 2) return y;
  double x = 0;
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    auto const& words = core::in(lang, chart.series[s].name);
    canvas.rectangle({x, y + 2}, 8, 8, ink_of(s));
    canvas.text({x + 12, y + 9.5}, words, label_size, Ink::soft);
    x += 28 + width_of(words, label_size);
  }
  return y + 18;
}

/// Names to the left, bars, numbers behind them: for areas, items, departments.
double bars(Chart const& chart, Lang lang, double width, Canvas& canvas) {
  constexpr double bar = 9;
  double names = 0;
  for (auto const& label : chart.labels) names = std::max(names, width_of(core::in(lang, label), label_size));
  names = std::min(names, width * 0.34);
  constexpr double behind = 44;
  auto const room = width - names - 10 - behind;
  auto const most = std::max(largest(chart), 1e-9);
  double y = legend(chart, lang, 0, canvas);
  auto const series = chart.series.size();
  auto const row = bar * static_cast<double>(series) + 6;
  auto const top = y;
  for (std::size_t i = 0; i < chart.labels.size(); ++i, y += row) {
    auto const middle = y + (row - 6) / 2 + 3;
    canvas.text({names, middle}, fitted(core::in(lang, chart.labels[i]), label_size, names), label_size, Ink::ink, Anchor::end);
    for (std::size_t s = 0; s < series; ++s) {
      auto const at = y + bar * static_cast<double>(s);
      auto const length = std::max(0.5, room * chart.series[s].values[i] / most);
      canvas.begin_link(link_of(chart.series[s], i), core::in(lang, chart.labels[i]));
      canvas.rectangle({names + 10, at}, length, bar - 1, ink_of(s));
      canvas.text({names + 10 + length + 4, at + bar - 2}, shown_of(chart.series[s], i, lang), 7.5, Ink::soft);
      canvas.end_link();
    }
  }
  canvas.lines({{names + 10, top - 2}, {names + 10, y - 4}}, Ink::soft, 0.6);
  return y;
}

struct Axes {
  double left, top, width, height, most;
  double x(double slot, std::size_t slots) const { return left + width * slot / static_cast<double>(slots); }
  double y(double value) const { return top + height * (1 - value / most); }
};

Axes axes(Chart const& chart, Lang lang, double width, double top, Canvas& canvas) {
  auto const step = step_for(largest(chart));
  auto const most = std::max(step, std::ceil(largest(chart) / step) * step);
  auto const left = width_of(fmt::format("{:.0f}", most), label_size) + 8;
  Axes const out{left, top + 6, width - left, 130, most};
  for (double value = 0; value <= most + step / 2; value += step) {
    canvas.lines({{left, out.y(value)}, {width, out.y(value)}}, value == 0 ? Ink::soft : Ink::line, value == 0 ? 0.8 : 0.5);
    canvas.text({left - 5, out.y(value) + 3}, fmt::format("{:.0f}", value), 7.5, Ink::soft, Anchor::end);
  }
  auto const slots = chart.labels.size();
  double free_from = 0;
  for (std::size_t i = 0; i < slots; ++i) {
    auto const& words = core::in(lang, chart.labels[i]);
    auto const x = out.x(static_cast<double>(i) + 0.5, slots);
    auto const half = width_of(words, 7.5) / 2;
    if (x - half < free_from) continue;
    canvas.text({x, out.top + out.height + 12}, words, 7.5, Ink::soft, Anchor::middle);
    free_from = x + half + 6;
  }
  return out;
}

double columns(Chart const& chart, Lang lang, double width, Canvas& canvas) {
  auto const on = axes(chart, lang, width, legend(chart, lang, 0, canvas), canvas);
  auto const slots = chart.labels.size();
  auto const series = chart.series.size();
  auto const slot = on.width / static_cast<double>(std::max<std::size_t>(slots, 1));
  auto const column = std::min(18.0, slot * 0.76 / static_cast<double>(series));
  for (std::size_t i = 0; i < slots; ++i) {
    auto const from = on.x(static_cast<double>(i) + 0.5, slots) - column * static_cast<double>(series) / 2;
    for (std::size_t s = 0; s < series; ++s) {
      auto const value = chart.series[s].values[i];
      canvas.begin_link(link_of(chart.series[s], i), core::in(lang, chart.labels[i]));
      canvas.rectangle({from + column * static_cast<double>(s), on.y(value)}, std::max(column - 0.8, 0.8), on.top + on.height - on.y(value), ink_of(s));
      if (column >= 11 && value > 0)
        canvas.text({from + column * (static_cast<double>(s) + 0.5), on.y(value) - 3}, shown_of(chart.series[s], i, lang), 7, Ink::soft, Anchor::middle);
      canvas.end_link();
    }
  }
  return on.top + on.height + 20;
}

double line(Chart const& chart, Lang lang, double width, Canvas& canvas) {
  auto const on = axes(chart, lang, width, legend(chart, lang, 0, canvas), canvas);
  auto const slots = chart.labels.size();
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    auto const& series = chart.series[s];
    std::vector<Point> points;
    for (std::size_t i = 0; i < slots; ++i) points.push_back({on.x(static_cast<double>(i) + 0.5, slots), on.y(series.values[i])});
    canvas.lines(points, ink_of(s), 1.6);
    for (std::size_t i = 0; i < slots; ++i) {
      canvas.begin_link(link_of(series, i), core::in(lang, chart.labels[i]));
      canvas.dot(points[i], 2.4, ink_of(s), Ink::paper);
      canvas.end_link();
    }
  }
  return on.top + on.height + 20;
}

}  // namespace

double width_of(std::string_view words, double size) {
  double ems = 0;
  for (auto const c : words) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0xe0) ems += 1;         // the first byte of a Chinese character
    else if (byte >= 0xc0) ems += 0.6;  // of another letter
    else if (byte < 0x80) ems += byte == 'i' || byte == 'l' || byte == '.' || byte == ',' || byte == ' ' ? 0.3 : byte >= 'A' && byte <= 'Z' ? 0.66 : 0.56;
  }
  return ems * size;
}

std::string fitted(std::string_view words, double size, double width) {
  if (width_of(words, size) <= width) return std::string(words);
  auto end = words.size();
  while (end > 0 && width_of(words.substr(0, end), size) > width - size) {
    --end;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xc0U) == 0x80U) --end;
  }
  return std::string(words.substr(0, end)) + "…";
}

double draw(Chart const& chart, Lang lang, double width, Canvas* canvas) {
  Nothing nothing;
  auto& on = canvas ? *canvas : static_cast<Canvas&>(nothing);
  if (chart.shape == Chart::Shape::bars) return bars(chart, lang, width, on);
  return chart.shape == Chart::Shape::columns ? columns(chart, lang, width, on) : line(chart, lang, width, on);
}

}  // namespace zhili::assure::reports
