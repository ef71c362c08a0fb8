// What observations are about: the features that they name, and those that are made from where their Thing stands.
#include <fmt/format.h>

#include <algorithm>

#include "sense/things/making.hpp"

namespace zhili::sense::things {

namespace {

/// The area that a datastream's features cover, unless somebody said it.
void renew_area(store::Writer& w, Id datastream) {
  if (w.value<std::int64_t>("SELECT area_given FROM datastream WHERE id = ?", datastream).value_or(1) != 0) return;
  auto const box = w.row<std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "SELECT MIN(f.west), MIN(f.south), MAX(f.east), MAX(f.north) FROM datastream_feature df JOIN feature_of_interest f ON f.id = df.feature "
      "WHERE df.datastream = ?",
      datastream);
  if (!box || !std::get<0>(*box)) return;
  auto const [west, south, east, north] = std::tuple(*std::get<0>(*box), *std::get<1>(*box), *std::get<2>(*box), *std::get<3>(*box));
  auto const degrees = [](std::int64_t e7) { return fmt::format("{}", static_cast<double>(e7) / 1e7); };
  auto const corner = [&](std::int64_t x, std::int64_t y) { return fmt::format("[{},{}]", degrees(x), degrees(y)); };
  auto const point = fmt::format(R"({{"type":"Point","coordinates":{}}})", corner(west, south));
  auto const area = fmt::format(R"({{"type":"Polygon","coordinates":[[{},{},{},{},{}]]}})", corner(west, south), corner(east, south), corner(east, north),
                                corner(west, north), corner(west, south));
  auto const line = fmt::format(R"({{"type":"LineString","coordinates":[{},{}]}})", corner(west, south), corner(east, north));
  bool const flat = west == east || south == north;
  w.exec("UPDATE datastream SET shape = ?, west = ?, south = ?, east = ?, north = ? WHERE id = ?",
         west == east && south == north ? point : flat ? line : area, west, south, east, north, datastream);
}

}  // namespace

Id feature_of_place(store::Writer& w, Id thing, Author const& author) {
  auto const place = w.row<Id, std::string, std::string, std::string, std::string, std::int64_t>(
      "SELECT l.id, l.name, l.description, l.encoding_type, l.shape, l.is_private FROM thing_location tl JOIN location l ON l.id = tl.location "
      "WHERE tl.thing = ? ORDER BY CASE WHEN l.west IS NULL THEN 1 ELSE 0 END, l.id LIMIT 1",
      thing);
  if (!place) return 0;
  auto const& [location, name, description, encoding, shape, is_private] = *place;
  if (auto const found = w.value<Id>("SELECT id FROM feature_of_interest WHERE location = ? AND shape = ? ORDER BY id LIMIT 1", location, shape)) return *found;
  using Side = std::optional<std::int64_t>;
  auto const [west, south, east, north] = *w.row<Side, Side, Side, Side>("SELECT west, south, east, north FROM location WHERE id = ?", location);
  auto const side = [](Side s) { return s ? store::Value(*s) : store::Value(); };
  return insert_row(w, EntityType::feature_of_interest,
                    {{"name", name}, {"description", description}, {"encoding_type", encoding}, {"shape", shape}, {"location", location}, {"is_private", is_private},
                     {"west", side(west)}, {"south", side(south)}, {"east", side(east)}, {"north", side(north)}},
                    author);
}

void add_feature(store::Writer& w, Id datastream, Id feature, std::optional<std::int64_t> since) {
  auto const known = since ? w.value<Id>("SELECT feature FROM datastream_feature WHERE datastream = ? AND since = ?", datastream, *since)
                           : w.value<Id>("SELECT feature FROM datastream_feature WHERE datastream = ? AND feature = ?", datastream, feature);
  if (known == feature) return;
  if (known) {
    w.exec("UPDATE datastream_feature SET feature = ? WHERE datastream = ? AND since = ?", feature, datastream, since);
  } else {
    w.exec("INSERT INTO datastream_feature (datastream, feature, since) VALUES (?, ?, ?)", datastream, feature, since);
  }
  renew_area(w, datastream);
}

void renew_features(store::Writer& w, Id thing, Author const& author) {
  auto const streams = ids_of(w, "SELECT DISTINCT d.id FROM datastream d JOIN datastream_feature f ON f.datastream = d.id WHERE d.thing = ? AND f.since IS NOT NULL", thing);
  if (streams.empty()) return;
  auto const feature = feature_of_place(w, thing, author);
  if (feature == 0) return;
  for (auto const stream : streams) {
    auto const last = w.value<Id>("SELECT feature FROM datastream_feature WHERE datastream = ? AND since IS NOT NULL ORDER BY since DESC LIMIT 1", stream);
    if (last != feature) add_feature(w, stream, feature, core::to_ms(w.now()));
  }
}

core::Result<std::vector<Id>> Things::need_features(std::span<Id const> datastreams) {
  std::vector<Id> missing, without;
  {
    std::lock_guard const lock(mutex_);
    for (auto const id : datastreams)
      if (!own_features_.contains(id)) missing.push_back(id);
  }
  if (missing.empty()) return without;
  std::vector<std::pair<Id, Id>> found;
  ZHILI_CHECK(db_.write([&](store::Writer& w) -> core::Result<> {
    for (auto const id : missing) {
      auto const all = ids_of(w, "SELECT feature FROM datastream_feature WHERE datastream = ? AND since IS NOT NULL ORDER BY since", id);
      auto const thing = w.value<Id>("SELECT thing FROM datastream WHERE id = ?", id);
      auto const feature = !all.empty() ? all.front() : thing ? feature_of_place(w, *thing, {"system", true}) : 0;
      if (feature == 0) {
        without.push_back(id);
        continue;
      }
      if (all.empty()) add_feature(w, id, feature, always_ms);
      found.emplace_back(id, all.size() > 1 ? all.back() : 0);
    }
    return {};
  }));
  std::lock_guard const lock(mutex_);
  for (auto const& [id, feature] : found) own_features_[id] = feature;
  return without;
}

Id Things::own_feature(Id datastream) const {
  std::lock_guard const lock(mutex_);
  auto const found = own_features_.find(datastream);
  return found == own_features_.end() ? 0 : found->second;
}

void Things::forget_features() {
  std::lock_guard const lock(mutex_);
  own_features_.clear();
  used_features_.clear();
}

core::Result<> Things::use_feature(Id datastream, Id feature, Author const& author) {
  {
    std::lock_guard const lock(mutex_);
    if (used_features_.contains({datastream, feature})) return {};
  }
  ZHILI_CHECK(db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(need_row(w, EntityType::feature_of_interest, feature, author, "FeatureOfInterest"));
    add_feature(w, datastream, feature, std::nullopt);
    return {};
  }));
  std::lock_guard const lock(mutex_);
  if (used_features_.size() >= remembered_features_max) used_features_.clear();
  used_features_.emplace(datastream, feature);
  return {};
}

}  // namespace zhili::sense::things
