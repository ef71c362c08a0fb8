#include <gtest/gtest.h>

#include "sense/places/places.hpp"
#include "sense/places/shape_text.hpp"
#include "sense/places/statements.hpp"
#include "store/digest.hpp"
#include "support/temp_db.hpp"

namespace zhili::sense::places {
namespace {

using core::EventKind;
using core::from_ms;

Ring box(std::int32_t x, std::int32_t y) {
  return {{y, x}, {y, x + 1000}, {y + 1000, x + 1000}, {y + 1000, x}};
}

City small() {
  City c;
  c.areas = {{0, "3704", "city", {"青檀市", "Qingtan"}, "", {}},
             {0, "370402", "district", {"榴城区", "Liucheng"}, "3704", {{}, {}, {{box(0, 0), {box(1, 1)}}}}}};
  UnitGrid g;
  g.code = "370402001001001";
  g.shape.polygons = {{box(0, 0), {}}};
  g.land_use = "park";
  g.from = from_ms(1000);
  c.grids = {g};
  c.duties = {{"clean-1", "sanitation", "post-1", {"甲", "A"}, {"370402001001001"}}};
  c.things = {{Kind::component,
               "3704020115000001",
               "0115",
               {"路灯", "Lamp"},
               {LatLon{5, 6}, {}, {}},
               "370402001001001",
               {{"owner", "lighting"}, {"state", "sound"}}},
              {Kind::road,
               "R1",
               "main",
               {"建设路", "Jianshe Road"},
               {{}, {{{1, 2}, {3, -4}}, {{5, 6}, {7, 8}}}, {}},
               {},
               {}}};
  return c;
}

class SaveTest : public testing::TestWithParam<test::Engine> {
 protected:
  Saved save_as(City const& city, std::string source, std::int64_t at_ms) {
    auto const saved = save(*db_, city, {"import:" + source, source, from_ms(at_ms)});
    EXPECT_TRUE(saved) << saved.error().text.en << saved.error().detail;
    return saved.value_or(Saved{});
  }
  City loaded(std::int64_t at_ms = 5000) {
    auto city = load(*db_, from_ms(at_ms));
    EXPECT_TRUE(city) << city.error().detail;
    return std::move(*city);
  }
  std::int64_t entries(EventKind kind) {
    return db_
        ->read([&](store::Reader& r) {
          return *r.value<std::int64_t>("SELECT count(*) FROM ledger WHERE kind = ?", kind);
        })
        .value();
  }
  test::TempDb db_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(OnBoth, SaveTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(SaveTest, GivesBackWhatWasSaved) {
  auto const city = small();
  auto const saved = save_as(city, "import:test", 1000);
  EXPECT_EQ(saved.added, 6);
  auto back = loaded();
  EXPECT_EQ(back.grids, city.grids);
  EXPECT_EQ(back.duties, city.duties);
  EXPECT_EQ(back.things, city.things);
  ASSERT_EQ(back.areas.size(), 2u);
  EXPECT_GT(back.areas[0].id, 0);
  back.areas[0].id = back.areas[1].id = 0;
  EXPECT_EQ(back.areas, city.areas);
}

TEST_P(SaveTest, ChangesNothingTheSecondTime) {
  save_as(small(), "import:test", 1000);
  auto const before = loaded();
  auto const again = save_as(small(), "import:test", 2000);
  EXPECT_EQ(again.added + again.changed, 0);
  EXPECT_EQ(again.unchanged, 6);
  EXPECT_EQ(loaded().areas, before.areas);
  EXPECT_EQ(entries(EventKind::area_set), 2);
  EXPECT_EQ(entries(EventKind::register_set), 1);
}

TEST_P(SaveTest, KeepsTheNumberOfAnAreaThatIsRenamed) {
  save_as(small(), "import:test", 1000);
  auto const id = loaded().areas[1].id;
  auto city = small();
  city.areas[1].name.en = "Liucheng District";
  EXPECT_EQ(save_as(city, "import:test", 2000).changed, 1);
  EXPECT_EQ(loaded().areas[1].id, id);
  EXPECT_EQ(loaded().areas[1].name.en, "Liucheng District");
}

TEST_P(SaveTest, SignsEachBatchWithTheDigestOfItsRows) {
  save_as(small(), "import:test", 1000);
  auto const payload =
      db_->read([](store::Reader& r) {
           return *r.value<std::string>("SELECT payload FROM ledger WHERE kind = ?", EventKind::duty_set);
         })
          .value();
  auto const row = std::string("clean-1\tsanitation\tpost-1\t甲\tA\t370402001001001\n");
  EXPECT_NE(payload.find(store::to_hex(store::sha256(row))), std::string::npos) << payload;
}

TEST_P(SaveTest, MakesOneEntryForEachBoundedBatch) {
  City many;
  for (int i = 0; i < 2500; ++i)
    many.things.push_back(
        {Kind::organisation, "org-" + std::to_string(i), "service", {"某单位", "Some office"}, {}});
  EXPECT_EQ(save_as(many, "import:test", 1000).added, 2500);
  EXPECT_EQ(entries(EventKind::register_set), 3);
}

TEST_P(SaveTest, ShowsOnlyGridsInForce) {
  auto city = small();
  city.grids[0].until = from_ms(3000);
  save_as(city, "import:test", 1000);
  EXPECT_EQ(loaded(999).grids.size(), 0u);
  EXPECT_EQ(loaded(1000).grids.size(), 1u);
  EXPECT_EQ(loaded(2999).grids.size(), 1u);
  EXPECT_EQ(loaded(3000).grids.size(), 0u);
}

TEST_P(SaveTest, BelievesTheBestSourceAndRemembersAll) {
  save_as(small(), "survey:2024", 1000);
  City said;
  said.things = {{Kind::component, "3704020115000001", "0115", {}, {}, {}, {{"state", "broken"}}}};
  save_as(said, "citizen", 2000);  // newer, but weaker
  EXPECT_EQ(loaded().things[0].field("state"), "sound");
  said.things[0].fields = {{"state", "worn"}};
  save_as(said, "survey:2026", 3000);  // as strong, and newer
  EXPECT_EQ(loaded().things[0].field("state"), "worn");
  EXPECT_EQ(loaded().things[0].field("owner"), "lighting");  // nobody spoke against it
  auto const all = history(*db_, Kind::component, "3704020115000001");
  ASSERT_TRUE(all);
  std::vector<std::string> states;
  for (auto const& s : *all)
    if (s.field == "state") states.push_back(s.source + "=" + s.value);
  EXPECT_EQ(states, (std::vector<std::string>{"survey:2024=sound", "citizen=broken", "survey:2026=worn"}));
}

TEST_P(SaveTest, FallsBackToTheNextBestWhenASourceTakesItBack) {
  City said;
  said.things = {{Kind::organisation, "org", "service", {"所", "Office"}, {}, {}, {{"phone-desk", "east"}}}};
  save_as(said, "import:a", 1000);
  said.things[0].fields = {{"phone-desk", "west"}};
  save_as(said, "owner", 2000);
  EXPECT_EQ(loaded().things[0].field("phone-desk"), "west");
  said.things[0].fields = {{"phone-desk", ""}};
  save_as(said, "owner", 3000);
  EXPECT_EQ(loaded().things[0].field("phone-desk"), "east");
}

TEST_P(SaveTest, RefusesACodeThatDoesNotFitBeforeItWritesAnything) {
  auto city = small();
  city.things[0].code = "37040201150001";
  auto const refused = save(*db_, city, {"system", "import:test", from_ms(1)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::invalid);
  EXPECT_NE(refused.error().text.en.find("16 digits"), std::string::npos);
  EXPECT_EQ(entries(EventKind::area_set), 0);
}

TEST(ShapeText, ReadsBackWhatItWroteAndRefusesTheRest) {
  for (Shape const& shape : {Shape{}, Shape{LatLon{-900'000'000, 1'800'000'000}, {}, {}},
                             Shape{{}, {{{1, 2}, {3, 4}}, {{-5, -6}, {7, 8}, {9, 10}}}, {}},
                             Shape{{},
                                   {},
                                   {{{{0, 0}, {0, 9}, {9, 9}}, {{{1, 1}, {2, 2}, {2, 1}}}},
                                    {{{20, 20}, {20, 30}, {30, 30}}, {}}}}}) {
    auto const back = decode(encode(shape));
    ASSERT_TRUE(back) << encode(shape);
    EXPECT_EQ(*back, shape);
  }
  for (auto const* bad :
       {"p", "p 1", "p 1 2 3 4", "x 1 2", "a", "a 1 2,", "l 1 2;", "p 99999999999 1", "p 1 2x"})
    EXPECT_FALSE(decode(bad)) << bad;
}

}  // namespace
}  // namespace zhili::sense::places
