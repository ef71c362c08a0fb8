#pragma once
// Things and what belongs to them: made, changed, removed, each change in the ledger, with what the standard makes to follow from it.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/things/draft.hpp"
#include "sense/things/entity.hpp"
#include "store/db.hpp"

namespace zhili::sense::things {

/// Features that are known to be written down for their datastreams; when there are more, all are looked up again.
inline constexpr std::size_t remembered_features_max = 100'000;

/// Who changes something.
struct Author {
  std::string ref;     ///< as the ledger names it: "staff:dora", "key:17", "system"
  /// Reaches what is private. For others private entities are not there, whatever they may write: nobody can link to them, and so read
  /// what is not for them, or make it public.
  bool staff = false;
};

/// An observation that came inside of a Draft: stored by whoever stores observations, after the entities are.
struct DraftObservation {
  Id datastream = 0;
  Id feature = 0;      ///< 0: none was said
  Draft const* draft;  ///< lives in the Draft that was given
};

struct Made {
  Id id = 0;
  std::vector<std::pair<EntityType, Id>> all = {};  ///< every entity that was made, in this order
  std::vector<Id> datastreams = {};                ///< those that were made or moved
  std::vector<DraftObservation> observations = {};
};

/// What was removed: for whoever keeps observations, and for whoever remembers streams.
struct Removed {
  std::vector<Id> datastreams = {};
};

/// A Datastream with what judging its observations needs.
struct DatastreamFacts {
  Id id = 0;
  Id thing = 0;
  std::string observation_type = {};  ///< URI
  std::string unit_code = {};         ///< UCUM; empty: the unit's definition names none
  std::string device_type = {};       ///< of a pack; may be empty
  std::string stream = {};            ///< of that type
  std::string property = {};          ///< definition of what is observed: a URI
  bool is_private = false;
};

/// A Thing, as far as others speak of it.
struct ThingFacts {
  Id id = 0;
  std::string name = {};
  std::optional<core::LatLon> at = {};  ///< the middle of its Location; nothing: it has none, or none with coordinates
  bool is_private = false;
};

/// What has changed after a commit; called on the writer's thread or the caller's, must not block.
struct Change {
  std::vector<DatastreamFacts> datastreams = {};  ///< made or changed
  std::vector<Id> gone = {};                      ///< datastreams that are removed
};

// A device's Thing in one call.

struct NewUnit {
  std::string name, symbol;
  std::string code;  ///< UCUM; empty: none. Becomes the definition "ucum:cm"
};
struct NewDatastream {
  std::string name, description;
  std::string observation_type;  ///< URI: catalogue::observation_type
  NewUnit unit;
  Id sensor = 0;             ///< exists
  Id observed_property = 0;  ///< exists
  std::string device_type, stream;
  std::string properties = {};  ///< JSON object; empty: none
};
struct NewThing {
  std::string name, description;
  std::string properties = {};  ///< JSON object; empty: none. `"private": true` keeps all of it from everybody but staff
  std::optional<core::LatLon> at = {};
  std::string place_name = {};  ///< of the Location; empty: the Thing's name
  std::vector<NewDatastream> datastreams = {};
};
struct MadeThing {
  Id thing = 0;
  Id location = 0;               ///< 0: none
  std::vector<Id> datastreams;   ///< in the order in which they were given
};

/// Thread-safe. What it is given outlives it.
class Things {
 public:
  explicit Things(store::Db& db) : db_(db) {}

  /// Makes an entity and all that its draft has in it, at any depth, or nothing. Links to existing entities are checked. Of an Observation
  /// it makes what hangs on it, and gives the Observation itself back in Made::observations.
  /// Errors: invalid, `field` says where ("Datastreams.0.Sensor.name"): something needed is missing, a value is wrong, a link leads to
  /// nothing; limit (draft_…_max).
  core::Result<Made> make(Draft const& draft, Author const& author);
  core::Result<Made> make(store::Writer& w, Draft const& draft, Author const& author) const;
  /// Changes what the draft says and leaves the rest (PATCH). Links can be laid to existing entities, not to new ones. Errors: as make();
  /// not_found.
  core::Result<> change(EntityType type, Id id, Draft const& draft, Author const& author);
  core::Result<> change(store::Writer& w, EntityType type, Id id, Draft const& draft, Author const& author) const;
  /// All own properties become what the draft says, or nothing (PUT). Links that it does not name stay. Errors: as change().
  core::Result<> replace(EntityType type, Id id, Draft const& draft, Author const& author);
  /// Removes an entity and what cannot be without it: of a Thing its Datastreams and HistoricalLocations; of a Location its
  /// HistoricalLocations; of a Sensor or ObservedProperty its Datastreams. Observations of what is removed are the caller's to remove.
  /// Errors: not_found.
  core::Result<Removed> remove(EntityType type, Id id, Author const& author);
  core::Result<Removed> remove(store::Writer& w, EntityType type, Id id, Author const& author) const;

  /// Unmakes what make() has made, where what belongs to it could not be stored. Errors: those of the database.
  core::Result<> unmake(Made const& made, Author const& author);
  /// Writes into the ledger that somebody corrected or removed an Observation.
  core::Result<> note_observation(Id datastream, Id observation, bool removed, Author const& author);

  /// A device's Thing. Errors: as make().
  core::Result<MadeThing> make_thing(store::Writer& w, NewThing const& wanted, Author const& author) const;
  /// The Sensor that stands for a device type, and the ObservedProperty of a pack, made when first asked for.
  core::Result<Id> sensor_for(store::Writer& w, std::string_view device_type, Draft const& otherwise, Author const& author) const;
  core::Result<Id> observed_property_for(store::Writer& w, std::string_view code, Draft const& otherwise, Author const& author) const;

  /// Sees to it that each of these datastreams has a FeatureOfInterest for observations that name none: made from the Thing's Location.
  /// Gives those for which there is none, because their Thing stands nowhere. Cheap when all are known: a look into memory.
  core::Result<std::vector<Id>> need_features(std::span<Id const> datastreams);
  /// The feature that observations of the datastream which name none are to name, because its Thing has moved since the first of them; 0: they
  /// name none. Known after need_features().
  Id own_feature(Id datastream) const;
  /// Notes that observations of the datastream are about the feature. Errors: invalid (no such feature for the author).
  core::Result<> use_feature(Id datastream, Id feature, Author const& author);

  /// Facts of every datastream, or of one. Nothing: there is no such one.
  static void each_datastream(store::Reader& r, std::function<void(DatastreamFacts)> const& visit);
  static std::optional<DatastreamFacts> datastream(store::Reader& r, Id id);
  static std::optional<ThingFacts> thing(store::Reader& r, Id id);

  /// Called after each commit that touches datastreams. Set before anything is changed; at most one. What changes inside of a Writer that
  /// somebody else commits is told by that somebody, afterwards: told().
  void on_change(std::function<void(Change const&)> listener) { listener_ = std::move(listener); }
  void told(std::span<Id const> datastreams);
  /// The same after a change of one entity: its datastreams are told of. Errors: those of the database.
  core::Result<> changed(EntityType type, Id id);

 private:
  void tell(Change const& change) const;

  store::Db& db_;
  std::function<void(Change const&)> listener_;
  void forget_features();
  mutable std::mutex mutex_;
  std::map<Id, Id> own_features_;             // of datastreams that have one for observations that name none: see own_feature()
  std::set<std::pair<Id, Id>> used_features_; // datastream, feature: written down
};

}  // namespace zhili::sense::things
