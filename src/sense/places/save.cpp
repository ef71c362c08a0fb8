// A city into the database: only what is new, with an entry in the ledger for each change.
#include <algorithm>
#include <boost/json.hpp>

#include "sense/places/code_check.hpp"
#include "sense/places/places.hpp"
#include "sense/places/shape_text.hpp"
#include "sense/places/statements.hpp"
#include "store/digest.hpp"

namespace zhili::sense::places {
namespace {

using core::EventKind;
using store::Seq;
using store::Writer;

std::string hex_of(std::string_view bytes) {
  return store::to_hex(store::sha256(bytes));
}

/// The rows of one batch, collected before the ledger entry is made, because the entry carries their digest
/// and the rows carry its seq.
template <class Row>
struct Batch {
  std::vector<Row> rows;
  std::string canonical;  // one line a row; what the digest is taken over
  Saved saved;

  void add(Row row, std::string_view line, bool fresh) {
    rows.push_back(std::move(row));
    canonical.append(line);
    canonical += '\n';
    ++(fresh ? saved.added : saved.changed);
  }
  Seq enter(Writer& w, EventKind event, std::string_view what, Provenance const& from) const {
    boost::json::object payload{{"what", what},
                                {"source", from.source},
                                {"added", saved.added},
                                {"changed", saved.changed},
                                {"suite", store::hash_suite},
                                {"digest", hex_of(canonical)}};
    return w.append({event, 0, from.actor, boost::json::serialize(payload), from.said_at});
  }
};

Saved save_area(Writer& w, Area const& a, Provenance const& from) {
  auto const shape = encode(a.shape);
  auto const old = w.row<std::int64_t, std::string, std::string, std::string, std::string, std::string>(
      "SELECT id, level, name_zh, name_en, parent, shape FROM area WHERE code = ?", a.code);
  if (old && std::tie(a.level, a.name.zh, a.name.en, a.parent, shape) ==
                 std::tie(std::get<1>(*old), std::get<2>(*old), std::get<3>(*old), std::get<4>(*old),
                          std::get<5>(*old)))
    return {0, 0, 1};
  boost::json::object payload{
      {"code", a.code},        {"level", a.level},      {"name", {{"zh", a.name.zh}, {"en", a.name.en}}},
      {"parent", a.parent},    {"source", from.source}, {"suite", store::hash_suite},
      {"shape", hex_of(shape)}};
  auto const id = old ? std::get<0>(*old) : 0;
  auto const seq =
      w.append({EventKind::area_set, id, from.actor, boost::json::serialize(payload), from.said_at});
  w.exec(
      "INSERT INTO area (id, code, level, name_zh, name_en, parent, shape, seq) VALUES (?, ?, ?, ?, ?, ?, ?, "
      "?) "
      "ON CONFLICT (code) DO UPDATE SET level = excluded.level, name_zh = excluded.name_zh, "
      "name_en = excluded.name_en, parent = excluded.parent, shape = excluded.shape, seq = excluded.seq",
      old ? id : seq, a.code, a.level, a.name.zh, a.name.en, a.parent, shape, seq);
  return old ? Saved{0, 1, 0} : Saved{1, 0, 0};
}

Saved save_areas(Writer& w, std::span<Area const> areas, Provenance const& from) {
  Saved saved;
  for (auto const& a : areas) saved += save_area(w, a, from);
  return saved;
}

/// Everything about a grid in one line: what is compared, and what the digest is taken over.
std::string line_of(UnitGrid const& g) {
  auto const ms = [](auto const& at) { return at ? std::to_string(core::to_ms(*at)) : std::string("-"); };
  return g.code + '\t' + std::to_string(g.area_m2) + '\t' + g.land_use + '\t' + std::to_string(g.grade) +
         '\t' + g.responsible + '\t' + ms(g.from) + '\t' + ms(g.until) + '\t' + encode(g.shape);
}

std::optional<std::string> stored_line(Writer& w, UnitGrid const& g) {
  auto const old = w.row<std::int64_t, std::string, std::int64_t, std::string, std::optional<std::int64_t>,
                         std::optional<std::int64_t>, std::string>(
      "SELECT area_m2, land_use, grade, responsible, since, until, shape FROM unit_grid WHERE code = ?",
      g.code);
  if (!old) return std::nullopt;
  auto const ms = [](auto const& at) { return at ? std::to_string(*at) : std::string("-"); };
  auto const& [area, use, grade, responsible, since, until, shape] = *old;
  return g.code + '\t' + std::to_string(area) + '\t' + use + '\t' + std::to_string(grade) + '\t' +
         responsible + '\t' + ms(since) + '\t' + ms(until) + '\t' + shape;
}

Saved save_grids(Writer& w, std::span<UnitGrid const> grids, Provenance const& from) {
  Batch<UnitGrid const*> batch;
  for (auto const& g : grids) {
    auto const line = line_of(g);
    auto const old = stored_line(w, g);
    if (old == line)
      ++batch.saved.unchanged;
    else
      batch.add(&g, line, !old);
  }
  if (batch.rows.empty()) return batch.saved;
  auto const seq = batch.enter(w, EventKind::grid_set, "unit_grid", from);
  for (auto const* g : batch.rows)
    w.exec(
        "INSERT INTO unit_grid (code, area_m2, land_use, grade, responsible, since, until, shape, seq) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET area_m2 = excluded.area_m2, "
        "land_use = excluded.land_use, grade = excluded.grade, responsible = excluded.responsible, "
        "since = excluded.since, until = excluded.until, shape = excluded.shape, seq = excluded.seq",
        g->code, g->area_m2, g->land_use, g->grade, g->responsible, g->from, g->until, encode(g->shape), seq);
  return batch.saved;
}

std::string joined(std::vector<std::string> words) {
  std::ranges::sort(words);
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

Saved save_duties(Writer& w, std::span<DutyGrid const> duties, Provenance const& from) {
  Batch<DutyGrid const*> batch;
  for (auto const& d : duties) {
    auto const grids = joined(d.grids);
    auto const old = w.row<std::string, std::string, std::string, std::string, std::string>(
        "SELECT function, post, name_zh, name_en, grids FROM duty_grid WHERE code = ?", d.code);
    if (old && *old == std::tuple(d.function, d.post, d.name.zh, d.name.en, grids))
      ++batch.saved.unchanged;
    else
      batch.add(
          &d, d.code + '\t' + d.function + '\t' + d.post + '\t' + d.name.zh + '\t' + d.name.en + '\t' + grids,
          !old);
  }
  if (batch.rows.empty()) return batch.saved;
  auto const seq = batch.enter(w, EventKind::duty_set, "duty_grid", from);
  for (auto const* d : batch.rows)
    w.exec(
        "INSERT INTO duty_grid (code, function, post, name_zh, name_en, grids, seq) VALUES (?, ?, ?, ?, ?, "
        "?, ?) "
        "ON CONFLICT (code) DO UPDATE SET function = excluded.function, post = excluded.post, "
        "name_zh = excluded.name_zh, name_en = excluded.name_en, grids = excluded.grids, seq = excluded.seq",
        d->code, d->function, d->post, d->name.zh, d->name.en, joined(d->grids), seq);
  return batch.saved;
}

/// What this source has said about the thing until now; nothing if nobody ever named it.
std::optional<Fields> said_before(Writer& w, Thing const& t, std::string_view source) {
  Fields said;
  bool known = false;
  w.each<std::string, std::string>(
      "SELECT source, fields FROM register_said WHERE kind = ? AND code = ? ORDER BY said_at, seq",
      [&](std::string its_source, std::string json) {
        known = true;
        if (its_source != source) return;
        auto fields = fields_from_json(json);
        if (!fields) throw store::Failure{fields.error()};
        for (auto& [field, value] : *fields) said.insert_or_assign(field, std::move(value));
      },
      t.kind, t.code);
  return known ? std::optional(std::move(said)) : std::nullopt;
}

Saved save_things(Writer& w, std::span<Thing const> things, Provenance const& from) {
  struct Row {
    Thing const* thing;
    std::string json;
  };
  Batch<Row> batch;
  for (auto const& t : things) {
    auto const before = said_before(w, t, from.source);
    auto fresh = fields_of(t);
    if (before)
      std::erase_if(fresh, [&](auto const& f) {
        auto const it = before->find(f.first);
        return it == before->end() ? f.second.empty() : it->second == f.second;
      });
    if (before && fresh.empty()) {
      ++batch.saved.unchanged;
      continue;
    }
    auto json = to_json(fresh);
    auto const line = std::string(name(t.kind)) + '\t' + t.code + '\t' + json;
    batch.add({&t, std::move(json)}, line, !before);
  }
  if (batch.rows.empty()) return batch.saved;
  auto const seq = batch.enter(w, EventKind::register_set, "register", from);
  for (auto const& row : batch.rows)
    w.exec(
        "INSERT INTO register_said (kind, code, source, said_at, seq, actor, fields) VALUES (?, ?, ?, ?, ?, "
        "?, ?)",
        row.thing->kind, row.thing->code, from.source, from.said_at, seq, from.actor, row.json);
  return batch.saved;
}

template <class T, class Save>
core::Result<> in_batches(store::Db& db, std::vector<T> const& all, Saved& saved, Save&& save_batch_of) {
  for (std::size_t first = 0; first < all.size(); first += save_batch) {
    auto const part = std::span(all).subspan(first, std::min(save_batch, all.size() - first));
    ZHILI_TRY(auto const done, db.write([&](Writer& w) { return save_batch_of(w, part); }));
    saved += done;
  }
  return {};
}

}  // namespace

Saved& Saved::operator+=(Saved const& o) {
  added += o.added;
  changed += o.changed;
  unchanged += o.unchanged;
  return *this;
}

core::Result<Saved> save(store::Db& db, City const& city, Provenance const& from) {
  ZHILI_CHECK(check_codes(city));
  Saved saved;
  ZHILI_CHECK(in_batches(db, city.areas, saved,
                         [&](Writer& w, std::span<Area const> part) { return save_areas(w, part, from); }));
  ZHILI_CHECK(in_batches(db, city.grids, saved, [&](Writer& w, std::span<UnitGrid const> part) {
    return save_grids(w, part, from);
  }));
  ZHILI_CHECK(in_batches(db, city.duties, saved, [&](Writer& w, std::span<DutyGrid const> part) {
    return save_duties(w, part, from);
  }));
  ZHILI_CHECK(in_batches(db, city.things, saved,
                         [&](Writer& w, std::span<Thing const> part) { return save_things(w, part, from); }));
  return saved;
}

}  // namespace zhili::sense::places
