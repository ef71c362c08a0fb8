#include "sense/things/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::sense::things {

Sql& Sql::add(Sql const& more) {
  text += more.text;
  args.insert(args.end(), more.args.begin(), more.args.end());
  return *this;
}

Sql put_together(std::string_view pattern, std::vector<Sql> const& pieces) {
  Sql out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '$' && i + 1 < pattern.size()) {
      out.add(pieces.at(static_cast<std::size_t>(pattern[++i] - '1')));
    } else {
      out.text += pattern[i];
    }
  }
  return out;
}

Sql Dialect::by_bytes(Sql const& text) const { return postgresql_ ? put_together("($1 COLLATE \"C\")", {text}) : text; }

Sql Dialect::position(Sql const& part, Sql const& whole) const {
  return put_together(postgresql_ ? "strpos($1, $2)" : "instr($1, $2)", {whole, part});
}

Sql Dialect::lower(Sql const& text) const { return put_together(postgresql_ ? "lower($1 COLLATE \"C\")" : "lower($1)", {text}); }
Sql Dialect::upper(Sql const& text) const { return put_together(postgresql_ ? "upper($1 COLLATE \"C\")" : "upper($1)", {text}); }

Sql Dialect::bounded(Sql const& number, int least) const {
  // Within what a text can be long.
  auto const pattern = postgresql_ ? "CAST(LEAST(GREATEST(trunc($1), {}), 1000000000) AS INTEGER)" : "CAST(MIN(MAX(trunc($1), {}), 1000000000) AS INTEGER)";
  return put_together(fmt::format(fmt::runtime(pattern), least), {number});
}

Sql Dialect::round(Sql const& number) const {
  return put_together(postgresql_ ? "CAST(round(CAST($1 AS NUMERIC)) AS DOUBLE PRECISION)" : "round($1)", {number});
}

Sql Dialect::truncated(Sql const& number) const { return put_together("trunc($1)", {number}); }

Sql Dialect::of_day(std::string_view part, Sql const& days) const {
  if (postgresql_) return put_together(fmt::format("CAST(EXTRACT({} FROM (DATE '1970-01-01' + CAST($1 AS INTEGER))) AS BIGINT)", part), {days});
  char const code = part == "YEAR" ? 'Y' : part == "MONTH" ? 'm' : 'd';
  return put_together(fmt::format("CAST(strftime('%{}', ($1) * 86400, 'unixepoch') AS INTEGER)", code), {days});
}

store::Value Dialect::json_path(std::vector<std::string> const& keys) const {
  auto const is_position = [](std::string const& key) { return key.size() <= 9 && std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; }); };
  std::string out(postgresql_ ? "{" : "$");
  for (auto const& key : keys) {
    // Keys have letters, digits and a few signs (see take_word in web/sensorthings): nothing to escape.
    if (postgresql_) {
      if (out.size() > 1) out += ',';
      out += '"' + key + '"';
    } else {
      out += is_position(key) ? '[' + key + ']' : ".\"" + key + '"';
    }
  }
  return postgresql_ ? out + '}' : out;
}

Sql Dialect::json_number(Sql const& column, std::vector<std::string> const& keys) const {
  Sql const path("?", {json_path(keys)});
  if (!postgresql_)
    return put_together("(CASE WHEN json_type($1, $2) IN ('integer', 'real') THEN CAST(json_extract($1, $2) AS DOUBLE PRECISION) END)", {column, path});
  return put_together(
      "(CASE WHEN jsonb_typeof(CAST($1 AS jsonb) #> CAST($2 AS text[])) = 'number' THEN CAST(CAST($1 AS jsonb) #>> CAST($2 AS text[]) AS DOUBLE PRECISION) END)",
      {column, path});
}

Sql Dialect::json_text(Sql const& column, std::vector<std::string> const& keys) const {
  Sql const path("?", {json_path(keys)});
  if (!postgresql_) return put_together("(CASE WHEN json_type($1, $2) = 'text' THEN json_extract($1, $2) END)", {column, path});
  return put_together("(CASE WHEN jsonb_typeof(CAST($1 AS jsonb) #> CAST($2 AS text[])) = 'string' THEN CAST($1 AS jsonb) #>> CAST($2 AS text[]) END)",
                      {column, path});
}

Sql Dialect::json_truth(Sql const& column, std::vector<std::string> const& keys) const {
  Sql const path("?", {json_path(keys)});
  if (!postgresql_) return put_together("(CASE json_type($1, $2) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)", {column, path});
  return put_together(
      "(CASE WHEN jsonb_typeof(CAST($1 AS jsonb) #> CAST($2 AS text[])) = 'boolean' THEN CAST(CAST($1 AS jsonb) #>> CAST($2 AS text[]) AS BOOLEAN) END)",
      {column, path});
}

Sql Dialect::json_absent(Sql const& column, std::vector<std::string> const& keys) const {
  Sql const path("?", {json_path(keys)});
  if (!postgresql_) return put_together("(COALESCE(json_type($1, $2), 'null') = 'null')", {column, path});
  return put_together("(COALESCE(jsonb_typeof(CAST($1 AS jsonb) #> CAST($2 AS text[])), 'null') = 'null')", {column, path});
}

Sql Dialect::from_map(std::string const& id_column, std::string json) const {
  if (!postgresql_) return Sql(fmt::format("(SELECT CAST(one.value AS DOUBLE PRECISION) FROM json_each(?) one WHERE one.key = CAST({} AS TEXT))", id_column), {std::move(json)});
  return Sql(fmt::format("CAST(CAST(? AS jsonb) ->> CAST({} AS TEXT) AS DOUBLE PRECISION)", id_column), {std::move(json)});
}

Sql Dialect::among(std::vector<std::int64_t> const& ids) const {
  auto const list = fmt::format("[{}]", fmt::join(ids, ","));
  if (!postgresql_) return Sql(" IN (SELECT value FROM json_each(?))", {list});
  return Sql(" IN (SELECT CAST(one.value AS BIGINT) FROM json_array_elements_text(CAST(? AS json)) AS one(value))", {list});
}

}  // namespace zhili::sense::things
