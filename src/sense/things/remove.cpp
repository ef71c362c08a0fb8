#include <fmt/format.h>

#include "sense/things/making.hpp"

namespace zhili::sense::things {

using core::EventKind;

namespace {

void remove_history(store::Writer& w, std::vector<Id> const& history) {
  for (auto const id : history) {
    w.exec("DELETE FROM historical_location_location WHERE historical_location = ?", id);
    w.exec("DELETE FROM historical_location WHERE id = ?", id);
  }
}

void remove_streams(store::Writer& w, std::vector<Id> const& streams) {
  for (auto const id : streams) {
    w.exec("DELETE FROM datastream_feature WHERE datastream = ?", id);
    w.exec("DELETE FROM datastream WHERE id = ?", id);
  }
}

}  // namespace

core::Result<Removed> Things::remove(store::Writer& w, EntityType type, Id id, Author const& author) const {
  auto const seq = find_row(w, type, id, author);
  if (!seq) return no_such_entity(type, id);
  Removed out;
  std::vector<Id> history;
  switch (type) {
    case EntityType::thing:
      keep_private(w, "t.is_private = 1 AND t.id = ?", id);
      out.datastreams = ids_of(w, "SELECT id FROM datastream WHERE thing = ? ORDER BY id", id);
      history = ids_of(w, "SELECT id FROM historical_location WHERE thing = ? ORDER BY id", id);
      w.exec("DELETE FROM thing_location WHERE thing = ?", id);
      break;
    case EntityType::location:
      history = ids_of(w, "SELECT historical_location FROM historical_location_location WHERE location = ? ORDER BY 1", id);
      w.exec("DELETE FROM thing_location WHERE location = ?", id);
      w.exec("UPDATE feature_of_interest SET location = NULL WHERE location = ?", id);
      break;
    case EntityType::historical_location:
      keep_private(w, "t.is_private = 1 AND t.id = (SELECT thing FROM historical_location WHERE id = ?)", id);
      w.exec("DELETE FROM historical_location_location WHERE historical_location = ?", id);
      break;
    case EntityType::datastream:
      keep_private(w, "(t.is_private = 1 OR d.is_private = 1) AND d.id = ?", id);
      w.exec("DELETE FROM datastream_feature WHERE datastream = ?", id);
      out.datastreams.push_back(id);
      break;
    case EntityType::sensor:
      keep_private(w, "t.is_private = 1 AND d.sensor = ?", id);
      out.datastreams = ids_of(w, "SELECT id FROM datastream WHERE sensor = ? ORDER BY id", id);
      break;
    case EntityType::observed_property:
      keep_private(w, "t.is_private = 1 AND d.observed_property = ?", id);
      out.datastreams = ids_of(w, "SELECT id FROM datastream WHERE observed_property = ? ORDER BY id", id);
      break;
    case EntityType::feature_of_interest: w.exec("DELETE FROM datastream_feature WHERE feature = ?", id); break;
    case EntityType::observation: return no_such_entity(type, id);
  }
  remove_history(w, history);
  remove_streams(w, out.datastreams);
  auto const& kind = entity(type);
  w.exec(fmt::format("DELETE FROM {} WHERE id = ?", kind.table), id);
  auto payload = fmt::format(R"({{"of":"{}","id":{})", kind.name, id);
  if (!out.datastreams.empty()) payload += R"(,"Datastreams":)" + ids_json(out.datastreams);
  if (!history.empty()) payload += R"(,"HistoricalLocations":)" + ids_json(history);
  w.append({.kind = EventKind::thing_removed, .subject = *seq, .actor = author.ref, .payload = payload + "}"});
  return out;
}

core::Result<Removed> Things::remove(EntityType type, Id id, Author const& author) {
  ZHILI_TRY(auto out, db_.write([&](store::Writer& w) { return remove(w, type, id, author); }));
  forget_features();
  if (!out.datastreams.empty()) tell({.gone = out.datastreams});
  return out;
}

}  // namespace zhili::sense::things
