#include "store/db.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "store/ledger.hpp"

namespace zhili::store {
namespace {

using core::EventKind;

class DbTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/zhili-store-XXXXXX";
    directory_ = mkdtemp(name);
    open();
  }
  void TearDown() override {
    db_.reset();
    std::filesystem::remove_all(directory_);
  }
  void open() {
    db_.reset();
    auto db = Db::open({.url = "sqlite:" + directory_.string()}, time_);
    ASSERT_TRUE(db) << db.error().text.en << db.error().detail;
    db_ = std::move(*db);
  }
  std::filesystem::path directory_;
  core::ManualTime time_{core::from_ms(1'700'000'000'000)};
  std::unique_ptr<Db> db_;
};

TEST_F(DbTest, WritesAndReadsBack) {
  auto const id =
      db_->write([](Writer& w) { return w.append({EventKind::area_set, 0, "staff:dora", R"({"a":1})"}); });
  ASSERT_TRUE(id) << id.error().detail;
  EXPECT_EQ(*id, 2);  // the first entry makes the actor known
  auto const found = db_->read([&](Reader& r) { return entries_of(r, *id); });
  ASSERT_TRUE(found) << found.error().detail;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().actor, "staff:dora");
  EXPECT_EQ(found->front().payload, R"({"a":1})");
}

TEST_F(DbTest, UndoesAFailedPieceAlone) {
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 64; ++i)
    threads.emplace_back([&, i] {
      auto const r = db_->write([&](Writer& w) -> core::Result<> {
        w.append({EventKind::area_set, 0, "staff:" + std::to_string(i), "{}"});
        w.exec("INSERT INTO meta (name, value) VALUES (?, ?)", "n" + std::to_string(i / 2), i);
        return {};
      });
      if (!r) {
        EXPECT_EQ(r.error().code, core::Errc::conflict) << r.error().detail;
        ++failed;
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(failed, 32);
  auto const seqs =
      db_->read([](Reader& r) { return r.rows<std::int64_t>("SELECT seq FROM ledger ORDER BY seq"); });
  ASSERT_EQ(seqs->size(), 64U);
  EXPECT_EQ(std::get<0>(seqs->back()), 64);
}

}  // namespace
}  // namespace zhili::store
