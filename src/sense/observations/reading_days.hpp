#pragma once
// What the database has of one datastream, day by day, within one snapshot.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "sense/observations/observation.hpp"
#include "store/db.hpp"

namespace zhili::sense::observations {

/// One datastream in one snapshot: its blocks, what was corrected, and what is in memory. Not thread-safe.
class Days {
 public:
  /// `memory`: rows that may not be in blocks yet, by (time, number); those that are in both are counted once.
  Days(store::Reader& reader, std::int64_t datastream, std::vector<Observation> const& memory);

  /// The first day at or after `day` that has anything, or the last at or before it.
  std::optional<std::int64_t> next(std::int64_t day, bool descending);
  /// Whether some of that day may be in no block yet.
  bool in_memory(std::int64_t day) const;
  /// That day's observations by (time, number). Errors: corrupt.
  core::Result<std::vector<Observation>> rows(std::int64_t day);
  /// Without what a day's blocks do not say by themselves.
  core::Result<std::optional<Observation>> find(std::int64_t n);

  struct Span {
    std::int64_t first = 0, last = 0, count = 0;
  };
  core::Result<std::optional<Span>> span();
  /// How many there are in [from, until), about: whole blocks are counted.
  std::int64_t about(std::int64_t from, std::int64_t until);

  core::Result<> check() const { return trouble_ ? core::Result<>(core::fail(*trouble_)) : core::Result<>{}; }

 private:
  store::Reader& reader_;
  std::int64_t datastream_;
  std::vector<Observation> const& memory_;
  struct Amended {
    std::int64_t t = 0;  ///< the phenomenonTime that it had at first
    std::optional<Observation> now = {};
  };
  bool stands(std::int64_t n, std::int64_t t);

  std::map<std::int64_t, Amended> amended_;  // by number
  std::optional<core::Error> trouble_;
};

}  // namespace zhili::sense::observations
