#include "app/demo/liucheng.hpp"

#include <gtest/gtest.h>

namespace zhili::app::demo {
namespace {
TEST(Liucheng, Smoke) {
  EXPECT_GE(liucheng().grids.size(), 400u);
}
}  // namespace
}  // namespace zhili::app::demo
