// What goes wrong on a bad day: killed, full, locked, restarted, foreign, cut short.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "store/backup.hpp"
#include "store/db.hpp"
#include "store/ledger.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"
#include "store/verify.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::store {
namespace {

using core::Errc;
using core::EventKind;

core::Result<Seq> write_one(Db& db, std::string const& payload = "{}") {
  return db.write([&](Writer& w) { return w.append({EventKind::area_set, 0, "system", payload}); });
}

/// Runs `child` in another process; what it prints through the given descriptor comes back line by line.
class Child {
 public:
  explicit Child(std::function<void(int)> const& child) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe");
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      child(ends[1]);
      _exit(0);
    }
    close(ends[1]);
    out_ = fdopen(ends[0], "r");
  }
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;
  ~Child() {
    kill_and_wait();
    fclose(out_);
  }
  /// Lines until there are `count`, or the child ends.
  void read_lines(std::size_t count) {
    long long number = 0;
    while (acknowledged.size() < count && fscanf(out_, "%lld", &number) == 1) acknowledged.push_back(number);
  }
  void kill_and_wait() {
    if (pid_ == 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
    read_lines(std::numeric_limits<std::size_t>::max());
  }
  /// Waits for its end; gives the exit code.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    read_lines(std::numeric_limits<std::size_t>::max());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::vector<Seq> acknowledged;

 private:
  pid_t pid_ = 0;
  FILE* out_ = nullptr;
};

/// Four callers that write and say which number was acknowledged, for ever.
void write_for_ever(std::string const& url, int out, std::filesystem::path const& backup_to) {
  core::SystemTime const time;
  auto db = Db::open({.url = url}, time);
  if (!db) _exit(3);
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&, i] {
      for (;;) {
        auto const seq = write_one(**db, R"({"caller":)" + std::to_string(i) + "}");
        if (!seq) _exit(4);
        auto const line = std::to_string(*seq) + "\n";
        if (write(out, line.data(), line.size()) < 0) _exit(5);
      }
    });
  if (!backup_to.empty()) (void)backup(**db, backup_to);
}

class Killed : public testing::TestWithParam<test::Engine> {};
INSTANTIATE_TEST_SUITE_P(Engines, Killed, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Killed, LosesAndDoublesNothingThatWasAcknowledged) {
  test::TempDb db(GetParam());
  db.close();
  std::mt19937 random(7);  // a seed, so that a failure can be played again
  std::vector<Seq> all;
  for (int round = 0; round < 6; ++round) {
    auto const backup_to = GetParam() == test::Engine::sqlite && round % 2 == 1
                               ? db.folder() / ("backup" + std::to_string(round))
                               : std::filesystem::path();
    Child child([&](int out) { write_for_ever(db.options().url, out, backup_to); });
    child.read_lines(5 + random() % 200);
    child.kill_and_wait();
    EXPECT_GE(child.acknowledged.size(), 5U);
    all.insert(all.end(), child.acknowledged.begin(), child.acknowledged.end());
    db.open();
    auto const verdict = verify(*db);
    ASSERT_TRUE(verdict) << verdict.error().detail;
    EXPECT_FALSE(verdict->first) << verdict->first->what.en;
    auto const seqs =
        *db->read([](Reader& r) { return r.rows<std::int64_t>("SELECT seq FROM ledger ORDER BY seq"); });
    EXPECT_EQ(std::get<0>(seqs.back()), static_cast<Seq>(seqs.size()));
    std::set<Seq> const distinct(all.begin(), all.end());
    EXPECT_EQ(distinct.size(), all.size()) << "a number was given twice";
    for (auto const seq : all) EXPECT_LE(seq, std::get<0>(seqs.back())) << "an acknowledged entry is lost";
    db.close();
  }
}

TEST(Migrations, AreUndoneAsAWholeWhenCutShort) {
  test::TempFolder folder;
  core::SystemTime const time;
  auto const file = folder.path() / "x.db";
  Migration const good{1, "good", "CREATE TABLE a (id BIGINT PRIMARY KEY); INSERT INTO a VALUES (1);"};
  Migration const bad{
      2, "bad", "CREATE TABLE b (id BIGINT PRIMARY KEY); INSERT INTO a VALUES (1);"};  // fails in the middle
  Migration const mended{2, "bad", "CREATE TABLE b (id BIGINT PRIMARY KEY); INSERT INTO a VALUES (2);"};
  auto const session = open_sqlite(file, SqliteRole::writer, 1);
  Migration const first[] = {good, bad};
  EXPECT_EQ(migrate(*session, first, time).error().code, Errc::conflict);
  Statements sql(*session);
  EXPECT_EQ(sql.value<std::int64_t>("SELECT count(*) FROM sqlite_master WHERE name = 'b'"), 0);
  Migration const second[] = {good, mended};
  EXPECT_TRUE(migrate(*session, second, time));
  EXPECT_TRUE(migrate(*session, second, time));  // nothing to do
  EXPECT_EQ(sql.value<std::int64_t>("SELECT count(*) FROM a"), 2);
  Migration const edited[] = {good, bad};
  EXPECT_EQ(migrate(*session, edited, time).error().key, "store.migration_changed");
  Migration const older[] = {good};
  EXPECT_EQ(migrate(*session, older, time).error().key, "store.newer");
}

TEST(Migrations, AStepWithASmallerNumberMayComeLater) {
  test::TempFolder folder;
  core::SystemTime const time;
  Migration const one{1, "one", "CREATE TABLE a (id BIGINT PRIMARY KEY);"};
  Migration const two{2, "two", "CREATE TABLE b (id BIGINT PRIMARY KEY);"};
  Migration const three{3, "three", "CREATE TABLE c (id BIGINT PRIMARY KEY);"};
  auto const session = open_sqlite(folder.path() / "x.db", SqliteRole::writer, 1);
  Migration const before[] = {one, three};
  ASSERT_TRUE(migrate(*session, before, time));
  Migration const after[] = {one, two, three};
  ASSERT_TRUE(migrate(*session, after, time));
  Statements sql(*session);
  EXPECT_EQ(sql.value<std::int64_t>("SELECT count(*) FROM sqlite_master WHERE name = 'b'"), 1);
}

TEST(Migrations, SurviveAKillInTheMiddle) {
  core::SystemTime const time;
  for (int round = 0; round < 5; ++round) {
    test::TempFolder folder;
    {
      Child child([&](int out) {
        (void)!write(out, "1\n", 2);
        (void)Db::open({.url = "sqlite:" + folder.path().string()}, time);
        (void)!write(out, "2\n", 2);
        pause();
      });
      child.read_lines(1);
      for (int spin = 0; spin < round * 200'000; ++spin) asm volatile("");
    }
    auto db = Db::open({.url = "sqlite:" + folder.path().string()}, time);
    ASSERT_TRUE(db) << db.error().detail;
    EXPECT_TRUE(write_one(**db));
  }
}

TEST(Full, SaysSoKeepsReadingAndRecovers) {
  test::TempDb db;
  ASSERT_TRUE(write_one(*db));
  db.close();
  Child child([&](int) {
    signal(SIGXFSZ, SIG_IGN);
    core::SystemTime const time;
    auto opened = Db::open(db.options(), time);
    if (!opened) _exit(1);
    rlimit const little{600'000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &little);
    core::Result<Seq> written;
    for (int i = 0; i < 1'000 && written; ++i) written = write_one(**opened, std::string(4'000, 'x'));
    if (written || written.error().code != Errc::unavailable) _exit(2);
    auto const count = (*opened)->read([](Reader& r) { return last_seq(r); });
    if (!count || *count < 10) _exit(3);
    rlimit const much{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &much);
    if (auto const again = write_one(**opened); !again || *again != *count + 1) _exit(4);
    auto const verdict = verify(**opened);
    _exit(!verdict ? 5 : verdict->first ? 6 : 0);
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(Locked, ByAnotherProgramIsBusyAndPasses) {
  test::TempDb db;
  auto const other = open_sqlite(db.folder() / "zhili.db", SqliteRole::writer, 1);
  other->run("PRAGMA busy_timeout = 0");
  other->begin_write();
  // Waits for the lock as long as the busy timeout says, then gives up with a clear error.
  auto const refused = write_one(*db);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::busy);
  EXPECT_TRUE(db->read([](Reader& r) { return last_seq(r); }));
  other->rollback();
  EXPECT_TRUE(write_one(*db));
}

TEST(Owner, IsNamedAndMayBeWatched) {
  test::TempDb db;
  ASSERT_TRUE(write_one(*db));
  auto const second = Db::open(db.options(), db.time);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::unavailable);
  EXPECT_NE(second.error().text.en.find(std::to_string(getpid())), std::string::npos)
      << second.error().text.en;
  auto options = db.options();
  options.read_only = true;
  auto const watcher = Db::open(options, db.time);
  ASSERT_TRUE(watcher) << watcher.error().detail;
  EXPECT_EQ(*(*watcher)->read([](Reader& r) { return last_seq(r); }), 2);
  EXPECT_EQ(write_one(**watcher).error().key, "store.read_only");
  EXPECT_FALSE(
      (*watcher)->read([](Reader& r) { return r.value<std::int64_t>("DELETE FROM ledger RETURNING seq"); }));
}

TEST(Damaged, FileIsRefusedAndUrlsAreChecked) {
  test::TempFolder folder;
  std::ofstream(folder.path() / "zhili.db") << std::string(100'000, 'x');
  core::SystemTime const time;
  auto const db = Db::open({.url = "sqlite:" + folder.path().string()}, time);
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::corrupt);
  EXPECT_EQ(Db::open({.url = "mysql://x"}, time).error().field, "url");
  EXPECT_EQ(Db::open({.url = "sqlite:/proc/no/such"}, time).error().code, Errc::unavailable);
  EXPECT_EQ(Db::open({.url = "postgresql:///x?host=/nowhere"}, time).error().code, Errc::unavailable);
}

TEST(Backup, IsWholeWhileEverybodyWritesAndComesBack) {
  test::TempDb db;
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> written = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      while (!stop)
        if (write_one(*db, std::string(2'000, 'x'))) ++written;
    });
  while (written < 500) std::this_thread::yield();
  auto const before = written.load();
  std::int64_t told = 0;
  auto const done =
      backup(*db, db.folder() / "copy", "zhili.db", [&](std::int64_t pages, std::int64_t) { told = pages; });
  stop = true;
  callers.clear();
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_GT(told, 0);
  EXPECT_EQ(backup(*db, db.folder() / "copy").error().code, Errc::conflict);
  EXPECT_FALSE(std::filesystem::exists(db.folder() / "copy" / "zhili.db.part"));

  EXPECT_EQ(restore(db.folder() / "copy", db.folder() / "new" / "x", db.time)->first, std::nullopt);
  test::TempFolder target;
  auto const verdict = restore(db.folder() / "copy", target.path(), db.time);
  ASSERT_TRUE(verdict) << verdict.error().text.en << verdict.error().detail;
  EXPECT_GE(verdict->entries, before);
  EXPECT_FALSE(std::filesystem::exists(target.path() / "restore.part"));
  EXPECT_EQ(restore(db.folder() / "copy", target.path(), db.time).error().code, Errc::conflict);
  EXPECT_EQ(restore(db.folder() / "none", target.path(), db.time).error().code, Errc::not_found);
  auto restored = Db::open({.url = "sqlite:" + target.path().string()}, db.time);
  ASSERT_TRUE(restored);
  EXPECT_EQ(*write_one(**restored), verdict->head_seq + 1);
}

TEST(Backup, ThatWasTouchedIsNotRestored) {
  test::TempDb db;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(write_one(*db));
  ASSERT_TRUE(db->write([](Writer& w) { w.exec("UPDATE ledger SET payload = '[]' WHERE seq = 7"); }));
  ASSERT_TRUE(backup(*db, db.folder() / "copy"));
  test::TempFolder target;
  auto const refused = restore(db.folder() / "copy", target.path(), db.time);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::corrupt);
  EXPECT_NE(refused.error().text.en.find("entry 7"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(target.path() / "zhili.db"));
}

TEST(Server, RestartedUnderLoadLosesNothingAcknowledged) {
  test::TempDb db(test::Engine::postgresql);
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::mutex mutex;
  std::set<Seq> acknowledged;
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      while (!stop) {
        auto const seq = write_one(*db);
        std::lock_guard const lock(mutex);
        if (seq) {
          EXPECT_TRUE(acknowledged.insert(*seq).second);
        } else {
          ++refused;
          EXPECT_EQ(seq.error().code, Errc::unavailable) << seq.error().detail;
        }
      }
    });
  auto const reach = [&](std::size_t count) {
    for (;; std::this_thread::yield()) {
      std::lock_guard const lock(mutex);
      if (acknowledged.size() >= count) return acknowledged.size();
    }
  };
  auto const before = reach(50);
  test::PostgresCluster::get().crash_and_restart();
  reach(before + 50);
  stop = true;
  callers.clear();
  auto const verdict = verify(*db);
  ASSERT_TRUE(verdict) << verdict.error().detail;
  EXPECT_FALSE(verdict->first) << verdict->first->what.en;
  auto const stored = *db->read([](Reader& r) { return r.rows<std::int64_t>("SELECT seq FROM ledger"); });
  for (auto const& [seq] : stored) acknowledged.erase(seq);
  EXPECT_TRUE(acknowledged.empty()) << "an acknowledged entry is lost";
  EXPECT_GT(refused, 0);
  EXPECT_EQ(backup(*db, db.folder() / "copy").error().key, "backup.postgresql");
}

TEST(Server, TwoProgramsShareOneLedgerWithoutGaps) {
  test::TempDb db(test::Engine::postgresql);
  auto other = Db::open(db.options(), db.time);
  ASSERT_TRUE(other);
  std::atomic<bool> stop = false;
  std::jthread follower([&] {
    Seq last = 0;
    while (!stop) {
      auto const page = (*other)->read([&](Reader& r) { return entries_after(r, last, 100); });
      for (auto const& entry : *page) {
        EXPECT_EQ(entry.seq, last + 1) << "a reader saw a gap";
        last = entry.seq;
      }
    }
  });
  std::vector<std::jthread> callers;
  for (auto* each : {&*db, other->get()})
    for (int i = 0; i < 3; ++i)
      callers.emplace_back([each, i] {
        for (int n = 0; n < 40; ++n)
          EXPECT_TRUE(each->write([&](Writer& w) {
            return w.append({EventKind::area_set, 0, "staff:" + std::to_string(i), "{}"});
          }));
      });
  callers.clear();
  stop = true;
  follower.join();
  auto const verdict = verify(*db);
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(verdict->first) << verdict->first->what.en;
  EXPECT_EQ(verdict->entries, 2 * 3 * 40 + 3);
}

}  // namespace
}  // namespace zhili::store
