// Indicators and scores: what a pack may say, what is wrong with others, and the page about them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "catalogue/pack.hpp"
#include "catalogue/pack_reader.hpp"

namespace zhili::catalogue {
namespace {

std::string const good_indicators = R"yaml(pack: p
version: "1"
name: {zh: 试, en: Trial}
indicators:
  share:
    name: {zh: 按期率, en: On time}
    about: {zh: 按期的比率, en: The share on time}
    of: cases
    among: [handled, not forced]
    count: [on_time]
    without: [suspended, not_due_yet]
    sum: reworks
    unit: times
    better: less
    public: false
    source: zhili
scores:
  all:
    name: {zh: 得分, en: Score}
    about: {zh: 试一试, en: A trial}
    source: zhili
    parts:
      share: {points: 50, reach: 70, less_per_point: 1.5}
)yaml";

std::pair<Pack, std::vector<Finding>> read(std::string const& text) {
  Source source;
  source.files["pack.yaml"] = text;
  std::vector<Finding> findings;
  auto draft = read_draft(source, "p", [](auto const&, auto const&) { return nullptr; }, findings);
  return {std::move(draft.pack), std::move(findings)};
}

std::string with(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// "key at line".
std::string finding(std::string const& from, std::string const& to) {
  auto const [pack, findings] = read(with(good_indicators, from, to));
  return findings.empty() ? "none" : findings.front().key + " at " + std::to_string(findings.front().line);
}

TEST(Indicators, AreReadAsWritten) {
  auto const [pack, findings] = read(good_indicators);
  ASSERT_TRUE(findings.empty()) << findings.front().what.en;
  ASSERT_EQ(pack.indicators.size(), 1U);
  auto const& one = pack.indicators.front();
  EXPECT_EQ(one.of, Cohort::cases);
  EXPECT_EQ(one.among.all, bit(Fact::handled));
  EXPECT_EQ(one.among.none, bit(Fact::forced));
  EXPECT_EQ(one.count.all, bit(Fact::on_time));
  EXPECT_EQ(one.without, bit(Fact::suspended) | bit(Fact::not_due_yet));
  EXPECT_EQ(one.sum, Quantity::reworks);
  EXPECT_EQ(one.unit, Unit::times);
  EXPECT_FALSE(one.more_is_better);
  EXPECT_FALSE(one.open);
  ASSERT_EQ(pack.scores.size(), 1U);
  EXPECT_EQ(pack.scores.front().parts.front().less_per_point, 1.5);
}

TEST(Indicators, WhatIsWrongIsSaidWithItsLine) {
  EXPECT_EQ(finding("count: [on_time]", "count: [on_tme]"), "pack.indicator.fact at 10");
  EXPECT_EQ(finding("count: [on_time]", "count: [merged]"), "pack.indicator.fact at 10") << "a fact of signals";
  EXPECT_EQ(finding("without: [suspended", "without: [handled"), "pack.indicator.empty at 5");
  EXPECT_EQ(finding("among: [handled, not forced]", "among: [handled, not on_time]"), "pack.indicator.empty at 5");
  EXPECT_EQ(finding("share: {points", "shre: {points"), "pack.score.indicator at 23");
  EXPECT_EQ(finding("{points: 50, reach: 70, less_per_point: 1.5}", "{reach: 70}"), "pack.score.nothing at 23");
  EXPECT_NE(finding("sum: reworks", "sum: apples"), "none");
  EXPECT_NE(finding("source: zhili\nscores", "sorce: zhili\nscores"), "none");
  auto const [pack, findings] = read(with(good_indicators, "count: [on_time]", "count: [on_tme]"));
  EXPECT_EQ(findings.front().mend.en, "did you mean on_time?");
}

TEST(Indicators, OneCodeIsInOnePackOnly) {
  auto const packs = [](char const* other) {
    auto first = read(good_indicators).first;
    auto second = first;
    second.pack = other;
    second.scores.clear();
    return std::vector{first, second};
  };
  EXPECT_EQ(Catalogue::make(packs("q")).error().key, "catalogue.indicator.twice");
}

TEST(Indicators, EveryFactHasOneWordAndOneBit) {
  std::set<std::string_view> names;
  std::set<std::uint64_t> bits;
  for (auto const& words : fact_words()) {
    names.insert(words.name);
    bits.insert(bit(words.fact));
  }
  EXPECT_EQ(names.size(), fact_words().size());
  EXPECT_EQ(bits.size(), fact_words().size());
}

// Run with ZHILI_WRITE_DOCS=1 to write the page anew.
TEST(Indicators, ThePageIsPrintedFromTheData) {
  auto const catalogue = read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base"}).value();
  std::string const file = ZHILI_SOURCE_DIR "/docs/reference/evaluation.md";
  if (std::getenv("ZHILI_WRITE_DOCS")) std::ofstream(file) << indicators_page(*catalogue);
  std::stringstream written;
  written << std::ifstream(file).rdbuf();
  EXPECT_EQ(written.str(), indicators_page(*catalogue)) << "ZHILI_WRITE_DOCS=1 build/dev/catalogue_test writes " << file;
}

}  // namespace
}  // namespace zhili::catalogue
