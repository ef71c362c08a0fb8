#include "catalogue/report_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/pack.hpp"
#include "catalogue/pack_reader.hpp"

namespace zhili::catalogue {
namespace {

using testing::HasSubstr;

struct Read {
  Draft draft;
  std::vector<Finding> findings;
};

/// A pack with one report whose blocks are `blocks`, each a line of its own from line 8 on.
Read read(std::string const& blocks, std::string const& head = "    period: day\n") {
  Source source;
  source.files["pack.yaml"] = "pack: p\nversion: \"1\"\nname: {zh: 试, en: Trial}\nreports:\n  daily:\n    name: {zh: 日报, en: Daily}\n" + head + "    blocks:\n" + blocks;
  Read out;
  out.draft = read_draft(source, "p", [](auto const&, auto const&) { return nullptr; }, out.findings);
  return out;
}

TEST(ReportTemplates, AreReadInTheOrderOfTheirBlocks) {
  auto const [draft, findings] = read(
      "      - figures: [opened, late]\n"
      "      - text: {zh: \"{period}立案 {figure:opened} 件，{figure:late period=year_before as=change}\", en: \"{figure:opened} in {area}\"}\n"
      "      - chart: {title: {zh: 图, en: Chart}, by: day, figures: [opened], shape: line}\n"
      "      - list: {title: {zh: 单, en: List}, of: late, most: 7}\n",
      "    period: week\n    schedule: {at: \"07:30\", level: street}\n");
  EXPECT_EQ(render(findings, core::Lang::en), "");
  ASSERT_EQ(draft.pack.reports.size(), 1U);
  auto const& form = draft.pack.reports[0];
  EXPECT_EQ(form.period, ReportPeriod::week);
  EXPECT_EQ(form.schedule->minute, 450);
  EXPECT_EQ(form.schedule->level, "street");
  ASSERT_EQ(form.blocks.size(), 4U);
  auto const& zh = form.blocks[1].text.zh;
  ASSERT_EQ(zh.size(), 5U);
  EXPECT_EQ(zh[0].word, "period");
  EXPECT_EQ(zh[2].figure->figure, "opened");
  EXPECT_EQ(zh[4].figure->period, FigureUse::Period::year_before);
  EXPECT_EQ(zh[4].figure->as, FigureUse::As::change);
  EXPECT_TRUE(form.blocks[2].line);
  EXPECT_EQ(form.blocks[3].list, ReportList::late);
  EXPECT_EQ(form.blocks[3].most, 7);
}

TEST(ReportTemplates, ThatNameWhatIsNotThereAreRefusedAtTheirLine) {
  auto const* const indicator = "indicators:\n  rate: {name: {zh: 率, en: Rate}, about: {zh: 率, en: r}, of: cases, count: [closed], source: zhili}\n"
                                "  secret: {name: {zh: 密, en: Secret}, about: {zh: 密, en: s}, of: cases, count: [closed], public: false, source: zhili}\n";
  auto const finding = [](std::string const& block, std::string const& head = "    period: day\n", std::string const& tail = {}) {
    auto const found = read(block + tail, head).findings;
    return found.empty() ? std::string() : fmt::format("{} {}", found[0].line, found[0].key) + " " + found[0].mend.en;
  };
  EXPECT_THAT(finding("      - figures: [opend]\n"), HasSubstr("9 pack.report.figure did you mean “opened”?"));
  EXPECT_THAT(finding("      - text: {zh: \"立案 {figure:opend}\", en: \"x\"}\n"), HasSubstr("did you mean “opened”?"));
  EXPECT_THAT(finding("      - figures: [rate]\n"), HasSubstr("9 pack.report.figure"));
  EXPECT_EQ(finding("      - figures: [rate]\n", "    period: day\n", indicator), "");
  EXPECT_EQ(finding("      - text: {zh: \"数 {figure:rate part=numerator}\", en: \"{figure:rate period=year_before as=change}\"}\n", "    period: day\n", indicator), "");
  EXPECT_THAT(finding("      - figures: [secret]\n", "    period: day\n", indicator), HasSubstr("pack.report.private"));
  EXPECT_THAT(finding("      - text: {zh: \"数 {figure:opened part=numerator}\", en: x}\n"), HasSubstr("pack.report.part"));
  for (auto const* bad : {"{", "{}", "{figure:}", "{figure:opened period=next}", "{figure:opened as=change", "{shell:rm}"})
    EXPECT_THAT(finding(fmt::format("      - text: {{zh: \"数 {}\", en: \"x\"}}\n", bad)), HasSubstr("9 pack.report.brace")) << bad;
  EXPECT_THAT(finding("      - figures: [opened]\n", "    period: special\n    schedule: {at: \"08:00\"}\n"), HasSubstr("pack.report.special"));
  EXPECT_THAT(finding("      - figures: [opened]\n", "    period: day\n    schedule: {at: \"25:00\"}\n"), HasSubstr("pack.report.at"));
  EXPECT_NE(finding("      - picture: {title: {zh: 图, en: x}}\n"), "");
  EXPECT_NE(finding("      - table: {title: {zh: 表, en: x}, by: person, figures: [opened]}\n"), "") << "nobody is counted by name";
}

TEST(ReportTemplates, OfTheBasePackNameOnlyFiguresThatAreThere) {
  EXPECT_EQ(render(check_pack(ZHILI_SOURCE_DIR "/packs/base"), core::Lang::en), "");
  auto const catalogue = read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base"}).value();
  for (auto const* code : {"daily", "weekly", "monthly", "special"}) EXPECT_NE(catalogue->report(code), nullptr) << code;
}

}  // namespace
}  // namespace zhili::catalogue
