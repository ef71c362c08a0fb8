#include "sense/things/observation_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sense/things/filter.hpp"

namespace zhili::sense::things {

namespace {

void each_conjunct(Expr const& expr, std::function<void(Expr const&)> const& visit) {
  if (expr.op != Op::and_) return visit(expr);
  for (auto const& arg : expr.args) each_conjunct(arg, visit);
}

Op mirrored(Op op) {
  switch (op) {
    case Op::gt: return Op::lt;
    case Op::ge: return Op::le;
    case Op::lt: return Op::gt;
    case Op::le: return Op::ge;
    default: return op;
  }
}

/// A comparison of one of the observation's own properties with a literal, the property first.
struct Compared {
  Op op;
  Path const* path;
  Datum const* literal;
};
std::optional<Compared> compared(Expr const& expr) {
  if (expr.op < Op::eq || expr.op > Op::le) return std::nullopt;
  auto const& a = expr.args[0];
  auto const& b = expr.args[1];
  if (a.op == Op::path && b.op == Op::literal && a.path.links.empty()) return Compared{expr.op, &a.path, &b.literal};
  if (b.op == Op::path && a.op == Op::literal && b.path.links.empty()) return Compared{mirrored(expr.op), &b.path, &a.literal};
  return std::nullopt;
}

void at_least(std::optional<core::Instant>& from, core::Instant at) { from = from ? std::max(*from, at) : at; }
void below(std::optional<core::Instant>& to, core::Instant at) { to = to ? std::min(*to, at) : at; }

Datum datum_of(Outcome const& result, std::vector<std::string> const& keys) {
  if (auto const* const json = std::get_if<Json>(&result)) return json_at(json->text, keys);
  if (!keys.empty()) return {};
  if (auto const* const real = std::get_if<double>(&result)) return *real;
  if (auto const* const whole = std::get_if<std::int64_t>(&result)) return *whole;
  if (auto const* const truth = std::get_if<bool>(&result)) return *truth;
  return std::get<std::string>(result);
}

}  // namespace

TimeRange time_range(Expr const& condition) {
  TimeRange out;
  constexpr auto ms = core::Duration(1);
  each_conjunct(condition, [&](Expr const& expr) {
    auto const one = compared(expr);
    if (!one || one->path->property == nullptr || one->path->property->name != "phenomenonTime") return;
    auto const* const span = std::get_if<Span>(one->literal);
    if (span == nullptr) return;
    auto const end = span->end.value_or(span->begin);
    switch (one->op) {
      case Op::eq:
        at_least(out.from, span->begin);
        below(out.to, span->begin + ms);
        break;
      case Op::gt: at_least(out.from, span->begin < end ? end : end + ms); break;
      case Op::ge: at_least(out.from, span->begin); break;
      case Op::lt: below(out.to, span->begin); break;
      case Op::le: below(out.to, span->begin + ms); break;
      default: break;
    }
  });
  return out;
}

std::optional<Id> wanted_id(Expr const& condition) {
  std::optional<Id> out;
  each_conjunct(condition, [&](Expr const& expr) {
    auto const one = compared(expr);
    if (!one || one->op != Op::eq || one->path->property != nullptr) return;
    if (auto const* const id = std::get_if<std::int64_t>(one->literal)) out = *id;
  });
  return out;
}

Values observation_values(ObservationRow const& row) {
  return [&row](Path const& path) -> Datum {
    if (path.property == nullptr) return row.id;
    auto const name = path.property->name;
    if (name == "phenomenonTime") return row.phenomenon;
    if (name == "resultTime") return row.result_time ? Datum(Span{*row.result_time}) : Datum();
    if (name == "validTime") return row.valid ? Datum(*row.valid) : Datum();
    if (name == "result") return datum_of(row.result, path.keys);
    auto const& json = name == "resultQuality" ? row.quality : row.parameters;
    return json.empty() ? Datum() : json_at(json, path.keys);
  };
}

core::Result<bool> any_observation(ObservationSource const& source, Id datastream, TimeRange const& range, std::size_t& budget,
                                   std::function<bool(ObservationRow const&)> const& good) {
  std::optional<ObservationPlace> after;
  while (budget > 0) {
    ZHILI_TRY(auto const rows, source.page(datastream, range, true, after, std::min(observations_step, budget)));
    for (auto const& row : rows)
      if (good(row)) return true;
    if (rows.empty()) return false;
    budget -= std::min(budget, rows.size());
    after = ObservationPlace{rows.back().phenomenon.begin, rows.back().id};
  }
  return false;
}

Id Features::of(ObservationRow const& row) {
  if (row.feature != 0) return row.feature;
  auto const [found, fresh] = known_.try_emplace(row.datastream, 0);
  if (fresh)
    found->second =
        reader_.value<Id>("SELECT feature FROM datastream_feature WHERE datastream = ? AND since IS NOT NULL ORDER BY since LIMIT 1", row.datastream).value_or(0);
  return found->second;
}

Values LinkedValues::of(ObservationRow const& row) {
  return [this, &row, own = observation_values(row)](Path const& path) -> Datum {
    if (path.links.empty()) return own(path);
    auto const id = path.links.front()->to == EntityType::datastream ? row.datastream : features_.of(row);
    auto const [found, fresh] = known_.try_emplace({&path, id});
    if (fresh) found->second = read(path, id);
    return found->second;
  };
}

Datum LinkedValues::read(Path const& path, Id id) {
  auto const* here = &entity(path.links.front()->to);
  for (std::size_t i = 1; i < path.links.size(); ++i) {
    auto const& link = *path.links[i];
    if (link.many || link.own.empty()) return {};
    auto const next = reader_.value<Id>(fmt::format("SELECT {} FROM {} WHERE id = ?", link.own, here->table), id);
    if (!next) return {};
    id = *next;
    here = &entity(link.to);
  }
  if (path.property == nullptr) return id;
  auto const& property = *path.property;
  bool const time = property.kind == Kind::instant || property.kind == Kind::interval;
  using store::detail::Column;
  std::vector<Column> const columns{time ? Column::integer : Column::text, Column::integer};
  Datum out;
  reader_.each_row(fmt::format("SELECT {}, {} FROM {} WHERE id = ?", property.column, property.column_end.empty() ? "id" : property.column_end, here->table), columns, {id},
                   [&](store::detail::Cells const& cells) {
                     if (cells.is_null(0)) return;
                     auto const first = time ? store::Value(cells.integer(0)) : store::Value(std::string(cells.text(0)));
                     auto const second = property.column_end.empty() ? store::Value() : store::Value(cells.integer(1));
                     out = datum_of(first, second, path);
                   });
  return out;
}

std::string outcome_json(Outcome const& outcome) {
  if (auto const* const json = std::get_if<Json>(&outcome)) return json->text;
  if (auto const* const whole = std::get_if<std::int64_t>(&outcome)) return std::to_string(*whole);
  if (auto const* const truth = std::get_if<bool>(&outcome)) return *truth ? "true" : "false";
  if (auto const* const text = std::get_if<std::string>(&outcome)) return json_text(*text).text;
  auto const real = std::get<double>(outcome);
  constexpr double whole_max = 9'007'199'254'740'992.0;
  if (!std::isfinite(real)) return "null";
  if (real == std::trunc(real) && std::abs(real) < whole_max) return fmt::format("{}", static_cast<std::int64_t>(real));
  return fmt::format("{}", real);
}

}  // namespace zhili::sense::things
