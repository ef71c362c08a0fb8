// The page for administrators lists every figure that the program gives.
#include "app/watch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/service_test_kit.hpp"

namespace zhili::app {
namespace {

TEST(Watch, EveryFigureStandsOnThePageAndHasAValue) {
  kit::Serving city;
  city.get("/health");
  auto const got = city.get("/metrics");
  std::ifstream file(ZHILI_SOURCE_DIR "/docs/operate/watch.md");
  std::string const page{std::istreambuf_iterator<char>(file), {}};
  std::istringstream lines(got.body);
  std::size_t figures = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      auto const name = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name << " is not in docs/operate/watch.md";
      ++figures;
    } else if (!line.starts_with("#")) {
      EXPECT_FALSE(line.ends_with(" -1")) << line;
    }
  }
  EXPECT_GT(figures, 15U);
  EXPECT_NE(got.body.find("zhili_commit_seconds_count"), std::string::npos);
}

}  // namespace
}  // namespace zhili::app
