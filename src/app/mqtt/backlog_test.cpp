#include "app/mqtt/backlog.hpp"

#include <gtest/gtest.h>

namespace zhili::app {
namespace {

TEST(Backlog, TimeWaitsForWhatWaitsButNotForEver) {
  Backlog backlog;
  auto now = core::from_ms(1'763'712'000'000);
  EXPECT_TRUE(backlog.may_pass(now)) << "there is no server";
  backlog.is(false, now);
  EXPECT_FALSE(backlog.may_pass(now));
  backlog.is(false, now += backlog_waited_for);
  EXPECT_FALSE(backlog.may_pass(now));
  EXPECT_TRUE(backlog.may_pass(now + core::Duration(1)));
  backlog.is(true, now);
  EXPECT_TRUE(backlog.may_pass(now));
  backlog.is(false, now += backlog_waited_for);
  EXPECT_FALSE(backlog.may_pass(now)) << "it counts anew";
}

TEST(Backlog, AsLongAsItBecomesSmallerItIsWaitedFor) {
  Backlog backlog;
  auto now = core::from_ms(1'763'712'000'000);
  for (std::uint64_t waiting = 5; waiting > 0; --waiting) {
    backlog.is(false, now += backlog_waited_for, waiting * 100'000);
    EXPECT_FALSE(backlog.may_pass(now));
  }
  backlog.is(false, now += backlog_waited_for + core::Duration(1), 300'000);
  EXPECT_TRUE(backlog.may_pass(now)) << "more comes than is taken in";
}

}  // namespace
}  // namespace zhili::app
