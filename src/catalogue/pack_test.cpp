#include <gtest/gtest.h>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

std::filesystem::path const shipped = std::filesystem::path(ZHILI_SOURCE_DIR) / "packs";

TEST(ShippedPacks, HaveNoMistake) {
  for (auto const* name : {"base", "city-appearance", "boston311"}) {
    auto const findings = check_pack(shipped / name);
    EXPECT_TRUE(findings.empty()) << render(findings, core::Lang::en);
  }
}

}  // namespace
}  // namespace zhili::catalogue
