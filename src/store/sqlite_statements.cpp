#include "store/sqlite_statements.hpp"

#include <sqlite3.h>

namespace zhili::store {

using detail::Param;

namespace {

constexpr std::size_t max_sqlite_statements =
    1'000;  // kept per connection; more means that values are built into SQL

void bind(sqlite3_stmt* statement, std::span<Param const> args) {
  int position = 0;
  for (auto const& arg : args) {
    ++position;
    if (auto const* integer = std::get_if<std::int64_t>(&arg))
      sqlite3_bind_int64(statement, position, *integer);
    else if (auto const* text = std::get_if<std::string_view>(&arg))
      // The caller's text outlives the run; a null pointer would mean NULL.
      sqlite3_bind_text(statement, position, text->data() != nullptr ? text->data() : "",
                        static_cast<int>(text->size()), SQLITE_STATIC);
    else if (auto const* real = std::get_if<double>(&arg))
      sqlite3_bind_double(statement, position, *real);
    else if (auto const* blob = std::get_if<BlobView>(&arg))
      sqlite3_bind_blob64(statement, position, blob->bytes.data() != nullptr ? blob->bytes.data() : "", blob->bytes.size(), SQLITE_STATIC);
    else
      sqlite3_bind_null(statement, position);
  }
}

class RowCells final : public detail::Cells {
 public:
  explicit RowCells(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(std::size_t column) const override { return sqlite3_value_type(value(column)) == SQLITE_NULL; }
  std::int64_t integer(std::size_t column) const override {
    auto const out = sqlite3_value_int64(value(column));
    if (out == 0) refuse_null(column);
    return out;
  }
  double real(std::size_t column) const override {
    auto const out = sqlite3_value_double(value(column));
    if (out == 0) refuse_null(column);
    return out;
  }
  std::string_view text(std::size_t column) const override {
    auto* const at = value(column);
    auto const* out = sqlite3_value_text(at);
    if (out == nullptr) refuse_null(column);
    return {reinterpret_cast<char const*>(out), static_cast<std::size_t>(sqlite3_value_bytes(at))};
  }
  std::string_view bytes(std::size_t column) const override {
    auto* const at = value(column);
    auto const* out = sqlite3_value_blob(at);
    if (out == nullptr) refuse_null(column);  // an empty one is no pointer either
    return {static_cast<char const*>(out), static_cast<std::size_t>(sqlite3_value_bytes(at))};
  }

 private:
  /// May be looked into without a lock, because connections are not shared (SQLITE_CONFIG_MULTITHREAD).
  sqlite3_value* value(std::size_t column) const {
    return sqlite3_column_value(statement_, static_cast<int>(column));
  }
  void refuse_null(std::size_t column) const {
    if (is_null(column)) raise_null(column);
  }
  sqlite3_stmt* statement_;
};

}  // namespace

Trouble sqlite_trouble(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Trouble::busy;
    case SQLITE_CONSTRAINT:
      return Trouble::constraint;
    case SQLITE_FULL:
      return Trouble::full;
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
      return Trouble::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Trouble::corrupt;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Trouble::read_only;
    default:
      return Trouble::statement;
  }
}

/// A statement while it runs. If the kept one is already running (a visit that asks the same again), a second
/// is prepared for this time only.
class SqliteStatements::Use {
 public:
  Use(SqliteStatements& owner, std::string_view sql)
      : owner_(owner), entry_(owner.entry(sql)), spare_(entry_.busy) {
    statement_ = spare_ ? owner.prepare(sql) : entry_.statement;
    entry_.busy = true;
    ++owner_.in_use_;
  }
  Use(Use const&) = delete;
  Use& operator=(Use const&) = delete;
  ~Use() {
    --owner_.in_use_;
    if (spare_) {
      sqlite3_finalize(statement_);
    } else {
      sqlite3_reset(statement_);
      entry_.busy = false;
    }
  }
  sqlite3_stmt* get() const { return statement_; }

 private:
  SqliteStatements& owner_;
  Entry& entry_;
  bool spare_;
  sqlite3_stmt* statement_ = nullptr;
};

void SqliteStatements::fail(std::string_view sql) {
  raise(sqlite_trouble(sqlite3_errcode(handle_)), sqlite3_errmsg(handle_), sql);
}

sqlite3_stmt* SqliteStatements::prepare(std::string_view sql) {
  sqlite3_stmt* out = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &out,
                         nullptr) != SQLITE_OK ||
      out == nullptr)
    fail(sql);
  return out;
}

SqliteStatements::Entry& SqliteStatements::entry(std::string_view sql) {
  if (auto const found = entries_.find(sql); found != entries_.end()) return found->second;
  if (entries_.size() >= max_sqlite_statements && in_use_ == 0) clear();
  auto* const statement = prepare(sql);
  return entries_.emplace(std::string(sql), Entry{statement}).first->second;
}

void SqliteStatements::clear() {
  for (auto const& [sql, entry] : entries_) sqlite3_finalize(entry.statement);
  entries_.clear();
}

void SqliteStatements::select(std::string_view sql, std::span<Param const> args,
                              std::function<void(detail::Cells const&)> const& visit) {
  Use const use(*this, sql);
  bind(use.get(), args);
  RowCells const cells(use.get());
  int code = 0;
  while ((code = sqlite3_step(use.get())) == SQLITE_ROW) visit(cells);
  if (code != SQLITE_DONE) fail(sql);
}

std::int64_t SqliteStatements::execute(std::string_view sql, std::span<Param const> args) {
  Use const use(*this, sql);
  bind(use.get(), args);
  int code = 0;
  while ((code = sqlite3_step(use.get())) == SQLITE_ROW) {
  }
  if (code != SQLITE_DONE) fail(sql);
  return sqlite3_changes64(handle_);
}

}  // namespace zhili::store
