#include "store/sqlite.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>  // puts the C API into namespace sqlite_api
#include <sys/stat.h>

#include "store/errors.hpp"
#include "store/sqlite_statements.hpp"

namespace zhili::store {

namespace {

constexpr int busy_timeout_s = 5;
constexpr int page_bytes = 8'192;
constexpr int checkpoint_pages = 4'000;
constexpr int journal_limit_mib = 64;

/// SQLite's own online backup, on the connection that writes: what is written meanwhile goes into both.
class SqliteCopy final : public PageCopy {
 public:
  SqliteCopy(sqlite_api::sqlite3* from, std::filesystem::path const& file) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite_api::sqlite3_open_v2(file.c_str(), &to_, flags, nullptr) != SQLITE_OK) fail();
    // The file is synced as a whole at the end, and thrown away if that is not reached.
    sqlite_api::sqlite3_exec(to_, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nullptr, nullptr,
                             nullptr);
    backup_ = sqlite_api::sqlite3_backup_init(to_, "main", from, "main");
    if (backup_ == nullptr) fail();
  }
  SqliteCopy(SqliteCopy const&) = delete;
  SqliteCopy& operator=(SqliteCopy const&) = delete;
  ~SqliteCopy() override { close(); }
  bool step(int pages) override {
    int const code = sqlite_api::sqlite3_backup_step(backup_, pages);
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_BUSY && code != SQLITE_LOCKED)
      raise(sqlite_trouble(code), "backup");
    return code != SQLITE_DONE;
  }
  std::int64_t done() const override { return total() - sqlite_api::sqlite3_backup_remaining(backup_); }
  std::int64_t total() const override { return sqlite_api::sqlite3_backup_pagecount(backup_); }

 private:
  void close() {
    sqlite_api::sqlite3_backup_finish(backup_);
    sqlite_api::sqlite3_close(to_);
  }
  [[noreturn]] void fail() {
    std::string const message = sqlite_api::sqlite3_errmsg(to_);
    close();
    raise(Trouble::io, message, "backup");
  }
  sqlite_api::sqlite3* to_ = nullptr;
  sqlite_api::sqlite3_backup* backup_ = nullptr;
};

void replace_all(std::string& text, std::string_view portable, std::string_view own) {
  for (auto at = text.find(portable); at != std::string::npos; at = text.find(portable, at + own.size())) text.replace(at, portable.size(), own);
}

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(std::unique_ptr<soci::session> session)
      : session_(std::move(session)),
        handle_(static_cast<soci::sqlite3_session_backend*>(session_->get_backend())->conn_),
        statements_(reinterpret_cast<::sqlite3*>(handle_)) {}

  void select(std::string_view sql, std::span<detail::Column const>, std::span<detail::Param const> args,
              std::function<void(detail::Cells const&)> const& visit) override {
    statements_.select(sql, args, visit);
  }
  std::int64_t execute(std::string_view sql, std::span<detail::Param const> args) override {
    return statements_.execute(sql, args);
  }

  void run(std::string_view sql) override {
    std::string const text(sql);
    if (sqlite_api::sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      raise_last(sql);
  }
  void begin_read() override { execute("BEGIN", {}); }
  void end_read() noexcept override { quietly("COMMIT"); }
  void begin_write() override { execute("BEGIN IMMEDIATE", {}); }
  void commit() override { execute("COMMIT", {}); }
  void rollback() noexcept override {
    if (in_transaction()) quietly("ROLLBACK");
  }
  void savepoint() override { execute("SAVEPOINT piece", {}); }
  void release() override { execute("RELEASE piece", {}); }
  void rollback_to_savepoint() override {
    execute("ROLLBACK TO piece", {});
    execute("RELEASE piece", {});
  }
  bool in_transaction() override { return sqlite_api::sqlite3_get_autocommit(handle_) == 0; }
  bool alive() override { return true; }
  std::unique_ptr<PageCopy> copy_to(std::filesystem::path const& file) override {
    return std::make_unique<SqliteCopy>(handle_, file);
  }
  bool wipe() override {
    // secure_delete has already overwritten the rows in their pages; the WAL still has the old pages.
    int const code =
        sqlite_api::sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK && code != SQLITE_BUSY) raise_last("checkpoint");
    return code == SQLITE_OK;
  }
  std::string translate(std::string_view migration_sql) const override {
    std::string out(migration_sql);
    replace_all(out, "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY");  // the row's own number: no second index
    replace_all(out, " BYTEA", " BLOB");
    return out;
  }
  std::string_view engine() const override { return "sqlite"; }

 private:
  [[noreturn]] void raise_last(std::string_view sql) {
    raise(sqlite_trouble(sqlite_api::sqlite3_errcode(handle_)), sqlite_api::sqlite3_errmsg(handle_), sql);
  }
  void quietly(char const* sql) noexcept {
    sqlite_api::sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  }

  std::unique_ptr<soci::session> session_;
  sqlite_api::sqlite3* handle_;
  SqliteStatements statements_;  // finalised before the connection closes
};

/// Before the first connection. A connection is used by one thread at a time here, and SQLite's own counting
/// of its memory takes a lock for each allocation: both locks would cost a fifth of a bulk insert.
void configure_once() {
  static bool const done = [] {
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
  (void)done;
}

std::string pragmas(SqliteRole role, std::size_t cache_mib) {
  std::string out =
      "PRAGMA busy_timeout = " + std::to_string(busy_timeout_s * 1'000) +
      "; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -" +
      std::to_string(cache_mib * 1'024) + ";";
  if (role == SqliteRole::reader) return out + "PRAGMA query_only = ON;";
  return out + "PRAGMA page_size = " + std::to_string(page_bytes) +
         "; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA "
         "wal_autocheckpoint = " +
         std::to_string(checkpoint_pages) +
         "; PRAGMA journal_size_limit = " + std::to_string(journal_limit_mib * 1'024 * 1'024) + ";";
}

}  // namespace

std::unique_ptr<Session> open_sqlite(std::filesystem::path const& file, SqliteRole role,
                                     std::size_t cache_mib) {
  if (role == SqliteRole::reader && !std::filesystem::exists(file))
    raise(Trouble::io, "no such file: " + file.string());
  configure_once();
  std::unique_ptr<soci::session> session;
  try {
    session = std::make_unique<soci::session>(
        soci::sqlite3, "db=\"" + file.string() + "\" timeout=" + std::to_string(busy_timeout_s));
  } catch (std::exception const& error) {
    raise(Trouble::io, error.what());
  }
  auto out = std::make_unique<SqliteSession>(std::move(session));
  out->run(pragmas(role, cache_mib));
  return out;
}

}  // namespace zhili::store
