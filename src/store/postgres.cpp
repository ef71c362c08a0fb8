#include "store/postgres.hpp"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include "store/errors.hpp"
#include "store/soci_session.hpp"

namespace zhili::store {

namespace {

constexpr int connect_timeout_s = 5;
constexpr std::string_view setup =
    "SET client_encoding = 'UTF8'; SET client_min_messages = warning; SET synchronous_commit = on;"
    "SET standard_conforming_strings = on; SET extra_float_digits = 1";
/// Held from the first statement of a batch to the end of its commit, by whichever process writes: so numbers
/// become visible in their order. Main data and keys (another schema) do not wait for each other.
constexpr std::string_view begin_batch =
    "BEGIN; SELECT pg_advisory_xact_lock(2053662060, hashtext(current_schema()))";

Trouble trouble_of(std::string_view state) {
  auto const in = [&](std::string_view prefix) { return state.starts_with(prefix); };
  if (in("08") || in("57P")) return Trouble::disconnected;
  if (in("23")) return Trouble::constraint;
  if (in("53100")) return Trouble::full;
  if (in("40") || in("55P03") || in("53")) return Trouble::busy;
  if (in("58")) return Trouble::io;
  if (in("XX001") || in("XX002")) return Trouble::corrupt;
  if (in("25006") || in("42501")) return Trouble::read_only;
  return Trouble::statement;
}

class PostgresSession final : public SociSession {
 public:
  explicit PostgresSession(std::unique_ptr<soci::session> session)
      : SociSession(std::move(session)),
        handle_(static_cast<soci::postgresql_session_backend*>(soci().get_backend())->conn_) {
    PQsetNoticeProcessor(
        handle_, [](void*, char const*) {}, nullptr);  // errors come as results; notices would go to stderr
  }
  ~PostgresSession() override { forget_statements(); }

  void run(std::string_view sql) override { (void)command(sql); }
  void begin_read() override { run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  void end_read() noexcept override { quietly("COMMIT"); }
  void begin_write() override { run(begin_batch); }
  void commit() override {
    auto const* sql = "COMMIT";
    std::string tag;
    try {
      tag = command(sql);
    } catch (Failure&) {
      if (alive()) throw;
      raise(Trouble::commit_unknown, "connection lost", sql);
    }
    // The commit of a transaction that has failed is a rollback, and no error.
    if (tag != sql) raise(Trouble::statement, "the server answered " + tag, sql);
  }
  void rollback() noexcept override {
    if (PQtransactionStatus(handle_) != PQTRANS_IDLE) quietly("ROLLBACK");
  }
  void savepoint() override { run("SAVEPOINT piece"); }
  void release() override { run("RELEASE SAVEPOINT piece"); }
  void rollback_to_savepoint() override { run("ROLLBACK TO SAVEPOINT piece; RELEASE SAVEPOINT piece"); }
  bool in_transaction() override {
    auto const status = PQtransactionStatus(handle_);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
  }
  bool alive() override { return !broken_ && PQstatus(handle_) == CONNECTION_OK; }
  std::unique_ptr<PageCopy> copy_to(std::filesystem::path const&) override {
    raise(Trouble::statement, "PostgreSQL is copied with its own tools");
  }
  bool wipe() override {
    // A plain VACUUM leaves the bytes of dead rows in their pages; this writes the tables anew.
    for (auto const* table : {"private_record", "record_key", "blind_index"})
      if (exists(table)) run(fmt::format("VACUUM FULL {}", table));
    return true;
  }
  std::string translate(std::string_view migration_sql) const override { return std::string(migration_sql); }
  std::string_view engine() const override { return "postgresql"; }

 protected:
  core::Error explain(std::exception const& error, std::string_view sql) override {
    auto const* own = dynamic_cast<soci::postgresql_soci_error const*>(&error);
    auto const trouble = own != nullptr ? judge(own->sqlstate())
                         : alive()      ? Trouble::statement
                                        : Trouble::disconnected;
    return error_of(trouble, fmt::format("{} [{}]", error.what(), sql));
  }

 private:
  /// libpq may still call a connection good of which the server has gone; an error that is the library's own,
  /// and so has no state, or one of class 08 or 57P, says more.
  Trouble judge(std::string_view state) {
    auto const blank = state.find_first_not_of(' ') == std::string_view::npos;
    if (blank || trouble_of(state) == Trouble::disconnected) broken_ = true;
    return alive() ? trouble_of(state) : Trouble::disconnected;
  }
  std::string command(std::string_view sql) {
    std::string const text(sql);
    std::unique_ptr<PGresult, decltype(&PQclear)> const result(PQexec(handle_, text.c_str()), &PQclear);
    auto const status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return PQcmdStatus(result.get());
    auto const* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    raise(judge(state != nullptr ? state : ""), PQerrorMessage(handle_), sql);
  }
  bool exists(char const* table) {
    bool out = false;
    detail::Column const columns[] = {detail::Column::text};
    detail::Param const args[] = {std::string_view(table)};
    select(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND "
        "table_name = ?",
        columns, args, [&](detail::Cells const&) { out = true; });
    return out;
  }
  void quietly(char const* sql) noexcept { PQclear(PQexec(handle_, sql)); }

  PGconn* handle_;
  bool broken_ = false;
};

std::string with_timeout(std::string const& url) {
  if (url.find("connect_timeout") != std::string::npos) return url;
  return fmt::format("{}{}connect_timeout={}", url, url.find('?') == std::string::npos ? '?' : '&',
                     connect_timeout_s);
}

}  // namespace

std::unique_ptr<Session> open_postgres(std::string const& url, std::string const& schema) {
  std::unique_ptr<soci::session> session;
  try {
    session = std::make_unique<soci::session>(soci::postgresql, with_timeout(url));
  } catch (std::exception const& error) {
    raise(Trouble::disconnected, error.what());
  }
  auto out = std::make_unique<PostgresSession>(std::move(session));
  out->run(setup);
  if (!schema.empty())
    out->run(fmt::format("CREATE SCHEMA IF NOT EXISTS {0}; SET search_path = {0}", schema));
  return out;
}

}  // namespace zhili::store
