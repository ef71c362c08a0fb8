#pragma once
// Answers queries: entities from the database, Observations from their store, each with what is expanded.

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "sense/things/extents.hpp"
#include "sense/things/filter.hpp"
#include "sense/things/observation_filter.hpp"
#include "sense/things/observation_source.hpp"
#include "sense/things/query.hpp"
#include "store/db.hpp"

namespace zhili::sense::things {

struct Expanded;

/// One entity as it is shown.
struct Found {
  EntityType type = EntityType::thing;
  Id id = 0;
  std::vector<Content> values = {};  ///< in the order of its properties
  std::vector<Expanded> expanded;
  std::optional<ObservationRow> observation = {};
};

struct Collection {
  std::vector<Found> entities = {};
  std::optional<std::int64_t> count = {};
  std::optional<After> next = {};  ///< there is more from here on
};

struct Expanded {
  Expand const* expand = nullptr;
  Collection of = {};  ///< of a link to one: one or none
};

/// Where a collection hangs.
struct From {
  EntityType type = EntityType::thing;
  Id id = 0;
  Link const* link = nullptr;
};

struct ReadingParts {
  Dialect dialect{false};
  Viewer viewer;
  ObservationSource const* observations = nullptr;
  ExtentsKeeper const* extents = nullptr;  ///< null: as they are written down
};

/// Inside of one snapshot. Errors of all: invalid, limit (of the filter, of answer_entities_max), those of the database and the store.
class Reading {
 public:
  Reading(store::Reader& reader, ReadingParts const& parts) : reader_(reader), parts_(parts), features_(reader) {}

  /// A page. The queries that are given outlive what is made of them.
  core::Result<Collection> list(EntityType type, std::optional<From> const& from, Query const& query);
  /// Nothing: there is none that the viewer may see.
  core::Result<std::optional<Found>> one(EntityType type, Id id, Query const& query);
  /// The entity to which a link to one leads. Nothing: there is none, or it may not be seen.
  core::Result<std::optional<Id>> follow(EntityType type, Id id, Link const& link);
  /// Whether an entity is in a collection.
  core::Result<bool> linked(From const& from, Id id);
  bool exists(EntityType type, Id id);

 private:
  core::Result<> expand(std::vector<Found>& entities, Query const& query);
  core::Result<Collection> observations(std::optional<From> const& from, Query const& query);
  core::Result<> take(std::size_t entities);
  Found found_of(ObservationRow row);
  std::vector<Found> rows(EntityType type, Sql const& statement, std::vector<SqlKey> const& keys, std::vector<After>* places);
  FilterParts filter_parts() { return {reader_, parts_.dialect, parts_.viewer, parts_.observations}; }

  friend class ObservationList;
  store::Reader& reader_;
  ReadingParts const& parts_;
  Features features_;
  std::size_t taken_ = 0;
};

}  // namespace zhili::sense::things
