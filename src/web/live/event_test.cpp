// Who hears of what: the public, and staff by their posts.
#include "web/live/event.hpp"

#include <gtest/gtest.h>

namespace zhili::web::live {
namespace {

/// Somebody with one post.
Caller staff(std::string role, std::string department, std::string area = {}, std::vector<std::string> items = {}) {
  Caller out;
  out.grants.push_back({.role = std::move(role), .department = std::move(department), .post = "post", .area = std::move(area), .items = std::move(items)});
  return out;
}

/// A case that the public does not see.
Event hidden() {
  Event out;
  out.kind = core::EventKind::case_dispatched;
  out.item = "010203";
  out.area = "370402009";
  out.department = "roads";
  return out;
}

bool hears(Caller const& caller) { return may_hear(hidden(), &caller); }

TEST(WhoHears, EverybodyHearsWhatIsPublicAndNobodyElseWhatIsNot) {
  auto event = hidden();
  EXPECT_FALSE(may_hear(event, nullptr));
  event.everybody = true;
  EXPECT_TRUE(may_hear(event, nullptr));
}

TEST(WhoHears, StaffHearOfTheirAreaAndItems) {
  EXPECT_TRUE(hears(staff("acceptor", "centre")));
  EXPECT_TRUE(hears(staff("acceptor", "centre", "370402")));
  EXPECT_TRUE(hears(staff("acceptor", "centre", "370402", {"0102"})));
  EXPECT_FALSE(hears(staff("acceptor", "centre", "370403")));
  EXPECT_FALSE(hears(staff("acceptor", "centre", "370402", {"02"})));
}

TEST(WhoHears, HandsHearOfTheCasesOfTheirDepartmentOnly) {
  EXPECT_TRUE(hears(staff("handler", "roads")));
  EXPECT_FALSE(hears(staff("handler", "parks")));
  EXPECT_FALSE(hears(staff("handler_lead", "parks", "370402009")));
}

TEST(WhoHears, OfAlarmsWhoeverMaySeeThem) {
  auto alarm = hidden();
  alarm.kind = core::EventKind::alarm_raised;
  alarm.alarm = true;
  auto const hears_alarm = [&](Caller const& caller) { return may_hear(alarm, &caller); };
  EXPECT_FALSE(may_hear(alarm, nullptr));
  EXPECT_TRUE(hears_alarm(staff("dispatcher", "centre", "370402")));
  EXPECT_TRUE(hears_alarm(staff("handler", "roads")));
  EXPECT_FALSE(hears_alarm(staff("handler", "parks")));
  EXPECT_FALSE(hears_alarm(staff("device_keeper", "works"))) << "no fault of a device";
  alarm.fault = true;
  alarm.item.clear();
  EXPECT_TRUE(hears_alarm(staff("device_keeper", "works")));
  EXPECT_TRUE((Filter{.kinds = {"alarm."}}).wants(alarm));
  EXPECT_FALSE((Filter{.items = {"01"}}).wants(alarm)) << "a fault opens no item";
}

TEST(WhoHears, SomebodyWithoutAPostHearsWhatThePublicHears) { EXPECT_FALSE(hears(Caller())); }

TEST(WhatIsWanted, IsNarrowedByEachThatIsSaid) {
  auto const event = hidden();
  EXPECT_TRUE(Filter{}.wants(event));
  EXPECT_TRUE((Filter{.area = "3704", .items = {"99", "0102"}, .kinds = {"case."}}).wants(event));
  EXPECT_FALSE((Filter{.area = "3705"}).wants(event));
  EXPECT_FALSE((Filter{.items = {"99"}}).wants(event));
  EXPECT_FALSE((Filter{.kinds = {"signal.", "case.closed"}}).wants(event));
  EXPECT_FALSE((Filter{.case_id = 7}).wants(event));
}

}  // namespace
}  // namespace zhili::web::live
