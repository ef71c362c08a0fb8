#include "respond/cases/next.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "respond/cases/case_test_kit.hpp"
#include "respond/cases/table.hpp"

namespace zhili::respond {
namespace {

using namespace kit;

NextStep const* step_of(std::vector<NextStep> const& steps, Verb verb) {
  auto const found = std::ranges::find(steps, verb, &NextStep::verb);
  return found == steps.end() ? nullptr : &*found;
}

Command to_drainage() {
  auto out = doing(Verb::dispatch);
  out.department = "drainage";
  return out;
}

/// A case that drainage works on.
struct Worked : Play {
  Worked() {
    auto open = doing(Verb::register_case);
    open.opening = opening(now);
    EXPECT_EQ(does(acceptor, open), "");
    EXPECT_EQ(does(dispatcher, to_drainage()), "");
    EXPECT_EQ(does(han, doing(Verb::take)), "");
  }
  std::vector<NextStep> next(Actor const& actor) const {
    return next_steps(state, Context{actor, now, item, condition, calendar, policy});
  }
};

TEST(NextSteps, TheHandlerMayReportBackAndIsAskedForTheTwoPhotos) {
  Worked const p;
  auto const steps = p.next(han);
  auto const* back = step_of(steps, Verb::report_back);
  ASSERT_NE(back, nullptr);
  EXPECT_FALSE(back->obstacle);
  EXPECT_EQ(back->asks, (std::vector<Ask>{{"photos", true, {"before", "after"}}, {"reason"}}));
  auto const* later = step_of(steps, Verb::ask_extension);
  ASSERT_NE(later, nullptr);
  EXPECT_EQ(later->asks, (std::vector<Ask>{{"reason", true}, {"until", true}}));
}

TEST(NextSteps, AnotherDepartmentsHandlerIsToldWhyNot) {
  Worked const p;
  auto const steps = p.next(gao);
  auto const* back = step_of(steps, Verb::report_back);
  ASSERT_NE(back, nullptr);
  ASSERT_TRUE(back->obstacle);
  EXPECT_EQ(back->obstacle->code, core::Errc::forbidden);
}

TEST(NextSteps, AReplyNamesTheSupervisionsThatWait) {
  Worked p;
  EXPECT_TRUE(step_of(p.next(han_lead), Verb::reply)->obstacle);
  auto supervise = doing(Verb::supervise, "residents ask every day");
  supervise.until = p.now + std::chrono::hours(24);
  supervise.level = 1;
  ASSERT_EQ(p.does(sun, supervise), "");
  auto const steps = p.next(han_lead);
  auto const* reply = step_of(steps, Verb::reply);
  EXPECT_FALSE(reply->obstacle);
  EXPECT_EQ(reply->asks, (std::vector<Ask>{{"number", true, {"1"}}, {"reason", true}}));
}

// Whatever is offered can be done with what is asked for, and nothing that is not offered.
TEST(NextSteps, SayTheSameAsTheDecisionForEveryStageAndRole) {
  Worked p;
  auto const everybody = {acceptor, dispatcher, lead, han, han_lead, gao, cai, vera, sun, eva};
  auto const check = [&] {
    for (auto const& actor : everybody)
      for (auto const& step : p.next(actor)) {
        auto full = photographed(step.verb);
        full.reason = "a reason";
        full.department = step.verb == Verb::add_joint ? "greening" : "drainage";
        full.person = "staff:other";
        full.until = p.now + std::chrono::days(30);
        full.level = full.score = full.number = 1;
        full.closing_condition_met = true;
        auto const done = p.ask(actor, full);
        EXPECT_EQ(done.has_value(), !step.obstacle) << name(step.verb) << " at " << name(p.state.stage) << " by " << actor.ref << ": "
                                                    << (done ? "" : done.error().text.en);
      }
  };
  check();
  ASSERT_EQ(p.does(han, photographed(Verb::report_back)), "");
  check();
  ASSERT_EQ(p.does(dispatcher, doing(Verb::send_to_verify)), "");
  check();
  ASSERT_EQ(p.does(vera, photographed(Verb::pass)), "");
  check();
  ASSERT_EQ(p.does(acceptor, closing()), "");
  check();
}

}  // namespace
}  // namespace zhili::respond
