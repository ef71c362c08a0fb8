#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

std::filesystem::path const source_folder = ZHILI_SOURCE_DIR;

TEST(ShippedPacks, HaveNoMistake) {
  for (auto const* name : {"base", "city-appearance", "boston311"}) {
    auto const findings = check_pack(source_folder / "packs" / name);
    EXPECT_TRUE(findings.empty()) << render(findings, core::Lang::en);
  }
}

/// The first block of YAML on the page, without the indent of the list that it stands in.
std::string example_of_the_page() {
  std::ifstream page(source_folder / "docs/develop/packs.md");
  std::string out;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.ends_with("```yaml"))
      inside = true;
    else if (inside && line.ends_with("```"))
      break;
    else if (inside)
      out += line.substr(std::min<std::size_t>(3, line.size())) + "\n";
  }
  return out;
}

TEST(Docs, TheExampleOfThePageIsAGoodPack) {
  std::string pattern = (std::filesystem::temp_directory_path() / "zhili-docs-XXXXXX").string();
  std::filesystem::path const root = ::mkdtemp(pattern.data());
  std::filesystem::copy(source_folder / "packs/base", root / "base",
                        std::filesystem::copy_options::recursive);
  std::filesystem::create_directory(root / "street-market");
  std::ofstream(root / "street-market/pack.yaml") << example_of_the_page();
  auto const findings = check_pack(root / "street-market");
  EXPECT_TRUE(findings.empty()) << render(findings, core::Lang::en);
  EXPECT_TRUE(read_catalogue(root, {"street-market"}));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace zhili::catalogue
