#include "store/errors.hpp"

#include "store/db.hpp"

namespace zhili::store {

using core::Errc;
using core::Error;

core::Error error_of(Trouble trouble, std::string detail) {
  auto const say = [&](Errc code, char const* key, core::Text text) {
    return Error{code, key, std::move(text), {}, std::move(detail)};
  };
  switch (trouble) {
    case Trouble::busy:
      return say(Errc::busy, "store.busy",
                 {"数据库正被另一个程序占用，请稍后再试。",
                  "Another program holds the database; try again in a moment."});
    case Trouble::constraint:
      return say(
          Errc::conflict, "store.constraint",
          {"这条数据与已有数据冲突（重复，或引用了不存在的内容）。",
           "This contradicts what is already stored: a duplicate, or a reference to something that does "
           "not exist."});
    case Trouble::full:
      return say(
          Errc::unavailable, "store.full",
          {"磁盘已满，这次没有保存；仍可查询。请腾出空间后重试。",
           "The disk is full and this was not saved; reading still works. Free some space and try again."});
    case Trouble::io:
      return say(Errc::unavailable, "store.io",
                 {"磁盘读写出错，这次没有保存。请检查磁盘和系统日志。",
                  "The disk reports an error and this was not saved. Check the disk and the system log."});
    case Trouble::corrupt:
      return say(Errc::corrupt, "store.corrupt",
                 {"数据库文件已损坏。请停止服务，并从备份恢复。",
                  "The database file is damaged. Stop the service and restore a backup."});
    case Trouble::read_only:
      return say(
          Errc::unavailable, "store.read_only",
          {"数据库只能读取，不能写入。请检查文件权限或打开方式。",
           "The database can only be read. Check the permissions of the files and how they were opened."});
    case Trouble::disconnected:
      return say(Errc::unavailable, "store.disconnected",
                 {"数据库服务器没有回应，这次没有保存。程序会自动重新连接，请稍后再试。",
                  "The database server does not answer and this was not saved. The program reconnects by "
                  "itself; try again in a moment."});
    case Trouble::commit_unknown:
      return say(
          Errc::unavailable, "store.commit_unknown",
          {"提交时与数据库服务器断开，无法确定是否已保存。请查询后再决定是否重做。",
           "The connection broke during the commit, so nobody knows whether this was saved. Look it up "
           "before you repeat it."});
    case Trouble::statement:
      break;
  }
  return say(Errc::internal, "store.statement",
             {"程序内部错误：数据库语句不正确。请报告这个问题。",
              "An error in the program: a database statement is wrong. Please report it."});
}

core::Error work_threw(std::string detail) {
  return {Errc::internal,
          "store.work_threw",
          {"程序内部错误，这次没有完成。请报告这个问题。",
           "An error in the program; this was not done. Please report it."},
          {},
          std::move(detail)};
}

void raise(Trouble trouble, std::string_view message, std::string_view sql) {
  std::string detail(message);
  if (!sql.empty()) detail.append(" [").append(sql).append("]");
  throw Failure{error_of(trouble, std::move(detail))};
}

void raise_null(std::size_t column) {
  throw Failure{{Errc::corrupt,
                 "store.null",
                 {"数据库里缺少一个必需的值。", "A value that must be there is missing in the database."},
                 {},
                 "NULL in column " + std::to_string(column) + " read as a plain type"}};
}

}  // namespace zhili::store
