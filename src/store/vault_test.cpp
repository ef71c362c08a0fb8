// Personal fields: who may open them, and that nobody can when their time is over.

#include "store/vault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/backup.hpp"
#include "store/ledger.hpp"
#include "store/sealing.hpp"
#include "store/verify.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::store {
namespace {

using core::Errc;
using core::EventKind;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto day = std::chrono::hours(24);

class VaultTest : public testing::TestWithParam<test::Engine> {
 protected:
  void SetUp() override { open(); }
  void open() {
    vault_.reset();
    auto vault = Vault::open(*db_, options(), db_.time);
    ASSERT_TRUE(vault) << vault.error().text.en << vault.error().detail;
    vault_ = std::move(*vault);
  }
  VaultOptions options() const {
    return {.url = db_.options().url, .master_key = db_.folder() / "master.key"};
  }
  Seq store(PrivateFields const& fields, core::Duration keep) {
    auto const sealed = vault_->seal(fields, db_.time.now() + keep);
    EXPECT_TRUE(sealed) << sealed.error().detail;
    auto const seq = db_->write([&](Writer& w) {
      auto const id =
          w.append({EventKind::signal_received, 0, "citizen", R"({"private":)" + sealed->reference() + "}"});
      Vault::keep(w, id, *sealed);
      return id;
    });
    EXPECT_TRUE(seq) << seq.error().detail;
    return seq.value_or(0);
  }
  std::vector<Recorded> entries(EventKind kind) {
    auto all = *db_->read([](Reader& r) { return entries_after(r, 0, 1'000); });
    std::erase_if(all, [&](auto const& e) { return e.kind != kind; });
    return all;
  }
  std::filesystem::path raw_storage() const {
    return GetParam() == test::Engine::sqlite ? db_.folder() : test::PostgresCluster::get().folder();
  }

  test::TempDb db_{GetParam()};
  std::unique_ptr<Vault> vault_;
};

INSTANTIATE_TEST_SUITE_P(Engines, VaultTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(VaultTest, OpensWithAPurposeAndLeavesATrace) {
  PrivateFields const fields = {
      {"name", "王小明 Øå"}, {"phone", "+86 138-0013-8000"}, {"words", "\"quoted\"\nlines"}};
  auto const seq = store(fields, 30 * day);
  for (auto const& [actor, purpose] : {std::pair("", "call back"), std::pair("staff:dora", "")})
    EXPECT_EQ(vault_->read(seq, actor, purpose).error().code, Errc::invalid);
  EXPECT_TRUE(entries(EventKind::private_read).empty());
  open();  // the keys are found again
  auto const opened = vault_->read(seq, "staff:dora", "call \"back\"");
  ASSERT_TRUE(opened) << opened.error().text.en << opened.error().detail;
  ASSERT_EQ(opened->size(), 1U);
  EXPECT_EQ(opened->front().fields, fields);
  auto const reads = entries(EventKind::private_read);
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0].subject, seq);
  EXPECT_EQ(reads[0].actor, "staff:dora");
  EXPECT_THAT(reads[0].payload, HasSubstr(R"("purpose":"call \"back\"")"));
  EXPECT_EQ(vault_->read(seq + 1, "staff:dora", "x").error().code, Errc::not_found);
}

TEST_P(VaultTest, FindsExactlyWhateverTheSpelling) {
  auto const first = store({{"phone", "13800138000"}, {"name", "王 小明"}}, 30 * day);
  auto const second = store({{"phone", "+86 138 0013 8000"}, {"mail", "Wang@Example.org"}}, 30 * day);
  store({{"phone", "13800138001"}}, 30 * day);
  auto const found = [&](std::string_view field, std::string_view text) {
    return vault_->find(field, text, "staff:dora", "the citizen asks").value_or(std::vector<Seq>{-1});
  };
  EXPECT_THAT(found("phone", "0086 (138) 0013-8000"), ElementsAre(second, first));
  EXPECT_THAT(found("mail", " wang@example.ORG"), ElementsAre(second));
  EXPECT_THAT(found("name", "王　小明"), ElementsAre(first));
  EXPECT_THAT(found("name", "13800138000"), ElementsAre());
  EXPECT_EQ(vault_->find("words", "x", "a", "b").error().code, Errc::invalid);
  auto const reads = entries(EventKind::private_read);
  ASSERT_EQ(reads.size(), 5U);
  EXPECT_EQ(reads[0].subject, second);  // each whose record was found can be told
  EXPECT_EQ(reads[1].subject, first);
  EXPECT_EQ(reads[4].subject, reads[4].seq);  // nobody has that name
  for (auto const& read : reads) EXPECT_THAT(read.payload, testing::Not(HasSubstr("138")));
}

TEST_P(VaultTest, NothingIsLeftWhenTheTimeIsOver) {
  std::string const words = "the secret of the third lamp 第三盏灯的秘密";
  std::string const name = "Zhang Weimingxyz";
  auto const gone = store({{"words", words}, {"name", name}, {"phone", "13911112222"}}, 10 * day);
  auto const kept = store({{"words", "kept " + words}, {"phone", "13911112222"}}, 20 * day);
  auto const sealed = *db_->read([&](Reader& r) {
    return *r.value<std::string>("SELECT sealed FROM private_record WHERE subject = ?", gone);
  });
  EXPECT_EQ(test::files_with(raw_storage(), words), 0);  // never in the clear, not even before
  EXPECT_EQ(test::files_with(raw_storage(), name), 0);
  // Its log cuts what lies across two of its pages; the table's page has it whole.
  if (GetParam() == test::Engine::postgresql) {
    ASSERT_TRUE(db_->write([](Writer& w) { w.exec("CHECKPOINT"); }));
  }
  EXPECT_GT(test::files_with(raw_storage(), sealed), 0);

  db_.time.advance(10 * day);
  auto const destroyed = vault_->destroy_expired("system");
  ASSERT_TRUE(destroyed) << destroyed.error().detail;
  EXPECT_EQ(destroyed->records, 1);
  EXPECT_TRUE(destroyed->wiped);
  auto const refused = vault_->read(gone, "staff:dora", "x");
  EXPECT_EQ(refused.error().key, "vault.destroyed");
  EXPECT_TRUE(vault_->read(kept, "staff:dora", "x"));
  EXPECT_THAT(*vault_->find("phone", "13911112222", "staff:dora", "x"), ElementsAre(kept));
  auto const told = entries(EventKind::key_destroyed);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].subject, gone);
  EXPECT_EQ(vault_->destroy_expired("system")->records, 0);

  EXPECT_EQ(test::files_with(raw_storage(), words), 0);
  EXPECT_FALSE(verify(*db_)->first);
  if (GetParam() == test::Engine::postgresql)
    return;  // its WAL keeps ciphertext until it is recycled; see README
  ASSERT_TRUE(backup(*db_, db_.folder() / "backup"));
  EXPECT_EQ(test::files_with(db_.folder(), sealed), 0);
  EXPECT_EQ(test::files_with(db_.folder(), sealed.substr(40, 40)), 0);
}

TEST_P(VaultTest, ForgetsOnDemandAndAfterAKillInBetween) {
  auto const one = store({{"name", "Li Lei"}}, 100 * day);
  auto const two = store({{"name", "Li Lei"}}, 100 * day);
  auto const destroyed = vault_->destroy({one}, "staff:dora");
  ASSERT_TRUE(destroyed) << destroyed.error().detail;
  EXPECT_EQ(destroyed->records, 1);
  EXPECT_EQ(vault_->read(one, "a", "b").error().key, "vault.destroyed");
  // Killed when the ledger had said it, and the key was still there: the next run finishes, and says nothing
  // twice.
  ASSERT_TRUE(db_->write([&](Writer& w) {
    w.exec("UPDATE private_record SET sealed = NULL, destroyed_at = 1 WHERE subject = ?", two);
  }));
  db_.time.advance(101 * day);
  open();
  EXPECT_EQ(vault_->destroy_expired("system")->records, 1);
  EXPECT_EQ(entries(EventKind::key_destroyed).size(), 1U);
  EXPECT_TRUE(vault_->find("name", "li lei", "a", "b")->empty());
}

TEST_P(VaultTest, RefusesAMissingOrForeignMasterKey) {
  store({{"name", "Li Lei"}}, day);
  auto const file = options().master_key;
  struct stat info{};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  vault_.reset();
  std::filesystem::rename(file, file.string() + ".away");
  auto const missing = Vault::open(*db_, options(), db_.time);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::corrupt);
  ASSERT_TRUE(master_key(file, true));
  EXPECT_EQ(Vault::open(*db_, options(), db_.time).error().key, "vault.other_master");
  std::filesystem::rename(file.string() + ".away", file);
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  EXPECT_EQ(Vault::open(*db_, options(), db_.time).error().code, Errc::forbidden);
}

TEST_P(VaultTest, ARotatedMasterKeyOpensWhatTheOldOneSealedAndTheOldOneNothing) {
  auto const seq = store({{"name", "Li Lei"}, {"phone", "13800138000"}}, 30 * day);
  store({{"name", "Han Meimei"}}, 30 * day);
  auto const file = options().master_key;
  auto const old_file = file.string() + ".old";
  std::filesystem::copy_file(file, old_file);
  auto const done = vault_->rotate_master("system");
  ASSERT_TRUE(done) << done.error().text.en << done.error().detail;
  EXPECT_EQ(done->records, 2);
  EXPECT_THAT(*vault_->find("phone", "138 0013 8000", "staff:dora", "call back"), ElementsAre(seq));
  auto const rotations = entries(EventKind::master_key_rotated);
  ASSERT_EQ(rotations.size(), 1U);
  EXPECT_EQ(rotations[0].actor, "system");
  open();
  EXPECT_EQ(vault_->read(seq, "staff:dora", "call back")->front().fields.at("name"), "Li Lei");
  auto const later = store({{"name", "Li Lei"}}, 30 * day);
  EXPECT_THAT(*vault_->find("name", "li lei", "staff:dora", "call back"), ElementsAre(later, seq));
  vault_.reset();
  std::filesystem::rename(old_file, file);
  EXPECT_EQ(Vault::open(*db_, options(), db_.time).error().key, "vault.other_master");
}

TEST_P(VaultTest, ANamedKeyIsTheSameEverAfter) {
  auto const key = vault_->named_key("devices");
  ASSERT_TRUE(key);
  EXPECT_EQ(*vault_->named_key("devices"), *key);
  EXPECT_NE(*vault_->named_key("others"), *key);
  ASSERT_TRUE(vault_->rotate_master("system"));
  EXPECT_EQ(*vault_->named_key("devices"), *key);
  open();
  EXPECT_EQ(*vault_->named_key("devices"), *key);
  // It alone is enough for the master key to be missed.
  vault_.reset();
  std::filesystem::remove(options().master_key);
  EXPECT_FALSE(Vault::open(*db_, options(), db_.time));
}

TEST_P(VaultTest, ARotationThatIsKilledLeavesTheOldKeyOrTheNewOneInUse) {
  auto const seq = store({{"name", "Li Lei"}}, 30 * day);
  auto const file = options().master_key;
  auto const next = file.string() + ".next";
  auto const old_file = file.string() + ".old";
  // Killed before the keys were wrapped again: the new key is there and protects nothing.
  ASSERT_TRUE(master_key(next, true));
  open();
  EXPECT_FALSE(std::filesystem::exists(next));
  EXPECT_TRUE(vault_->read(seq, "staff:dora", "call back"));
  EXPECT_TRUE(entries(EventKind::master_key_rotated).empty());
  // Killed before the new key took its place: it is the one that opens.
  std::filesystem::copy_file(file, old_file);
  ASSERT_TRUE(vault_->rotate_master("system"));
  vault_.reset();
  std::filesystem::rename(file, next);
  std::filesystem::rename(old_file, file);
  open();
  EXPECT_FALSE(std::filesystem::exists(next));
  EXPECT_TRUE(vault_->read(seq, "staff:dora", "call back"));
  EXPECT_EQ(entries(EventKind::master_key_rotated).size(), 1U);  // said once
}

/// On PostgreSQL two processes hold the keys. The one that was not told must not seal under a key that is gone.
TEST(VaultOnPostgres, AProcessWithTheOldMasterKeySealsNothing) {
  test::TempDb db(test::Engine::postgresql);
  VaultOptions const options{.url = db.options().url, .master_key = db.folder() / "master.key"};
  auto const one = Vault::open(*db, options, db.time).value();
  ASSERT_TRUE(one->seal({{"name", "Li Lei"}}, db.time.now() + day));
  auto const two = Vault::open(*db, options, db.time).value();
  ASSERT_TRUE(two->rotate_master("system"));
  auto const refused = one->seal({{"name", "Han Meimei"}}, db.time.now() + day);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "vault.rotated");
  EXPECT_TRUE(two->seal({{"name", "Han Meimei"}}, db.time.now() + day));
}

TEST_P(VaultTest, RefusesTooMuchAndTooLate) {
  EXPECT_EQ(vault_->seal({{"words", std::string(max_private_bytes, 'x')}}, db_.time.now() + day).error().code,
            Errc::limit);
  EXPECT_EQ(vault_->seal({{"words", "x"}}, db_.time.now()).error().code, Errc::invalid);
}

TEST(Sealing, OpensOnlyWithTheSameKeyContextAndText) {
  auto const key = Key::random();
  auto const sealed = seal_text("words", key, "record 1");
  EXPECT_TRUE(sealed.starts_with("xchacha20-poly1305:"));
  EXPECT_EQ(open_text(sealed, key, "record 1"), "words");
  EXPECT_FALSE(open_text(sealed, key, "record 2"));
  EXPECT_FALSE(open_text(sealed, Key::random(), "record 1"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_text(changed, key, "record 1")) << i;
    EXPECT_FALSE(open_text(sealed.substr(0, i), key, "record 1")) << i;
  }
}

}  // namespace
}  // namespace zhili::store
