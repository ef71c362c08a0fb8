#include "store/db.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "store/errors.hpp"
#include "store/group_commit.hpp"
#include "store/lock_file.hpp"
#include "store/migrations.hpp"
#include "store/session.hpp"
#include "store/sqlite.hpp"

namespace zhili::store {

using core::Errc;
using core::Result;

namespace {

constexpr std::size_t reader_cache_mib = 8;
constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::string_view database_file = "zhili.db";

class SessionReader final : public Reader {
 public:
  explicit SessionReader(Session& session) : session_(session) {}

 protected:
  void select(std::string_view sql, std::span<detail::Column const> columns,
              std::span<detail::Param const> args,
              std::function<void(detail::Cells const&)> const& visit) override {
    session_.select(sql, columns, args, visit);
  }

 private:
  Session& session_;
};

/// Connections for reading; who finds none free waits.
class ReaderPool {
 public:
  using Connect = std::function<std::unique_ptr<Session>()>;
  ReaderPool(std::size_t count, Connect connect) : connect_(std::move(connect)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) free_.push_back(connect_());
  }

  Result<> run(std::function<Result<>(Reader&)> const& work) {
    auto session = take();
    auto out = in_snapshot(session, work);
    give_back(std::move(session));
    return out;
  }

 private:
  Result<> in_snapshot(std::unique_ptr<Session>& session, std::function<Result<>(Reader&)> const& work) {
    try {
      if (!session || !session->alive()) session = connect_();
      SessionReader reader(*session);
      session->begin_read();
      struct End {
        Session& session;
        ~End() { session.end_read(); }
      } const end{*session};
      return work(reader);
    } catch (Failure& failure) {
      return core::fail(std::move(failure.error));
    }
  }

  std::unique_ptr<Session> take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !free_.empty(); });
    auto out = std::move(free_.back());
    free_.pop_back();
    return out;
  }

  void give_back(std::unique_ptr<Session> session) {
    {
      std::lock_guard const lock(mutex_);
      free_.push_back(std::move(session));
    }
    returned_.notify_one();
  }

  Connect connect_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Session>> free_;
};

class Database final : public Db {
 public:
  Database(LockFile lock, std::string engine) : lock_(std::move(lock)), engine_(std::move(engine)) {}

  void write_later(std::function<Result<>(Writer&)> work, std::function<void(Result<>)> done) override {
    if (writer_)
      writer_->later(std::move(work), std::move(done));
    else
      done(core::fail(error_of(Trouble::read_only, "opened read-only")));
  }
  void on_commit(std::function<void(Seq)> listener) override {
    if (writer_) writer_->on_commit(std::move(listener));
  }
  std::string_view engine() const override { return engine_; }

  void start_writer(std::unique_ptr<Session> session, GroupCommit::Connect connect,
                    core::TimeSource const& time, bool bulk) {
    writer_ = std::make_unique<GroupCommit>(std::move(session), std::move(connect), time,
                                            bulk ? max_pieces_per_batch_bulk : max_pieces_per_batch);
  }
  void start_readers(std::size_t count, ReaderPool::Connect connect) {
    readers_ = std::make_unique<ReaderPool>(count, std::move(connect));
  }

 protected:
  Result<> run_read(std::function<Result<>(Reader&)> const& work) override { return readers_->run(work); }
  Result<> run_write(std::function<Result<>(Writer&)> const& work) override {
    if (!writer_) return core::fail(error_of(Trouble::read_only, "opened read-only"));
    return writer_->now(work);
  }

 private:
  LockFile lock_;  // let go last
  std::string engine_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<GroupCommit> writer_;
};

Result<std::unique_ptr<Db>> open_at(std::filesystem::path const& directory, Options const& options,
                                    core::TimeSource const& time) {
  LockFile lock;
  if (!options.read_only) {
    std::error_code ignored;  // the lock file says what is wrong
    std::filesystem::create_directories(directory, ignored);
    ZHILI_TRY(lock, LockFile::take(directory));
  }
  auto const file = directory / database_file;
  auto db = std::make_unique<Database>(std::move(lock), "sqlite");
  if (!options.read_only) {
    auto session = open_sqlite(file, SqliteRole::writer, options.cache_mib);
    ZHILI_CHECK(migrate(*session, embedded_migrations(), time));
    LedgerBatch::found(*session);
    db->start_writer(std::move(session), {}, time, options.bulk);
  }
  db->start_readers(options.readers,
                    [file] { return open_sqlite(file, SqliteRole::reader, reader_cache_mib); });
  return db;
}

}  // namespace

Result<std::unique_ptr<Db>> Db::open(Options const& options, core::TimeSource const& time) {
  try {
    if (options.url.starts_with(sqlite_scheme))
      return open_at(options.url.substr(sqlite_scheme.size()), options, time);
  } catch (Failure& failure) {
    return core::fail(std::move(failure.error));
  }
  return core::fail(
      Errc::invalid, "store.url",
      {fmt::format("数据库地址“{}”不对。请写成 sqlite:目录 或 postgresql://用户@主机/库名。", options.url),
       fmt::format(
           "\"{}\" is not the address of a database. Write sqlite:DIRECTORY or postgresql://user@host/name.",
           options.url)},
      "url");
}

}  // namespace zhili::store
