#include "respond/cases/case.hpp"

#include <gtest/gtest.h>

namespace zhili::respond {
namespace {
TEST(X, Y) { EXPECT_EQ(1, 1); }
}  // namespace
}  // namespace zhili::respond
