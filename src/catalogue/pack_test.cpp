#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "catalogue/installation.hpp"
#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

std::filesystem::path const source_folder = ZHILI_SOURCE_DIR;

constexpr std::array device_pack_names{"sensing", "street-lighting", "urban-flood", "fire-and-gas", "environment", "traffic", "civilised-city", "digital-village", "access"};

std::vector<std::string> chinese_packs() {
  std::vector<std::string> out{"base", "city-appearance"};
  out.insert(out.end(), device_pack_names.begin(), device_pack_names.end());
  return out;
}

TEST(ShippedPacks, HaveNoMistake) {
  auto names = chinese_packs();
  names.emplace_back("boston311");
  for (auto const& name : names) {
    auto const findings = check_pack(source_folder / "packs" / name);
    EXPECT_TRUE(findings.empty()) << name << "\n" << render(findings, core::Lang::en);
  }
}

/// When the last of the other limits is over, if one begins when the one before it ends.
core::Instant end_of_the_road(Condition const& condition, core::Instant from, core::Calendar const& calendar) {
  for (auto const phase : {Phase::check, Phase::dispatch, Phase::handle, Phase::verify}) {
    auto last = from;
    for (auto const* clock : condition.clocks_of(phase)) last = std::max(last, core::due(clock->budget, from, calendar).value());
    from = last;
  }
  return from;
}

TEST(ChinesePacks, NoPromiseForTheWholeIsShorterThanItsParts) {
  auto const catalogue = read_catalogue(source_folder / "packs", chinese_packs()).value();
  auto const& calendar = catalogue->calendar("cn")->calendar;
  // A morning, an afternoon before a weekend, a night before the long holidays, a day that is worked instead.
  for (auto const* from : {"2026-07-13T09:00:00+08:00", "2026-07-17T17:00:00+08:00", "2026-09-30T23:00:00+08:00",
                           "2026-02-13T16:40:00+08:00", "2026-05-09T10:00:00+08:00"}) {
    auto const received = core::from_iso(from).value();
    for (auto const* item : catalogue->items())
      for (auto const& condition : item->conditions) {
        auto const whole = condition.clocks_of(Phase::whole);
        ASSERT_EQ(whole.size(), 1U) << item->code << "/" << condition.code;
        EXPECT_GE(core::due(whole.front()->budget, received, calendar).value(), end_of_the_road(condition, received, calendar))
            << item->code << "/" << condition.code << " from " << from;
      }
  }
}

TEST(ShippedPacks, SayWhatTheyDoNotPromise) {
  auto const packs = read_packs(source_folder / "packs", {"boston311"}).value();
  auto const open = without_whole_promise(packs.back());
  EXPECT_FALSE(open.empty());  // the file has no promise for these types
  EXPECT_TRUE(std::ranges::find(open, "abandoned-bicycle/request") != open.end());
  EXPECT_TRUE(std::ranges::find(open, "abandoned-building/request") == open.end());
}

/// Every function of every shipped pack that Liucheng can load has somebody in Liucheng who holds it.
TEST(Liucheng, HasAHolderForEachFunctionOfTheChinesePacks) {
  auto const liucheng = read_installation(source_folder / "packs/installations/liucheng.yaml").value();
  auto const packs = read_packs(source_folder / "packs", chinese_packs()).value();
  std::size_t functions = 0;
  for (auto const& pack : packs)
    for (auto const& function : pack.functions) {
      ++functions;
      auto const* holding = liucheng.holder(function.code, "");
      ASSERT_NE(holding, nullptr) << "nobody holds " << function.code;
      auto const* post = liucheng.post(holding->post);
      ASSERT_NE(post, nullptr) << function.code << " has no post";
      EXPECT_EQ(post->department, holding->department) << function.code;
      EXPECT_EQ(post->role, "handler") << function.code;
    }
  EXPECT_GT(functions, 0U);
}

TEST(Liucheng, LoadsEveryPackThatIsShippedForIt) {
  EXPECT_EQ(read_installation(source_folder / "packs/installations/liucheng.yaml").value().packs, chinese_packs());
  auto const catalogue = read_catalogue(source_folder / "packs", chinese_packs());
  ASSERT_TRUE(catalogue) << catalogue.error().text.en;
  EXPECT_TRUE(check_installation(*read_installation(source_folder / "packs/installations/liucheng.yaml"), **catalogue));
}

/// Of each shipped stream: what can be true is possible in the property's unit too, and the limits fit each other.
TEST(DevicePacks, HaveSaneStreams) {
  auto const catalogue = read_catalogue(source_folder / "packs", chinese_packs()).value();
  EXPECT_GE(catalogue->device_types().size(), 30U);
  std::set<std::string, std::less<>> used;
  for (auto const* type : catalogue->device_types()) {
    EXPECT_FALSE(type->streams.empty()) << type->id;
    EXPECT_FALSE(type->about.zh.empty() || type->about.en.empty()) << type->id;
    for (auto const& stream : type->streams) {
      auto const where = type->id + "/" + stream.id;
      auto const* property = catalogue->property(stream.property);
      ASSERT_NE(property, nullptr) << where;
      used.insert(property->id);
      EXPECT_EQ(stream.kind, property->kind) << where;
      EXPECT_GE(stream.every.count(), 1000) << where;
      EXPECT_GT(stream.silent_after, stream.every) << where;
      EXPECT_LE(stream.keep.raw, std::chrono::hours(24 * 365 * 10)) << where;
      if (stream.kind != ValueKind::number) continue;
      ASSERT_TRUE(stream.range) << where;
      EXPECT_TRUE(core::UcumUnit::parse(stream.unit)->convertible(property->ucum)) << where;
      double const low = stream.to_property(stream.range->low);
      double const high = stream.to_property(stream.range->high);
      EXPECT_LT(low, high) << where;
      if (property->ucum.is_dimensionless() || property->unit == "%") EXPECT_GE(low, 0) << where;
      if (property->unit == "Cel") {
        EXPECT_GE(low, -60) << where;
        EXPECT_LE(high, 200) << where;
      }
      if (property->unit == "pH") EXPECT_EQ(high, 14) << where;
    }
  }
  for (auto const* property : catalogue->properties()) EXPECT_TRUE(used.contains(property->id)) << property->id << " is declared and no device observes it";
}

/// Nothing that a device of the access pack can say tells who somebody is: counts, states and numbers, no free text.
TEST(DevicePacks, CannotNameAnybody) {
  auto const catalogue = read_catalogue(source_folder / "packs", chinese_packs()).value();
  for (auto const* type : catalogue->device_types())
    for (auto const& stream : type->streams)
      if (stream.kind == ValueKind::text) EXPECT_FALSE(catalogue->property(stream.property)->words.empty()) << type->id << "/" << stream.id << " could say anything";
}

/// What the rules of shipped packs name is there; the language itself is checked by its reader.
TEST(DevicePacks, HaveRulesThatNameWhatIsThere) {
  auto const catalogue = read_catalogue(source_folder / "packs", chinese_packs()).value();
  EXPECT_GE(catalogue->rule_sources().size(), 30U);
  std::map<std::string, int, std::less<>> rules_of_pack;
  for (auto const* rule : catalogue->rule_sources()) {
    ++rules_of_pack[rule->pack];
    auto const words = [&](char const* key) {
      std::vector<std::string> out;
      Node const* const node = rule->body.get(key);
      if (node != nullptr && node->is_scalar()) out.push_back(node->text);
      if (node != nullptr && node->is_list())
        for (auto const& one : node->children) out.push_back(one.text);
      return out;
    };
    std::set<std::string, std::less<>> observed;
    for (auto const& id : words("of")) {
      auto const* type = catalogue->device_type(id);
      ASSERT_NE(type, nullptr) << rule->id << ": " << id;
      for (auto const& stream : type->streams) observed.insert(stream.property);
    }
    EXPECT_FALSE(words("watch").empty()) << rule->id;
    for (auto const& id : words("watch")) {
      ASSERT_NE(catalogue->property(id), nullptr) << rule->id << ": " << id;
      EXPECT_TRUE(observed.contains(id)) << rule->id << " watches " << id << ", which its types of devices do not observe";
      EXPECT_FALSE(catalogue->property(id)->of_device && id == "battery") << rule->id << ": a battery is no alarm of a place";
    }
    EXPECT_FALSE(rule->body.str("raise").empty() || rule->body.str("clear").empty()) << rule->id << " has no way back";
    EXPECT_NE(rule->body.str("raise"), rule->body.str("clear")) << rule->id;
    auto const opens = std::string(rule->body.str("opens"));
    if (opens.empty()) continue;
    auto const slash = opens.find('/');
    auto const* item = catalogue->find(opens.substr(0, slash));
    ASSERT_NE(item, nullptr) << rule->id << ": " << opens;
    EXPECT_NE(item->condition(opens.substr(slash + 1)), nullptr) << rule->id << ": " << opens;
  }
  for (auto const* name : device_pack_names)
    if (std::string(name) != "sensing") EXPECT_GE(rules_of_pack[name], 4) << name;
}

/// The first block of YAML on the page, without the indent of the list that it stands in.
std::string example_of_the_page() {
  std::ifstream page(source_folder / "docs/develop/packs.md");
  std::string out;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.ends_with("```yaml"))
      inside = true;
    else if (inside && line.ends_with("```"))
      break;
    else if (inside)
      out += line.substr(std::min<std::size_t>(3, line.size())) + "\n";
  }
  return out;
}

TEST(Docs, TheExampleOfThePageIsAGoodPack) {
  std::string pattern = (std::filesystem::temp_directory_path() / "zhili-docs-XXXXXX").string();
  std::filesystem::path const root = ::mkdtemp(pattern.data());
  std::filesystem::copy(source_folder / "packs/base", root / "base",
                        std::filesystem::copy_options::recursive);
  std::filesystem::create_directory(root / "street-market");
  std::ofstream(root / "street-market/pack.yaml") << example_of_the_page();
  auto const findings = check_pack(root / "street-market");
  EXPECT_TRUE(findings.empty()) << render(findings, core::Lang::en);
  EXPECT_TRUE(read_catalogue(root, {"street-market"}));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace zhili::catalogue
