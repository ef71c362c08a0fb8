#include <fmt/format.h>

#include <algorithm>

#include "sense/things/making.hpp"

namespace zhili::sense::things {

using core::Errc;
using core::fail;

namespace {

/// Makes one draft with all that hangs on it. What it is linked to by a column is made before it, the rest after it.
class Maker {
 public:
  Maker(store::Writer& w, Author const& author) : w_(w), author_(author) {}

  /// `above`: the link by which it hangs on an entity that exists, and that entity.
  struct Above {
    Link const* link = nullptr;
    EntityType type = EntityType::thing;
    Id id = 0;
  };

  core::Result<Id> make(Draft const& draft, Above const& above, std::size_t depth) {
    if (depth > draft_depth_max) return too_much(draft, draft_depth_max, {"层", "deep"});
    ZHILI_CHECK(check_values(draft, true));
    if (draft.type == EntityType::observation) return observe(draft, above, depth);
    if (out_.all.size() >= draft_entities_max) return too_much(draft, draft_entities_max, {"个实体", "entities"});
    ZHILI_TRY(auto columns, columns_of(draft, {}));
    auto const& kind = entity(draft.type);
    for (auto const& link : kind.links) {
      if (link.many || link.own.empty()) continue;
      ZHILI_TRY(auto const to, other_of(draft, link, above, depth));
      columns.emplace_back(link.own, to);
    }
    if (draft.type == EntityType::historical_location && draft.find(*kind.link("Locations")) == nullptr && (above.link == nullptr || above.type != EntityType::location))
      return lacking(draft, "Locations");
    auto const id = insert_row(w_, draft.type, std::move(columns), author_);
    out_.all.emplace_back(draft.type, id);
    if (out_.id == 0 && depth == 1) out_.id = id;
    for (auto const& link : kind.links)
      if (link.many) ZHILI_CHECK(hang_on(draft, id, link, depth));
    ZHILI_CHECK(settle(draft, id, above));
    return id;
  }

  Made take() { return std::move(out_); }

 private:
  tl::unexpected<core::Error> too_much(Draft const& draft, std::size_t most, core::Text what) {
    return fail(Errc::limit, "sensorthings.draft", {fmt::format("一次最多 {} {}。", most, what.zh), fmt::format("At most {} {} at once.", most, what.en)}, draft.where);
  }
  tl::unexpected<core::Error> lacking(Draft const& draft, std::string_view link) {
    auto const name = entity(draft.type).name;
    return fail(Errc::invalid, "sensorthings.needed", {fmt::format("{} 须联系到 {}。", name, link), fmt::format("A {} needs a link to {}.", name, link)}, field_in(draft, link));
  }

  /// A link to one: what stands above, what exists, or what is made now.
  core::Result<Id> other_of(Draft const& draft, Link const& link, Above const& above, std::size_t depth) {
    if (above.link != nullptr && above.type == link.to && above.link->other == link.own && !link.own.empty()) return above.id;
    auto const* const said = draft.find(link);
    if (said == nullptr || said->to.empty()) return lacking(draft, link.name);
    if (said->to.size() > 1) return fail(Errc::invalid, "sensorthings.one", {"这里只能有一个。", "There can be one only."}, field_in(draft, link.name));
    return one_of(said->to.front(), {}, depth);
  }

  core::Result<Id> one_of(Draft const& other, Above const& above, std::size_t depth) {
    if (!other.existing) return make(other, above, depth + 1);
    ZHILI_CHECK(need_row(w_, other.type, *other.existing, author_, other.where));
    return *other.existing;
  }

  /// Links to several.
  core::Result<> hang_on(Draft const& draft, Id id, Link const& link, std::size_t depth) {
    auto const* const said = draft.find(link);
    if (said == nullptr) return {};
    std::vector<Id> ids;
    for (auto const& other : said->to) {
      if (other.type == EntityType::observation && other.existing)
        return fail(Errc::invalid, "sensorthings.move", {"已有的观测不能换到别处。", "An existing Observation cannot be moved."}, other.where);
      ZHILI_TRY(auto const to, one_of(other, {&link, draft.type, id}, depth));
      ids.push_back(to);
      if (other.existing && !link.other.empty() && link.by.empty())
        w_.exec(fmt::format("UPDATE {} SET {} = ? WHERE id = ?", entity(link.to).table, link.other), id, to);
    }
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    if (draft.type == EntityType::thing && link.to == EntityType::location && !ids.empty()) {
      set_locations(w_, id, ids, author_);
    } else if (draft.type == EntityType::location && link.to == EntityType::thing) {
      for (auto const thing : ids) set_locations(w_, thing, {id}, author_);
    } else if (!link.by.empty()) {
      for (auto const to : ids)
        w_.exec(fmt::format("INSERT INTO {} ({}, {}) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM {} WHERE {} = ? AND {} = ?)", link.by, link.own, link.other,
                            link.by, link.own, link.other),
                id, to, id, to);
    }
    return {};
  }

  /// What follows from a new entity.
  core::Result<> settle(Draft const& draft, Id id, Above const& above) {
    if (draft.type == EntityType::historical_location) {
      // The newest place of a Thing is where it is.
      auto const [thing, at] = *w_.row<Id, std::int64_t>("SELECT thing, at FROM historical_location WHERE id = ?", id);
      if (above.type == EntityType::location && above.link != nullptr)
        w_.exec("INSERT INTO historical_location_location (historical_location, location) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM "
                "historical_location_location WHERE historical_location = ? AND location = ?)",
                id, above.id, id, above.id);
      auto const later = w_.value<Id>("SELECT id FROM historical_location WHERE thing = ? AND id <> ? AND at >= ? LIMIT 1", thing, id, at);
      if (later || at > core::to_ms(w_.now())) return {};
      w_.exec("DELETE FROM thing_location WHERE thing = ?", thing);
      w_.exec("INSERT INTO thing_location (thing, location) SELECT ?, location FROM historical_location_location WHERE historical_location = ?", thing, id);
      renew_features(w_, thing, author_);
    }
    return {};
  }

  core::Result<Id> observe(Draft const& draft, Above const& above, std::size_t depth) {
    if (out_.observations.size() >= draft_observations_max) return too_much(draft, draft_observations_max, {"条观测", "Observations"});
    auto const& kind = entity(EntityType::observation);
    DraftObservation made{.draft = &draft};
    if (above.type == EntityType::datastream && above.link != nullptr) made.datastream = above.id;
    if (above.type == EntityType::feature_of_interest && above.link != nullptr) made.feature = above.id;
    if (made.datastream == 0) {
      ZHILI_TRY(made.datastream, other_of(draft, *kind.link("Datastream"), {}, depth));
    }
    if (auto const* const said = draft.find(*kind.link("FeatureOfInterest")); said != nullptr && made.feature == 0) {
      ZHILI_TRY(made.feature, other_of(draft, *kind.link("FeatureOfInterest"), {}, depth));
    }
    if (made.feature != 0) add_feature(w_, made.datastream, made.feature, std::nullopt);
    out_.observations.push_back(made);
    return 0;
  }

  store::Writer& w_;
  Author const& author_;
  Made out_;
};

/// Datastreams that were made with it or moved by it.
std::vector<Id> streams_in(Draft const& draft) {
  std::vector<Id> out;
  if (draft.type == EntityType::datastream && draft.existing) out.push_back(*draft.existing);
  for (auto const& link : draft.links)
    for (auto const& to : link.to) {
      auto const more = streams_in(to);
      out.insert(out.end(), more.begin(), more.end());
    }
  return out;
}

}  // namespace

core::Result<Made> Things::make(store::Writer& w, Draft const& draft, Author const& author) const {
  auto const before = w.value<Id>("SELECT last FROM thing_number WHERE entity = 'datastream'").value_or(0);
  Maker maker(w, author);
  ZHILI_TRY(auto const id, maker.make(draft, {}, 1));
  auto out = maker.take();
  out.id = id;
  auto const last = w.value<Id>("SELECT last FROM thing_number WHERE entity = 'datastream'").value_or(0);
  out.datastreams = streams_in(draft);
  for (auto stream = before + 1; stream <= last; ++stream) out.datastreams.push_back(stream);
  return out;
}

core::Result<> Things::unmake(Made const& made, Author const& author) {
  ZHILI_CHECK(db_.write([&](store::Writer& w) -> core::Result<> {
    for (auto one = made.all.rbegin(); one != made.all.rend(); ++one)
      if (find_row(w, one->first, one->second, {author.ref, true})) ZHILI_CHECK(remove(w, one->first, one->second, {author.ref, true}));
    return {};
  }));
  told(made.datastreams);
  return {};
}

core::Result<Made> Things::make(Draft const& draft, Author const& author) {
  ZHILI_TRY(auto out, db_.write([&](store::Writer& w) { return make(w, draft, author); }));
  told(out.datastreams);
  return out;
}

}  // namespace zhili::sense::things
