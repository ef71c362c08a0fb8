// The program is killed at every step of joining and splitting. What moves together is there together, or not at all.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "respond/incidents/incidents_test_kit.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond {
namespace {

using namespace kit;

/// Three reports, of which the first two begin cases.
struct Scene {
  std::vector<Id> signals, cases;
};
Scene scene_of(Street& street) {
  Scene out;
  for (double const metres : {0.0, 10.0, 20.0}) out.signals.push_back(street.tell(metres));
  for (std::size_t i = 0; i < 2; ++i) out.cases.push_back(street.registered(out.signals[i]));
  return out;
}

struct Move {
  std::size_t signal;
  Verb verb;
  std::size_t into;
};
std::vector<Move> moves() {
  return {{2, Verb::join, 1}, {1, Verb::join, 0}, {1, Verb::split, 0}, {1, Verb::join, 0},
          {2, Verb::split, 0}, {2, Verb::join, 0}, {1, Verb::split, 0}, {2, Verb::split, 0}};
}
std::string go(Street& street, Scene const& scene, Move const& step) {
  auto const signal = scene.signals[step.signal];
  return step.verb == Verb::join ? street.join(signal, scene.cases[step.into]) : street.split(signal);
}

/// What the tables say after each step, and how long the ledger is then.
struct Told {
  std::int64_t seq;
  std::vector<std::string> rows;
};
Told told(Street& street) { return {street.number("SELECT seq FROM ledger_head"), street.rows()}; }

std::unique_ptr<Street> open(test::TempDb& db) {
  return std::make_unique<Street>(*db, db.folder() / "master.key", db.options().url, db.time);
}

/// Goes the moves on from step `from` and says each step once it is on the disk; never returns.
[[noreturn]] void walk(test::TempDb& db, Scene const& scene, std::size_t from, int says) {
  db.open();
  auto const street = open(db);
  auto const steps = moves();
  for (auto i = from; i < steps.size(); ++i) {
    if (!go(*street, scene, steps[i]).empty()) _exit(4);
    char const done = 1;
    if (::write(says, &done, 1) != 1) _exit(5);
  }
  for (;;) ::pause();
}

TEST(IncidentsKill, AtEveryStepWhatMovesTogetherIsThereTogether) {
  auto const start = at("2026-04-27T09:00:00+08:00");
  std::vector<Told> right;
  {
    test::TempDb db;
    db.time.set(start);
    auto const street = open(db);
    auto const scene = scene_of(*street);
    right.push_back(told(*street));
    for (auto const& step : moves()) {
      ASSERT_EQ(go(*street, scene, step), "");
      right.push_back(told(*street));
    }
  }
  test::TempDb db;
  db.time.set(start);
  auto const scene = scene_of(*open(db));
  std::size_t done = 0;
  while (done < moves().size()) {
    db.close();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto const child = ::fork();
    if (child == 0) walk(db, scene, done, ends[1]);
    char said = 0;
    ::close(ends[1]);
    ASSERT_EQ(::read(ends[0], &said, 1), 1) << "the child died by itself";
    ::kill(child, SIGKILL);  // while it is in the next step, or after it
    int status = 0;
    ::waitpid(child, &status, 0);
    auto acknowledged = done + 1;
    while (::read(ends[0], &said, 1) == 1) ++acknowledged;
    ::close(ends[0]);
    db.open();
    auto const now = told(*open(db));
    auto const whole = std::ranges::find(right, now.seq, &Told::seq);
    ASSERT_NE(whole, right.end()) << "half of a step is in the ledger";
    EXPECT_EQ(now.rows, whole->rows);
    done = static_cast<std::size_t>(whole - right.begin());
    EXPECT_GE(done, acknowledged);
  }
}

}  // namespace
}  // namespace zhili::respond
