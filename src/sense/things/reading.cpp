#include "sense/things/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sense/things/observation_list.hpp"
#include "sense/things/visible.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::fail;

namespace {

constexpr char const* own_alias = "t0";

/// The condition that a row hangs on an entity by a link.
Sql hangs_on(From const& from) {
  auto const& link = *from.link;
  if (!link.by.empty()) return Sql(fmt::format("t0.id IN (SELECT {} FROM {} WHERE {} = ?)", link.other, link.by, link.own), {from.id});
  if (!link.other.empty()) return Sql(fmt::format("t0.{} = ?", link.other), {from.id});
  return Sql(fmt::format("t0.id = (SELECT {} FROM {} WHERE id = ?)", link.own, entity(from.type).table), {from.id});
}

std::string columns_sql(EntityType type) {
  std::string out = "t0.id";
  for (auto const& property : entity(type).properties) {
    out += fmt::format(", t0.{}", property.column);
    if (!property.column_end.empty()) out += fmt::format(", t0.{}", property.column_end);
  }
  return out;
}

/// NULL before all else.
std::string order_sql(std::vector<SqlKey> const& keys) {
  std::string out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto const way = keys[i].descending ? "DESC" : "ASC";
    out += fmt::format("k{0}_null {1}, k{0} {1}, ", i, way);
  }
  return out + "t0.id ASC";
}

store::Value value_of(Datum const& datum) {
  if (auto const* const whole = std::get_if<std::int64_t>(&datum)) return *whole;
  if (auto const* const real = std::get_if<double>(&datum)) return *real;
  if (auto const* const text = std::get_if<std::string>(&datum)) return *text;
  return {};
}

auto bad_token() {
  return fail(Errc::invalid, "sensorthings.query", {"$skiptoken 与 $orderby 不相配；请沿着 @iot.nextLink 走。", "$skiptoken does not fit $orderby: follow @iot.nextLink."}, "$skiptoken");
}

/// What comes after a place in the order.
core::Result<Sql> beyond(std::vector<SqlKey> const& keys, After const& after) {
  if (after.keys.size() != keys.size()) return bad_token();
  Sql out("t0.id > ?", {after.id});
  for (std::size_t i = keys.size(); i-- > 0;) {
    auto const& key = keys[i];
    auto const value = value_of(after.keys[i]);
    bool const null = std::holds_alternative<std::monostate>(value);
    if (!null && key.text != std::holds_alternative<std::string>(value)) return bad_token();
    Sql const said(key.text ? "CAST(? AS TEXT)" : "CAST(? AS DOUBLE PRECISION)", {value});
    auto const pattern = null ? (key.descending ? "($1 IS NULL AND ($3))" : "($1 IS NOT NULL OR ($3))")
                              : (key.descending ? "($1 < $2 OR $1 IS NULL OR ($1 = $2 AND ($3)))" : "($1 > $2 OR ($1 = $2 AND ($3)))");
    out = put_together(pattern, {key.value, said, out});
  }
  return out;
}

}  // namespace

core::Result<> Reading::take(std::size_t entities) {
  taken_ += entities;
  if (taken_ <= answer_entities_max) return {};
  return fail(Errc::limit, "sensorthings.answer",
              {fmt::format("一次回答最多 {} 个实体；请用 $top 缩小，$expand 里也可以用。", answer_entities_max),
               fmt::format("An answer has at most {} entities: ask for fewer by $top, inside of $expand too.", answer_entities_max)},
              "$expand");
}

bool Reading::exists(EntityType type, Id id) {
  auto const visible = visible_sql(type, own_alias, parts_.viewer);
  return reader_.value<Id>(fmt::format("SELECT t0.id FROM {} t0 WHERE t0.id = ?{}{}", entity(type).table, visible.empty() ? "" : " AND ", visible), id).has_value();
}

core::Result<std::optional<Id>> Reading::follow(EntityType type, Id id, Link const& link) {
  if (type == EntityType::observation) {
    ZHILI_TRY(auto const row, parts_.observations->find(id));
    if (!row || !exists(EntityType::datastream, row->datastream)) return std::nullopt;
    auto const to = link.to == EntityType::datastream ? row->datastream : features_.of(*row);
    return to != 0 && exists(link.to, to) ? std::optional(to) : std::nullopt;
  }
  auto const to = reader_.value<Id>(fmt::format("SELECT {} FROM {} WHERE id = ?", link.own, entity(type).table), id);
  return to && exists(link.to, *to) ? to : std::nullopt;
}

core::Result<bool> Reading::linked(From const& from, Id id) {
  if (from.link->to == EntityType::observation) {
    ZHILI_TRY(auto const row, parts_.observations->find(id));
    if (!row || !exists(EntityType::datastream, row->datastream)) return false;
    return from.type == EntityType::datastream ? row->datastream == from.id : features_.of(*row) == from.id;
  }
  auto const sql = put_together(fmt::format("SELECT t0.id FROM {} t0 WHERE $1 AND t0.id = ?", entity(from.link->to).table), {hangs_on(from)});
  auto args = sql.args;
  args.emplace_back(id);
  return reader_.value<Id>(sql.text, args).has_value() && exists(from.link->to, id);
}

std::vector<Found> Reading::rows(EntityType type, Sql const& statement, std::vector<SqlKey> const& keys, std::vector<After>* places) {
  using store::detail::Column;
  auto const& kind = entity(type);
  std::vector<Column> columns{Column::integer};
  auto const is_time = [](Property const& property) { return property.kind == Kind::instant || property.kind == Kind::interval; };
  for (auto const& property : kind.properties) {
    columns.push_back(is_time(property) ? Column::integer : Column::text);
    if (!property.column_end.empty()) columns.push_back(Column::integer);
  }
  auto const first_key = columns.size();
  for (auto const& key : keys) {
    columns.push_back(key.text ? Column::text : Column::real);
    columns.push_back(Column::integer);
  }
  std::vector<Found> out;
  reader_.each_row(statement.text, columns, statement.args, [&](store::detail::Cells const& cells) {
    Found found{.type = type, .id = cells.integer(0), .expanded = {}};
    std::size_t at = 1;
    for (auto const& property : kind.properties) {
      Content content;
      if (!cells.is_null(at)) {
        if (property.kind == Kind::text) content = std::string(cells.text(at));
        else if (property.kind == Kind::instant) content = core::from_ms(cells.integer(at));
        else if (property.kind == Kind::interval) content = Span{core::from_ms(cells.integer(at)), core::from_ms(cells.integer(at + 1))};
        else content = Json{std::string(cells.text(at))};
      }
      at += property.column_end.empty() ? 1 : 2;
      found.values.push_back(std::move(content));
    }
    if (places != nullptr) {
      After place{.id = found.id};
      for (std::size_t i = 0; i < keys.size(); ++i) {
        auto const column = first_key + 2 * i;
        place.keys.push_back(cells.is_null(column) ? Datum() : keys[i].text ? Datum(std::string(cells.text(column))) : Datum(cells.real(column)));
      }
      places->push_back(std::move(place));
    }
    out.push_back(std::move(found));
  });
  if (type == EntityType::datastream && parts_.extents != nullptr) {
    auto const phenomenon = kind.index(*kind.property("phenomenonTime")), result = kind.index(*kind.property("resultTime"));
    for (auto& found : out) {
      auto const span = [&](std::size_t i) {
        auto const* const said = std::get_if<Span>(&found.values[i]);
        return said != nullptr ? std::optional(*said) : std::nullopt;
      };
      auto p = span(phenomenon), r = span(result);
      parts_.extents->widen(found.id, p, r);
      if (p) found.values[phenomenon] = *p;
      if (r) found.values[result] = *r;
    }
  }
  return out;
}

core::Result<Collection> Reading::list(EntityType type, std::optional<From> const& from, Query const& query) {
  if (type == EntityType::observation) return observations(from, query);
  auto const parts = filter_parts();
  FilterSql filter(parts, type, own_alias);
  if (from) filter.only(hangs_on(*from));
  Sql condition;
  if (query.filter) {
    ZHILI_TRY(condition, filter.condition(*query.filter));
    condition = put_together("($1)", {condition});
  }
  auto const where = all_of({visible_sql(type, own_alias, parts_.viewer), from ? hangs_on(*from) : Sql(), condition});
  auto const table = entity(type).table;
  Collection out;
  if (query.count) {
    auto const sql = put_together(fmt::format("SELECT COUNT(*) FROM {} t0{}$1", table, where.text.empty() ? "" : " WHERE "), {where});
    out.count = reader_.value<std::int64_t>(sql.text, sql.args);
  }
  auto const top = std::min(query.top.value_or(page_default), page_max);
  if (top == 0) return out;
  ZHILI_TRY(auto const keys, filter.keys(query.order));
  Sql statement(fmt::format("SELECT {}", columns_sql(type)));
  for (std::size_t i = 0; i < keys.size(); ++i)
    statement.add(put_together(fmt::format(", $1 AS k{0}, CASE WHEN $1 IS NULL THEN 0 ELSE 1 END AS k{0}_null", i), {keys[i].value}));
  statement.text += fmt::format(" FROM {} t0", table);
  auto narrowed = where;
  if (query.after) {
    ZHILI_TRY(auto const place, beyond(keys, *query.after));
    narrowed = all_of({std::move(narrowed), put_together("($1)", {place})});
  }
  if (!narrowed.text.empty()) statement.add(put_together(" WHERE $1", {narrowed}));
  statement.add(Sql(fmt::format(" ORDER BY {} LIMIT ? OFFSET ?", order_sql(keys)), {static_cast<std::int64_t>(top + 1), query.after ? std::int64_t{0} : query.skip}));
  std::vector<After> places;
  out.entities = rows(type, statement, keys, &places);
  if (out.entities.size() > top) {
    out.entities.pop_back();
    out.next = std::move(places[top - 1]);
  }
  ZHILI_CHECK(take(out.entities.size()));
  ZHILI_CHECK(expand(out.entities, query));
  return out;
}

core::Result<std::optional<Found>> Reading::one(EntityType type, Id id, Query const& query) {
  std::vector<Found> found;
  if (type == EntityType::observation) {
    ZHILI_TRY(auto row, parts_.observations->find(id));
    if (row && exists(EntityType::datastream, row->datastream)) found.push_back(found_of(std::move(*row)));
  } else {
    auto const visible = visible_sql(type, own_alias, parts_.viewer);
    Sql const statement(fmt::format("SELECT {} FROM {} t0 WHERE t0.id = ?{}{}", columns_sql(type), entity(type).table, visible.empty() ? "" : " AND ", visible), {id});
    found = rows(type, statement, {}, nullptr);
  }
  if (found.empty()) return std::nullopt;
  ZHILI_CHECK(take(1));
  ZHILI_CHECK(expand(found, query));
  return std::move(found.front());
}

core::Result<> Reading::expand(std::vector<Found>& entities, Query const& query) {
  for (auto const& wanted : query.expand) {
    std::map<Id, Found> known;  // many observations are of one datastream
    for (auto& found : entities) {
      Expanded out{.expand = &wanted};
      if (wanted.link->many) {
        ZHILI_TRY(out.of, list(wanted.link->to, From{found.type, found.id, wanted.link}, wanted.query));
      } else {
        std::optional<Id> to;
        if (found.observation) {
          to = wanted.link->to == EntityType::datastream ? found.observation->datastream : features_.of(*found.observation);
        } else {
          ZHILI_TRY(to, follow(found.type, found.id, *wanted.link));
        }
        if (to && !known.contains(*to)) {
          ZHILI_TRY(auto other, one(wanted.link->to, *to, wanted.query));
          if (other) known.emplace(*to, std::move(*other));
        }
        if (to && known.contains(*to)) out.of.entities.push_back(known.at(*to));
      }
      found.expanded.push_back(std::move(out));
    }
  }
  return {};
}

Found Reading::found_of(ObservationRow row) {
  Found out{.type = EntityType::observation, .id = row.id, .expanded = {}};
  auto const json = [](std::string const& text) { return text.empty() ? Content() : Content(Json{text}); };
  out.values = {row.phenomenon,
                Json{outcome_json(row.result)},
                row.result_time ? Content(*row.result_time) : Content(),
                json(row.quality),
                row.valid ? Content(*row.valid) : Content(),
                json(row.parameters)};
  out.observation = std::move(row);
  return out;
}

core::Result<Collection> Reading::observations(std::optional<From> const& from, Query const& query) {
  if (parts_.observations == nullptr) return Collection{};
  ObservationList list(*this, from, query);
  ZHILI_TRY(auto out, list.read());
  ZHILI_CHECK(take(out.entities.size()));
  ZHILI_CHECK(expand(out.entities, query));
  return out;
}

}  // namespace zhili::sense::things
