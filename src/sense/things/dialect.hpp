#pragma once
// Where SQLite and PostgreSQL say the same in different words: for filters of things, all of it stands here.

#include <string>
#include <string_view>
#include <vector>

#include "store/db.hpp"

namespace zhili::sense::things {

/// A piece of SQL with the values for its question marks, in their order.
struct Sql {
  std::string text = {};
  std::vector<store::Value> args = {};

  Sql() = default;
  Sql(std::string t) : text(std::move(t)) {}  // NOLINT(google-explicit-constructor): pieces are put together from both
  Sql(char const* t) : text(t) {}       // NOLINT(google-explicit-constructor)
  Sql(std::string t, std::vector<store::Value> a) : text(std::move(t)), args(std::move(a)) {}
  Sql& add(Sql const& more);
};

/// Each `$1`, `$2`, … of the pattern stands for one of the pieces; a piece may come more than once.
Sql put_together(std::string_view pattern, std::vector<Sql> const& pieces);

/// Thread-safe; cheap to copy.
class Dialect {
 public:
  explicit Dialect(bool postgresql) : postgresql_(postgresql) {}
  /// Of a database: store::Db::engine().
  static Dialect of(std::string_view engine) { return Dialect(engine == "postgresql"); }
  bool postgresql() const { return postgresql_; }

  /// Texts compare byte by byte.
  Sql by_bytes(Sql const& text) const;
  /// Position of a text in another, from 1; 0: it is not there.
  Sql position(Sql const& part, Sql const& whole) const;
  /// ASCII letters only, so that both say the same.
  Sql lower(Sql const& text) const;
  Sql upper(Sql const& text) const;
  /// A number as an integer that both can hold, at least `least`.
  Sql bounded(Sql const& number, int least) const;
  /// Half away from zero.
  Sql round(Sql const& number) const;
  Sql truncated(Sql const& number) const;
  /// "YEAR", "MONTH", "DAY" of days since 1970.
  Sql of_day(std::string_view part, Sql const& days) const;

  /// A value inside of JSON, if it is of the kind; else NULL.
  Sql json_number(Sql const& column, std::vector<std::string> const& keys) const;
  Sql json_text(Sql const& column, std::vector<std::string> const& keys) const;
  Sql json_truth(Sql const& column, std::vector<std::string> const& keys) const;
  /// True where there is nothing, or null.
  Sql json_absent(Sql const& column, std::vector<std::string> const& keys) const;

  /// The number that a JSON object has under a row's id; NULL: it has none.
  Sql from_map(std::string const& id_column, std::string json) const;
  /// " IN (…)" for any number of ids, as one parameter.
  Sql among(std::vector<std::int64_t> const& ids) const;

 private:
  store::Value json_path(std::vector<std::string> const& keys) const;
  bool postgresql_;
};

}  // namespace zhili::sense::things
