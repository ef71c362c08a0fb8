// The page for administrators lists every figure that the program gives.
#include "app/watch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/demo/http_client.hpp"
#include "support/temp_db.hpp"

namespace zhili::app {
namespace {

TEST(Watch, EveryFigureStandsOnThePageAndHasAValue) {
  test::TempFolder folder;
  core::ManualTime time{core::from_iso("2026-04-27T09:00:00+08:00").value()};
  CommonOptions options;
  options.data = folder.path().string();
  options.packs = ZHILI_SOURCE_DIR "/packs";
  auto service = Service::open(options, time);
  ASSERT_TRUE(service) << service.error().text.en;
  ASSERT_TRUE((*service)->start({.listen = "127.0.0.1:0"}));
  demo::HttpClient http("127.0.0.1", (*service)->port());
  ASSERT_TRUE(http.get("/health"));
  auto const got = http.get("/metrics");
  ASSERT_TRUE(got);
  std::ifstream file(ZHILI_SOURCE_DIR "/docs/operate/watch.md");
  std::string const page{std::istreambuf_iterator<char>(file), {}};
  std::istringstream lines(got->body);
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
  EXPECT_NE(got->body.find("zhili_commit_seconds_count"), std::string::npos);
}

}  // namespace
}  // namespace zhili::app
