// Every scenario file is a test of its own; and the player is shown to notice what is not so.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "scenario/player.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::scenario {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> scenario_files() {
  std::vector<std::string> out;
  auto const take = [&](fs::path const& folder) {
    if (!fs::is_directory(folder)) return;
    for (auto const& file : fs::directory_iterator(folder))
      if (file.path().extension() == ".scenario") out.push_back(file.path().string());
  };
  take(ZHILI_SOURCE_DIR "/tests/scenario");
  for (auto const& pack : fs::directory_iterator(ZHILI_SOURCE_DIR "/packs")) take(pack.path() / "tests");
  std::ranges::sort(out);
  return out;
}

std::string test_name(testing::TestParamInfo<std::string> const& file) {
  auto out = fs::path(file.param).stem().string();
  for (auto& c : out)
    if (c == '-') c = '_';
  return out;
}

/// Empty, or what went wrong, as "file:line: what".
std::string play(std::string const& file, std::string const& database_url = {}) {
  test::TempFolder folder;
  auto const shown = fs::path(file).filename().string();
  try {
    auto const script = read_script(file);
    auto const wrong = Player(script, folder.path(), database_url).play();
    return wrong.empty() ? wrong : shown + ":" + wrong;
  } catch (std::exception const& error) {
    return shown + ": " + error.what();
  }
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, GoesAsWritten) {
  EXPECT_EQ(play(GetParam()), "");
}
INSTANTIATE_TEST_SUITE_P(All, Scenario, testing::ValuesIn(scenario_files()), test_name);

class ScenarioOnPostgres : public testing::TestWithParam<std::string> {};

TEST_P(ScenarioOnPostgres, GoesAsWritten) {
  EXPECT_EQ(play(GetParam(), test::PostgresCluster::get().new_database()), "");
}
std::vector<std::string> some_files() {
  std::vector<std::string> out;
  for (auto const* name : {"rubbish-on-time", "ten-reports-of-one-thing", "suspension-over-a-holiday",
                           "dispute-settled-by-timer"})
    out.push_back(std::string(ZHILI_SOURCE_DIR "/tests/scenario/") + name + ".scenario");
  for (auto const* name : {"urban-flood/tests/underpass-and-pump", "traffic/tests/signals-dark"})
    out.push_back(std::string(ZHILI_SOURCE_DIR "/packs/") + name + ".scenario");
  return out;
}
INSTANTIATE_TEST_SUITE_P(Some, ScenarioOnPostgres, testing::ValuesIn(some_files()), test_name);

TEST(ScenarioFiles, AreThere) {
  EXPECT_GE(scenario_files().size(), 30U);
}

/// A scenario that only tells of alarms would not notice a rule that never finds anything.
TEST(ScenarioFiles, EveryPackOfDevicesShowsItsRulesAtWork) {
  for (auto const& pack : fs::directory_iterator(ZHILI_SOURCE_DIR "/packs")) {
    if (!fs::exists(pack.path() / "rules.yaml")) continue;
    bool shown = false;
    for (auto const& file : fs::directory_iterator(pack.path() / "tests")) {
      auto const script = read_script(file.path().string());
      shown = shown || std::ranges::any_of(script.lines, [&](Line const& line) {
        return !script.devices.empty() && line.expectation && std::ranges::any_of(line.words, [](Word const& word) { return word == "opens"; });
      });
    }
    EXPECT_TRUE(shown) << pack.path().filename() << " has no scenario in which what a device reads opens a case";
  }
}

/// A short scenario with one line exchanged.
std::string play_text(std::string const& lines) {
  test::TempFolder folder;
  auto const file = folder.path() / "some.scenario";
  std::ofstream(file) << "# Some\n"
                         "town      cell 100 m, origin 34.8600 117.5500\n"
                         "          .  a\n"
                         "people    amy acceptor, cai collector, dora dispatcher\n"
                         "day       2026-07-13\n"
                      << lines;
  return play(file.string());
}

constexpr auto reported = "09:00 cai reports 0102 at a as s1 \"a heap\"\n09:05 amy registers s1 as c1\n";

TEST(ScenarioPlayer, PassesWhatIsSo) {
  EXPECT_EQ(
      play_text(std::string(reported) + "  => c1 registered, returns 0; clock dispatch of c1 due 11:05\n"),
      "");
}

struct Mistake {
  char const* line;
  char const* said;
};
class ScenarioMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ScenarioMistake, IsNoticed) {
  auto const said = play_text(std::string(reported) + GetParam().line);
  EXPECT_NE(said.find(GetParam().said), std::string::npos) << said;
}
INSTANTIATE_TEST_SUITE_P(
    All, ScenarioMistake,
    testing::Values(
        Mistake{"  => c1 dispatched\n", "some.scenario:8: expected c1 dispatched; it is registered"},
        Mistake{"  => c1 registered; c1 returns 1\n", "some.scenario:8: expected returns 1; it is 0"},
        Mistake{"  => clock dispatch of c1 due 11:06\n", "some.scenario:8: expected due 2026-07-13T11:06"},
        Mistake{"  => clock dispatch of c1 used 1 of 2 hours\n", "expected 1 of 2 hours used"},
        Mistake{"  => clock dispatch of c1 paused\n", "expected paused"},
        Mistake{"  => clock handle of c1 running\n", "there is no clock handle"},
        Mistake{"  => cai is told \"结案\"\n", "expected that cai is told"},
        Mistake{"  => cai does not read \"a heap\"\n", "expected that cai does not read"},
        Mistake{"  => c1 late\n", "expected c1 late"}, Mistake{"  => refused: anything\n", "but it was done"},
        Mistake{"09:06 cai dispatches c1\n", "some.scenario:8: the last step was refused"},
        Mistake{"09:06 cai dispatches c1\n  => refused: because of the weather\n", "expected the refusal"},
        Mistake{"09:06 cai dispatches c1\n09:07 time passes\n",
                "some.scenario:9: the step before was refused"},
        Mistake{"09:06 dora dispatches c1 quickly\n", "not understood: \"quickly\""},
        Mistake{"08:00 time passes\n", "time runs back"},
        Mistake{"dora dispatches c1\n", "a step begins with its time"},
        Mistake{"09:06 zoe dispatches c1\n", "nobody is called zoe"}),
    [](auto const& mistake) { return "n" + std::to_string(mistake.index); });

constexpr auto flooding =
    "09:00..09:10 g1 reads 23 cm every 1 min\n"
    "09:10 time passes\n";

std::string play_device_text(std::string const& lines) {
  return play_text("devices   g1 water-gauge at a \"桥下\"\n" + std::string(flooding) + lines);
}

TEST(ScenarioPlayer, PassesWhatDevicesReadAndAlarmsAre) {
  EXPECT_EQ(play_device_text("  => at 09:03 alarm ponding-deep at a major raised times 1 says \"桥下水深 23 厘米\" duty drainage-service opens c1; c1 registered\n"
                             "  => at 09:10 alarm ponding-shallow of g1 stands minor opens c1; no alarm pump-fails\n"
                             "09:11..09:20 g1 reads 20 mm; g1 reads battery 88 every 1 min\n"
                             "  => at 09:21 alarm ponding-deep at a cleared; no alarm at a\n"),
            "");
}

class DeviceMistake : public testing::TestWithParam<Mistake> {};

TEST_P(DeviceMistake, IsNoticed) {
  auto const said = play_device_text(GetParam().line);
  EXPECT_NE(said.find(GetParam().said), std::string::npos) << said;
}
INSTANTIATE_TEST_SUITE_P(
    All, DeviceMistake,
    testing::Values(
        Mistake{"  => no alarm at a\n", "expected no alarm  at a; there is ponding-"}, Mistake{"  => at 09:04 alarm ponding-deep at a\n", "expected it at 2026-07-13T09:04; it is ponding-deep"},
        Mistake{"  => alarm ponding-deep at a critical\n", "expected alarm critical; it is ponding-deep"}, Mistake{"  => alarm ponding-deep at a cleared\n", "expected alarm cleared"},
        Mistake{"  => alarm ponding-deep at a opens no case\n", "expected alarm opens no case"}, Mistake{"  => alarm ponding-deep at a opens c1; alarm ponding-deep at a opens c2\n", "expected alarm opens c2"},
        Mistake{"  => alarm pump-fails at a\n", "there is no alarm pump-fails at a; all:"}, Mistake{"  => alarm ponding-deep at a wet\n", "not what an alarm can be: wet"},
        Mistake{"  => alarm ponding-deep of g2\n", "there is no device g2"}, Mistake{"09:11 g1 reads true\n", "\"true\" is no value of level"},
        Mistake{"09:11 g1 reads depth 4 cm\n", "\"depth\" is no value of level"}, Mistake{"09:11 g1 reads 4 kg\n", "the last step was refused"}, Mistake{"09:11..09:20 g1 reads 4 kg every 1 min\n", "what goes on since line 9 was refused"},
        Mistake{"09:11..09:20 g1 reads 4 cm\n", "line 9: a while ends with how often"}, Mistake{"09:11 g1 reads\n", "g1 reads nothing"}, Mistake{"09:11 dora acknowledges alarm pump-fails at a\n", "there is no alarm pump-fails"}),
    [](auto const& mistake) { return "n" + std::to_string(mistake.index); });

}  // namespace

}  // namespace zhili::scenario
