#pragma once
// What things need of the store of observations (sense/observations has it): reading in the order of time, and changing single ones.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "sense/things/draft.hpp"

namespace zhili::sense::things {

/// The result of an observation; Json: an array, an object or null.
using Outcome = std::variant<double, std::int64_t, bool, std::string, Json>;

struct ObservationRow {
  Id id = 0;
  Id datastream = 0;
  Id feature = 0;  ///< 0: that of the datastream at its phenomenon time
  Span phenomenon{};
  std::optional<core::Instant> result_time = {};
  std::optional<Span> valid = {};
  Outcome result = 0.0;
  std::string quality = {};     ///< JSON; empty: none
  std::string parameters = {};  ///< JSON object; empty: none
};

/// Begins of phenomenon times; `to` is not included.
struct TimeRange {
  std::optional<core::Instant> from = {};
  std::optional<core::Instant> to = {};
};

/// A place in the order by phenomenon time and id.
struct ObservationPlace {
  core::Instant at;
  Id id = 0;
};

struct Extents {
  Span phenomenon;
  std::optional<Span> result = {};
};

/// Thread-safe. Of a datastream that it does not know it has no observations. Errors: those of the store.
class ObservationSource {
 public:
  virtual ~ObservationSource() = default;
  /// At most `most` in the order of phenomenon time and id, or backwards, from after `after` on. An observation that reaches over `from`
  /// counts by its begin.
  virtual core::Result<std::vector<ObservationRow>> page(Id datastream, TimeRange const& range, bool backwards, std::optional<ObservationPlace> after,
                                                         std::size_t most) const = 0;
  virtual core::Result<std::optional<ObservationRow>> find(Id id) const = 0;
  virtual core::Result<std::int64_t> count(Id datastream, TimeRange const& range) const = 0;
  /// Nothing: it has none.
  virtual core::Result<std::optional<Extents>> extents(Id datastream) const = 0;

  /// The whole observation anew, under its id. A changed phenomenon time or datastream is refused. Errors: not_found, invalid.
  virtual core::Result<> change(ObservationRow const& row) = 0;
  /// Errors: not_found.
  virtual core::Result<> remove(Id id) = 0;
  virtual core::Result<> remove_datastream(Id datastream) = 0;
};

/// A value as JSON. Whole numbers stand without a point.
std::string outcome_json(Outcome const& outcome);

}  // namespace zhili::sense::things
