#pragma once
// For tests: figures that are made up, and a document with one of everything.

#include "assure/reports/desk.hpp"

namespace zhili::assure::reports::kit {

inline core::Instant at(char const* iso) { return core::from_iso(iso).value(); }

/// Three areas, and values that follow from names alone; `opened` can be set.
class MadeUp : public Figures {
 public:
  std::int64_t seq_ = 7;
  double opened = 1'234;
  double before = 1'000;
  Span now{};
  std::size_t rows = 3;

  std::int64_t seq() const override { return seq_; }
  FigureWord word(std::string_view figure) const override {
    if (figure == "on_time_closing") return {{"按期结案率", "Closed on time"}, Form::share, {"按期结案 ÷ 应结案", "closed on time ÷ due"}};
    if (figure == "rework_cases") return {{"返工率", "Rework"}, Form::share, {"返工 ÷ 处置", "reworked ÷ handled"}};
    if (figure == "hours_to_close") return {{"平均结案用时", "Hours to close"}, Form::decimal, {"从上报到结案", "from the report to the end"}};
    return count_word(figure);
  }
  Value value(std::string_view figure, FigurePart part, Span span) override {
    if (figure == "on_time_closing" && part == FigurePart::value) return {span == now ? 0.852 : 0.84, "/evaluation/cases?indicator=on_time_closing"};
    if (figure == "rework_cases") return {.number = {}, .link = {}, .hidden = true};
    if (figure == "hours_to_close") return {54.25, {}};
    return {span == now ? opened : before, "/cases?state=all&figure=" + std::string(figure)};
  }
  std::vector<Group> values(std::string_view figure, Span span, ReportBy by, std::string_view) override {
    std::vector<Group> out;
    if (by == ReportBy::day) {
      for (auto const day : days_of(span, core::Zone::find("Asia/Shanghai").value()))
        out.push_back({std::to_string(core::to_ms(day.from)), day_shown(day.from, core::Zone::find("Asia/Shanghai").value()), {static_cast<double>(20 + core::to_ms(day.from) / 86'400'000 % 7), "/cases?day"}});
      return out;
    }
    Text const names[] = {{"解放路街道", "Jiefang Road"}, {"榴园街道", "Liuyuan"}, {"=HYPERLINK(\"http://x\")", "=HYPERLINK(\"http://x\")"}};
    for (std::size_t i = 0; i < 3; ++i)
      out.push_back({std::to_string(i), names[i], {figure == "on_time_closing" ? 0.9 - 0.1 * static_cast<double>(i) : static_cast<double>(300 - 90 * i), "/cases?area=" + std::to_string(i)}});
    return out;
  }
  Listed list(ReportList, Span, std::size_t most) override {
    Listed out{.columns = {{{"编号", "Number"}}, {{"事项", "Item"}}, {{"天数", "Days"}, true}}, .rows = {}, .all = static_cast<std::int64_t>(rows), .places = {{350'150'000, 1'175'150'000}}};
    for (std::size_t i = 0; i < std::min(rows, most); ++i) {
      auto const number = "LC-2604-" + std::to_string(1000 + i);
      out.rows.push_back({{{number, number}, "/cases/" + number}, {{"暴露垃圾 <b>&", "Exposed rubbish <b>&"}}, {{std::to_string(i), std::to_string(i)}}});
    }
    return out;
  }
  std::vector<Shape> shapes(std::string_view) override {
    std::vector<Shape> out;
    Text const names[] = {{"解放路街道", "Jiefang Road"}, {"榴园街道", "Liuyuan"}, {"东湖街道", "Donghu"}};
    for (std::int32_t i = 0; i < 3; ++i) {
      std::int32_t const west = 1'175'000'000 + i * 100'000;
      out.push_back({std::to_string(i), names[i], {{{350'000'000, west}, {350'000'000, west + 100'000}, {350'200'000, west + 100'000}, {350'200'000, west}}}});
    }
    return out;
  }
};

inline Subject april(MadeUp& figures) {
  auto const zone = core::Zone::find("Asia/Shanghai").value();
  Subject out{.span = period_at(ReportPeriod::month, at("2026-04-10T00:00:00+08:00"), zone), .city = {"榴城", "Liucheng"}, .area = {"榴城区", "Liucheng District"}, .zone = zone};
  out.as_of = at("2026-05-01T09:00:00+08:00");
  out.seq = figures.seq_;
  figures.now = out.span;
  return out;
}

}  // namespace zhili::assure::reports::kit
