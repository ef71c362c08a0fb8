#include "store/database.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "store/errors.hpp"
#include "store/postgres.hpp"
#include "store/sqlite.hpp"

namespace zhili::store {

using core::Errc;
using core::Result;

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::string_view postgres_schemes[] = {"postgresql://", "postgres://"};

class Database final : public Db {
 public:
  Database(LockFile lock, std::string_view engine) : lock_(std::move(lock)), engine_(engine) {}

  void write_later(std::function<Result<>(Writer&)> work, std::function<void(Result<>)> done) override {
    if (writer_)
      writer_->later(std::move(work), std::move(done));
    else
      done(core::fail(error_of(Trouble::read_only, "opened read-only")));
  }
  void on_commit(std::function<void(Seq)> listener) override {
    if (writer_) writer_->on_commit(std::move(listener));
  }
  Result<> between_batches(std::function<bool(Session&)> task) override {
    if (!writer_) return core::fail(error_of(Trouble::read_only, "opened read-only"));
    writer_->between_batches(std::move(task));
    return {};
  }
  CommitStats commit_stats() const override { return writer_ ? writer_->stats() : CommitStats{}; }
  std::string_view engine() const override { return engine_; }

  void start_writer(std::unique_ptr<Session> session, GroupCommit::Connect connect,
                    core::TimeSource const& time, bool ledger, bool bulk) {
    writer_ = std::make_unique<GroupCommit>(std::move(session), std::move(connect), time, ledger,
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
  std::string_view engine_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<GroupCommit> writer_;
};

Result<std::unique_ptr<Db>> assemble(LockFile lock, std::string_view engine,
                                     ReaderPool::Connect const& writer, ReaderPool::Connect const& reader,
                                     Options const& options, Purpose const& purpose,
                                     core::TimeSource const& time) {
  auto db = std::make_unique<Database>(std::move(lock), engine);
  if (!options.read_only) {
    auto session = writer();
    ZHILI_CHECK(migrate(*session, purpose.steps, time));
    if (purpose.ledger) LedgerBatch::found(*session);
    db->start_writer(std::move(session), writer, time, purpose.ledger, options.bulk);
  }
  db->start_readers(options.readers, reader);
  return db;
}

Result<std::unique_ptr<Db>> open_directory(std::filesystem::path const& directory, Options const& options,
                                           Purpose const& purpose, core::TimeSource const& time) {
  LockFile lock;
  if (!options.read_only) {
    std::error_code ignored;  // the lock file says what is wrong
    std::filesystem::create_directories(directory, ignored);
    ZHILI_TRY(lock, LockFile::take(directory, purpose.name));
  }
  auto const file = directory / (purpose.name + ".db");
  auto const cache_mib = options.cache_mib, reader_cache_mib = options.reader_cache_mib;
  return assemble(
      std::move(lock), "sqlite", [=] { return open_sqlite(file, SqliteRole::writer, cache_mib); },
      [=] { return open_sqlite(file, SqliteRole::reader, reader_cache_mib); }, options, purpose, time);
}

}  // namespace

ReaderPool::ReaderPool(std::size_t count, Connect connect) : connect_(std::move(connect)) {
  // One now, so that opening says what is wrong; the others when they are needed.
  free_.resize(std::max<std::size_t>(count, 1));
  free_.back() = connect_();
}

Result<> ReaderPool::run(std::function<Result<>(Reader&)> const& work) {
  auto session = take();
  auto out = in_snapshot(session, work);
  give_back(std::move(session));
  return out;
}

void ReaderPool::begin(std::unique_ptr<Session>& session) const {
  if (!session || !session->alive()) session = connect_();
  try {
    session->begin_read();
  } catch (Failure const&) {
    // A server that was restarted is noticed only now; nothing was asked yet, so asking again is safe.
    if (session->alive()) throw;
    session = connect_();
    session->begin_read();
  }
}

Result<> ReaderPool::in_snapshot(std::unique_ptr<Session>& session,
                                 std::function<Result<>(Reader&)> const& work) {
  try {
    begin(session);
    Statements reader(*session);
    struct End {
      Session& session;
      ~End() { session.end_read(); }
    } const end{*session};
    return work(reader);
  } catch (Failure& failure) {
    return core::fail(std::move(failure.error));
  } catch (std::exception const& error) {
    return core::fail(work_threw(error.what()));
  }
}

std::unique_ptr<Session> ReaderPool::take() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return !free_.empty(); });
  auto out = std::move(free_.back());
  free_.pop_back();
  return out;
}

void ReaderPool::give_back(std::unique_ptr<Session> session) {
  {
    std::lock_guard const lock(mutex_);
    free_.push_back(std::move(session));
  }
  returned_.notify_one();
}

Purpose main_purpose() {
  return {"zhili", "", embedded_migrations(), true};
}
Purpose keys_purpose() {
  return {"keys", "zhili_keys", embedded_key_migrations(), false};
}
Purpose observations_purpose() {
  return {"observations", "zhili_observations", embedded_observation_migrations(), false};
}

Result<std::unique_ptr<Db>> open_database(Options const& options, Purpose const& purpose,
                                          core::TimeSource const& time) {
  try {
    if (options.url.starts_with(sqlite_scheme))
      return open_directory(options.url.substr(sqlite_scheme.size()), options, purpose, time);
    for (auto const scheme : postgres_schemes)
      if (options.url.starts_with(scheme)) {
        auto const connect = [url = options.url, schema = purpose.schema] {
          return open_postgres(url, schema);
        };
        return assemble(LockFile(), "postgresql", connect, connect, options, purpose, time);
      }
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

Result<std::unique_ptr<Db>> Db::open(Options const& options, core::TimeSource const& time) {
  return open_database(options, main_purpose(), time);
}
Result<std::unique_ptr<Db>> Db::open_observations(Options const& options, core::TimeSource const& time) {
  return open_database(options, observations_purpose(), time);
}

}  // namespace zhili::store
