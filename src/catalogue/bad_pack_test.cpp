// Every kind of mistake gives a finding of its own, at its place, with a way to mend it.

#include <gtest/gtest.h>

#include <fstream>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

/// A folder with packs made for one test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zhili-packs-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(root_); }
  Folder(Folder const&) = delete;
  void write(std::string const& file, std::string const& text) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << text;
  }
  std::filesystem::path operator/(std::string const& name) const { return root_ / name; }
  std::filesystem::path const& root() const { return root_; }

 private:
  std::filesystem::path root_;
};

std::string const good = R"yaml(pack: p
version: "1"
name: {zh: 试, en: Trial}
roles:
  collector: {name: {zh: 采集员, en: Collector}}
functions:
  drainage: {name: {zh: 排水, en: Drainage}}
groups:
  g: {zh: 街面, en: Street}
items:
  "0102":
    kind: event
    name: {zh: 积水, en: Ponding}
    group: g
    words: [积水, ponding]
    source: zhili
    conditions:
      shallow:
        when: {zh: 浅, en: shallow}
        closed_when: {zh: 无水, en: no water}
        duty: {function: drainage}
        clocks: {handle: 4 work_hours}
)yaml";

std::string replaced(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::vector<Finding> check(std::string const& yaml) {
  Folder const folder;
  folder.write("p/pack.yaml", yaml);
  return check_pack(folder / "p");
}

TEST(GoodPack, HasNoFindingAndLoads) {
  Folder const folder;
  folder.write("p/pack.yaml", good);
  EXPECT_EQ(render(check_pack(folder / "p"), core::Lang::en), "");
  EXPECT_TRUE(read_catalogue(folder.root(), {"p"}));
}

struct Mistake {
  char const* name;
  char const* from;
  std::string to;
  char const* key;
  int line;
};

class BadPack : public testing::TestWithParam<Mistake> {};

TEST_P(BadPack, IsFoundAtItsPlace) {
  Mistake const& mistake = GetParam();
  auto const findings = check(replaced(good, mistake.from, mistake.to));
  ASSERT_FALSE(findings.empty());
  auto const found = std::find_if(findings.begin(), findings.end(), [&](Finding const& f) {
    return f.key == mistake.key && f.line == mistake.line;
  });
  ASSERT_NE(found, findings.end()) << render(findings, core::Lang::en) << findings[0].key;
  EXPECT_EQ(findings.size(), 1U) << render(findings, core::Lang::en);
  EXPECT_FALSE(found->what.zh.empty() || found->what.en.empty() || found->mend.zh.empty() ||
               found->mend.en.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, BadPack,
    testing::Values(Mistake{"unquoted_code", "\"0102\":", "0102:", "pack.code.number", 11},
                    Mistake{"algorithm_role", "groups:", "algorithms:\n  a: {name: {zh: 甲, en: A}, purpose: {zh: 甲, en: A}, does: acts, owner: {zh: 甲, en: A}, basis: {zh: 甲, en: A}, version: \"1\", uses: {zh: 甲, en: A}, quality: {zh: 甲, en: A}, overruled_by: king, overruling: {zh: 甲, en: A}}\ngroups:", "pack.role.none", 9},
                    Mistake{"tab", "    kind", "\tkind", "pack.tab", 12},
                    Mistake{"old_boolean", "[积水, ponding]", "[积水, ponding, NO]", "pack.boolean", 15},
                    Mistake{"key_twice", "    group: g", "    group: g\n    group: g", "pack.key.twice", 15},
                    Mistake{"anchor", "kind: event", "kind: &a event", "pack.anchor", 12},
                    Mistake{"tag", "kind: event", "kind: !!str event", "pack.tag", 12},
                    Mistake{"two_documents", "roles:", "---\nroles:", "pack.documents", 4},
                    Mistake{"no_yaml", "kind: event", "kind: [event", "pack.yaml", 13},
                    Mistake{"nul", "zh: 浅", std::string("zh: 浅\0", 8), "pack.nul", 19},
                    Mistake{"utf8", "zh: 浅", "zh: \xE6\xB5", "pack.utf8", 19},
                    Mistake{"overlong", "zh: 浅", "zh: \xC0\xAF", "pack.utf8", 19},
                    Mistake{"control", "zh: 浅", "zh: 浅\x07", "pack.control", 19},
                    Mistake{"hidden", "zh: 浅", "zh: 浅\xE2\x80\xAE", "pack.hidden", 19},
                    Mistake{"key_empty", "kind: event", "? \n    : event", "pack.key.kind", 13},
                    Mistake{"key_list", "kind: event", "[a, b]: event", "pack.key.kind", 12},
                    Mistake{"long_line", "zh: 浅", "zh: 浅" + std::string(3000, 'x'), "pack.line.long", 19}),
    [](auto const& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Form, BadPack,
    testing::Values(
        Mistake{"missing", "name: {zh: 试, en: Trial}\n", "", "pack.missing", 1},
        Mistake{"unknown", "    kind: event", "    kind: event\n    colour: red", "pack.unknown", 13},
        Mistake{"one_language", "{zh: 试, en: Trial}", "{zh: 试}", "pack.missing", 3},
        Mistake{"empty", "zh: 浅", "zh: \"\"", "pack.empty", 19},
        Mistake{"nothing", "zh: 浅", "zh:", "pack.empty", 19},
        Mistake{"number_for_text", "zh: 浅", "zh: 12", "pack.text.quotes", 19},
        Mistake{"choice", "kind: event", "kind: evnt", "pack.choice", 12},
        Mistake{"type", "words: [积水, ponding]", "words: 积水", "pack.type", 15},
        Mistake{"list_twice", "[积水, ponding]", "[积水, ponding, ponding]", "pack.list.twice", 15},
        Mistake{"code_shape", "\"0102\":", "\"01 02\":", "pack.name.shape", 11},
        Mistake{"name_shape", "pack: p", "pack: P", "pack.shape", 1},
        Mistake{"many", "    source: zhili", "    source: " + std::string(400, 'z'), "pack.many", 16}),
    [](auto const& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Meaning, BadPack,
    testing::Values(
        Mistake{"folder", "pack: p", "pack: q", "pack.folder", 1},
        Mistake{"function", "{function: drainage}", "{function: drainag}", "pack.function.none", 21},
        Mistake{"unit", "4 work_hours", "4 work_hour", "pack.unit", 22},
        Mistake{"limit", "4 work_hours", "four hours", "pack.limit", 22},
        Mistake{"limit_nothing", "4 work_hours", "0 work_hours", "pack.limit.amount", 22},
        Mistake{"limit_long", "4 work_hours", "30000 work_days", "pack.limit.amount", 22},
        Mistake{"limit_parts", "4 work_hours", "0.0001 work_hours", "pack.limit", 22},
        Mistake{"group", "group: g", "group: h", "pack.group.none", 14},
        Mistake{"no_condition_words", "        when: {zh: 浅, en: shallow}\n", "", "pack.condition.missing",
                18},
        Mistake{"no_clocks", "        clocks: {handle: 4 work_hours}\n", "", "pack.condition.missing", 18},
        Mistake{"no_source", "    source: zhili\n", "", "pack.item.missing", 11},
        Mistake{"blank_word", "[积水, ponding]", "[积水, ponding, \"  \"]", "pack.words.blank", 15},
        Mistake{"one_language_of_words", "[积水, ponding]", "[积水]", "pack.words.language", 15},
        Mistake{"chinese", "zh: 浅", "zh: shallow", "pack.text.chinese", 19},
        Mistake{"english", "en: shallow", "en: 浅", "pack.text.english", 19},
        Mistake{"need", "version: \"1\"", "version: \"1\"\nneeds: [nowhere]", "pack.needs.none", 3},
        Mistake{"need_itself", "version: \"1\"", "version: \"1\"\nneeds: [p]", "pack.needs.none", 3},
        Mistake{"include", "version: \"1\"", "version: \"1\"\ninclude: [gone.yaml]", "pack.include.none", 3},
        Mistake{"include_outside", "version: \"1\"", "version: \"1\"\ninclude: [../p.yaml]", "pack.shape", 3},
        Mistake{"extends_none", "        when: {zh", "        extends: deep\n        when: {zh",
                "pack.extends.none", 19},
        Mistake{"extends_itself", "        when: {zh", "        extends: shallow\n        when: {zh",
                "pack.extends.circle", 19},
        Mistake{"role", "        clocks:", "        check: {by: cook}\n        clocks:", "pack.role.none",
                22},
        Mistake{"map_item", "roles:", "maps_from: {q@1: {\"0509\": \"0415\"}}\nroles:", "pack.map.item", 4},
        Mistake{"map_condition",
                "roles:", "maps_from: {q@1: {\"0509\": \"0102/deep\"}}\nroles:", "pack.map.condition", 4},
        Mistake{"map_number", "roles:", "maps_from: {q@1: {\"0509\": 102}}\nroles:", "pack.text.quotes", 4},
        Mistake{"ask_options", "    source",
                "    asks: {depth: {type: list, label: {zh: 多深, en: How deep}}}\n    source",
                "pack.ask.options", 16},
        Mistake{"ask_type", "    source",
                "    asks: {depth: {type: text, label: {zh: 多深, en: How deep}, options: {a: {zh: 浅, en: "
                "a}, b: {zh: 深, en: b}}}}\n    source",
                "pack.ask.type", 16},
        Mistake{"metres", "    source", "    same_thing: {within: 150 km, for: 6 h}\n    source",
                "pack.shape", 16},
        Mistake{"span", "    source", "    same_thing: {within: 150 m, for: 6 weeks}\n    source",
                "pack.shape", 16},
        Mistake{"same_thing_far", "    source", "    same_thing: {within: 501 m, for: 6 h}\n    source",
                "pack.same_thing.within", 16},
        Mistake{"same_thing_kin", "    source",
                "    same_thing: {within: 150 m, for: 6 h, kin: [\"0999\"]}\n    source", "pack.same_thing.kin", 16},
        Mistake{"same_thing_own_kin", "    source",
                "    same_thing: {within: 150 m, for: 6 h, kin: [\"0102\"]}\n    source", "pack.same_thing.kin", 16},
        Mistake{"same_thing_join", "    source",
                "    same_thing: {within: 50 m, for: 6 h, join: {within: 60 m, for: 1 h, score: 80}}\n    source",
                "pack.same_thing.join", 16},
        Mistake{"same_thing_score", "    source",
                "    same_thing: {within: 50 m, for: 6 h, join: {within: 30 m, for: 1 h, score: 40}}\n    source",
                "pack.few", 16},
        Mistake{"extends_item_unpinned", "    kind: event", "    extends_item: q/0102\n    kind: event",
                "pack.extends_item.version", 12},
        Mistake{"extends_item_code", "    kind: event", "    extends_item: q/0103\n    kind: event",
                "pack.extends_item.code", 12},
        Mistake{"zone", "roles:",
                "calendars: {c: {name: {zh: 历, en: C}, zone: Mars/Base, week: {}}}\nroles:", "pack.zone", 4},
        Mistake{"date", "roles:",
                "calendars: {c: {name: {zh: 历, en: C}, zone: UTC, week: {monday: [\"09:00-17:00\"]}, "
                "holidays: [2026-02-30]}}\nroles:",
                "pack.date", 4},
        Mistake{"dates_back", "roles:",
                "calendars: {c: {name: {zh: 历, en: C}, zone: UTC, week: {monday: [\"09:00-17:00\"]}, "
                "holidays: [2026-02-03..2026-02-01]}}\nroles:",
                "pack.date", 4},
        Mistake{
            "hours", "roles:",
            "calendars: {c: {name: {zh: 历, en: C}, zone: UTC, week: {monday: [\"17:00-09:00\"]}}}\nroles:",
            "pack.hours", 4},
        Mistake{"date_twice", "roles:",
                "calendars: {c: {name: {zh: 历, en: C}, zone: UTC, week: {monday: [\"09:00-17:00\"]}, "
                "holidays: [2026-02-01], workdays: [2026-02-01]}}\nroles:",
                "pack.calendar", 4}),
    [](auto const& one) { return one.param.name; });

TEST(BadPacks, AllMistakesAreToldNotJustTheFirst) {
  auto yaml = replaced(good, "kind: event", "kind: evnt");
  yaml = replaced(yaml, "group: g", "group: h");
  yaml = replaced(yaml, "4 work_hours", "4 hours");
  yaml = replaced(yaml, "{function: drainage}", "{function: x}");
  EXPECT_EQ(check(yaml).size(), 4U) << render(check(yaml), core::Lang::en);
}

TEST(BadPacks, ThePlaceIsCountedInCharacters) {
  auto const findings =
      check(replaced(good, "words: [积水, ponding]", "words: [积水积水, ponding, ponding]"));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].key, "pack.list.twice");
  EXPECT_EQ(findings[0].column, 28);
}

TEST(BadPacks, ReadLikeThisInEnglish) {
  auto yaml = replaced(good, "\"0102\":", "0102:");
  yaml = replaced(yaml, "4 work_hours", "4 work_hour");
  EXPECT_EQ(render(check(yaml), core::Lang::en),
            "pack.yaml:11:3: the code 0102 has no quotes: programs read it as a number, and a leading zero "
            "is lost\n"
            "    mend: write \"0102\"\n"
            "pack.yaml:22:26: there is no unit “work_hour”\n"
            "    mend: did you mean work_hours? The units are: urgent_hours, work_hours, work_days, "
            "natural_days\n");
}

TEST(BadPacks, ReadLikeThisInChinese) {
  EXPECT_EQ(render(check(replaced(good, "kind: event", "kind: evnt")), core::Lang::zh),
            "pack.yaml:12:11: “evnt”不在可选的值里\n"
            "    改法： 是不是“event”？这里写：event（事件）、component（部件）或 service（服务）\n");
}

TEST(BadPacks, ExtendsInACircleIsFound) {
  std::string const more = "      deep: {extends: deeper}\n      deeper: {extends: deep}\n";
  bool circle = false;
  for (auto const& finding : check(good + more)) circle = circle || finding.key == "pack.extends.circle";
  EXPECT_TRUE(circle);
}

TEST(BadPacks, CodesInTwoFilesAreFoundWithBothPlaces) {
  Folder const folder;
  folder.write("p/pack.yaml", replaced(good, "roles:", "include: [more.yaml]\nroles:"));
  folder.write("p/more.yaml", "functions:\n  drainage: {name: {zh: 排水, en: Drainage}}\n");
  auto const findings = check_pack(folder / "p");
  ASSERT_EQ(findings.size(), 1U) << render(findings, core::Lang::en);
  EXPECT_EQ(findings[0].key, "pack.code.twice");
  EXPECT_EQ(findings[0].file, "more.yaml");
  EXPECT_NE(findings[0].what.en.find("pack.yaml:8"), std::string::npos) << findings[0].what.en;
}

TEST(BadPacks, AnIncludedFileHasNoHeadOfItsOwn) {
  Folder const folder;
  folder.write("p/pack.yaml", replaced(good, "roles:", "include: [more.yaml]\nroles:"));
  folder.write("p/more.yaml", "version: \"2\"\n");
  auto const findings = check_pack(folder / "p");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].key, "pack.unknown");
}

TEST(BadPacks, LinksThatLeadOutAreNotFollowed) {
  Folder const folder;
  folder.write("p/pack.yaml", replaced(good, "roles:", "include: [more.yaml]\nroles:"));
  folder.write("secret.yaml", "roles: {}\n");
  std::filesystem::create_symlink(folder / "secret.yaml", folder / "p/more.yaml");
  auto const findings = check_pack(folder / "p");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].key, "pack.include.none");
}

TEST(BadPacks, BombsAreRefusedQuickly) {
  EXPECT_EQ(check(std::string(2 * 1024 * 1024, 'a'))[0].key, "pack.file.large");
  std::string deep;
  for (int i = 0; i < 900; ++i) deep += "- ";
  EXPECT_EQ(check(deep)[0].key, "pack.deep");
  std::string wide = "a:\n";
  for (int i = 0; i < 101'000; ++i) wide += " -\n";
  EXPECT_EQ(check(wide)[0].key, "pack.large");
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i)
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + ", *a" +
            std::to_string(i - 1) + "]\n";
  auto const findings = check(bomb);
  EXPECT_TRUE(
      std::any_of(findings.begin(), findings.end(), [](Finding const& f) { return f.key == "pack.anchor"; }));
}

TEST(BadPacks, FindingsAreBounded) {
  std::string yaml = good;
  for (int i = 0; i < 5000; ++i) yaml += "  x" + std::to_string(i) + ": 1\n";
  auto const findings = check(yaml);
  EXPECT_EQ(findings.size(), max_findings);
  EXPECT_EQ(findings.back().key, "pack.findings.more");
}

TEST(BadPacks, AFolderWithoutAPackIsSaidSo) {
  Folder const folder;
  EXPECT_EQ(check_pack(folder / "none")[0].key, "pack.folder.none");
  std::filesystem::create_directory(folder / "empty");
  EXPECT_EQ(check_pack(folder / "empty")[0].key, "pack.file.none");
}

}  // namespace
}  // namespace zhili::catalogue
