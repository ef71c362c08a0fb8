#pragma once
// One connection to one engine, behind which all differences between the engines live.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "store/db.hpp"

namespace zhili::store {

/// So that a map of statements can be asked without making a string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// A copy of a database, made piece by piece. Throws Failure.
class PageCopy {
 public:
  virtual ~PageCopy() = default;
  /// Copies some pages; false when all are.
  virtual bool step(int pages) = 0;
  virtual std::int64_t done() const = 0;
  virtual std::int64_t total() const = 0;
};

/// A connection. Not thread-safe. All members throw Failure.
class Session {
 public:
  virtual ~Session() = default;

  /// Runs SQL that has no parameters and gives no rows: control statements and DDL; several may be joined by
  /// `;`.
  virtual void run(std::string_view sql) = 0;
  /// Runs a statement of which the prepared form is kept. A statement that is already being visited may be
  /// run again.
  virtual void select(std::string_view sql, std::span<detail::Column const> columns,
                      std::span<detail::Param const> args,
                      std::function<void(detail::Cells const&)> const& visit) = 0;
  /// The same without rows; gives the number of rows changed.
  virtual std::int64_t execute(std::string_view sql, std::span<detail::Param const> args) = 0;

  virtual void begin_read() = 0;  ///< one snapshot until end_read
  virtual void end_read() noexcept = 0;
  virtual void begin_write() = 0;  ///< a transaction that no other writer of the ledger shares
  virtual void commit() = 0;       ///< returns when it is on the disk
  virtual void rollback() noexcept = 0;
  virtual void savepoint() = 0;
  virtual void release() = 0;
  virtual void rollback_to_savepoint() = 0;
  /// Whether the transaction that was begun still stands; an engine may give up the whole of it when a
  /// statement fails.
  virtual bool in_transaction() = 0;
  /// Whether the connection can still be used.
  virtual bool alive() = 0;
  /// Begins to copy the database into a new file. SQLite only.
  virtual std::unique_ptr<PageCopy> copy_to(std::filesystem::path const& file) = 0;
  /// Empties what deleted rows left behind; false if a reader was in the way.
  virtual bool wipe() = 0;
  /// The migration's text in the words of this engine.
  virtual std::string translate(std::string_view migration_sql) const = 0;
  virtual std::string_view engine() const = 0;
};

/// Statements over a Session. By itself for reading and for the store's own code, which stands outside the pieces of
/// work: no ledger.
class Statements : public Writer {
 public:
  explicit Statements(Session& session) : session_(session) {}
  Seq append(Entry entry) override;    ///< a defect: throws
  core::Instant now() const override;  ///< a defect: throws

 protected:
  void select(std::string_view sql, std::span<detail::Column const> columns,
              std::span<detail::Param const> args,
              std::function<void(detail::Cells const&)> const& visit) override {
    session_.select(sql, columns, args, visit);
  }
  std::int64_t execute(std::string_view sql, std::span<detail::Param const> args) override {
    return session_.execute(sql, args);
  }

 private:
  Session& session_;
};

}  // namespace zhili::store
