#pragma once
// Prepared statements on SQLite's own API: the hot path of the writer, of lists and of verification, under a
// connection that SOCI opened. Values are read where SQLite keeps them, so a row costs no allocation.

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/errors.hpp"
#include "store/session.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace zhili::store {

/// What an SQLite result code means.
Trouble sqlite_trouble(int code);

/// The statements of one connection, kept by their text. Not thread-safe. Throws Failure.
class SqliteStatements {
 public:
  explicit SqliteStatements(sqlite3* handle) : handle_(handle) {}
  ~SqliteStatements() { clear(); }
  SqliteStatements(SqliteStatements const&) = delete;
  SqliteStatements& operator=(SqliteStatements const&) = delete;

  void select(std::string_view sql, std::span<detail::Param const> args,
              std::function<void(detail::Cells const&)> const& visit);
  std::int64_t execute(std::string_view sql, std::span<detail::Param const> args);
  /// Finalises all; none may be running.
  void clear();

 private:
  class Use;
  struct Entry {
    sqlite3_stmt* statement = nullptr;
    bool busy = false;
  };
  sqlite3_stmt* prepare(std::string_view sql);
  Entry& entry(std::string_view sql);
  [[noreturn]] void fail(std::string_view sql);

  sqlite3* handle_;
  std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
  std::size_t in_use_ = 0;
};

}  // namespace zhili::store
