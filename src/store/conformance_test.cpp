// What every engine does the same.

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

#include "store/db.hpp"
#include "store/ledger.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::store {
namespace {

using core::Errc;
using core::EventKind;
using core::Result;

class Conformance : public testing::TestWithParam<test::Engine> {
 protected:
  void SetUp() override {
    auto const made = db_->write([](Writer& w) {
      w.exec("CREATE TABLE sample (id BIGINT PRIMARY KEY, label TEXT, weight DOUBLE PRECISION, count BIGINT)");
    });
    ASSERT_TRUE(made) << made.error().detail;
  }
  std::int64_t count(std::string_view sql) {
    auto const n = db_->read([&](Reader& r) { return r.value<std::int64_t>(sql).value_or(-1); });
    return n ? *n : -2;
  }
  test::TempDb db_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, Conformance,
                         testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Conformance, KeepsEveryKindOfValue) {
  std::string const text = "榴城 مرحبا \r\n\t 'quote' \"double\" ? :p1 \\ \u202e \U0001F6B2";
  auto const big = std::numeric_limits<std::int64_t>::min();
  auto const wrote = db_->write([&](Writer& w) {
    w.exec("INSERT INTO sample (id, label, weight, count) VALUES (?, ?, ?, ?)", 1, text, 0.1, big);
    w.exec("INSERT INTO sample (id, label, weight, count) VALUES (?, ?, ?, ?)", 2, "", -1e300, std::nullopt);
    w.exec("INSERT INTO sample (id, label, weight, count) VALUES (?, ?, ?, ?)", 3, std::nullopt, std::nullopt,
           true);
    w.exec("INSERT INTO sample (id, label, weight, count) VALUES (?, '? ''', ?, ?)", 4, 1,
           EventKind::area_set);
  });
  ASSERT_TRUE(wrote) << wrote.error().detail;
  auto const rows = db_->read([&](Reader& r) {
    return r.rows<std::optional<std::string>, std::optional<double>, std::optional<std::int64_t>>(
        "SELECT label, weight, count FROM sample ORDER BY id");
  });
  ASSERT_TRUE(rows) << rows.error().detail;
  ASSERT_EQ(rows->size(), 4U);
  EXPECT_EQ((*rows)[0], std::tuple(text, 0.1, big));
  EXPECT_EQ((*rows)[1], std::tuple("", -1e300, std::nullopt));
  EXPECT_EQ((*rows)[2], std::tuple(std::nullopt, std::nullopt, 1));
  EXPECT_EQ((*rows)[3], std::tuple("? '", 1.0, 150));
}

TEST_P(Conformance, TakesParametersKnownOnlyAtRunTime) {
  ASSERT_TRUE(db_->write([](Writer& w) {
    for (int i = 0; i < 10; ++i)
      w.exec("INSERT INTO sample (id, label) VALUES (?, ?)", i, i % 2 == 0 ? "even" : "odd");
  }));
  std::vector<Value> const args{std::string("odd"), std::int64_t{4}};
  auto const found = db_->read([&](Reader& r) {
    return r.rows<std::int64_t>("SELECT id FROM sample WHERE label = ? AND id > ? ORDER BY id", args);
  });
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(*found, (std::vector<std::tuple<std::int64_t>>{{5}, {7}, {9}}));
}

TEST_P(Conformance, AnswersUpsertsReturningAndCounts) {
  auto const out = db_->write([](Writer& w) {
    w.exec("INSERT INTO sample (id, count) VALUES (1, 1)");
    auto const upsert = w.value<std::int64_t>(
        "INSERT INTO sample (id, count) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET count = sample.count + "
        "excluded.count"
        " RETURNING count",
        1, 41);
    EXPECT_EQ(upsert, 42);
    EXPECT_EQ(w.exec("UPDATE sample SET label = ? WHERE id = ?", "x", 1), 1);
    EXPECT_EQ(w.exec("UPDATE sample SET label = ? WHERE id = ?", "x", 2), 0);
    return w.value<std::int64_t>("SELECT count(*) FROM sample").value_or(-1);
  });
  ASSERT_TRUE(out) << out.error().detail;
  EXPECT_EQ(*out, 1);
}

TEST_P(Conformance, NullAsAPlainTypeIsAnError) {
  ASSERT_TRUE(db_->write([](Writer& w) { w.exec("INSERT INTO sample (id) VALUES (7)"); }));
  auto const plain =
      db_->read([](Reader& r) { return r.value<std::int64_t>("SELECT count FROM sample WHERE id = 7"); });
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::corrupt);
  auto const none =
      db_->read([](Reader& r) { return r.value<std::int64_t>("SELECT count FROM sample WHERE id = 8"); });
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST_P(Conformance, AsksTheSameInsideAVisit) {
  ASSERT_TRUE(db_->write([](Writer& w) {
    for (int i = 1; i <= 3; ++i) w.exec("INSERT INTO sample (id, count) VALUES (?, ?)", i, i % 3 + 1);
  }));
  auto const sum = db_->read([](Reader& r) {
    std::int64_t total = 0;
    auto const* const sql = "SELECT count FROM sample WHERE id >= ? ORDER BY id";
    r.each<std::int64_t>(
        sql, [&](std::int64_t next) { total += r.value<std::int64_t>(sql, next).value_or(0); }, 1);
    return total;
  });
  ASSERT_TRUE(sum) << sum.error().detail;
  EXPECT_EQ(*sum, 3 + 1 + 2);
}

TEST_P(Conformance, EntriesAreNumberedWithoutGapsAndNameTheirSubject) {
  Seq first = 0;
  auto const wrote = db_->write([&](Writer& w) {
    first = w.append({EventKind::signal_received, 0, "citizen", R"({"item":"0102"})"});
    w.append({EventKind::signal_checked, first, "staff:dora", "{}", core::from_ms(5)});
  });
  ASSERT_TRUE(wrote) << wrote.error().detail;
  EXPECT_EQ(first, 2);  // 1 makes the citizen known
  auto const story = db_->read([&](Reader& r) { return entries_of(r, first); });
  ASSERT_TRUE(story) << story.error().detail;
  ASSERT_EQ(story->size(), 2U);
  EXPECT_EQ((*story)[0].payload, R"({"item":"0102"})");
  EXPECT_EQ((*story)[0].at, db_.time.now());
  EXPECT_FALSE((*story)[0].happened);
  EXPECT_EQ((*story)[1].seq, 4);
  EXPECT_EQ((*story)[1].actor, "staff:dora");
  EXPECT_EQ((*story)[1].kind, EventKind::signal_checked);
  EXPECT_EQ((*story)[1].happened, core::from_ms(5));
  auto const after = db_->read([](Reader& r) { return entries_after(r, 1, 2); });
  ASSERT_EQ(after->size(), 2U);
  EXPECT_EQ(after->front().seq, 2);
  EXPECT_EQ(*db_->read([](Reader& r) { return last_seq(r); }), 4);
}

TEST_P(Conformance, UndoesAFailedPieceAloneWhileManyWrite) {
  std::atomic<int> conflicts = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 60; ++i)
      callers.emplace_back([&, i] {
        auto const r = db_->write([&](Writer& w) -> Result<Seq> {
          auto const seq = w.append({EventKind::area_set, 0, "staff:" + std::to_string(i), "{}"});
          w.exec("INSERT INTO sample (id, count) VALUES (?, ?)", i / 2, seq);
          if (i % 3 == 0) return core::fail(Errc::forbidden, "no", {"不行", "no"});
          return seq;
        });
        if (r) return;
        if (r.error().code == Errc::conflict) ++conflicts;
        if (r.error().code == Errc::forbidden) ++refused;
      });
  }
  auto const kept = 60 - conflicts - refused;
  EXPECT_GT(kept, 0);
  EXPECT_GT(refused, 0);
  EXPECT_EQ(count("SELECT count(*) FROM sample"), kept);
  EXPECT_EQ(count("SELECT count(*) FROM ledger"), 2 * kept);  // each with its actor
  EXPECT_EQ(count("SELECT max(seq) FROM ledger"), 2 * kept);
  EXPECT_EQ(count("SELECT count(*) FROM actor"), kept);
  EXPECT_EQ(count("SELECT count(*) FROM sample JOIN ledger ON seq = count"), kept);
}

TEST_P(Conformance, AnErrorOfTheWorkIsGivenAsItIs) {
  auto const r = db_->write([](Writer& w) -> Result<int> {
    w.exec("INSERT INTO sample (id) VALUES (1)");
    return core::fail(Errc::not_found, "case.none", {"没有", "none"}, "no");
  });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().key, "case.none");
  EXPECT_EQ(count("SELECT count(*) FROM sample"), 0);
  auto const wrong = db_->write([](Writer& w) { w.exec("INSERT INTO nowhere VALUES (1)"); });
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::internal);
  auto const thrown = db_->write([](Writer&) { throw std::runtime_error("boom"); });
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().key, "store.work_threw");
  EXPECT_TRUE(db_->write([](Writer& w) { w.exec("INSERT INTO sample (id) VALUES (1)"); }));
}

TEST_P(Conformance, TimeOfTheLedgerNeverRunsBack) {
  auto const at = [&] {
    return *db_->write([](Writer& w) { return w.append({EventKind::area_set, 0, "system", "{}"}), w.now(); });
  };
  auto const first = at();
  db_.time.advance(-std::chrono::hours(48));
  EXPECT_EQ(at(), first);
  db_.close();
  db_.open();
  EXPECT_EQ(at(), first);
  db_.time.set(first + std::chrono::seconds(1));
  EXPECT_EQ(at(), first + std::chrono::seconds(1));
}

TEST_P(Conformance, AReaderSeesOneMoment) {
  auto const seen = db_->read([&](Reader& r) {
    auto const before = r.value<std::int64_t>("SELECT count(*) FROM sample").value();
    EXPECT_TRUE(db_->write([](Writer& w) { w.exec("INSERT INTO sample (id) VALUES (1)"); }));
    return r.value<std::int64_t>("SELECT count(*) FROM sample").value() - before;
  });
  EXPECT_EQ(*seen, 0);
  EXPECT_EQ(count("SELECT count(*) FROM sample"), 1);
}

TEST_P(Conformance, TellsTheListenerAfterEachCommit) {
  std::vector<Seq> told;
  db_->on_commit([&](Seq last) { told.push_back(last); });
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(db_->write([](Writer& w) { w.append({EventKind::area_set, 0, "system", "{}"}); }));
  db_.close();
  EXPECT_EQ(told, (std::vector<Seq>{2, 3, 4}));
}

TEST_P(Conformance, RefusesWhenTooMuchWaits) {
  std::mutex gate;
  std::unique_lock closed(gate);
  std::atomic<int> done = 0;
  std::atomic<int> busy = 0;
  std::atomic<int> other = 0;
  std::atomic<bool> started = false;
  db_->write_later(
      [&](Writer&) -> Result<> {
        started = true;
        started.notify_all();
        std::lock_guard wait(gate);
        return {};
      },
      [&](Result<>) { ++done; });
  started.wait(false);
  constexpr int pieces = 10'050;
  for (int i = 0; i < pieces; ++i)
    db_->write_later([](Writer&) -> Result<> { return {}; },
                     [&](Result<> r) {
                       ++(r ? done : r.error().code == Errc::busy ? busy : other);
                     });
  EXPECT_EQ(other, 0);
  EXPECT_EQ(busy, 50);
  closed.unlock();
  db_.close();
  EXPECT_EQ(done, 10'001);
}

}  // namespace
}  // namespace zhili::store
