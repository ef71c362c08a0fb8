#pragma once
// What time a datastream's observations cover: noted for each batch in memory, written down now and then.

#include <map>
#include <mutex>
#include <optional>

#include "core/result.hpp"
#include "sense/things/observation_source.hpp"
#include "store/db.hpp"

namespace zhili::sense::things {

/// Datastreams that are written down in one transaction.
inline constexpr std::size_t extents_per_write_max = 2'000;

/// Thread-safe. What it notes and has not written down when the program ends abruptly is found again by reconcile().
class ExtentsKeeper {
 public:
  explicit ExtentsKeeper(store::Db& db) : db_(db) {}

  /// Observations were stored. Cost: a look into a map, so call it once for each datastream of a batch.
  void note(Id datastream, Span const& phenomenon, std::optional<Span> const& result);
  /// Widens an extent by what is noted and not written down.
  void widen(Id datastream, std::optional<Span>& phenomenon, std::optional<Span>& result) const;
  /// Writes down what is noted. Errors: those of the database; then it stays noted.
  core::Result<> flush();
  /// After observations were removed: what is left. Nothing: none is.
  core::Result<> renew(Id datastream, std::optional<Extents> const& left);
  /// After an abrupt end: asks the store for the extent of every datastream. Errors: those of both.
  core::Result<> reconcile(ObservationSource const& source);

 private:
  struct Noted {
    Span phenomenon;
    std::optional<Span> result;
  };
  store::Db& db_;
  mutable std::mutex mutex_;
  std::map<Id, Noted> noted_;
};

}  // namespace zhili::sense::things
