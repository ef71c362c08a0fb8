// Values and comparisons of a filter in SQL. evaluate.cpp gives the same answers without a database.
#include <fmt/format.h>

#include "sense/things/filter.hpp"

namespace zhili::sense::things {

namespace {

constexpr std::string_view day_text = "86400000";

/// Rounded down, also before 1970.
Sql floor_mod_sql(Sql const& ms, std::string_view by) { return put_together(fmt::format("((($1) % {0} + {0}) % {0})", by), {ms}); }
Sql floor_div_sql(Sql const& ms, std::string_view by) {
  return put_together(fmt::format("((($1) - $2) / {})", by), {ms, floor_mod_sql(ms, by)});
}

std::string_view sign(Op op) {
  switch (op) {
    case Op::eq: return "=";
    case Op::gt: return ">";
    case Op::ge: return ">=";
    case Op::lt: return "<";
    case Op::le: return "<=";
    default: return "<>";
  }
}

Sql literal_number(Datum const& literal) {
  if (auto const* const whole = std::get_if<std::int64_t>(&literal)) return {"CAST(? AS BIGINT)", {*whole}};
  if (auto const* const real = std::get_if<double>(&literal)) return {"CAST(? AS DOUBLE PRECISION)", {*real}};
  if (auto const* const span = std::get_if<core::Duration>(&literal)) return {"CAST(? AS BIGINT)", {std::int64_t{span->count()}}};
  if (auto const* const date = std::get_if<Date>(&literal)) return {"CAST(? AS BIGINT)", {date->days}};
  if (auto const* const time = std::get_if<TimeOfDay>(&literal)) return {"CAST(? AS BIGINT)", {time->ms}};
  return "CAST(NULL AS DOUBLE PRECISION)";
}

Sql real(Sql const& number) { return put_together("CAST($1 AS DOUBLE PRECISION)", {number}); }

}  // namespace

Sql FilterSql::truth(Expr const& expr, Scope const& scope) {
  if (expr.op == Op::literal) {
    auto const* const said = std::get_if<bool>(&expr.literal);
    return said == nullptr ? "CAST(NULL AS BOOLEAN)" : *said ? "TRUE" : "FALSE";
  }
  if (expr.op == Op::path) return parts_.dialect.json_truth(column(expr.path, scope), expr.path.keys);
  return put_together("($1)", {boolean(expr, scope)});
}

Sql FilterSql::boolean(Expr const& expr, Scope const& scope) {
  auto const arg = [&](std::size_t i) { return text(expr.args[i], scope); };
  switch (expr.op) {
    case Op::literal:
    case Op::path: return truth(expr, scope);
    case Op::and_: return put_together("(($1) AND ($2))", {boolean(expr.args[0], scope), boolean(expr.args[1], scope)});
    case Op::or_: return put_together("(($1) OR ($2))", {boolean(expr.args[0], scope), boolean(expr.args[1], scope)});
    case Op::not_: return put_together("NOT ($1)", {boolean(expr.args[0], scope)});
    case Op::substringof: return put_together("($1 > 0)", {parts_.dialect.position(arg(0), arg(1))});
    case Op::startswith: return put_together("(substr($1, 1, length($2)) = $2)", {arg(0), arg(1)});
    case Op::endswith: return put_together("(length($1) >= length($2) AND substr($1, length($1) - length($2) + 1) = $2)", {arg(0), arg(1)});
    default: return comparison(expr, scope);
  }
}

Sql FilterSql::absent(Expr const& expr, Scope const& scope) {
  if (expr.type == Type::null) return "TRUE";
  if (expr.op == Op::path && expr.type == Type::any) return parts_.dialect.json_absent(column(expr.path, scope), expr.path.keys);
  if (expr.op == Op::path) return put_together("($1 IS NULL)", {column(expr.path, scope)});
  if (expr.op == Op::literal) return "FALSE";
  switch (expr.type) {
    case Type::text: return put_together("($1 IS NULL)", {text(expr, scope)});
    case Type::time: return put_together("($1 IS NULL)", {times(expr, scope).begin});
    case Type::boolean: return put_together("($1 IS NULL)", {truth(expr, scope)});
    default: return put_together("($1 IS NULL)", {number(expr, scope)});
  }
}

/// As 18-088 compares times: a point is one moment; a span has its begin and not its end.
Sql FilterSql::time_comparison(Expr const& expr, Scope const& scope) {
  auto const x = times(expr.args[0], scope), y = times(expr.args[1], scope);
  std::vector<Sql> const ends{x.begin, x.end, y.begin, y.end};
  switch (expr.op) {
    case Op::eq: return put_together("($1 = $3 AND $2 = $4)", ends);
    case Op::ne: return put_together("($1 <> $3 OR $2 <> $4)", ends);
    case Op::gt:
    case Op::after: return put_together("($1 > $4 OR ($3 < $4 AND $1 = $4))", ends);
    case Op::lt:
    case Op::before: return put_together("($2 < $3 OR ($1 < $2 AND $2 = $3))", ends);
    case Op::ge: return put_together("($1 >= $3 AND $2 >= $4)", ends);
    case Op::le: return put_together("($1 <= $3 AND $2 <= $4)", ends);
    case Op::meets: return put_together("($2 = $3 OR $1 = $4)", ends);
    case Op::during: return put_together("($1 >= $3 AND $1 < $4 AND $2 <= $4)", ends);
    case Op::overlaps: return put_together("($1 = $3 OR ($1 < $4 AND $3 < $2))", ends);
    case Op::starts: return put_together("($1 = $3)", ends);
    default: return put_together("($2 = $4)", ends);
  }
}

Sql FilterSql::comparison(Expr const& expr, Scope const& scope) {
  auto const& a = expr.args[0];
  auto const& b = expr.args[1];
  auto const either = [&](Type type) { return a.type == type || b.type == type; };
  if (either(Type::null)) {
    auto const out = absent(a.type == Type::null ? b : a, scope);
    return expr.op == Op::eq ? out : put_together("NOT $1", {out});
  }
  if (either(Type::time)) return time_comparison(expr, scope);
  auto const pattern = fmt::format("($1 {} $2)", sign(expr.op));
  if (a.type == Type::any && b.type == Type::any) {  // whichever kind both are of
    auto const numbers = put_together(pattern, {number(a, scope), number(b, scope)});
    auto const texts = put_together(pattern, {parts_.dialect.by_bytes(text(a, scope)), text(b, scope)});
    bool const equality = expr.op == Op::eq || expr.op == Op::ne;
    auto const truths = equality ? put_together(pattern, {truth(a, scope), truth(b, scope)}) : Sql("NULL");
    return put_together("COALESCE($1, $2, $3)", {numbers, texts, truths});
  }
  if (either(Type::boolean)) return put_together(pattern, {truth(a, scope), truth(b, scope)});
  if (either(Type::text)) return put_together(pattern, {parts_.dialect.by_bytes(text(a, scope)), text(b, scope)});
  return put_together(pattern, {number(a, scope), number(b, scope)});
}

FilterSql::Times FilterSql::times(Expr const& expr, Scope const& scope) {
  if (auto const* const span = std::get_if<Span>(&expr.literal)) {
    auto const at = [](core::Instant instant) { return Sql("CAST(? AS BIGINT)", {core::to_ms(instant)}); };
    return {at(span->begin), at(span->end.value_or(span->begin))};
  }
  if (expr.op == Op::path) {
    auto const begin = column(expr.path, scope);
    if (expr.path.property->column_end.empty()) return {begin, begin};
    auto end = begin;
    end.text.replace(end.text.rfind('.') + 1, std::string::npos, expr.path.property->column_end);
    return {begin, put_together("COALESCE($1, $2)", {end, begin})};
  }
  if (expr.op == Op::add || expr.op == Op::sub) {
    bool const time_first = expr.args[0].type == Type::time;
    auto const time = times(expr.args[time_first ? 0 : 1], scope);
    auto const by = number(expr.args[time_first ? 1 : 0], scope);
    auto const pattern = expr.op == Op::add ? "($1 + $2)" : "($1 - $2)";
    return {put_together(pattern, {time.begin, by}), put_together(pattern, {time.end, by})};
  }
  return {"CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)"};
}

Sql FilterSql::text(Expr const& expr, Scope const& scope) {
  auto const arg = [&](std::size_t i) { return text(expr.args[i], scope); };
  auto const position = [&](std::size_t i) { return parts_.dialect.bounded(number(expr.args[i], scope), 0); };
  switch (expr.op) {
    case Op::literal: {
      auto const* const said = std::get_if<std::string>(&expr.literal);
      return said == nullptr ? Sql("CAST(NULL AS TEXT)") : Sql("CAST(? AS TEXT)", {*said});
    }
    case Op::path:
      if (expr.type == Type::any) return parts_.dialect.json_text(column(expr.path, scope), expr.path.keys);
      return column(expr.path, scope);
    case Op::tolower: return parts_.dialect.lower(arg(0));
    case Op::toupper: return parts_.dialect.upper(arg(0));
    case Op::trim: return put_together("trim($1)", {arg(0)});
    case Op::concat: return put_together("($1 || $2)", {arg(0), arg(1)});
    case Op::substring:
      if (expr.args.size() == 2) return put_together("substr($1, $2 + 1)", {arg(0), position(1)});
      return put_together("substr($1, $2 + 1, $3)", {arg(0), position(1), position(2)});
    default: return "CAST(NULL AS TEXT)";
  }
}

Sql FilterSql::number(Expr const& expr, Scope const& scope) {
  auto const arg = [&](std::size_t i) { return number(expr.args[i], scope); };
  auto const begin = [&] { return times(expr.args[0], scope).begin; };
  auto const of_day = [&](std::string_view ms, int least) { return put_together(fmt::format("($1 / {} % {})", ms, least), {floor_mod_sql(begin(), day_text)}); };
  auto const two = [&](std::string_view pattern) { return put_together(pattern, {real(arg(0)), real(arg(1))}); };
  switch (expr.op) {
    case Op::literal: return literal_number(expr.literal);
    case Op::path:
      if (expr.type == Type::any) return parts_.dialect.json_number(column(expr.path, scope), expr.path.keys);
      return column(expr.path, scope);
    case Op::negate: return put_together("(- $1)", {arg(0)});
    case Op::add:
    case Op::sub: {
      auto const pattern = expr.op == Op::add ? "($1 + $2)" : "($1 - $2)";
      if (expr.type == Type::number) return two(pattern);
      if (expr.args[0].type == Type::duration) return put_together(pattern, {arg(0), arg(1)});
      return put_together(pattern, {times(expr.args[0], scope).begin, times(expr.args[1], scope).begin});
    }
    case Op::mul: return two("($1 * $2)");
    case Op::div: return two("($1 / NULLIF($2, 0))");
    case Op::mod: return put_together("($1 - $2 * $3)", {real(arg(0)), real(arg(1)), parts_.dialect.truncated(two("($1 / NULLIF($2, 0))"))});
    case Op::length: return put_together("length($1)", {text(expr.args[0], scope)});
    case Op::indexof: return put_together("($1 - 1)", {parts_.dialect.position(text(expr.args[1], scope), text(expr.args[0], scope))});
    case Op::year: return parts_.dialect.of_day("YEAR", floor_div_sql(begin(), day_text));
    case Op::month: return parts_.dialect.of_day("MONTH", floor_div_sql(begin(), day_text));
    case Op::day: return parts_.dialect.of_day("DAY", floor_div_sql(begin(), day_text));
    case Op::hour: return of_day("3600000", 24);
    case Op::minute: return of_day("60000", 60);
    case Op::second: return of_day("1000", 60);
    case Op::fractionalseconds: return put_together("(CAST($1 AS DOUBLE PRECISION) / 1000)", {floor_mod_sql(begin(), "1000")});
    case Op::totaloffsetminutes: return put_together("($1 * 0)", {begin()});
    case Op::date: return floor_div_sql(begin(), day_text);
    case Op::time: return floor_mod_sql(begin(), day_text);
    case Op::round: return parts_.dialect.round(real(arg(0)));
    case Op::floor: return put_together("floor($1)", {real(arg(0))});
    case Op::ceiling: return put_together("ceil($1)", {real(arg(0))});
    default: return "CAST(NULL AS DOUBLE PRECISION)";
  }
}

}  // namespace zhili::sense::things
