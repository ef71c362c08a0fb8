#include "sense/things/observation_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "sense/things/evaluate.hpp"
#include "sense/things/visible.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::fail;

namespace {

auto too_much(std::size_t most, core::Text what) {
  return fail(Errc::limit, "sensorthings.observations",
              {fmt::format("这次查询涉及的{}超过 {}；请用 phenomenonTime 或 Datastreams(…)/Observations 缩小范围。", what.zh, most),
               fmt::format("This query has to look at more than {} {}: narrow it by phenomenonTime, or ask Datastreams(…)/Observations.", most, what.en)},
              "$filter");
}

Expr from_first_link(Expr expr) {
  if (expr.op == Op::path) expr.path.links.erase(expr.path.links.begin());
  for (auto& arg : expr.args) arg = from_first_link(std::move(arg));
  return expr;
}

Datum key_of(Datum const& datum) {
  if (auto const* const span = std::get_if<Span>(&datum)) return core::to_ms(span->begin);
  if (auto const* const truth = std::get_if<bool>(&datum)) return std::int64_t{*truth};
  if (auto const* const duration = std::get_if<core::Duration>(&datum)) return std::int64_t{duration->count()};
  if (auto const* const date = std::get_if<Date>(&datum)) return date->days;
  if (auto const* const time = std::get_if<TimeOfDay>(&datum)) return time->ms;
  if (std::holds_alternative<Geometry>(datum)) return {};
  if (auto const* const text = std::get_if<std::string>(&datum)) {
    int characters = 0;
    std::size_t end = 0;
    for (; end < text->size(); ++end)
      if ((static_cast<unsigned char>((*text)[end]) & 0xC0) != 0x80 && ++characters > order_text_characters_max) break;
    return text->substr(0, end);
  }
  return datum;
}

/// Null, then numbers, then texts.
int compare_keys(Datum const& a, Datum const& b) {
  auto const rank = [](Datum const& d) { return std::holds_alternative<std::monostate>(d) ? 0 : std::holds_alternative<std::string>(d) ? 2 : 1; };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  if (rank(a) == 0) return 0;
  if (rank(a) == 2) return std::get<std::string>(a).compare(std::get<std::string>(b));
  auto const* const x = std::get_if<std::int64_t>(&a);
  auto const* const y = std::get_if<std::int64_t>(&b);
  if (x != nullptr && y != nullptr) return *x < *y ? -1 : *x > *y ? 1 : 0;
  auto const number = [](Datum const& d) { return std::holds_alternative<double>(d) ? std::get<double>(d) : static_cast<double>(std::get<std::int64_t>(d)); };
  return number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0;
}

ObservationPlace place_of(ObservationRow const& row) { return {row.phenomenon.begin, row.id}; }

}  // namespace

core::Result<> ObservationList::know(Expr const& expr, bool conjunct) {
  if (!is_leaf(expr)) {
    for (auto const& arg : expr.args) ZHILI_CHECK(know(arg, conjunct && expr.op == Op::and_));
    return {};
  }
  std::set<Link const*> first;
  bool own = false;
  each_path(expr, [&](Path const& path) {
    if (path.links.empty()) own = true;
    else first.insert(path.links.front());
  });
  if (first.empty()) return {};
  if (own || first.size() > 1) {  // each observation is compared by itself
    bool many = false;
    each_path(expr, [&](Path const& path) { many = many || std::ranges::any_of(path.links, &Link::many); });
    if (!many) return {};
    return fail(Errc::invalid, "sensorthings.filter",
                {"观测的一个比较里，通向多个实体的路径不能与别的并用。", "One comparison about an Observation cannot have a path to several entities beside others."}, "$filter");
  }
  auto const type = (*first.begin())->to;
  auto const parts = reading_.filter_parts();
  FilterSql filter(parts, type, "t0");
  ZHILI_TRY(auto const condition, filter.condition(from_first_link(expr)));
  auto const where = all_of({visible_sql(type, "t0", reading_.parts_.viewer), condition});
  auto const sql = put_together(fmt::format("SELECT t0.id FROM {} t0 WHERE $1", entity(type).table), {where});
  auto& ids = known_[&expr].ids;
  known_[&expr].of_feature = type == EntityType::feature_of_interest;
  reading_.reader_.each<Id>(sql.text, [&](Id id) { ids.insert(id); }, sql.args);
  if (conjunct && type == EntityType::datastream) std::erase_if(streams_, [&](Id id) { return !ids.contains(id); });
  return {};
}

core::Result<> ObservationList::find_streams() {
  auto const visible = visible_sql(EntityType::datastream, "t0", reading_.parts_.viewer);
  Sql hangs;
  if (from_ && from_->type == EntityType::datastream) hangs = Sql("t0.id = ?", {from_->id});
  if (from_ && from_->type == EntityType::feature_of_interest) hangs = Sql("t0.id IN (SELECT datastream FROM datastream_feature WHERE feature = ?)", {from_->id});
  auto const where = all_of({visible, hangs});
  auto const sql = put_together(fmt::format("SELECT t0.id FROM datastream t0{}$1 ORDER BY t0.id", where.text.empty() ? "" : " WHERE "), {where});
  reading_.reader_.each<Id>(sql.text, [&](Id id) { streams_.push_back(id); }, sql.args);
  return {};
}

core::Result<> ObservationList::prepare() {
  ZHILI_CHECK(find_streams());
  if (query_.filter) {
    ZHILI_CHECK(know(*query_.filter, true));
    range_ = time_range(*query_.filter);
    id_ = wanted_id(*query_.filter);
  }
  if (query_.order.empty()) return {};
  auto const& first = query_.order.front();
  bool const time = first.expr.op == Op::path && first.expr.path.links.empty() && first.expr.path.property != nullptr && first.expr.path.property->name == "phenomenonTime";
  order_ = time && query_.order.size() == 1 ? Order::by_time : Order::sorted;
  backwards_ = first.descending;
  return {};
}

bool ObservationList::wanted(ObservationRow const& row) {
  if (from_ && from_->type == EntityType::feature_of_interest && reading_.features_.of(row) != from_->id) return false;
  if (!query_.filter) return true;
  return holds(*query_.filter, values_.of(row), [&](Expr const& leaf) -> std::optional<bool> {
    auto const found = known_.find(&leaf);
    if (found == known_.end()) return std::nullopt;
    return found->second.ids.contains(found->second.of_feature ? reading_.features_.of(row) : row.datastream);
  });
}

core::Result<std::vector<ObservationRow>> ObservationList::step(Id stream, bool backwards, std::optional<ObservationPlace> const& after, std::size_t most) {
  ZHILI_TRY(auto rows, reading_.parts_.observations->page(stream, range_, backwards, after, most));
  looked_at_ += rows.size();
  if (looked_at_ > observations_looked_at_max) return too_much(observations_looked_at_max, {"观测", "Observations"});
  return rows;
}

core::Result<> ObservationList::each_by_stream(std::optional<After> const& after, Visit const& visit) {
  Id first = 0;
  std::optional<ObservationPlace> place;
  if (after) {
    auto const* const stream = after->keys.size() == 2 ? std::get_if<std::int64_t>(after->keys.data()) : nullptr;
    auto const* const at = after->keys.size() == 2 ? std::get_if<std::int64_t>(&after->keys[1]) : nullptr;
    if (stream == nullptr || at == nullptr) return fail(Errc::invalid, "sensorthings.query", {"$skiptoken 不对。", "$skiptoken is not right."}, "$skiptoken");
    first = *stream;
    place = ObservationPlace{core::from_ms(*at), after->id};
  }
  auto const wanted_rows = std::clamp<std::size_t>(query_.top.value_or(page_default) + 1, 20, observations_step);
  for (auto const stream : streams_) {
    if (stream < first) continue;
    auto here = stream == first ? place : std::nullopt;
    while (true) {
      ZHILI_TRY(auto const rows, step(stream, false, here, wanted_rows));
      for (auto const& row : rows)
        if (!visit(row)) return {};
      if (rows.size() < wanted_rows) break;
      here = place_of(rows.back());
    }
  }
  return {};
}

core::Result<> ObservationList::each_by_time(std::optional<After> const& after, bool backwards, Visit const& visit) {
  if (streams_.size() > datastreams_merged_max) return too_much(datastreams_merged_max, {"数据流", "Datastreams"});
  std::optional<ObservationPlace> place;
  if (after) {
    auto const* const at = after->keys.size() == 1 ? std::get_if<std::int64_t>(after->keys.data()) : nullptr;
    if (at == nullptr) return fail(Errc::invalid, "sensorthings.query", {"$skiptoken 不对。", "$skiptoken is not right."}, "$skiptoken");
    place = ObservationPlace{core::from_ms(*at), after->id};
  }
  struct Source {
    Id stream;
    std::vector<ObservationRow> rows;
    std::size_t at = 0;
    bool last = false;
  };
  std::vector<Source> sources;
  auto const most = std::clamp<std::size_t>(query_.top.value_or(page_default) + 1, 2, streams_.size() > 1 ? 50 : observations_step);
  auto const later = [&](ObservationRow const& a, ObservationRow const& b) {
    if (a.phenomenon.begin != b.phenomenon.begin) return (a.phenomenon.begin > b.phenomenon.begin) != backwards;
    return (a.id > b.id) != backwards;
  };
  for (auto const stream : streams_) {
    // Of what has the very same time, the place counts by id, also in other datastreams.
    ZHILI_TRY(auto rows, step(stream, backwards, place, most));
    if (rows.empty()) continue;
    bool const last = rows.size() < most;
    sources.push_back({stream, std::move(rows), 0, last});
  }
  auto const worse = [&](std::size_t a, std::size_t b) { return later(sources[a].rows[sources[a].at], sources[b].rows[sources[b].at]); };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(worse)> next(worse);
  for (std::size_t i = 0; i < sources.size(); ++i) next.push(i);
  while (!next.empty()) {
    auto const i = next.top();
    next.pop();
    auto& source = sources[i];
    if (!visit(source.rows[source.at])) return {};
    if (++source.at == source.rows.size()) {
      if (source.last) continue;
      ZHILI_TRY(source.rows, step(source.stream, backwards, place_of(source.rows.back()), most));
      source.at = 0;
      source.last = source.rows.size() < most;
      if (source.rows.empty()) continue;
    }
    next.push(i);
  }
  return {};
}

core::Result<> ObservationList::each(Visit const& visit) {
  if (id_) {
    ZHILI_TRY(auto const row, reading_.parts_.observations->find(*id_));
    if (row && std::ranges::binary_search(streams_, row->datastream)) visit(*row);
    return {};
  }
  if (order_ == Order::by_time) return each_by_time(query_.after, backwards_, visit);
  return each_by_stream(order_ == Order::by_stream ? query_.after : std::nullopt, visit);
}

std::vector<Datum> ObservationList::sort_keys(ObservationRow const& row) {
  auto const values = values_.of(row);
  std::vector<Datum> out;
  for (auto const& key : query_.order) out.push_back(key_of(evaluate(key.expr, values)));
  return out;
}

After ObservationList::place(ObservationRow const& row) {
  auto const at = core::to_ms(row.phenomenon.begin);
  if (order_ == Order::by_stream) return {{row.datastream, at}, row.id};
  if (order_ == Order::by_time) return {{at}, row.id};
  return {sort_keys(row), row.id};
}

core::Result<> ObservationList::page_sorted(Collection& out, std::size_t top) {
  struct Sorted {
    std::vector<Datum> keys;
    ObservationRow row;
  };
  std::vector<Sorted> all;
  auto const before = [&](std::vector<Datum> const& a, Id a_id, std::vector<Datum> const& b, Id b_id) {
    for (std::size_t i = 0; i < query_.order.size(); ++i)
      if (auto const order = compare_keys(a[i], b[i]); order != 0) return (order < 0) != query_.order[i].descending;
    return a_id < b_id;
  };
  if (query_.after && query_.after->keys.size() != query_.order.size())
    return fail(Errc::invalid, "sensorthings.query", {"$skiptoken 不对。", "$skiptoken is not right."}, "$skiptoken");
  ZHILI_CHECK(each([&](ObservationRow const& row) {
    if (!wanted(row)) return true;
    auto keys = sort_keys(row);
    if (query_.after && !before(query_.after->keys, query_.after->id, keys, row.id)) return true;
    all.push_back({std::move(keys), row});
    return all.size() <= observations_sorted_max;
  }));
  if (all.size() > observations_sorted_max) return too_much(observations_sorted_max, {"观测", "Observations"});
  std::ranges::sort(all, [&](Sorted const& a, Sorted const& b) { return before(a.keys, a.row.id, b.keys, b.row.id); });
  auto const skip = query_.after ? 0 : std::min(all.size(), static_cast<std::size_t>(query_.skip));
  for (auto i = skip; i < all.size() && out.entities.size() < top; ++i) out.entities.push_back(reading_.found_of(std::move(all[i].row)));
  if (all.size() - skip > top && !out.entities.empty()) out.next = place(*out.entities.back().observation);
  return {};
}

core::Result<std::int64_t> ObservationList::count() {
  std::int64_t out = 0;
  bool const all = !query_.filter && !(from_ && from_->type == EntityType::feature_of_interest);
  if (all) {
    for (auto const stream : streams_) {
      ZHILI_TRY(auto const of_one, reading_.parts_.observations->count(stream, {}));
      out += of_one;
    }
    return out;
  }
  auto const visit = [&](ObservationRow const& row) {
    out += wanted(row) ? 1 : 0;
    return true;
  };
  if (id_) {
    ZHILI_CHECK(each(visit));
  } else {
    ZHILI_CHECK(each_by_stream(std::nullopt, visit));
  }
  return out;
}

core::Result<Collection> ObservationList::read() {
  ZHILI_CHECK(prepare());
  Collection out;
  if (query_.count) {
    ZHILI_TRY(out.count, count());
  }
  auto const top = std::min(query_.top.value_or(page_default), page_observations_max);
  if (top == 0) return out;
  if (order_ == Order::sorted) {
    ZHILI_CHECK(page_sorted(out, top));
    return out;
  }
  auto skip = query_.after ? 0 : query_.skip;
  bool more = false;
  ZHILI_CHECK(each([&](ObservationRow const& row) {
    if (!wanted(row)) return true;
    if (skip > 0) {
      --skip;
      return true;
    }
    more = out.entities.size() == top;
    if (!more) out.entities.push_back(reading_.found_of(row));
    return !more;
  }));
  if (more) out.next = place(*out.entities.back().observation);
  return out;
}

}  // namespace zhili::sense::things
