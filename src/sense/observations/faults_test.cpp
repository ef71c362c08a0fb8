// What goes wrong with observations on a bad day: a neighbour that is refused, damage, a kill, times that no clock shows.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <random>
#include <thread>

#include "sense/observations/batch_body.hpp"
#include "sense/observations/store_test_kit.hpp"

namespace zhili::sense::observations::kit {
namespace {

class ObservationFaults : public OnEngine {};
INSTANTIATE_TEST_SUITE_P(Both, ObservationFaults, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& it) { return test::name_of(it.param); });

/// Lets pieces of work wait until all of them are there, so that they come into one transaction.
class Gate {
 public:
  explicit Gate(store::Db& db) {
    db.write_later([open = open_.get_future().share()](store::Writer&) -> core::Result<> { return open.wait(), core::Result<>(); }, [](core::Result<>) {});
  }
  void open() { open_.set_value(); }

 private:
  std::promise<void> open_;
};

TEST_P(ObservationFaults, ARefusedBatchDoesNotTouchThoseBesideIt) {
  Program program(options(), time_);
  for (int round = 0; round < 3; ++round) {
    Gate gate(*program.db);
    std::vector<std::promise<core::Result<Appended>>> outcomes(4);
    auto const at = dawn + hours(round);
    Batch bad = single(7, at, 100);
    bad.add(datastream_number_max + 1, at, 1);
    Batch const sent[] = {single(7, at, 1), bad, single(7, at + minutes(1), 2), single(8, at, 3)};
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      program->append_later(sent[i], true, [&outcomes, i](core::Result<Appended> it) { outcomes[i].set_value(std::move(it)); });
    gate.open();
    std::set<std::int64_t> names;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      auto const it = outcomes[i].get_future().get();
      EXPECT_EQ(it.has_value(), i != 1) << i << (it ? "" : it.error().detail);
      if (it) names.insert(it->ids.begin(), it->ids.end());
    }
    EXPECT_EQ(names.size(), 3U);
    EXPECT_EQ(read_of(*program.store, 7), static_cast<std::size_t>(2 * (round + 1)));
    EXPECT_EQ(read_of(*program.store, 8), static_cast<std::size_t>(round + 1));
  }
  ASSERT_TRUE(program->compact());
  EXPECT_EQ(read_of(*program.store, 7), 6U);
  EXPECT_EQ(count_of(*program.store, 8), 3);
}

TEST_P(ObservationFaults, ADamagedBlockStopsNobody) {
  Program program(options(), time_);
  for (std::int64_t datastream : {7, 8}) ASSERT_TRUE(program->append(every_minute(datastream, dawn, 10)));
  ASSERT_TRUE(program->compact());
  ASSERT_TRUE(program.db->write([](store::Writer& writer) {
    auto body = *writer.value<store::Blob>("SELECT body FROM block WHERE datastream = 7");
    body.bytes[3] = static_cast<char>(body.bytes[3] ^ 1);
    writer.exec("UPDATE block SET body = ? WHERE datastream = 7", body);
  }));
  auto both = every_minute(7, dawn, 5);  // was there before, but nobody can tell any more
  both.add(8, dawn, 0);
  auto const sent = program->append(both);
  ASSERT_TRUE(sent) << sent.error().detail;
  EXPECT_EQ(sent->duplicates, 1U);
  ASSERT_TRUE(program->append(single(7, dawn + days(1), 4)));
  EXPECT_EQ(*program->compact(), 6U);
  EXPECT_EQ(*program->roll_up(dawn + days(3)), 3U);
  EXPECT_EQ(*program->roll_up(dawn + days(3)), 0U);
  EXPECT_EQ(drawn(*program.store, 8, dawn, dawn + days(1), 1, Step::day), 10);
  auto const broken = program->read(7, {.until = dawn + days(1)});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, core::Errc::corrupt);
  EXPECT_NE(broken.error().detail.find("datastream 7"), std::string::npos) << broken.error().detail;
  EXPECT_NE(broken.error().detail.find("2025-11-21"), std::string::npos) << broken.error().detail;
  EXPECT_EQ(program->read(7, {.from = dawn + days(1)})->size(), 1U);
  EXPECT_TRUE(program->expire(dawn + days(40), [](auto) { return Keeping{.raw = days(30)}; }));
  EXPECT_EQ(read_of(*program.store, 7), 0U);
  EXPECT_EQ(drawn(*program.store, 8, dawn, dawn + days(1), 1, Step::day), 10);
}

TEST_P(ObservationFaults, ADamagedBatchStopsNobody) {
  {
    Program program(options(), time_);
    for (std::int64_t datastream : {7, 8, 9}) ASSERT_TRUE(program->append(single(datastream, dawn, 1)));
    ASSERT_TRUE(program.db->write([](store::Writer& writer) { writer.exec("UPDATE batch SET body = ? WHERE position = 2", store::Blob{"damaged"}); }));
  }
  Program program(options(), time_);
  EXPECT_EQ(read_of(*program.store, 7), 1U);
  EXPECT_EQ(read_of(*program.store, 8), 0U);
  EXPECT_EQ(read_of(*program.store, 9), 1U);
  std::vector<std::int64_t> positions;
  auto const all = *program->batches(0, 10);
  for (auto const& it : all) positions.push_back(it.position);
  EXPECT_EQ(positions, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(program->batches(1, 1)->at(0).position, 3) << "whoever reads along comes past it";
  EXPECT_EQ(program->append(single(8, dawn, 1))->position, 4);
  ASSERT_TRUE(program->compact());
  EXPECT_EQ(read_of(*program.store, 8), 1U);
}

TEST_P(ObservationFaults, AHistoryThatComesBackwardsIsTheSame) {
  Program program(options(), time_);
  Batch backwards;
  for (int i = 5'000; i > 0; --i) backwards.add(7, dawn + minutes(i), i);
  ASSERT_TRUE(program->append(backwards));
  EXPECT_EQ(program->append(backwards)->duplicates, 5'000U);
  auto const in_order = [&] {
    std::int64_t next = 1;
    EXPECT_TRUE(program->each(7, dawn, dawn + days(10), [&](Observation const& it) {
      EXPECT_EQ(it.value.number, static_cast<double>(next++));
      return true;
    }));
    EXPECT_EQ(next, 5'001);
  };
  in_order();
  ASSERT_TRUE(program->compact());
  in_order();
  EXPECT_EQ(program->append(backwards)->duplicates, 5'000U);
}

TEST_P(ObservationFaults, TimesOfAnyCenturyAreKeptOrRefused) {
  Program program(options(), time_);
  std::int64_t const odd[] = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), -(std::int64_t{1} << 62), std::int64_t{1} << 62,
                              -62'135'596'800'000, 253'402'300'799'999, -1, 0};  // also the first and last of the years 1 to 9999
  std::size_t stored = 0;
  for (auto const t : odd) {
    auto batch = single(7, core::from_ms(t), 1);
    batch.side_of(batch.rows[0]).result_time = core::from_ms(0);
    auto const it = program->append(batch);
    if (it) ++stored;
    else EXPECT_EQ(it.error().code, core::Errc::invalid) << t;
  }
  EXPECT_GE(stored, 4U);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(read_of(*program.store, 7), stored);
    for (auto const t : odd)
      for (bool const descending : {false, true}) {
        EXPECT_TRUE(program->read(7, {.from = core::from_ms(t), .descending = descending}));
        EXPECT_TRUE(program->read(7, {.until = core::from_ms(t), .descending = descending}));
        EXPECT_TRUE(program->read(7, {.descending = descending, .after = observations::Place{t, 0}}));
        EXPECT_TRUE(program->series(7, core::from_ms(t), core::from_ms(0), 10, minutes(480)));
        EXPECT_TRUE(program->each(7, core::from_ms(t), core::from_ms(std::numeric_limits<std::int64_t>::max()), [](auto const&) { return true; }));
      }
    ASSERT_TRUE(program->compact());
    ASSERT_TRUE(program->roll_up(dawn));
  }
}

TEST_P(ObservationFaults, MoreThanFitsIsRefusedAndTheNextIsTaken) {
  Program program(options(), time_);
  Batch much;
  much.rows.resize(batch_rows_max + 1, {.datastream = 7});
  auto const refused = program->append(std::move(much));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::limit);
  EXPECT_TRUE(program->append(single(7, dawn, 1)));
  EXPECT_EQ(read_of(*program.store, 7), 1U);
}

TEST_P(ObservationFaults, AKillLosesNothingAcknowledgedWhateverItMeets) {
  std::mt19937 random(11);
  std::int64_t stored = 0;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    auto const child = fork();
    if (child == 0) {
      core::SystemTime const time;
      Program program(options(), time);
      std::jthread const compacting([&](std::stop_token stop) {
        while (!stop.stop_requested())
          if (!program->compact() || !program->roll_up(dawn + days(30))) _exit(3);
      });
      for (auto number = stored;; ++number) {
        if (!program->append(known_batch(number))) _exit(4);
        if (write(ends[1], &number, sizeof number) != sizeof number) _exit(5);
      }
    }
    close(ends[1]);
    auto acknowledged = stored;
    std::int64_t number = 0;
    auto const enough = stored + 20 + static_cast<std::int64_t>(random() % 60);
    while (acknowledged < enough && read(ends[0], &number, sizeof number) == sizeof number) acknowledged = number + 1;
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    while (read(ends[0], &number, sizeof number) == sizeof number) acknowledged = number + 1;
    close(ends[0]);
    EXPECT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    EXPECT_GE(acknowledged, enough);
    Program after(options(), time_);
    stored = check_known(*after.store, acknowledged);
    EXPECT_EQ(after->append(known_batch(0))->duplicates, static_cast<std::size_t>(rows_of_known_batch));
    if (HasFailure()) FAIL() << "round " << round;
  }
}

TEST_P(ObservationFaults, ManyAtOnceWithSomeRefusedEndAsOneHistory) {
  Program program(options(), time_);
  std::atomic<bool> stop = false;
  std::vector<std::jthread> others;
  for (int i = 0; i < 6; ++i)
    others.emplace_back([&, i] {
      while (!stop) {
        auto const rows = program->read(1 + i, {.descending = true, .limit = 50});
        if (!rows) ADD_FAILURE() << rows.error().detail;
        else EXPECT_TRUE(std::ranges::is_sorted(*rows, std::greater{}, &Observation::phenomenon_time));
      }
    });
  others.emplace_back([&] {
    while (!stop) {
      EXPECT_TRUE(program->compact());
      EXPECT_TRUE(program->roll_up(dawn + days(30)));
    }
  });
  others.emplace_back([&] {
    while (!stop) EXPECT_FALSE(program->append(single(datastream_number_max + 1, dawn, 1)));
  });
  std::atomic<std::int64_t> next = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i)
      callers.emplace_back([&] {
        for (auto number = next++; number < 120; number = next++) {
          auto const it = program->append(known_batch(number));
          EXPECT_TRUE(it) << it.error().text.en << it.error().detail;
        }
      });
  }
  stop = true;
  others.clear();
  EXPECT_EQ(check_known(*program.store, 120), 120);
}

}  // namespace
}  // namespace zhili::sense::observations::kit
