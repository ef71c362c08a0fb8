// Columns and parameters of bytes, the same on every engine.

#include <gtest/gtest.h>

#include <random>

#include "store/db.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::store {
namespace {

class Bytes : public testing::TestWithParam<test::Engine> {
 protected:
  void SetUp() override {
    auto const made = db_->write([this](Writer& w) { w.exec(db_->engine() == "sqlite" ? "CREATE TABLE bytes_probe (id BIGINT PRIMARY KEY, body BLOB)" : "CREATE TABLE bytes_probe (id BIGINT PRIMARY KEY, body BYTEA)"); });
    ASSERT_TRUE(made) << made.error().detail;
  }
  core::Result<> put(std::int64_t id, std::string_view bytes) {
    return db_->write([&](Writer& w) -> core::Result<> { return w.exec("INSERT INTO bytes_probe (id, body) VALUES (?, ?)", id, BlobView{bytes}), core::Result<>(); });
  }
  std::optional<Blob> get(std::int64_t id) {
    auto const out = db_->read([&](Reader& r) { return r.value<std::optional<Blob>>("SELECT body FROM bytes_probe WHERE id = ?", id); });
    EXPECT_TRUE(out) << out.error().detail;
    return out ? out->value_or(std::nullopt) : std::nullopt;
  }
  test::TempDb db_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Bytes, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Bytes, ComeBackAsTheyWere) {
  std::string all;
  for (int round = 0; round < 3; ++round)
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  std::mt19937_64 random(3);
  std::string large(3 << 20, '\0');
  for (auto& c : large) c = static_cast<char>(random());
  std::string const samples[] = {all, large, "", std::string(1, '\0'), "\\x00", "\\", "'", "?", std::string("\xff\xfe\0\x80", 4)};
  std::int64_t id = 0;
  for (auto const& sample : samples) {
    auto const put_in = put(++id, sample);
    ASSERT_TRUE(put_in) << id << put_in.error().detail;
    EXPECT_TRUE(get(id) == Blob{sample}) << id;
  }
}

TEST_P(Bytes, MayBeMissingAndNullIsNotEmpty) {
  ASSERT_TRUE(db_->write([](Writer& w) {
    w.exec("INSERT INTO bytes_probe (id, body) VALUES (?, ?)", 1, std::nullopt);
    w.exec("INSERT INTO bytes_probe (id, body) VALUES (?, ?)", 2, std::optional<Blob>(Blob{""}));
    w.exec("INSERT INTO bytes_probe (id, body) VALUES (?, ?)", 3, std::optional<Blob>());
  }));
  auto const rows = db_->read([](Reader& r) { return r.rows<std::optional<Blob>>("SELECT body FROM bytes_probe ORDER BY id"); });
  ASSERT_TRUE(rows) << rows.error().detail;
  using Row = std::tuple<std::optional<Blob>>;
  EXPECT_EQ(*rows, (std::vector<Row>{{std::nullopt}, {Blob{""}}, {std::nullopt}}));
  auto const strict = db_->read([](Reader& r) { return r.value<Blob>("SELECT body FROM bytes_probe WHERE id = 1"); });
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, core::Errc::corrupt);
}

TEST_P(Bytes, AreLookedAtWithoutACopyWhileVisited) {
  for (std::int64_t id = 1; id <= 50; ++id) ASSERT_TRUE(put(id, std::string(static_cast<std::size_t>(id), static_cast<char>(id))));
  std::size_t seen = 0;
  auto const walked = db_->read([&](Reader& r) -> core::Result<> {
    r.each<std::int64_t, BlobView>("SELECT id, body FROM bytes_probe ORDER BY id", [&](std::int64_t id, BlobView body) {
      ++seen;
      EXPECT_EQ(body.bytes, std::string(static_cast<std::size_t>(id), static_cast<char>(id)));
    });
    return {};
  });
  ASSERT_TRUE(walked) << walked.error().detail;
  EXPECT_EQ(seen, 50U);
}

TEST_P(Bytes, AreComparedAndMeasuredAsBytes) {
  std::string const a("a\0a", 3), b("a\0b", 3);
  ASSERT_TRUE(put(1, a));
  ASSERT_TRUE(put(2, b));
  auto const found = db_->read([&](Reader& r) { return r.value<std::int64_t>("SELECT id FROM bytes_probe WHERE body = ?", Blob{b}); });
  EXPECT_EQ(*found, 2);
  auto const length = db_->read([](Reader& r) { return r.value<std::int64_t>("SELECT LENGTH(body) FROM bytes_probe WHERE id = 1"); });
  EXPECT_EQ(*length, 3);
  auto const changed = db_->write([&](Writer& w) { return w.exec("UPDATE bytes_probe SET body = ? WHERE body = ?", Blob{a}, Blob{b}); });
  EXPECT_EQ(*changed, 1);
  EXPECT_EQ(get(2), Blob{a});
}

TEST_P(Bytes, AndNothingTakeTurnsInOneStatement) {
  // A statement is prepared once and kept by its text; what its parameters are may differ from call to call.
  ASSERT_TRUE(db_->write([](Writer& w) {
    auto const* const sql = "INSERT INTO bytes_probe (id, body) VALUES (?, ?)";
    w.exec(sql, 1, Blob{"one"});
    w.exec(sql, 2, std::nullopt);
    w.exec(sql, 3, Blob{std::string("\0three", 6)});
  }));
  EXPECT_EQ(get(1), Blob{"one"});
  EXPECT_EQ(get(2), std::nullopt);
  EXPECT_EQ(get(3), (Blob{std::string("\0three", 6)}));
}

class ObservationsDatabase : public testing::TestWithParam<test::Engine> {};
INSTANTIATE_TEST_SUITE_P(Engines, ObservationsDatabase, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(ObservationsDatabase, StandsBesideTheOtherAndHasNoLedger) {
  test::TempDb main(GetParam());
  auto const beside = Db::open_observations(main.options(), main.time);
  ASSERT_TRUE(beside) << beside.error().detail;
  ASSERT_TRUE((*beside)->write([](Writer& w) { w.exec("INSERT INTO batch (position, received_at, observations, body) VALUES (1, 2, 3, ?)", Blob{"x"}); }));
  EXPECT_FALSE((*beside)->write([](Writer& w) { return w.append({core::EventKind::area_set, 0, "system", "{}"}); }));
  EXPECT_FALSE(main->read([](Reader& r) { return r.value<std::int64_t>("SELECT position FROM batch"); })) << "its tables are its own";
  EXPECT_FALSE((*beside)->read([](Reader& r) { return r.value<std::int64_t>("SELECT count(*) FROM ledger"); }));
  if (GetParam() != test::Engine::sqlite) return;
  EXPECT_TRUE(std::filesystem::exists(main.folder() / "observations.db"));
  auto const second = Db::open_observations(main.options(), main.time);
  ASSERT_FALSE(second) << "one process owns it";
  EXPECT_EQ(second.error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace zhili::store
