#pragma once
// History from another system enters by one command: record.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "respond/history/remembered.hpp"
#include "store/db.hpp"

namespace zhili::respond::history {

/// Writes remembered cases of one source: a signal, its incident and its case, with only the steps that the source
/// knows, each marked "from source". A recorded case arms no timer and tells nobody until it is adopted. Runs inside a
/// piece of work of the store; not thread-safe. Cost: three ledger entries and three rows (four with a promise).
class Recorder {
 public:
  Recorder(std::string source, std::string actor);

  /// Those of the source's numbers that are here already; nothing is to be done for them. Cost: one question.
  std::set<std::string, std::less<>> known(store::Reader& reader, std::vector<std::string> const& numbers) const;
  /// The id of the case.
  store::Seq record(store::Writer& writer, Remembered const& remembered) const;

 private:
  std::string source_;
  std::string actor_;
};

}  // namespace zhili::respond::history
