#pragma once
// Conditions on observations, which no database evaluates: what part of time they need, and whether one holds.

#include <functional>
#include <map>
#include <vector>

#include "sense/things/evaluate.hpp"
#include "sense/things/observation_source.hpp"
#include "store/db.hpp"

namespace zhili::sense::things {

/// Observations that are read at a time.
inline constexpr std::size_t observations_step = 1'000;

/// The times outside of which a condition cannot hold: from comparisons of phenomenonTime that stand alone or under `and`.
TimeRange time_range(Expr const& condition);
/// An id that the condition demands; nothing: it demands none.
std::optional<Id> wanted_id(Expr const& condition);

/// The properties of an observation. `row` outlives what is given.
Values observation_values(ObservationRow const& row);

/// Whether any observation of a datastream is good. Takes what it looks at from the budget; if that is 0 afterwards, it gave up.
core::Result<bool> any_observation(ObservationSource const& source, Id datastream, TimeRange const& range, std::size_t& budget,
                                   std::function<bool(ObservationRow const&)> const& good);

/// Which feature an observation is about, also where it names none: then it is the first of its datastream, since what came after a move
/// names its own. Reads each datastream once.
class Features {
 public:
  explicit Features(store::Reader& reader) : reader_(reader) {}
  /// 0: none.
  Id of(ObservationRow const& row);

 private:
  store::Reader& reader_;
  std::map<Id, Id> known_;  // by datastream
};

/// Properties of what observations are linked to: `Datastream/Thing/name`. Only links to one. Reads each once.
class LinkedValues {
 public:
  LinkedValues(store::Reader& reader, Features& features) : reader_(reader), features_(features) {}
  /// All values of an observation, its own and those. `row` outlives what is given; paths outlive this.
  Values of(ObservationRow const& row);

 private:
  Datum read(Path const& path, Id id);

  store::Reader& reader_;
  Features& features_;
  std::map<std::pair<Path const*, Id>, Datum> known_;
};

}  // namespace zhili::sense::things
