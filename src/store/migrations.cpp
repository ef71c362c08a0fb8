#include "store/migrations.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "store/digest.hpp"
#include "store/session.hpp"

namespace zhili::store {

using core::Errc;

std::string checksum(Migration const& migration) {
  return to_hex(sha256(migration.sql));
}

namespace {

/// Another text that a step had for a time on the main line. What comes after it leads both to the same, so a database that was made by it goes on.
struct OtherText {
  int number;
  std::string_view checksum;
};
constexpr OtherText other_texts[] = {
    {25, "75aa727244f1725742428bd19b2285d33d2dadb4b39025713ec388af460ec761"},  // rules begin at -1, as step 29 has it
};

bool was_its_text(int number, std::string_view sum) {
  return std::ranges::any_of(other_texts, [&](OtherText const& one) { return one.number == number && one.checksum == sum; });
}

core::Result<> check_applied(Statements& sql, std::span<Migration const> steps) {
  auto const applied = sql.rows<std::int64_t, std::string, std::string>(
      "SELECT number, name, checksum FROM migration ORDER BY number");
  for (auto const& [number, name, sum] : applied) {
    auto const step = std::ranges::find(steps, number, &Migration::number);
    if (step == steps.end())
      return core::fail(
          Errc::conflict, "store.newer",
          {fmt::format(
               "数据库含有本程序不认识的结构升级 {:04}（{}），说明它由更新的版本建立。请使用新版程序。",
               number, name),
           fmt::format("The database has schema step {:04} ({}), which this program does not know: a newer "
                       "version made it. Use that version.",
                       number, name)});
    if (checksum(*step) != sum && !was_its_text(step->number, sum))
      return core::fail(
          Errc::conflict, "store.migration_changed",
          {fmt::format(
               "结构升级 {:04}（{}）与建库时不同。数据库来自开发中的版本，请用当时的程序，或重新建库。",
               number, name),
           fmt::format("Schema step {:04} ({}) is not what it was when this database was made: it comes from "
                       "a version under development. Use that program, or make the database anew.",
                       number, name)});
  }
  return {};
}

void apply(Session& session, Migration const& step, core::TimeSource const& time) {
  Statements sql(session);
  session.begin_write();
  try {
    // Another process may have come first while this one waited for the lock.
    if (!sql.value<std::int64_t>("SELECT number FROM migration WHERE number = ?", step.number)) {
      session.run(session.translate(step.sql));
      sql.exec("INSERT INTO migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)", step.number,
               step.name, checksum(step), time.now());
    }
    session.commit();
  } catch (...) {
    session.rollback();
    throw;
  }
}

}  // namespace

core::Result<> migrate(Session& session, std::span<Migration const> steps, core::TimeSource const& time) {
  try {
    session.run(
        session.translate("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT "
                          "NULL, checksum TEXT NOT NULL,"
                          " applied_at BIGINT NOT NULL)"));
    Statements sql(session);
    ZHILI_CHECK(check_applied(sql, steps));
    // Steps are numbered where they are written; one with a smaller number may come to a database later.
    auto const applied = sql.rows<std::int64_t>("SELECT number FROM migration");
    for (auto const& step : steps)
      if (std::ranges::find(applied, std::tuple(std::int64_t{step.number})) == applied.end()) apply(session, step, time);
    return {};
  } catch (Failure& failure) {
    return core::fail(std::move(failure.error));
  }
}

}  // namespace zhili::store
