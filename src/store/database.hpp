#pragma once
// The Db behind the interface: a pool of connections that read, and one thread that writes.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/db.hpp"
#include "store/group_commit.hpp"
#include "store/lock_file.hpp"
#include "store/migrations.hpp"
#include "store/session.hpp"

namespace zhili::store {

/// Connections for reading; who finds none free waits. Thread-safe.
class ReaderPool {
 public:
  using Connect = std::function<std::unique_ptr<Session>()>;
  ReaderPool(std::size_t count, Connect connect);
  core::Result<> run(std::function<core::Result<>(Reader&)> const& work);

 private:
  core::Result<> in_snapshot(std::unique_ptr<Session>& session,
                             std::function<core::Result<>(Reader&)> const& work);
  void begin(std::unique_ptr<Session>& session) const;
  std::unique_ptr<Session> take();
  void give_back(std::unique_ptr<Session> session);

  Connect connect_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Session>> free_;
};

/// What a database is for: its file or schema, its steps, and whether it has a ledger.
struct Purpose {
  std::string name;    ///< file "NAME.db" and "NAME.lock"
  std::string schema;  ///< on PostgreSQL; empty for the server's default
  std::span<Migration const> steps;
  bool ledger = true;
};

Purpose main_purpose();
Purpose keys_purpose();
Purpose observations_purpose();

/// Db::open for any purpose.
core::Result<std::unique_ptr<Db>> open_database(Options const& options, Purpose const& purpose,
                                                core::TimeSource const& time);

}  // namespace zhili::store
