// What the language takes, what it means, and that each mistake is told at its place with a way to mend it.

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "catalogue/rules/parser.hpp"
#include "catalogue/rules/rules_test_kit.hpp"

namespace zhili::catalogue::rules {
namespace {

test::Things const& things() {
  static test::Things const all;
  return all;
}

/// A condition in words with all its parentheses; or the key of the first finding.
std::string meaning(std::string const& watch, std::string const& raise, std::string const& more = "") {
  std::vector<Finding> findings;
  auto const rule = things().read("watch: " + watch + "\nraise: " + raise + "\n" + more, findings);
  if (!rule) return findings.empty() ? "nothing" : findings[0].key;
  return words_of(rule->raise, *rule);
}

TEST(RuleLanguage, ReadsWhatPacksSay) {
  EXPECT_EQ(meaning("water-level", "value > 15 cm for 3 min"), "((last(water-level) > 15 cm) for 3 min)");
  EXPECT_EQ(meaning("water-level", "value > 150 mm"), "(last(water-level) > 15 cm)");
  EXPECT_EQ(meaning("water-level", "15 cm < value"), "(15 cm < last(water-level))");
  EXPECT_EQ(meaning("filling", "value > 90 % 2 times"), "((last(filling) > 90 %) 2 times)");
  EXPECT_EQ(meaning("water-ph", "value < 6 pH 3 times or value > 9 pH 3 times"), "(((last(water-ph) < 6 pH) 3 times) or ((last(water-ph) > 9 pH) 3 times))");
  EXPECT_EQ(meaning("sound-level", "mean(sound-level, 20 min) > 70 dB(A)"), "(mean(sound-level, 20 min) > 70 dB(A))");
  EXPECT_EQ(meaning("air-temperature", "value < 4 Cel and rise(air-temperature, 3 h) < -3 K"), "((last(air-temperature) < 4 Cel) and (rise(air-temperature, 3 h) < -3 K))");
  EXPECT_EQ(meaning("signal-state", "value = \"dark\" for 1 min or value != \"normal\""), "(((last(signal-state) = \"dark\") for 1 min) or (last(signal-state) != \"normal\"))");
  EXPECT_EQ(meaning("water-level", "rate(water-level, 10 min) > 20 cm/h"), "(rate(water-level, 10 min) > 0.005555555555555556 (cm)/s)");
  EXPECT_EQ(meaning("[people-entered, people-left]", "sum(people-entered, 15 min) > 2 * sum(people-left, 15 min)"), "(sum(people-entered, 15 min) > (2 * sum(people-left, 15 min)))");
  EXPECT_EQ(meaning("smoke-alarm", "value"), "last(smoke-alarm)");
  EXPECT_EQ(meaning("smoke-alarm", "not value"), "not last(smoke-alarm)");
}

TEST(RuleLanguage, ForTakesAllThatAndJoinsAndOrParts) {
  EXPECT_EQ(meaning("[lamp-wanted, lamp-lit]", "last(lamp-wanted) = true and last(lamp-lit) = false for 30 min"), "(((last(lamp-wanted) = true) and (last(lamp-lit) = false)) for 30 min)");
  EXPECT_EQ(meaning("[lamp-wanted, lamp-lit]", "last(lamp-wanted) = false or last(lamp-lit) = true for 10 min"), "((last(lamp-wanted) = false) or ((last(lamp-lit) = true) for 10 min))");
  EXPECT_EQ(meaning("water-level", "value > 1 cm and (value < 2 cm or value > 5 cm) for 1 h"), "(((last(water-level) > 1 cm) and ((last(water-level) < 2 cm) or (last(water-level) > 5 cm))) for 1 h)");
}

TEST(RuleLanguage, ReadsSequencesSilenceSensorsHoursAndWhatIsUsual) {
  EXPECT_EQ(meaning("[door-open, motion]", "door-open then motion within 5 min"), "(last(door-open) then last(motion) within 5 min)");
  EXPECT_EQ(meaning("[lamp-wanted, lamp-lit]", "last(lamp-wanted) = true and not last(lamp-lit) = true within 10 min"), "((last(lamp-wanted) = true) and not (last(lamp-lit) = true) within 10 min)");
  EXPECT_EQ(meaning("motion", "no motion for 12 h", "fault: no data for 1 h"), "no motion for 12 h");
  EXPECT_EQ(meaning("water-level", "any of (value > 15 cm)", "scope: place"), "any of (last(water-level) > 15 cm)");
  EXPECT_EQ(meaning("smoke-alarm", "count of (smoke-alarm) >= 2", "scope: place"), "(count of last(smoke-alarm) >= 2)");
  EXPECT_EQ(meaning("water-level", "value > 5 cm and between 22:00 and 06:00 and on workdays, sunday"), "(((last(water-level) > 5 cm) and between 22:00 and 06:00) and on sunday, workdays)");
  EXPECT_EQ(meaning("water-level", "value > usual(water-level, 95 %)"), "(last(water-level) > usual(water-level, 0.95))");
  EXPECT_EQ(meaning("water-level", "value > param(limit)", "params: {limit: {name: {zh: 上限, en: Limit}, standard: 0.15 m}}"), "(last(water-level) > (param(limit) in cm))");
  EXPECT_EQ(meaning("[water-level, pipe-level]", "water-level - pipe-level > 3 cm"), "((last(water-level) - last(pipe-level)) > 3 cm)");
  EXPECT_EQ(meaning("[water-level, flow]", "flow / water-level > 1 m2/s"), "((last(flow) / last(water-level)) > 36 (m3/h)/(cm))");
}

TEST(RuleLanguage, AClearThatIsNotSaidIsTheOppositeWithoutItsWaiting) {
  std::vector<Finding> findings;
  auto const rule = things().read("watch: water-level\nraise: value > 15 cm for 3 min or value > 30 cm 2 times", findings);
  ASSERT_TRUE(rule);
  EXPECT_EQ(words_of(rule->clear, *rule), "not ((last(water-level) > 15 cm) or (last(water-level) > 30 cm))");
}

TEST(RuleLanguage, SilenceOfSeveralPropertiesIsSilenceOfAny) {
  std::vector<Finding> findings;
  auto const rule = things().read("watch: [water-level, pump-running]\nraise: last(water-level) > 5 cm\nfault: no data for 30 min", findings);
  ASSERT_TRUE(rule);
  EXPECT_EQ(words_of(*rule->fault, *rule), "(no data from water-level for 30 min or no data from pump-running for 30 min)");
  EXPECT_EQ(rule->scope, Scope::place);  // no type of device has both
}

TEST(RuleLanguage, AThingIsJudgedByItselfWhereItHasEverything) {
  std::vector<Finding> findings;
  EXPECT_EQ(things().read("watch: [lamp-wanted, lamp-lit]\nraise: lamp-wanted and not lamp-lit", findings)->scope, Scope::thing);
  EXPECT_EQ(things().read("of: [water-gauge, pump]\nwatch: [water-level, pump-running]\nraise: pump-running", findings)->scope, Scope::place);
  EXPECT_EQ(things().read("scope: place\nwatch: water-level\nraise: value > 5 cm", findings)->scope, Scope::place);
}

TEST(RuleLanguage, WhatDoesTheSameHasTheSameMeaning) {
  std::vector<Finding> findings;
  auto const meaning_number = [&](std::string const& keys) { return things().read(keys, findings)->meaning; };
  auto const one = meaning_number("watch: water-level\nraise: value > 15 cm for 3 min");
  EXPECT_EQ(one, meaning_number("name: {zh: 别名, en: Another name}\nseverity: minor\nwatch: [water-level]\nraise: (value > 0.15 m) for 180 s"));
  EXPECT_NE(one, meaning_number("watch: water-level\nraise: value > 16 cm for 3 min"));
  EXPECT_NE(one, meaning_number("watch: water-level\nraise: value > 15 cm for 3 min\nkeep_firing: 1 min"));
  EXPECT_NE(one, meaning_number("watch: water-level\nraise: value > 15 cm for 3 min\nfault: no data for 1 h"));
}

struct Wrong {
  char const* keys;
  char const* key;
  int line;
  int column;
};

class Mistakes : public testing::TestWithParam<Wrong> {};

TEST_P(Mistakes, AreToldAtTheirPlaceInBothLanguages) {
  std::vector<Finding> findings;
  auto const rule = things().read(GetParam().keys, findings);
  EXPECT_FALSE(rule);
  ASSERT_FALSE(findings.empty());
  auto const& first = findings[0];
  EXPECT_EQ(first.key, GetParam().key) << first.what.en << " / " << first.mend.en;
  EXPECT_EQ(first.line, GetParam().line + 2);
  EXPECT_EQ(first.column, GetParam().column + 4);
  EXPECT_EQ(first.file, "rules.yaml");
  for (auto const* text : {&first.what, &first.mend}) {
    EXPECT_FALSE(text->zh.empty());
    EXPECT_FALSE(text->en.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Mistakes,
                         testing::Values(Wrong{"watch: water-level\nraise: value > 15", "rule.unit.missing", 2, 16}, Wrong{"watch: water-level\nraise: value > 15 Cel", "rule.unit.kind", 2, 14},
                                         Wrong{"watch: filling\nraise: value > 90", "rule.unit.missing", 2, 16}, Wrong{"watch: water-level\nraise: value > 15 zm3x", "rule.unit", 2, 16},
                                         Wrong{"watch: water-levl\nraise: value > 15 cm", "rule.property.none", 1, 8}, Wrong{"watch: water-level\nraise: last(rainfall) > 15 mm", "rule.property.unwatched", 2, 8},
                                         Wrong{"watch: [water-level, rainfall]\nraise: value > 15 cm", "rule.value.several", 2, 8}, Wrong{"watch: water-level\nraise: value > 15 cm for 3 m", "rule.duration.unit", 2, 26},
                                         Wrong{"watch: water-level\nraise: value > 15 cm for 90 d", "rule.duration.range", 2, 26}, Wrong{"watch: water-level\nraise: value > 15 cm for", "rule.syntax", 2, 25},
                                         Wrong{"watch: water-level\nraise: value > (15 cm", "rule.syntax", 2, 22}, Wrong{"watch: water-level\nraise: value 15 cm", "rule.syntax", 2, 14},
                                         Wrong{"watch: water-level\nraise: value > 15 cm 0 times", "rule.times", 2, 22}, Wrong{"watch: water-level\nraise: value ~ 15 cm", "rule.sign.unknown", 2, 14},
                                         Wrong{"watch: water-level\nraise: 积水 > 15 cm", "rule.sign.unknown", 2, 8}, Wrong{"watch: water-level\nraise: value", "rule.kind", 2, 8},
                                         Wrong{"watch: water-level\nraise: median(water-level, 5 min) > 3 cm", "rule.function.unknown", 2, 8}, Wrong{"watch: smoke-alarm\nraise: value > 3", "rule.compare.kind", 2, 14},
                                         Wrong{"watch: signal-state\nraise: value = \"drak\"", "rule.word.unknown", 2, 16}, Wrong{"watch: signal-state\nraise: value < \"dark\"", "rule.compare.order", 2, 14},
                                         Wrong{"watch: signal-state\nraise: value = \"dark", "rule.text.open", 2, 16}, Wrong{"watch: smoke-alarm\nraise: mean(smoke-alarm, 5 min) > 3", "rule.window.kind", 2, 8},
                                         Wrong{"watch: water-level\nraise: no data for 5 min", "rule.silence", 2, 8}, Wrong{"watch: motion\nraise: no motion for 12 h", "rule.silence.fault", 2, 8},
                                         Wrong{"watch: motion\nraise: no motion for 1 h\nfault: no data for 2 h", "rule.silence.fault", 2, 8}, Wrong{"watch: water-level\nraise: value > 1 cm\nfault: value > 3 cm", "rule.fault", 3, 14},
                                         Wrong{"watch: water-level\nraise: value > 1 cm\nduring: value > 3 cm", "rule.during", 3, 15}, Wrong{"watch: water-level\nraise: value > 1 cm\nduring: \"25:00-06:00\"", "rule.time", 3, 10},
                                         Wrong{"watch: water-level\nraise: any of (value > 3 cm)", "rule.sensors.scope", 2, 8}, Wrong{"scope: place\nwatch: water-level\nraise: any of (value > 3 cm for 2 min)", "rule.sensors.inside", 3, 29},
                                         Wrong{"watch: water-level\nraise: value > param(limit)", "rule.parameter.unknown", 2, 16}, Wrong{"watch: water-level\nraise: value > usual(water-level, 95)", "rule.usual.share", 2, 35},
                                         Wrong{"watch: air-temperature\nraise: rise(air-temperature, 1 h) > 3 Cel", "rule.unit.kind", 2, 35}, Wrong{"watch: water-level\nraise: value / 0 > 3 cm", "rule.zero", 2, 14},
                                         Wrong{"watch: water-level\nraise: value > 3 cm\nescalate: critical when value > 5 cm", "rule.syntax", 3, 11}, Wrong{"watch: water-level\nraise: value > 3 cm\nescalate: to minor when value > 5 cm", "rule.escalate.lower", 3, 11},
                                         Wrong{"watch: water-level\nraise: value > 3 cm\nopens: \"0415/wet\"", "rule.opens", 3, 8}, Wrong{"watch: water-level\nraise: value > 3 cm\nrises: 3", "rule.key", 3, 1},
                                         Wrong{"watch: water-level\nraise: value > 3 cm\nlateness: 2 h", "rule.lateness", 3, 11}, Wrong{"watch: water-level\nraise: value > 3 cm\narmed: later", "rule.armed", 3, 8}, Wrong{"watch: water-level\nraise: value > 3 cm\nflap: {times: 99, within: 1 h}", "rule.flap", 3, 7},
                                         Wrong{"watch: water-level\nraise: value > 3 cm\nsays: {zh: \"{who}在此\", en: \"{who} is here\"}", "rule.says.word", 3, 7}, Wrong{"watch: water-level\nof: [pump]\nraise: value > 3 cm", "rule.type.useless", 2, 6},
                                         Wrong{"scope: place\nwatch: battery\nraise: value < 10 %", "rule.property.device", 2, 8}, Wrong{"watch: water-level\nseverity: bad\nraise: value > 3 cm", "rule.severity", 2, 11}));

TEST(RuleLanguage, TheExamplesOfThePageAreSound) {
  std::ifstream page(ZHILI_SOURCE_DIR "/docs/reference/rules.md");
  std::map<std::string, std::string> rules;  // by id: its keys
  std::string id;
  bool in_rules = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      in_rules = line == "```yaml" && !in_rules;
      continue;
    }
    if (!in_rules || line.empty() || line == "rules:") continue;
    auto const indent = line.find_first_not_of(' ');
    auto const colon = line.find(':');
    bool const names_rule = colon + 1 == line.size() || line.substr(colon + 1).find_first_not_of(' ') == line.substr(colon + 1).find('#');
    if (names_rule) id = line.substr(indent, colon - indent);
    else if (!line.substr(indent).starts_with("opens:")) rules[id] += line.substr(indent) + "\n";
  }
  EXPECT_GE(rules.size(), 6U);
  for (auto const& [name, keys] : rules) {
    std::vector<Finding> findings;
    EXPECT_TRUE(things().read(keys, findings, name)) << name << ": " << (findings.empty() ? keys : findings[0].what.en);
  }
}

TEST(RuleLanguage, LimitsAreHeld) {
  EXPECT_EQ(meaning("water-level", "(((((((((((((((((value > 1 cm)))))))))))))))))"), "rule.condition.deep");
  std::string many = "value > 1 cm";
  for (int i = 0; i < 60; ++i) many += " or value > 1 cm";
  EXPECT_EQ(meaning("water-level", many), "rule.condition.long");
}

}  // namespace
}  // namespace zhili::catalogue::rules
