// The program is killed at every step of a case's life. Nothing acknowledged is lost, nothing is there twice.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "respond/cases/desk_test_kit.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond {
namespace {

using namespace kit;

struct Step {
  Actor actor;
  Command command;
};

std::vector<Step> road() {
  auto more_time = doing(Verb::ask_extension, "parts");
  more_time.until = at("2026-04-29T18:00:00+08:00");
  return {{dispatcher, doing(Verb::dispatch)},
          {han, doing(Verb::give_back, "not ours")},
          {dispatcher, doing(Verb::dispatch)},
          {han, doing(Verb::take)},
          {han, more_time},
          {lead, doing(Verb::grant)},
          {han, photographed(Verb::report_back)},
          {dispatcher, doing(Verb::send_to_verify)},
          {vera, doing(Verb::fail, "wet")},
          {han, photographed(Verb::report_back)},
          {dispatcher, doing(Verb::send_to_verify)},
          {vera, photographed(Verb::pass)},
          {acceptor, closing()},
          {acceptor, doing(Verb::reopen, "came back")}};
}

/// Goes the road from where the case stands and says each step once it is on the disk; never returns.
[[noreturn]] void walk(store::Options const& options, core::TimeSource const& time, Id id, int says) {
  auto db = store::Db::open(options, time);
  if (!db) _exit(3);
  DeskKit kit(**db);
  auto const steps = road();
  for (auto i = static_cast<std::size_t>(kit.state(id).version - 1); i < steps.size(); ++i) {
    if (!kit.does(id, steps[i].actor, steps[i].command).empty()) _exit(4);
    char const done = 1;
    if (::write(says, &done, 1) != 1) _exit(5);
  }
  for (;;) ::pause();
}

TEST(Kill, AtEveryStepNothingAcknowledgedIsLostOrDoubled) {
  test::TempDb db;
  db.time.set(at("2026-04-27T09:00:00+08:00"));
  auto const id = DeskKit(*db).new_case();
  auto const steps = road();
  std::int64_t acknowledged = 1;
  while (acknowledged <= static_cast<std::int64_t>(steps.size())) {
    db.close();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto const child = ::fork();
    if (child == 0) walk(db.options(), db.time, id, ends[1]);
    char said = 0;
    ::close(ends[1]);
    ASSERT_EQ(::read(ends[0], &said, 1), 1) << "the child died by itself";
    ::kill(child, SIGKILL);  // while it is in the next step, or after it
    int status = 0;
    ::waitpid(child, &status, 0);
    ++acknowledged;
    while (::read(ends[0], &said, 1) == 1) ++acknowledged;
    ::close(ends[0]);
    db.open();
    DeskKit kit(*db);
    auto const state = kit.state(id);
    EXPECT_GE(state.version, acknowledged);
    EXPECT_LE(state.version, acknowledged + 1);  // one step may have been on the disk and not yet said
    EXPECT_EQ(kit.number("SELECT version FROM casefile WHERE id = ?", id), state.version);
    EXPECT_EQ(kit.stage_row(id), static_cast<std::int64_t>(state.stage));
    acknowledged = state.version;
  }
  EXPECT_EQ(DeskKit(*db).state(id).reopens, 1);
}

}  // namespace
}  // namespace zhili::respond
