#include "web/transport/workers.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <future>

namespace zhili::web {
namespace {

int niceness_of(Workers& workers) {
  auto const said = std::make_shared<std::promise<int>>();  // the worker may still be inside of it when its value is there
  EXPECT_TRUE(workers.submit([said] { said->set_value(getpriority(PRIO_PROCESS, 0)); }));
  return said->get_future().get();
}

TEST(Workers, InTheBackgroundGiveWayToOthers) {
  Workers usual(1, 1);
  Workers background(1, 1, Workers::Rank::background);
  EXPECT_GT(niceness_of(background), niceness_of(usual));
}

TEST(Workers, RefuseWhatTheirQueueDoesNotHold) {
  std::promise<void> begun, go;  // older than the workers, so that they outlive what works with them
  Workers workers(1, 1);
  ASSERT_TRUE(workers.submit([&] {
    begun.set_value();
    go.get_future().wait();
  }));
  begun.get_future().wait();
  EXPECT_TRUE(workers.submit([] {}));
  EXPECT_FALSE(workers.submit([] {}));
  go.set_value();
}

}  // namespace
}  // namespace zhili::web
