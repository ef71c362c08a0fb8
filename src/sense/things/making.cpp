#include "sense/things/making.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sense/things/visible.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::EventKind;
using core::fail;

std::vector<Id> ids_of(store::Reader& r, std::string_view sql, Id id) {
  std::vector<Id> out;
  r.each<Id>(sql, [&](Id found) { out.push_back(found); }, id);
  return out;
}

std::string ids_json(std::vector<Id> const& ids) { return fmt::format("[{}]", fmt::join(ids, ",")); }

Id next_number(store::Writer& w, EntityType type) {
  auto const table = entity(type).table;
  w.exec("UPDATE thing_number SET last = last + 1 WHERE entity = ?", table);
  return w.value<Id>("SELECT last FROM thing_number WHERE entity = ?", table).value_or(0);
}

Id insert_row(store::Writer& w, EntityType type, Columns columns, Author const& author) {
  auto const& kind = entity(type);
  auto const& names = own_columns(type);
  auto const id = next_number(w, type);
  auto const find = [&](std::string_view name) -> store::Value {
    for (auto& [column, value] : columns)
      if (column == name) return std::move(value);
    return {};
  };
  std::vector<store::Value> args;
  for (auto const& name : names) args.push_back(find(name));
  // What it is and what it hangs on; its words stay out of the ledger, which never forgets.
  auto payload = fmt::format(R"({{"of":"{}","id":{})", kind.name, id);
  for (auto const& link : kind.links)
    if (!link.many && !link.own.empty()) {
      auto const at = std::ranges::find(names, link.own) - names.begin();
      if (auto const* const to = std::get_if<std::int64_t>(&args[static_cast<std::size_t>(at)])) payload += fmt::format(R"(,"{}":{})", link.name, *to);
    }
  auto const seq = w.append({.kind = EventKind::thing_made, .actor = author.ref, .payload = payload + "}"});
  std::string marks;
  for (std::size_t i = 0; i < names.size(); ++i) marks += ", ?";
  args.insert(args.begin(), {id, seq});
  w.exec(fmt::format("INSERT INTO {} (id, seq, {}) VALUES (?, ?{})", kind.table, fmt::join(names, ", "), marks), args);
  return id;
}

std::optional<store::Seq> find_row(store::Reader& r, EntityType type, Id id, Author const& author) {
  auto const& kind = entity(type);
  auto const visible = visible_sql(type, kind.table, {.staff = author.staff});
  return r.value<store::Seq>(fmt::format("SELECT seq FROM {0} WHERE id = ?{1}{2}", kind.table, visible.empty() ? "" : " AND ", visible), id);
}

tl::unexpected<core::Error> no_such_entity(EntityType type, Id id) {
  auto const name = entity(type).name;
  return fail(Errc::not_found, "sensorthings.none", {fmt::format("没有 {}({})。", name, id), fmt::format("There is no {} with the id {}.", name, id)});
}

core::Result<> need_row(store::Reader& r, EntityType type, Id id, Author const& author, std::string const& field) {
  if (find_row(r, type, id, author)) return {};
  auto const name = entity(type).name;
  return fail(Errc::invalid, "sensorthings.link", {fmt::format("联系指向的 {}({}) 不存在。", name, id), fmt::format("This links to a {} with the id {}, and there is none.", name, id)},
              field);
}

void make_history(store::Writer& w, Id thing, std::int64_t at_ms, std::vector<Id> const& locations, Author const& author) {
  auto const history = insert_row(w, EntityType::historical_location, {{"at", at_ms}, {"thing", thing}}, author);
  for (auto const location : locations)
    w.exec("INSERT INTO historical_location_location (historical_location, location) VALUES (?, ?)", history, location);
}

void set_locations(store::Writer& w, Id thing, std::vector<Id> const& locations, Author const& author) {
  w.exec("DELETE FROM thing_location WHERE thing = ?", thing);
  for (auto const location : locations) w.exec("INSERT INTO thing_location (thing, location) VALUES (?, ?)", thing, location);
  // The past is told in order, also when two moves fall into one millisecond.
  auto const last = w.value<std::optional<std::int64_t>>("SELECT MAX(at) FROM historical_location WHERE thing = ?", thing).value_or(std::nullopt);
  auto const now = core::to_ms(w.now());
  make_history(w, thing, last && *last >= now && *last < now + 1'000 ? *last + 1 : now, locations, author);
  renew_features(w, thing, author);
}

void keep_private(store::Writer& w, std::string_view which, Id id) {
  auto const mark = [&](EntityType type, std::string const& used) {
    auto const table = entity(type).table;
    w.exec(fmt::format("UPDATE {0} SET is_private = 1 WHERE id IN ({1}) AND NOT ({2})", table, fmt::format(fmt::runtime(used), which), visible_sql(type, table, {})), id);
  };
  constexpr std::string_view rows = "FROM thing t LEFT JOIN datastream d ON d.thing = t.id";
  mark(EntityType::location, fmt::format("SELECT l.location {} JOIN thing_location l ON l.thing = t.id WHERE {{0}}", rows));
  mark(EntityType::location, fmt::format("SELECT h.location {} JOIN historical_location o ON o.thing = t.id JOIN historical_location_location h "
                                         "ON h.historical_location = o.id WHERE {{0}}", rows));
  mark(EntityType::sensor, fmt::format("SELECT d.sensor {} WHERE {{0}}", rows));
  mark(EntityType::feature_of_interest, fmt::format("SELECT f.feature {} JOIN datastream_feature f ON f.datastream = d.id WHERE {{0}}", rows));
}

}  // namespace zhili::sense::things
