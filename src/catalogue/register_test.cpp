// The public register names every rule and score by which the packs make the program act or suggest.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

class Register : public testing::TestWithParam<std::string> {
 protected:
  std::shared_ptr<Catalogue const> catalogue_ = read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base", GetParam()}).value();
  std::set<std::string, std::less<>> named_ = [this] {
    std::set<std::string, std::less<>> out;
    for (auto const* pack : catalogue_->packs())
      for (auto const& one : pack->algorithms) out.insert(one.code);
    return out;
  }();
};
INSTANTIATE_TEST_SUITE_P(Packs, Register, testing::Values("city-appearance", "boston311", "street-lighting", "urban-flood", "fire-and-gas", "environment", "traffic", "civilised-city", "digital-village", "access"),
                         [](auto const& suite) {
                           auto out = suite.param;
                           std::ranges::replace(out, '-', '_');
                           return out;
                         });

TEST_P(Register, NamesEachScore) {
  for (auto const* score : catalogue_->scores()) EXPECT_TRUE(named_.contains("score-" + score->code)) << "add it to `algorithms` of its pack: score-" << score->code;
}

TEST_P(Register, NamesEachRuleOverReadings) {
  std::map<std::string, int, std::less<>> entries;
  for (auto const* pack : catalogue_->packs())
    for (auto const& one : pack->algorithms)
      for (auto const& rule : one.rules) ++entries[rule];
  for (auto const* rule : catalogue_->rule_sources()) EXPECT_EQ(entries[rule->id], 1) << "name it in one entry of `algorithms` of its pack: " << rule->id;
  EXPECT_EQ(entries.size(), catalogue_->rule_sources().size());
}

TEST_P(Register, NamesEachKindOfRuleThatAPackHas) {
  auto const need = [&](bool there, char const* code) { EXPECT_TRUE(!there || named_.contains(code)) << "add it to `algorithms`: " << code; };
  auto const any_item = [&](auto const& has) {
    for (auto const* item : catalogue_->items())
      if (has(*item)) return true;
    return false;
  };
  need(!catalogue_->indicators().empty(), "indicators");
  need(!catalogue_->reports().empty(), "scheduled-reports");
  need(any_item([](Item const& item) { return item.same_thing.has_value(); }), "same-thing");
  need(any_item([](Item const& item) { return !item.conditions.empty(); }), "clocks");
  need(any_item([](Item const& item) { return !item.conditions.empty(); }), "duty");
  need(any_item([](Item const& item) { return !item.words.empty(); }), "item-search");
}

TEST_P(Register, SaysOfEachWhoAnswersForItAndWhoMayOverruleIt) {
  for (auto const* pack : catalogue_->packs())
    for (auto const& one : pack->algorithms) {
      EXPECT_FALSE(one.purpose.zh.empty() || one.purpose.en.empty() || one.owner.zh.empty() || one.basis.zh.empty() || one.quality.zh.empty() || one.version.empty()) << one.code;
      EXPECT_TRUE(catalogue_->role(one.overruled_by)) << one.code;
    }
}

}  // namespace
}  // namespace zhili::catalogue
