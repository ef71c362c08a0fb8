// A ledger that somebody touched is found out, and the place is named.

#include "store/verify.hpp"

#include <gtest/gtest.h>

#include "store/digest.hpp"
#include "store/ledger.hpp"
#include "store/proof.hpp"
#include "support/temp_db.hpp"

namespace zhili::store {
namespace {

using core::EventKind;

class Tamper : public testing::TestWithParam<test::Engine> {
 protected:
  /// Batches of 1, 2, 3 … 9 entries by three actors: 45 entries and 3 that make the actors known.
  void SetUp() override {
    for (int batch = 1; batch <= 9; ++batch) {
      db_.time.advance(std::chrono::seconds(1));
      ASSERT_TRUE(db_->write([&](Writer& w) {
        for (int i = 0; i < batch; ++i)
          w.append({EventKind::area_set, 0, "staff:" + std::to_string(i % 3),
                    R"({"n":)" + std::to_string(i) + "}",
                    i % 2 == 0 ? std::optional(db_.time.now()) : std::nullopt});
      }));
    }
  }
  Verdict verdict(std::string const& expected = {}) {
    auto out = verify(*db_, {}, expected);
    EXPECT_TRUE(out) << out.error().detail;
    return out ? *out : Verdict{};
  }
  template <class... Args>
  void tamper(std::string_view sql, Args const&... args) {
    auto const done = db_->write([&](Writer& w) { return w.exec(sql, args...); });
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(*done, 1) << sql;
  }
  void expect_found(Seq at, std::string_view word) {
    auto const found = verdict().first;
    ASSERT_TRUE(found);
    EXPECT_EQ(found->seq, at) << found->what.en;
    EXPECT_NE(found->what.en.find(word), std::string::npos) << found->what.en;
    EXPECT_FALSE(found->what.zh.empty());
  }
  test::TempDb db_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, Tamper, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Tamper, AnUntouchedLedgerIsSound) {
  std::int64_t told = 0;
  auto const out = verify(*db_, [&](std::int64_t done, std::int64_t) { told = done; });
  ASSERT_TRUE(out) << out.error().detail;
  EXPECT_FALSE(out->first) << out->first->what.en;
  EXPECT_EQ(out->entries, 48);
  EXPECT_EQ(told, 48);
  EXPECT_EQ(out->batches, 9);
  EXPECT_FALSE(verdict(out->head_chain).first);
}

TEST_P(Tamper, FindsAChangeOfEachColumn) {
  for (auto const* column : {"at", "happened", "kind", "subject", "actor"}) {
    tamper(std::string("UPDATE ledger SET ") + column + " = coalesce(" + column + ", 0) + 1 WHERE seq = 20");
    expect_found(20, "changed");
    if (std::string_view(column) == "happened") break;
    tamper(std::string("UPDATE ledger SET ") + column + " = " + column + " - 1 WHERE seq = 20");
    EXPECT_FALSE(verdict().first) << column;
  }
}

TEST_P(Tamper, FindsAChangedPayload) {
  tamper("UPDATE ledger SET payload = '{\"n\":7}' WHERE seq = 31");
  expect_found(31, "changed");
}

TEST_P(Tamper, FindsAChangedPayloadWithAFittingHash) {
  auto const row = *db_->read([](Reader& r) {
    return *r.row<std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t, std::int64_t>(
        "SELECT at, happened, kind, subject, actor FROM ledger WHERE seq = 31");
  });
  auto const [at, happened, kind, subject, actor] = row;
  Hasher hasher;
  tamper("UPDATE ledger SET payload = '{}', hash = ? WHERE seq = 31",
         to_hex(entry_hash(hasher, {31, at, happened, kind, subject, actor, "{}"})));
  auto const found = verdict().first;
  ASSERT_TRUE(found);
  EXPECT_LE(found->seq, 31);
  EXPECT_GT(found->seq, 31 - 8);
  EXPECT_NE(found->what.en.find("root"), std::string::npos);
}

TEST_P(Tamper, FindsAMissingEntry) {
  tamper("DELETE FROM ledger WHERE seq = 17");
  expect_found(17, "missing");
}

TEST_P(Tamper, FindsAMissingLastEntryOfABatch) {
  auto const last = *db_->read(
      [](Reader& r) { return *r.value<std::int64_t>("SELECT last_seq FROM ledger_batch WHERE batch = 4"); });
  tamper("DELETE FROM ledger WHERE seq = ?", last);
  expect_found(last, "missing");
}

TEST_P(Tamper, FindsEntriesThatChangedPlaces) {
  tamper("UPDATE ledger SET seq = -1 WHERE seq = 25");
  tamper("UPDATE ledger SET seq = 25 WHERE seq = 26");
  tamper("UPDATE ledger SET seq = 26 WHERE seq = -1");
  expect_found(25, "changed");
}

TEST_P(Tamper, FindsAnEntryAddedAtTheEnd) {
  tamper(
      "INSERT INTO ledger (seq, at, kind, subject, actor, payload, hash) SELECT 49, at, kind, 49, actor, "
      "payload, hash"
      " FROM ledger WHERE seq = 48");
  expect_found(49, "added");
}

TEST_P(Tamper, FindsAnEntryBeforeTheFirst) {
  tamper(
      "INSERT INTO ledger (seq, at, kind, subject, actor, payload, hash) SELECT 0, at, kind, 49, actor, "
      "payload, hash"
      " FROM ledger WHERE seq = 48");
  expect_found(0, "not of this ledger");
}

TEST_P(Tamper, FindsACutTail) {
  auto const head = verdict().head_chain;
  tamper("DELETE FROM ledger_batch WHERE batch = 9");
  ASSERT_TRUE(db_->write([](Writer& w) { w.exec("DELETE FROM ledger WHERE seq > 39"); }));
  expect_found(40, "head");
  // Who also mends the head is found only by a link that was noted elsewhere.
  tamper(
      "UPDATE ledger_head SET batch = 8, seq = 39, chain = (SELECT chain FROM ledger_batch WHERE batch = 8)");
  EXPECT_FALSE(verdict().first);
  EXPECT_TRUE(verdict(head).first);
}

TEST_P(Tamper, FindsAMissingOrChangedBatch) {
  tamper("UPDATE ledger_batch SET chain = root WHERE batch = 5");
  expect_found(14, "link");
  tamper("DELETE FROM ledger_batch WHERE batch = 5");
  expect_found(14, "batch 5");
}

TEST_P(Tamper, FindsAHeadThatLies) {
  tamper("UPDATE ledger_head SET at = at + 1, chain = (SELECT chain FROM ledger_batch WHERE batch = 3)");
  expect_found(49, "head");
}

TEST_P(Tamper, FindsARenamedAddedOrMissingActor) {
  tamper("UPDATE actor SET ref = 'staff:mallory' WHERE ref = 'staff:1'");
  expect_found(4, "actors");
  tamper("UPDATE actor SET ref = 'staff:1' WHERE ref = 'staff:mallory'");
  tamper("INSERT INTO actor (id, ref) VALUES (30, 'staff:mallory')");
  expect_found(30, "actors");
  tamper("DELETE FROM actor WHERE id = 30");
  EXPECT_FALSE(verdict().first);
  tamper("DELETE FROM actor WHERE ref = 'staff:0'");
  expect_found(1, "actors");
}

TEST_P(Tamper, EveryEntryCanBeProvedAlone) {
  auto const head = verdict().head_chain;
  for (Seq seq = 1; seq <= 48; ++seq) {
    auto const proof = prove(*db_, seq);
    ASSERT_TRUE(proof) << proof.error().detail;
    auto const proved = check_proof(*proof, head);
    ASSERT_TRUE(proved) << seq << " " << proved.error().text.en;
    EXPECT_EQ(proved->seq, seq);
  }
  EXPECT_EQ(prove(*db_, 49).error().code, core::Errc::not_found);
}

TEST_P(Tamper, AProofEndsWhereItIsTold) {
  auto const at_7 = *db_->read(
      [](Reader& r) { return *r.value<std::string>("SELECT chain FROM ledger_batch WHERE batch = 7"); });
  auto const proof = prove(*db_, 12, 7);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(check_proof(*proof, at_7));
  EXPECT_FALSE(check_proof(*proof, verdict().head_chain));
  EXPECT_EQ(prove(*db_, 12, 1).error().field, "until");
}

TEST_P(Tamper, AChangedProofDoesNotHold) {
  auto const head = verdict().head_chain;
  auto const proof = *prove(*db_, 20);
  int changed = 0;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    if (proof[i] < '0' || proof[i] > '9') continue;
    auto forged = proof;
    forged[i] = forged[i] == '9' ? '8' : static_cast<char>(forged[i] + 1);
    EXPECT_FALSE(check_proof(forged, head)) << forged;
    ++changed;
  }
  EXPECT_GT(changed, 200);
}

TEST(Proof, RefusesWhatIsNoProof) {
  for (auto const* text : {"", "{", "[]", "{}", R"({"format":"zhili proof 1"})",
                           R"({"format":"zhili proof 1","suite":"sha-256","entry":{}})"})
    EXPECT_FALSE(check_proof(text, std::string(64, '0'))) << text;
}

TEST(Digest, TreesAreThoseOfRfc6962) {
  // The test vectors of RFC 6962 implementations: eight leaves of known bytes.
  Hasher hasher;
  ManyHasher tree;
  std::vector<std::string> const inputs = {"",         std::string("\0", 1), "\x10",
                                           "\x20\x21", "\x30\x31",           "\x40\x41\x42\x43"};
  std::vector<Digest> leaves;
  for (auto const& input : inputs) leaves.push_back(hasher(std::string_view("\0", 1), input));
  EXPECT_EQ(to_hex(leaves[0]), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(to_hex(merkle_root(tree, {leaves.begin(), leaves.begin() + 2})),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  EXPECT_EQ(to_hex(merkle_root(tree, {leaves.begin(), leaves.begin() + 3})),
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  EXPECT_EQ(to_hex(merkle_root(tree, {leaves.begin(), leaves.begin() + 5})),
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4");
  for (std::size_t size = 1; size <= leaves.size(); ++size)
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<Digest> const part(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size));
      auto const path = merkle_path(tree, part, i);
      EXPECT_EQ(root_of_path(hasher, part[i], i, size, path), merkle_root(tree, part));
      if (size > 1) {
        EXPECT_NE(root_of_path(hasher, part[i], (i + 1) % size, size, path), merkle_root(tree, part));
      }
    }
}

}  // namespace
}  // namespace zhili::store
