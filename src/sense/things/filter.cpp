#include "sense/things/filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sense/things/evaluate.hpp"
#include "sense/things/observation_filter.hpp"
#include "sense/things/visible.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::fail;

namespace {

using Links = std::vector<Link const*>;

auto filter_refused(core::Text text) { return fail(Errc::invalid, "sensorthings.filter", std::move(text), "$filter"); }

auto too_much_to_look_at(std::size_t most) {
  return fail(Errc::limit, "sensorthings.filter_limit",
              {fmt::format("这个条件要逐一查看的超过 {} 条；请再加条件缩小范围。", most),
               fmt::format("This condition has to look at more than {} one by one: narrow it by another.", most)},
              "$filter");
}

std::vector<Links> link_paths(Expr const& expr) {
  std::vector<Links> out;
  each_path(expr, [&](Path const& path) {
    if (!path.links.empty() && std::ranges::find(out, path.links) == out.end()) out.push_back(path.links);
  });
  return out;
}

bool has_own_path(Expr const& expr) {
  bool out = false;
  each_path(expr, [&](Path const& path) { out = out || path.links.empty(); });
  return out;
}

bool leads_to_observations(Links const& links) {
  return std::ranges::any_of(links, [](auto const* link) { return link->to == EntityType::observation; });
}

/// The same expression with paths that begin some links further on.
Expr from_link(Expr expr, std::size_t links) {
  if (expr.op == Op::path) {
    auto& own = expr.path.links;
    own.erase(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(std::min(links, own.size())));
  }
  for (auto& arg : expr.args) arg = from_link(std::move(arg), links);
  return expr;
}

/// SQL has no words for shapes, nor for times inside of JSON.
bool needs_look(Expr const& expr) {
  if (expr.op >= Op::geo_distance) return true;
  bool any = false, timely = expr.op >= Op::year && expr.op <= Op::totaloffsetminutes;
  for (auto const& arg : expr.args) {
    if (needs_look(arg)) return true;
    any = any || arg.type == Type::any;
    timely = timely || arg.type == Type::time || arg.type == Type::date || arg.type == Type::time_of_day || arg.type == Type::duration;
  }
  return any && timely;
}

/// A box outside of which the condition cannot hold.
std::optional<Box> box_of(Expr const& expr) {
  auto const shape_in = [](Expr const& function) -> Geometry const* {
    for (std::size_t i = 0; i < 2 && i < function.args.size(); ++i)
      if (auto const* const shape = std::get_if<Geometry>(&function.args[i].literal); shape != nullptr && function.args[1 - i].op == Op::path) return shape;
    return nullptr;
  };
  switch (expr.op) {
    case Op::geo_intersects:
    case Op::st_equals:
    case Op::st_touches:
    case Op::st_within:
    case Op::st_overlaps:
    case Op::st_crosses:
    case Op::st_intersects:
    case Op::st_contains: {
      auto const* const shape = shape_in(expr);
      return shape != nullptr ? std::optional(shape->box()) : std::nullopt;
    }
    case Op::lt:
    case Op::le: {
      if (expr.args[0].op != Op::geo_distance || expr.args[1].op != Op::literal) return std::nullopt;
      auto const* const shape = shape_in(expr.args[0]);
      auto const* const whole = std::get_if<std::int64_t>(&expr.args[1].literal);
      auto const* const real = std::get_if<double>(&expr.args[1].literal);
      if (shape == nullptr || (whole == nullptr && real == nullptr)) return std::nullopt;
      auto const far = std::clamp(whole != nullptr ? static_cast<double>(*whole) : *real, 0.0, 400.0) * 1e7 + 1;
      auto out = shape->box();
      auto const by = static_cast<std::int64_t>(far);
      return Box{out.west - by, out.south - by, out.east + by, out.north + by};
    }
    default: return std::nullopt;
  }
}

}  // namespace

Datum datum_of(store::Value const& first, store::Value const& second, Path const& path) {
  if (std::holds_alternative<std::monostate>(first)) return {};
  auto const ms = [](store::Value const& v) { return core::from_ms(std::get<std::int64_t>(v)); };
  if (path.property == nullptr) return std::get<std::int64_t>(first);
  switch (path.property->kind) {
    case Kind::text: return std::get<std::string>(first);
    case Kind::instant: return Span{ms(first)};
    case Kind::interval: return std::holds_alternative<std::monostate>(second) ? Span{ms(first)} : Span{ms(first), ms(second)};
    case Kind::geometry:
      if (path.keys.empty()) {
        auto shape = Geometry::from_geojson(std::get<std::string>(first));
        return shape ? Datum(std::move(*shape)) : Datum();
      }
      return json_at(std::get<std::string>(first), path.keys);
    case Kind::json:
    case Kind::object: return json_at(std::get<std::string>(first), path.keys);
  }
  return {};
}

Sql all_of(std::vector<Sql> const& conditions) {
  Sql out;
  for (auto const& one : conditions) {
    if (one.text.empty()) continue;
    if (!out.text.empty()) out.text += " AND ";
    out.add(one);
  }
  return out;
}

Joint joint(Link const& link, std::string_view from, std::string_view to, std::string_view between) {
  if (!link.by.empty())
    return {fmt::format("{} {}", link.by, between), fmt::format("{0}.{1} = {2}.id AND {3}.id = {0}.{4}", between, link.own, from, to, link.other)};
  if (!link.own.empty()) return {{}, fmt::format("{}.id = {}.{}", to, from, link.own)};
  return {{}, fmt::format("{}.{} = {}.id", to, link.other, from)};
}

core::Error as_filter_error(core::Error error, bool filtered) {
  if (!filtered || error.key != "store.statement") return error;
  return {Errc::invalid, "sensorthings.filter", {"$filter 中的计算超出了范围。", "A number that $filter computes is out of range."}, "$filter", std::move(error.detail)};
}

Chain FilterSql::chain(Links const& links, Place const& at) {
  Chain out{.from = {}, .where = {}, .last = at};
  for (auto const* link : links) {
    Place const next{link->to, next_alias()};
    auto const met = joint(*link, out.last.alias, next.alias, next.alias + "b");
    if (!out.from.empty()) out.from += ", ";
    if (!met.beside.empty()) out.from += met.beside + ", ";
    out.from += fmt::format("{} {}", entity(link->to).table, next.alias);
    out.where = all_of({Sql(out.where), Sql(met.condition), Sql(visible_sql(link->to, next.alias, parts_.viewer))}).text;
    out.last = next;
  }
  return out;
}

/// The outermost `and`s: what can be said in SQL comes first and narrows what must be looked at.
core::Result<Sql> FilterSql::condition(Expr const& expr) {
  std::vector<Expr const*> parts{&expr};
  for (std::size_t i = 0; i < parts.size();) {
    auto const* const both = parts[i];
    if (both->op != Op::and_) {
      ++i;
      continue;
    }
    parts[i] = &both->args[0];
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, &both->args[1]);
  }
  std::ranges::stable_partition(parts, [](Expr const* part) { return !needs_look(*part) && std::ranges::none_of(link_paths(*part), leads_to_observations); });
  for (auto const* part : parts) {
    ZHILI_TRY(auto const one, condition(*part, root_));
    narrowed_ = all_of({std::move(narrowed_), put_together("($1)", {one})});
  }
  return narrowed_;
}

core::Result<Sql> FilterSql::condition(Expr const& expr, Place const& at) {
  if (is_leaf(expr)) return leaf(expr, at);
  if (expr.op == Op::not_) {
    ZHILI_TRY(auto const inside, condition(expr.args[0], at));
    return put_together("NOT ($1)", {inside});
  }
  ZHILI_TRY(auto const left, condition(expr.args[0], at));
  ZHILI_TRY(auto const right, condition(expr.args[1], at));
  return put_together(expr.op == Op::and_ ? "(($1) AND ($2))" : "(($1) OR ($2))", {left, right});
}

core::Result<Sql> FilterSql::leaf_at(Expr const& expr, Links const& links, Place const& at,
                                     std::function<core::Result<Sql>(Expr const&, Place const&)> const& inner) {
  if (links.empty()) return inner(expr, at);
  auto const met = chain(links, at);
  ZHILI_TRY(auto const inside, inner(from_link(expr, links.size()), met.last));
  return put_together(fmt::format("EXISTS (SELECT 1 FROM {} WHERE {} AND ($1))", met.from, met.where), {inside});
}

core::Result<Sql> FilterSql::leaf(Expr const& expr, Place const& at) {
  auto const ways = link_paths(expr);
  bool const through = std::ranges::any_of(ways, leads_to_observations);
  bool const look = needs_look(expr);
  if (through || look) {
    if (ways.size() > 1 || (ways.size() == 1 && has_own_path(expr)))
      return filter_refused({"这种比较里只能用同一个实体的属性。", "A comparison of this kind can have properties of one entity only."});
    auto const links = ways.empty() ? Links{} : ways.front();
    if (through) return through_observations(expr, links, at);
    return leaf_at(expr, links, at, [&](Expr const& inside, Place const& there) { return looked_at(inside, there); });
  }
  Scope scope{at};
  Sql from, where;
  for (auto const& links : ways) {
    auto const met = chain(links, at);
    from.text += (from.text.empty() ? "" : ", ") + met.from;
    where = all_of({where, met.where});
    scope.ways.emplace_back(links, met.last);
  }
  auto const inside = boolean(expr, scope);
  if (ways.empty()) return inside;
  return put_together("EXISTS (SELECT 1 FROM $1 WHERE $2 AND ($3))", {from, where, inside});
}

Sql FilterSql::candidates(std::string const& columns, Place const& at, Sql const& more) {
  bool const root = at.alias == root_.alias;
  auto const where = all_of({visible_sql(at.type, at.alias, parts_.viewer), more, root ? base_ : Sql(), root ? narrowed_ : Sql()});
  return put_together(fmt::format("SELECT {} FROM {} {}{}", columns, entity(at.type).table, at.alias, where.text.empty() ? "$1" : " WHERE $1"), {where});
}

void FilterSql::look_at(Expr const& expr, Place const& at, Sql const& more, std::size_t most, std::function<void(Id, Datum const&)> const& visit,
                        std::size_t& seen) {
  using store::detail::Column;
  std::vector<Path> paths;
  std::string columns = at.alias + ".id";
  std::vector<Column> kinds{Column::integer};
  each_path(expr, [&](Path const& path) {
    paths.push_back(path);
    auto const add = [&](std::string_view column, bool integer) {
      columns += fmt::format(", {}.{}", at.alias, column);
      kinds.push_back(integer ? Column::integer : Column::text);
    };
    bool const time = path.property != nullptr && (path.property->kind == Kind::instant || path.property->kind == Kind::interval);
    add(path.property == nullptr ? "id" : path.property->column, time || path.property == nullptr);
    add(path.property == nullptr || path.property->column_end.empty() ? "id" : path.property->column_end, true);
  });
  auto statement = put_together("$1 LIMIT ?", {candidates(columns, at, more)});
  statement.args.emplace_back(static_cast<std::int64_t>(most + 1));
  parts_.reader.each_row(statement.text, kinds, statement.args, [&](store::detail::Cells const& cells) {
    ++seen;
    auto const cell = [&](std::size_t i) -> store::Value {
      if (cells.is_null(i)) return {};
      if (kinds[i] == Column::integer) return cells.integer(i);
      return std::string(cells.text(i));
    };
    Values const values = [&](Path const& path) -> Datum {
      for (std::size_t i = 0; i < paths.size(); ++i)
        if (paths[i].property == path.property && paths[i].keys == path.keys) {
          bool const span = path.property != nullptr && !path.property->column_end.empty();
          return datum_of(cell(1 + 2 * i), span ? cell(2 + 2 * i) : store::Value(), path);
        }
      return {};
    };
    visit(cells.integer(0), evaluate(expr, values));
  });
}

core::Result<Sql> FilterSql::looked_at(Expr const& expr, Place const& at) {
  Sql box;
  if (auto const around = box_of(expr))
    box = Sql(fmt::format("{0}.west <= ? AND {0}.east >= ? AND {0}.south <= ? AND {0}.north >= ?", at.alias), {around->east, around->west, around->north, around->south});
  std::vector<Id> ids, unknown;  // neither of the two: false
  std::size_t seen = 0;
  look_at(expr, at, box, looked_at_max, [&](Id id, Datum const& said) {
    auto const* const truth = std::get_if<bool>(&said);
    if (truth == nullptr) unknown.push_back(id);
    else if (*truth) ids.push_back(id);
  }, seen);
  if (seen > looked_at_max) return too_much_to_look_at(looked_at_max);
  auto const good = put_together(at.alias + ".id$1", {parts_.dialect.among(ids)});
  // What has no box has no shape: nothing can be said of it.
  if (!box.text.empty()) return put_together(fmt::format("(CASE WHEN {}.west IS NULL THEN NULL ELSE $1 END)", at.alias), {good});
  if (unknown.empty()) return good;
  return put_together(fmt::format("(CASE WHEN {}.id$1 THEN NULL ELSE $2 END)", at.alias), {parts_.dialect.among(unknown), good});
}

/// The value of an expression that SQL cannot compute, found out beforehand for each row.
core::Result<Sql> FilterSql::looked_up(Expr const& expr) {
  if (!link_paths(expr).empty()) return filter_refused({"这种排序只能用实体自己的属性。", "An order of this kind can use the entity's own properties only."});
  std::string values;
  std::size_t seen = 0;
  look_at(expr, root_, {}, ordered_by_look_max, [&](Id id, Datum const& said) {
    auto const* const real = std::get_if<double>(&said);
    auto const* const whole = std::get_if<std::int64_t>(&said);
    if (real != nullptr || whole != nullptr) values += fmt::format("{}\"{}\":{}", values.empty() ? "" : ",", id, real != nullptr ? *real : static_cast<double>(*whole));
  }, seen);
  if (seen > ordered_by_look_max) return too_much_to_look_at(ordered_by_look_max);
  return parts_.dialect.from_map(root_.alias + ".id", "{" + values + "}");
}

/// `…/Observations/…`: which datastreams and features the observations bring together stands in the database; what they say does not.
core::Result<Sql> FilterSql::through_observations(Expr const& expr, Links const& links, Place const& at) {
  auto const there = std::ranges::find_if(links, [](auto const* link) { return link->to == EntityType::observation; });
  Links const before(links.begin(), there), after(there + 1, links.end());
  if (leads_to_observations(after)) return filter_refused({"一条路径只能经过一次 Observations。", "A path can go through Observations once."});
  if (!after.empty()) return leaf_at(expr, before, at, [&](Expr const& inside, Place const& place) { return observed(inside, after, place); });
  ZHILI_TRY(auto const ids, with_observations(from_link(expr, before.size() + 1), before));
  return leaf_at(expr, before, at, [&](Expr const&, Place const& place) -> core::Result<Sql> {
    return put_together(place.alias + ".id$1", {parts_.dialect.among(ids)});
  });
}

core::Result<Sql> FilterSql::observed(Expr const& expr, Links const& after, Place const& at) {
  Links const rest(after.begin() + 1, after.end());
  auto const inner = [&](Expr const& inside, Place const& place) -> core::Result<Sql> {
    return needs_look(inside) ? looked_at(inside, place) : core::Result<Sql>(boolean(inside, Scope{place}));
  };
  if (after.front()->to == at.type) return leaf_at(from_link(expr, 2), rest, at, inner);
  Place const other{after.front()->to, next_alias()};
  bool const features = other.type == EntityType::feature_of_interest;
  ZHILI_TRY(auto const inside, leaf_at(from_link(expr, 2), rest, other, inner));
  auto const between = other.alias + "b";
  auto const where = all_of({fmt::format("{0}.{1} = {2}.id AND {3}.id = {0}.{4}", between, features ? "datastream" : "feature", at.alias, other.alias,
                                         features ? "feature" : "datastream"),
                             visible_sql(other.type, other.alias, parts_.viewer)});
  return put_together(fmt::format("EXISTS (SELECT 1 FROM datastream_feature {}, {} {} WHERE $1 AND ($2))", between, entity(other.type).table, other.alias),
                      {where, inside});
}

core::Result<std::vector<Id>> FilterSql::with_observations(Expr const& expr, Links const& before) {
  if (parts_.observations == nullptr) return filter_refused({"这里不能以观测为条件。", "No conditions on Observations here."});
  // Only what hangs on rows that can still be wanted.
  auto const met = chain(before, root_);
  bool const of_feature = met.last.type == EntityType::feature_of_interest;
  auto const where = all_of({visible_sql(root_.type, root_.alias, parts_.viewer), base_, narrowed_, met.where});
  auto const sql = put_together(fmt::format("SELECT DISTINCT {}.id AS id FROM {} {}{}{}{}$1", met.last.alias, entity(root_.type).table, root_.alias,
                                            met.from.empty() ? "" : ", ", met.from, where.text.empty() ? "" : " WHERE "),
                                {where});
  // (whose id is wanted, datastream)
  auto const pairs = of_feature ? put_together("SELECT vf.feature, vf.datastream FROM datastream_feature vf WHERE vf.feature IN ($1) ORDER BY 1", {sql})
                                : put_together("SELECT own.id, own.id FROM ($1) own", {sql});
  std::vector<std::pair<Id, Id>> candidates_found;
  store::detail::Column const columns[] = {store::detail::Column::integer, store::detail::Column::integer};
  parts_.reader.each_row(pairs.text, columns, pairs.args, [&](store::detail::Cells const& cells) { candidates_found.emplace_back(cells.integer(0), cells.integer(1)); });
  std::vector<Id> out;
  std::size_t budget = observations_looked_at_max;
  auto const range = time_range(expr);
  Features features(parts_.reader);
  for (auto const& [wanted, datastream] : candidates_found) {
    if (!out.empty() && out.back() == wanted) continue;
    ZHILI_TRY(auto const found, any_observation(*parts_.observations, datastream, range, budget, [&](ObservationRow const& row) {
                return (!of_feature || features.of(row) == wanted) && holds(expr, observation_values(row));
              }));
    if (found) out.push_back(wanted);
    if (budget == 0) return too_much_to_look_at(observations_looked_at_max);
  }
  return out;
}

Sql FilterSql::column(Path const& path, Scope const& scope) const {
  auto const* place = &scope.own;
  for (auto const& [links, there] : scope.ways)
    if (links == path.links) place = &there;
  return fmt::format("{}.{}", place->alias, path.property == nullptr ? "id" : path.property->column);
}

core::Result<std::vector<SqlKey>> FilterSql::keys(std::vector<OrderKey> const& order) {
  std::vector<SqlKey> out;
  for (auto const& [expr, descending] : order) {
    if (needs_look(expr)) {
      ZHILI_TRY(auto value, looked_up(expr));
      out.push_back({std::move(value), false, descending});
      continue;
    }
    Scope scope{root_};
    Chain met;
    for (auto const& links : link_paths(expr)) {
      auto const one = chain(links, root_);
      scope.ways.emplace_back(links, one.last);
      met.from += (met.from.empty() ? "" : ", ") + one.from;
      met.where = all_of({Sql(met.where), Sql(one.where)}).text;
    }
    auto const add = [&](Sql value, bool is_text) {
      if (is_text) value = parts_.dialect.by_bytes(put_together(fmt::format("substr($1, 1, {})", order_text_characters_max), {value}));
      if (!met.from.empty()) value = put_together(fmt::format("(SELECT $1 FROM {} WHERE {})", met.from, met.where), {value});
      out.push_back({std::move(value), is_text, descending});
    };
    if (expr.type == Type::any) {
      add(number(expr, scope), false);
      add(text(expr, scope), true);
    } else if (expr.type == Type::text) {
      add(text(expr, scope), true);
    } else {
      add(expr.type == Type::time ? times(expr, scope).begin : number(expr, scope), false);
    }
  }
  return out;
}

}  // namespace zhili::sense::things
