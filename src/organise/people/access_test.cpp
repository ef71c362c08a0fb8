// Who may do what, where: a small office with a lead, a deputy and somebody on leave.

#include "organise/people/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zhili::organise {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

core::Instant day(int n) { return core::Instant{std::chrono::hours(24 * n)}; }

std::vector<PostDuty> const posts{{"dispatch-desk", "dispatcher", "command"},
                                  {"drainage-desk", "handler", "drainage"},
                                  {"drainage-lead", "handler_lead", "drainage"},
                                  {"verification-desk", "verifier", "supervision"}};

Appointment appointed(std::string person, std::string post, std::string area = "", std::vector<std::string> items = {}) {
  return {.person = std::move(person), .post = std::move(post), .area = std::move(area), .items = std::move(items), .from = day(1)};
}

std::vector<Grant> grants(std::string_view person, int on_day, std::vector<Appointment> const& appointments,
                          std::vector<Absence> const& absences = {}) {
  return grants_of(person, day(on_day), appointments, absences, posts);
}

TEST(Access, NobodyMayDoAnythingWithoutAnAppointment) {
  auto const none = grants("dora", 5, {appointed("ming", "dispatch-desk")});
  EXPECT_THAT(none, IsEmpty());
  std::vector<std::string> const roles{"dispatcher"};
  auto const verdict = judge(none, roles, {.area = "370402001", .item = "0301"});
  EXPECT_FALSE(verdict.allowed);
  EXPECT_THAT(verdict.because, ElementsAre(Field(&core::Text::en, HasSubstr("dispatcher"))));
}

TEST(Access, AnAppointmentHoldsFromItsFirstInstantUntilBeforeItsLast) {
  auto a = appointed("dora", "drainage-desk");
  a.until = day(3);
  EXPECT_THAT(grants("dora", 0, {a}), IsEmpty());
  EXPECT_THAT(grants("dora", 1, {a}), SizeIs(1));
  EXPECT_THAT(grants("dora", 2, {a}), SizeIs(1));
  EXPECT_THAT(grants("dora", 3, {a}), IsEmpty());
}

TEST(Access, APostThatTheInstallationDroppedGivesNothing) {
  EXPECT_THAT(grants("dora", 2, {appointed("dora", "night-watch")}), IsEmpty());
}

TEST(Access, ANarrowAppointmentReachesItsAreaAndItemsOnly) {
  auto const g = grants("dora", 2, {appointed("dora", "drainage-desk", "370402001", {"03", "0105"})});
  ASSERT_THAT(g, SizeIs(1));
  EXPECT_TRUE(covers(g[0], {.area = "370402001007", .item = "0301"}));
  EXPECT_TRUE(covers(g[0], {.area = "370402001", .item = "0105"}));
  EXPECT_FALSE(covers(g[0], {.area = "370402002", .item = "0301"}));
  EXPECT_FALSE(covers(g[0], {.area = "370402001", .item = "0102"}));
  EXPECT_FALSE(covers(g[0], {.area = "", .item = "0301"})) << "a place outside of every area is nobody's small area";
  EXPECT_FALSE(covers(g[0], {.area = "370402001", .item = ""}));
}

TEST(Access, TheReasonSaysWhichGrantAllowsAndWhatAnotherLacks) {
  std::vector<std::string> const roles{"handler", "handler_lead"};
  auto const narrow = grants("dora", 2, {appointed("dora", "drainage-desk", "370402001")});
  auto const no = judge(narrow, roles, {.area = "370402002", .item = "0301"});
  EXPECT_FALSE(no.allowed);
  EXPECT_THAT(no.because, ElementsAre(Field(&core::Text::en, HasSubstr("370402001 only, not 370402002"))));
  auto const yes = judge(narrow, roles, {.area = "370402001", .item = "0301"});
  EXPECT_TRUE(yes.allowed);
  EXPECT_THAT(yes.because, ElementsAre(Field(&core::Text::zh, HasSubstr("drainage-desk"))));
}

TEST(Access, ADeputyHasWhatTheAbsentPersonHadForAsLongAsTheyAreAway) {
  std::vector<Appointment> const all{appointed("dora", "drainage-lead", "370402001"), appointed("ming", "drainage-desk")};
  std::vector<Absence> const leave{{.person = "dora", .deputy = "ming", .from = day(5), .until = day(8)}};
  EXPECT_THAT(grants("ming", 4, all, leave), SizeIs(1));
  auto const during = grants("ming", 5, all, leave);
  ASSERT_THAT(during, SizeIs(2));
  EXPECT_EQ(during[1].role, "handler_lead");
  EXPECT_EQ(during[1].stands_in_for, "dora");
  EXPECT_EQ(during[1].area, "370402001") << "no wider than it was";
  EXPECT_THAT(grants("dora", 6, all, leave), IsEmpty()) << "who is away does not act";
  EXPECT_THAT(grants("ming", 8, all, leave), SizeIs(1));
  EXPECT_THAT(grants("dora", 8, all, leave), SizeIs(1));
}

TEST(Access, StandingInIsNotPassedOn) {
  std::vector<Appointment> const all{appointed("dora", "drainage-lead"), appointed("ming", "drainage-desk")};
  std::vector<Absence> const leave{{.person = "dora", .deputy = "ming", .from = day(5), .until = day(8)},
                                   {.person = "ming", .deputy = "li", .from = day(5), .until = day(8)}};
  EXPECT_THAT(grants("li", 6, all, leave), ElementsAre(Field(&Grant::role, "handler")));
  EXPECT_THAT(grants("ming", 6, all, leave), IsEmpty());
}

TEST(Access, NobodyStandsInForThemselves) {
  std::vector<Absence> const leave{{.person = "dora", .deputy = "dora", .from = day(5), .until = day(8)}};
  EXPECT_THAT(grants("dora", 6, {appointed("dora", "drainage-desk")}, leave), IsEmpty());
}

TEST(Access, RolesOfOneDepartmentAreNeverLentToAnother) {
  auto const g = grants("dora", 2, {appointed("dora", "verification-desk"), appointed("dora", "drainage-desk"),
                                    appointed("dora", "drainage-lead", "370402")});
  auto const ways = standings(g, {.area = "370402001", .item = "0301", .department = "drainage"});
  ASSERT_THAT(ways, SizeIs(2));
  EXPECT_EQ(ways[0].department, "drainage") << "the department whose case it is goes first";
  EXPECT_THAT(ways[0].roles, ElementsAre("handler", "handler_lead"));
  EXPECT_EQ(ways[1].department, "supervision");
  EXPECT_THAT(ways[1].roles, ElementsAre("verifier"));
  EXPECT_EQ(ways[0].by[1]->post, "drainage-lead");
  EXPECT_THAT(standings(g, {.area = "999", .item = "0301", .department = "drainage"})[0].roles, ElementsAre("handler"));
}

TEST(Leads, OnlyTheLeadOfThatDepartmentAreaAndItems) {
  std::vector<Grant> const hand{{.role = "handler", .department = "drainage", .post = "desk", .area = "370402001", .items = {}}};
  auto const lead = [&](Grant grant) { return leads(std::vector{grant}, hand) != nullptr; };
  Grant const its{.role = "handler_lead", .department = "drainage", .post = "lead", .area = "", .items = {}};
  EXPECT_TRUE(lead(its));
  auto with = its;
  with.area = "370402";
  EXPECT_TRUE(lead(with));
  with.area = "370403";
  EXPECT_FALSE(lead(with)) << "of another area";
  with = its;
  with.items = {"03"};
  EXPECT_FALSE(lead(with)) << "of some of the items only";
  with = its;
  with.department = "greening";
  EXPECT_FALSE(lead(with));
  with = its;
  with.stands_in_for = "hua";
  EXPECT_FALSE(lead(with)) << "a deputy does not see it";
  with = its;
  for (auto const* role : {"handler", "administrator", "supervisor", "evaluator", "dispatcher_lead"}) {
    with.role = role;
    EXPECT_FALSE(lead(with)) << role;
  }
  EXPECT_FALSE(leads({}, hand));
  EXPECT_FALSE(leads(std::vector{its}, {})) << "who has no post has no lead";
  EXPECT_FALSE(leads(std::vector{its}, std::vector{its})) << "leads do not lead each other";
}

}  // namespace
}  // namespace zhili::organise
