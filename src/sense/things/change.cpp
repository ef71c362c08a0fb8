#include <fmt/format.h>

#include <algorithm>

#include "sense/things/making.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

/// What the row has now, as far as new values can depend on it.
Columns columns_now(store::Reader& r, EntityType type, Id id) {
  if (type != EntityType::location && type != EntityType::feature_of_interest) return {{"id", id}};
  auto const row = r.row<std::string, std::string>(fmt::format("SELECT encoding_type, shape FROM {} WHERE id = ?", entity(type).table), id);
  return {{"encoding_type", std::get<0>(*row)}, {"shape", std::get<1>(*row)}};
}

core::Result<std::vector<Id>> existing_of(store::Reader& r, DraftLink const& said, Author const& author) {
  std::vector<Id> out;
  for (auto const& to : said.to) {
    if (!to.existing)
      return fail(Errc::invalid, "sensorthings.inline", {"修改时只能联系已有的实体：{\"@iot.id\": …}。", "A change can link to existing entities only: {\"@iot.id\": …}."}, to.where);
    ZHILI_CHECK(need_row(r, to.type, *to.existing, author, to.where));
    out.push_back(*to.existing);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

core::Result<> relink(store::Writer& w, EntityType type, Id id, DraftLink const& said, Author const& author) {
  auto const& link = *said.link;
  if (link.to == EntityType::observation)
    return fail(Errc::invalid, "sensorthings.move", {"观测不能换到别处。", "Observations cannot be moved."}, std::string(link.name));
  ZHILI_TRY(auto const ids, existing_of(w, said, author));
  if (!link.many) {
    if (ids.size() != 1) return fail(Errc::invalid, "sensorthings.one", {"这里须有一个，也只能有一个。", "There must be one, and one only."}, std::string(link.name));
    w.exec(fmt::format("UPDATE {} SET {} = ? WHERE id = ?", entity(type).table, link.own), ids.front(), id);
  } else if (type == EntityType::thing && link.to == EntityType::location) {
    set_locations(w, id, ids, author);
  } else if (type == EntityType::location && link.to == EntityType::thing) {
    for (auto const thing : ids) set_locations(w, thing, {id}, author);
  } else if (!link.by.empty()) {
    w.exec(fmt::format("DELETE FROM {} WHERE {} = ?", link.by, link.own), id);
    for (auto const to : ids) w.exec(fmt::format("INSERT INTO {} ({}, {}) VALUES (?, ?)", link.by, link.own, link.other), id, to);
  } else {
    for (auto const to : ids) w.exec(fmt::format("UPDATE {} SET {} = ? WHERE id = ?", entity(link.to).table, link.other), id, to);
  }
  return {};
}

}  // namespace

core::Result<> Things::change(store::Writer& w, EntityType type, Id id, Draft const& draft, Author const& author) const {
  auto const seq = find_row(w, type, id, author);
  if (!seq) return no_such_entity(type, id);
  ZHILI_CHECK(check_values(draft, false));
  ZHILI_TRY(auto const columns, columns_of(draft, columns_now(w, type, id)));
  auto const& kind = entity(type);
  bool const hides = std::ranges::any_of(columns, [](auto const& one) { return one.first == "is_private"; });
  if (hides && type == EntityType::thing) keep_private(w, "t.is_private = 1 AND t.id = ?", id);
  std::vector<std::string> names;
  for (auto const& [column, value] : columns) w.exec(fmt::format("UPDATE {} SET {} = ? WHERE id = ?", kind.table, column), value, id);
  for (auto const& [property, content] : draft.values)
    if (!property->made) names.push_back(fmt::format("\"{}\"", property->name));
  for (auto const& link : draft.links) {
    ZHILI_CHECK(relink(w, type, id, link, author));
    names.push_back(fmt::format("\"{}\"", link.link->name));
  }
  if (type == EntityType::location && std::ranges::any_of(columns, [](auto const& one) { return one.first == "shape"; }))
    for (auto const thing : ids_of(w, "SELECT thing FROM thing_location WHERE location = ?", id)) renew_features(w, thing, author);
  w.append({.kind = EventKind::thing_changed, .subject = *seq, .actor = author.ref,
            .payload = fmt::format(R"({{"of":"{}","id":{},"set":[{}]}})", kind.name, id, fmt::join(names, ","))});
  return {};
}

core::Result<> Things::change(EntityType type, Id id, Draft const& draft, Author const& author) {
  ZHILI_CHECK(db_.write([&](store::Writer& w) { return change(w, type, id, draft, author); }));
  return changed(type, id);
}

core::Result<> Things::changed(EntityType type, Id id) {
  std::vector<Id> touched;
  if (type == EntityType::datastream) touched.push_back(id);
  if (type == EntityType::thing) {
    ZHILI_TRY(touched, db_.read([&](store::Reader& r) { return ids_of(r, "SELECT id FROM datastream WHERE thing = ?", id); }));
  }
  told(touched);
  return {};
}

core::Result<> Things::note_observation(Id datastream, Id observation, bool removed, Author const& author) {
  return db_.write([&](store::Writer& w) {
    auto const seq = w.value<store::Seq>("SELECT seq FROM datastream WHERE id = ?", datastream).value_or(0);
    if (seq == 0) return;
    w.append({.kind = removed ? EventKind::thing_removed : EventKind::thing_changed, .subject = seq, .actor = author.ref,
              .payload = fmt::format(R"({{"of":"Observation","id":{},"Datastream":{}}})", observation, datastream)});
  });
}

core::Result<> Things::replace(EntityType type, Id id, Draft const& draft, Author const& author) {
  ZHILI_CHECK(check_values(draft, true));
  Draft whole = draft;
  for (auto const& property : entity(type).properties)
    if (!property.made && !property.column.empty() && whole.find(property) == nullptr) whole.values.emplace_back(&property, std::monostate());
  return change(type, id, whole, author);
}

}  // namespace zhili::sense::things
