#include "respond/own_work/own_work.hpp"

#include "respond/cases/desk_test_kit.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond {
namespace {

using kit::at;
using kit::doing;
using kit::han;

class OwnWorkTest : public testing::TestWithParam<test::Engine> {
 protected:
  OwnWorkTest() { go("2026-04-27T09:00:00+08:00"); }
  void go(char const* iso) { db_.time.set(at(iso)); }
  void does(Id id, Actor const& actor, Command const& command) { EXPECT_EQ(kit_.does(id, actor, command), ""); }
  Id dispatched() {
    auto const id = kit_.new_case();
    does(id, kit::dispatcher, doing(Verb::dispatch));
    return id;
  }
  Id reported_back() {
    auto const id = dispatched();
    does(id, han, doing(Verb::take));
    does(id, han, kit::photographed(Verb::report_back));
    return id;
  }
  OwnWork of(std::string_view person, char const* from = "2026-04-01T00:00:00+08:00", char const* until = "2026-07-01T00:00:00+08:00") {
    auto const out = db_->read([&](store::Reader& r) { return own_work(r, person, {at(from), at(until)}, kit::city_calendar()); });
    EXPECT_TRUE(out) << out.error().detail;
    return out.value_or(OwnWork{});
  }

  test::TempDb db_{GetParam()};
  kit::DeskKit kit_{*db_};
};
INSTANTIATE_TEST_SUITE_P(Engines, OwnWorkTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(OwnWorkTest, CountsWhatOneReportedBackAndReturned) {
  reported_back();
  auto const not_ours = dispatched();
  does(not_ours, han, doing(Verb::give_back, "a private yard"));
  EXPECT_EQ(of("staff:han"), (OwnWork{.handled = 1, .on_time = 1, .returned = 1}));
  EXPECT_EQ(of("staff:dora"), OwnWork{}) << "dispatching is not counted";
  EXPECT_EQ(of("staff:nobody"), OwnWork{});
}

TEST_P(OwnWorkTest, WhatWasLateIsNotOnTime) {
  auto const id = dispatched();
  does(id, han, doing(Verb::take));
  go("2026-04-29T09:00:00+08:00");  // eight work hours were given
  does(id, han, kit::photographed(Verb::report_back));
  EXPECT_EQ(of("staff:han"), (OwnWork{.handled = 1}));
}

TEST_P(OwnWorkTest, WhatIsSentBackStandsWithTheTimeThatWasSentBack) {
  auto const id = reported_back();
  does(id, kit::dispatcher, doing(Verb::send_to_verify));
  does(id, kit::vera, doing(Verb::fail, "still wet"));
  EXPECT_EQ(of("staff:han"), (OwnWork{.handled = 1, .on_time = 1, .reworked = 1}));
  go("2026-05-06T10:00:00+08:00");
  does(id, han, kit::photographed(Verb::report_back));
  auto const april = of("staff:han", "2026-04-01T00:00:00+08:00", "2026-05-01T00:00:00+08:00");
  EXPECT_EQ(april, (OwnWork{.handled = 1, .on_time = 1, .reworked = 1}));
  EXPECT_EQ(of("staff:han", "2026-05-01T00:00:00+08:00").reworked, 0) << "nobody has sent the second one back";
  EXPECT_EQ(of("staff:han").handled, 2) << "what is done again is handled twice";
}

}  // namespace
}  // namespace zhili::respond
