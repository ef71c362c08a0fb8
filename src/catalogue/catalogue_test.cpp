#include "catalogue/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>

#include "catalogue/installation.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/profile.hpp"

namespace zhili::catalogue {
namespace {

std::filesystem::path const packs = std::filesystem::path(ZHILI_SOURCE_DIR) / "packs";

Catalogue const& city() {
  static auto const made = read_catalogue(packs, {"base", "city-appearance"});
  return **made;
}
Catalogue const& boston() {
  static auto const made = read_catalogue(packs, {"base", "boston311"});
  return **made;
}

TEST(CityAppearance, HasEnoughClassesEachWithConditionAndSource) {
  std::size_t events = 0;
  std::size_t components = 0;
  std::set<core::Unit> units;
  for (Item const* item : city().items()) {
    events += item->kind == Kind::event ? 1U : 0U;
    components += item->kind == Kind::component ? 1U : 0U;
    EXPECT_FALSE(item->source.empty()) << item->code;
    ASSERT_FALSE(item->conditions.empty()) << item->code;
    for (auto const& condition : item->conditions) {
      EXPECT_FALSE(condition.clocks_of(Phase::handle).empty()) << item->code << "/" << condition.code;
      for (auto const& clock : condition.clocks) units.insert(clock.budget.unit);
    }
  }
  EXPECT_GE(events, 60U);
  EXPECT_GE(components, 60U);
  EXPECT_EQ(units.size(), 4U);
}

TEST(CityAppearance, UnlawfulBuildingHasThreeClocksOfHandling) {
  Item const* const item = city().find("0101");
  ASSERT_NE(item, nullptr);
  auto const clocks = item->condition("building")->clocks_of(Phase::handle);
  ASSERT_EQ(clocks.size(), 3U);
  EXPECT_EQ(clocks[0]->code, "handle/stop");
  EXPECT_EQ(clocks[0]->budget, core::Budget::of(core::Unit::work_hours, 4000));
  EXPECT_EQ(clocks[1]->budget, core::Budget::of(core::Unit::work_days, 7000));
  EXPECT_EQ(clocks[2]->name, (Text{"拆除", "Remove"}));
  EXPECT_EQ(clocks[2]->budget, core::Budget::of(core::Unit::work_days, 20000));
}

TEST(CityAppearance, AConditionThatExtendsSaysOnlyWhatDiffers) {
  Condition const* const deep = city().find("0509")->condition("deep");
  ASSERT_NE(deep, nullptr);
  EXPECT_EQ(deep->closed_when.zh, "路面无明显积水");  // of the condition that it extends
  EXPECT_EQ(deep->duty.function, "drainage");
  EXPECT_EQ(deep->clocks_of(Phase::dispatch)[0]->budget,
            core::Budget::of(core::Unit::urgent_hours, 500));  // its own
  EXPECT_EQ(deep->clocks_of(Phase::verify)[0]->budget,
            core::Budget::of(core::Unit::work_hours, 4000));  // of defaults
  EXPECT_EQ(deep->duty.joint, (std::vector<std::string>{"traffic-police", "emergency"}));
}

TEST(CityAppearance, EventsAskThePlaceFirstAndComponentsTheOwner) {
  EXPECT_EQ(city().find("0102")->conditions[0].duty.by, DutyBy::place);
  EXPECT_EQ(city().find("C0102")->conditions[0].duty.by, DutyBy::owner);
}

TEST(Calendar, KnowsHolidaysAndMakeUpWorkdays) {
  CalendarEntry const* const cn = city().calendar("cn");
  ASSERT_NE(cn, nullptr);
  auto const works = [&](int year, unsigned month, unsigned day) {
    return !cn->calendar.hours({year, month, day, 0}).empty();
  };
  EXPECT_FALSE(works(2025, 10, 8));
  EXPECT_TRUE(works(2025, 10, 11));  // a Saturday
  EXPECT_FALSE(works(2026, 2, 23));
  EXPECT_TRUE(works(2026, 2, 28));  // a Saturday
  EXPECT_TRUE(works(2026, 9, 20));  // a Sunday
  EXPECT_FALSE(works(2026, 9, 27));
  EXPECT_FALSE(works(2026, 11, 21));
  EXPECT_TRUE(works(2026, 11, 23));
}

TEST(AreaLevels, GiveAUnitGridFifteenDigits) {
  int digits = 0;
  for (auto const& level : city().area_levels()) digits += level.digits;
  EXPECT_EQ(city().area_levels().size(), 5U);  // the city has its own share of the district's six
  EXPECT_EQ(digits, 15);
}

struct Say {
  char const* query;
  char const* code;
};
class CitySearch : public testing::TestWithParam<Say> {};

TEST_P(CitySearch, FindsTheObviousFirst) {
  auto const hits = city().search(GetParam().query);
  ASSERT_FALSE(hits.empty()) << GetParam().query;
  std::string found;
  for (auto const& hit : hits)
    found += hit.item->code + " " + hit.item->name.zh + " " + std::to_string(hit.score) + "\n";
  EXPECT_EQ(hits[0].item->code, GetParam().code) << GetParam().query << "\n" << found;
}

INSTANTIATE_TEST_SUITE_P(
    Words, CitySearch,
    testing::Values(Say{"桥下全是水", "0509"}, Say{"路面积水", "0509"}, Say{"pothole", "C0207"},
                    Say{"street lamp out", "C0115"}, Say{"路灯不亮", "C0115"}, Say{"灯坏了 路灯", "C0115"},
                    Say{"potole", "C0207"}, Say{"streetlight is out on my street", "C0115"},
                    Say{"rubish", "0102"}, Say{"有人在烧垃圾", "0107"}, Say{"小广告", "0201"},
                    Say{"违停", "0503"}, Say{"共享单车乱放", "0505"}, Say{"gas smell", "0403"},
                    Say{"闻到煤气味", "0403"}, Say{"traffic ligh", "C0205"}, Say{"graffiti", "0207"},
                    Say{"0101", "0101"}, Say{"c0115", "C0115"}, Say{"树倒了压到车", "0408"},
                    Say{"下水道堵了", "0405"}, Say{"flooded underpass", "0509"},
                    Say{"stray dog bit my child", "0513"}, Say{"噪音", "0111"}));

TEST(Search, AManholeCoverIsAMatterOfManyOwners) {
  auto const hits = city().search("井盖");
  ASSERT_GE(hits.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_NE(hits[i].item->name.zh.find("井盖"), std::string::npos) << hits[i].item->name.zh;
}

TEST(Search, ServesBoston) {
  EXPECT_EQ(boston().search("street lamp out")[0].item->code, "street-light-outages");
  EXPECT_EQ(boston().search("pothole", {.open_only = true})[0].item->code, "bwsc-pothole");
  EXPECT_EQ(boston().search("路灯坏了")[0].item->code, "street-light-outages");
  EXPECT_EQ(boston().search("rats")[0].item->code, "rodent-activity");
}

TEST(Search, TakesAnyBytes) {
  for (std::string const query :
       {"", " ", "\xff\xfe", "*", "\"", "NOT", "AND OR", "(((", "++--", "a:b", "\xe6\xb0", "井\xff盖"}) {
    (void)city().search(query);
  }
  (void)city().search(std::string(100'000, 'a'));
  (void)city().search(std::string("桥\0水", 7));
  EXPECT_TRUE(city().search("").empty());
  EXPECT_TRUE(city().search("   ").empty());
  EXPECT_LE(city().search("路", {.limit = 1'000'000}).size(), Catalogue::max_hits);
}

TEST(Search, OffersResidentsOnlyWhatIsOpen) {
  for (auto const& hit : boston().search("repair internal", {.open_only = true}))
    EXPECT_TRUE(hit.item->open) << hit.item->code;
}

TEST(Profile, OfBostonMapsEveryTypeToAnItem) {
  auto const profile = load_profile(packs / "boston311/profiles/boston311.yaml", boston());
  ASSERT_TRUE(profile) << profile.error().detail;
  EXPECT_EQ(profile->items.size(), 158U);
  EXPECT_EQ(profile->columns.opened, "OPEN_DT");
  EXPECT_EQ(profile->zone, "America/New_York");
  EXPECT_EQ(profile->channels.find("Constituent Call")->second, "phone");
  EXPECT_EQ(profile->outcomes[0].second, "duplicate");
}

TEST(Profile, NamesItemsThatTheCatalogueLacks) {
  auto const profile = load_profile(packs / "boston311/profiles/boston311.yaml", city());
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().code, core::Errc::invalid);
  EXPECT_EQ(profile.error().key, "profile.item");
  EXPECT_NE(profile.error().field.find("boston311.yaml:"), std::string::npos);
}

TEST(Installation, OfLiuchengHoldsEveryFunction) {
  auto const liucheng = read_installation(packs / "installations/liucheng.yaml");
  ASSERT_TRUE(liucheng) << liucheng.error().detail;
  auto const checked = check_installation(*liucheng, *read_catalogue(packs, liucheng->packs).value());
  EXPECT_TRUE(checked) << checked.error().text.en;
  EXPECT_EQ(liucheng->holder("drainage", "370402001")->department, "drainage-service");
  EXPECT_EQ(liucheng->prefix, "LC");
}

TEST(Installation, OfBostonHoldsEveryFunction) {
  auto const installation = read_installation(packs / "installations/boston.yaml");
  ASSERT_TRUE(installation) << installation.error().detail;
  auto const checked = check_installation(*installation, boston());
  EXPECT_TRUE(checked) << checked.error().text.en;
}

TEST(Installation, WhatNobodyHoldsIsAnError) {
  auto liucheng = *read_installation(packs / "installations/liucheng.yaml");
  std::erase_if(liucheng.holdings,
                [](Holding const& one) { return one.function == "drainage" || one.function == "gas"; });
  auto const checked = check_installation(liucheng, city());
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().text.en.find("drainage, gas"), std::string::npos) << checked.error().text.en;
}

TEST(Installation, TheLongestAreaGoesFirst) {
  Installation city_of_two;
  city_of_two.holdings = {{"drainage", "", "a", ""}, {"drainage", "370402001", "b", ""}};
  EXPECT_EQ(city_of_two.holder("drainage", "370402001002")->department, "b");
  EXPECT_EQ(city_of_two.holder("drainage", "370402002")->department, "a");
  EXPECT_EQ(city_of_two.holder("gas", "370402002"), nullptr);
}

}  // namespace
}  // namespace zhili::catalogue
