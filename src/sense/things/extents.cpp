#include "sense/things/extents.hpp"

#include <algorithm>
#include <vector>

namespace zhili::sense::things {

namespace {

core::Instant end_of(Span const& span) { return span.end.value_or(span.begin); }

Span joined(Span const& a, Span const& b) { return {std::min(a.begin, b.begin), std::max(end_of(a), end_of(b))}; }

void join(std::optional<Span>& into, std::optional<Span> const& more) {
  if (more) into = into ? joined(*into, *more) : Span{more->begin, end_of(*more)};
}

void write_extent(store::Writer& w, Id datastream, Span const& phenomenon, std::optional<Span> const& result) {
  w.exec(
      "UPDATE datastream SET phenomenon_from = CASE WHEN phenomenon_from IS NULL OR phenomenon_from > ? THEN ? ELSE phenomenon_from END, "
      "phenomenon_to = CASE WHEN phenomenon_to IS NULL OR phenomenon_to < ? THEN ? ELSE phenomenon_to END WHERE id = ?",
      phenomenon.begin, phenomenon.begin, end_of(phenomenon), end_of(phenomenon), datastream);
  if (!result) return;
  w.exec(
      "UPDATE datastream SET result_from = CASE WHEN result_from IS NULL OR result_from > ? THEN ? ELSE result_from END, "
      "result_to = CASE WHEN result_to IS NULL OR result_to < ? THEN ? ELSE result_to END WHERE id = ?",
      result->begin, result->begin, end_of(*result), end_of(*result), datastream);
}

}  // namespace

void ExtentsKeeper::note(Id datastream, Span const& phenomenon, std::optional<Span> const& result) {
  std::lock_guard const lock(mutex_);
  auto const [found, fresh] = noted_.try_emplace(datastream, Noted{Span{phenomenon.begin, end_of(phenomenon)}, result});
  if (fresh) return;
  found->second.phenomenon = joined(found->second.phenomenon, phenomenon);
  join(found->second.result, result);
}

void ExtentsKeeper::widen(Id datastream, std::optional<Span>& phenomenon, std::optional<Span>& result) const {
  std::lock_guard const lock(mutex_);
  auto const found = noted_.find(datastream);
  if (found == noted_.end()) return;
  join(phenomenon, found->second.phenomenon);
  join(result, found->second.result);
}

core::Result<> ExtentsKeeper::flush() {
  while (true) {
    std::vector<std::pair<Id, Noted>> some;
    {
      std::lock_guard const lock(mutex_);
      for (auto const& one : noted_) {
        if (some.size() == extents_per_write_max) break;
        some.push_back(one);
      }
    }
    if (some.empty()) return {};
    ZHILI_CHECK(db_.write([&](store::Writer& w) {
      for (auto const& [id, noted] : some) write_extent(w, id, noted.phenomenon, noted.result);
    }));
    std::lock_guard const lock(mutex_);
    for (auto const& [id, written] : some) {  // what came meanwhile stays noted
      auto const found = noted_.find(id);
      if (found != noted_.end() && found->second.phenomenon == written.phenomenon && found->second.result == written.result) noted_.erase(found);
    }
  }
}

core::Result<> ExtentsKeeper::renew(Id datastream, std::optional<Extents> const& left) {
  {
    std::lock_guard const lock(mutex_);
    noted_.erase(datastream);
  }
  return db_.write([&](store::Writer& w) {
    w.exec("UPDATE datastream SET phenomenon_from = NULL, phenomenon_to = NULL WHERE id = ?", datastream);
    if (!left || left->result) w.exec("UPDATE datastream SET result_from = NULL, result_to = NULL WHERE id = ?", datastream);
    if (left) write_extent(w, datastream, left->phenomenon, left->result);
  });
}

core::Result<> ExtentsKeeper::reconcile(ObservationSource const& source) {
  ZHILI_TRY(auto const all, db_.read([](store::Reader& r) { return r.rows<Id, std::optional<std::int64_t>, std::optional<std::int64_t>>("SELECT id, phenomenon_from, phenomenon_to FROM datastream"); }));
  for (auto const& [id, from, to] : all) {
    ZHILI_TRY(auto const extents, source.extents(id));
    if (extents && (from != core::to_ms(extents->phenomenon.begin) || to != core::to_ms(end_of(extents->phenomenon)))) note(id, extents->phenomenon, extents->result);
  }
  return flush();
}

}  // namespace zhili::sense::things
