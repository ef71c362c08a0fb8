#include "store/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>

#include "store/errors.hpp"
#include "store/lock_file.hpp"
#include "store/session.hpp"

namespace zhili::store {

using core::Errc;
using core::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view database_name = "zhili.db";

tl::unexpected<core::Error> cannot_write(fs::path const& path, std::string_view why) {
  return core::fail(Errc::unavailable, "backup.write",
                    {fmt::format("无法写入 {}：{}", path.string(), why),
                     fmt::format("Cannot write {}: {}", path.string(), why)},
                    "directory");
}

Result<> sync_path(fs::path const& path) {
  int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool const synced = fd >= 0 && ::fsync(fd) == 0;
  auto const why = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) return cannot_write(path, std::strerror(why));
  return {};
}

tl::unexpected<core::Error> use_the_servers_tools() {
  return core::fail(
      Errc::invalid, "backup.postgresql",
      {"数据存于 PostgreSQL，请使用它自己的工具备份：pg_dump -Fc（或持续归档 pg_basebackup）；恢复用 "
       "pg_restore。密钥在模式 zhili_keys 中，请用 -N zhili_keys 与主数据分开备份。",
       "The data is in PostgreSQL: back it up with its own tools, pg_dump -Fc (or continuous archiving with "
       "pg_basebackup), and bring it back with pg_restore. The keys are in the schema zhili_keys; leave them "
       "out with -N zhili_keys and back them up apart."});
}

/// The copy that the writer's thread makes, step by step.
class Copying {
 public:
  Copying(fs::path part, BackupProgress const& progress) : part_(std::move(part)), progress_(progress) {}

  bool step(Session& session) {
    try {
      if (!copy_) copy_ = session.copy_to(part_);
      bool const more = copy_->step(backup_pages_per_step);
      if (progress_) progress_(copy_->done(), copy_->total());
      if (more) return true;
      finish({});
    } catch (Failure& failure) {
      finish(core::fail(std::move(failure.error)));
    }
    return false;
  }
  Result<> wait() { return outcome_.get_future().get(); }

 private:
  void finish(Result<> outcome) {
    copy_.reset();
    outcome_.set_value(std::move(outcome));
  }
  fs::path part_;
  BackupProgress const& progress_;
  std::unique_ptr<PageCopy> copy_;
  std::promise<Result<>> outcome_;
};

}  // namespace

Result<> backup(Db& db, fs::path const& directory, std::string_view name, BackupProgress const& progress) {
  if (db.engine() != "sqlite") return use_the_servers_tools();
  auto const file = directory / name;
  auto const part = fs::path(file.string() + ".part");
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return cannot_write(directory, error.message());
  if (fs::exists(file))
    return core::fail(
        Errc::conflict, "backup.exists",
        {fmt::format("{} 已存在。请换一个空目录，备份从不覆盖。", file.string()),
         fmt::format("{} is already there. Choose an empty directory: a backup never overwrites one.",
                     file.string())},
        "directory");
  fs::remove(part, error);  // of a backup that was killed
  Copying copying(part, progress);
  ZHILI_CHECK(db.between_batches([&](Session& session) { return copying.step(session); }));
  if (auto done = copying.wait(); !done) {
    fs::remove(part, error);
    return done;
  }
  return rename_synced(part, file);
}

Result<> rename_synced(fs::path const& from, fs::path const& to) {
  ZHILI_CHECK(sync_path(from));
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return cannot_write(to, error.message());
  return sync_path(to.parent_path());
}

Result<> copy_synced(fs::path const& from, fs::path const& to) {
  auto const part = fs::path(to.string() + ".part");
  std::error_code error;
  fs::copy_file(from, part, fs::copy_options::overwrite_existing, error);
  if (!error) fs::permissions(part, fs::status(from).permissions(), error);
  if (error) return cannot_write(to, error.message());
  return rename_synced(part, to);
}

Result<Verdict> restore(fs::path const& backup_directory, fs::path const& data_directory,
                        core::TimeSource const& time) {
  auto const from = backup_directory / database_name;
  auto const to = data_directory / database_name;
  auto const trial = data_directory / "restore.part";
  if (!fs::exists(from))
    return core::fail(Errc::not_found, "restore.none",
                      {fmt::format("{} 不存在：这里没有备份。", from.string()),
                       fmt::format("{} does not exist: there is no backup here.", from.string())},
                      "from");
  std::error_code error;
  fs::create_directories(data_directory, error);
  ZHILI_TRY(auto const lock, LockFile::take(data_directory, "zhili"));
  if (fs::exists(to))
    return core::fail(
        Errc::conflict, "restore.exists",
        {fmt::format("{} 已有数据库，恢复从不覆盖。请选择空目录，或先移走旧的。", data_directory.string()),
         fmt::format("{} already has a database, and restoring never overwrites. Choose an empty directory, "
                     "or move the old one away.",
                     data_directory.string())},
        "data");
  fs::remove_all(trial, error);
  fs::create_directories(trial, error);
  ZHILI_CHECK(copy_synced(from, trial / database_name));
  Result<Verdict> verdict = [&]() -> Result<Verdict> {
    ZHILI_TRY(auto db, Db::open({.url = "sqlite:" + trial.string(), .read_only = true}, time));
    return verify(*db);
  }();
  if (verdict && verdict->first)
    verdict = core::fail(
        Errc::corrupt, "restore.broken",
        {"备份的账本校验不通过，没有恢复：" + verdict->first->what.zh,
         "The ledger of this backup does not hold, and nothing was restored: " + verdict->first->what.en});
  // The database comes last: a directory that has it is whole.
  if (auto const observations = backup_directory / observations_name; verdict && fs::exists(observations))
    if (auto done = copy_synced(observations, data_directory / observations_name); !done) verdict = core::fail(done.error());
  if (verdict)
    if (auto done = rename_synced(trial / database_name, to); !done) verdict = core::fail(done.error());
  fs::remove_all(trial, error);
  return verdict;
}

Result<bool> wipe(Db& db) {
  std::promise<Result<bool>> outcome;
  ZHILI_CHECK(db.between_batches([&](Session& session) {
    try {
      outcome.set_value(session.wipe());
    } catch (Failure& failure) {
      outcome.set_value(core::fail(std::move(failure.error)));
    }
    return false;
  }));
  return outcome.get_future().get();
}

}  // namespace zhili::store
