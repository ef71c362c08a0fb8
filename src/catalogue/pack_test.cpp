#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>

#include "catalogue/installation.hpp"
#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

std::filesystem::path const source_folder = ZHILI_SOURCE_DIR;

TEST(ShippedPacks, HaveNoMistake) {
  for (auto const* name : {"base", "city-appearance", "boston311"}) {
    auto const findings = check_pack(source_folder / "packs" / name);
    EXPECT_TRUE(findings.empty()) << render(findings, core::Lang::en);
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

TEST(CityAppearance, NoPromiseForTheWholeIsShorterThanItsParts) {
  auto const catalogue = read_catalogue(source_folder / "packs", {"city-appearance"}).value();
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
  auto const packs = read_packs(source_folder / "packs", {"base", "city-appearance"}).value();
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
