#pragma once
// History from another system enters by one command: record.

#include <cstdint>
#include <string>
#include <string_view>

#include "respond/history/remembered.hpp"
#include "store/db.hpp"

namespace zhili::respond::history {

/// Writes remembered cases of one source: a signal, its incident and its case, with only the steps that the source
/// knows, each marked "from source". A recorded case arms no timer and tells nobody until it is adopted. Runs inside a
/// piece of work of the store; not thread-safe. Cost: three ledger entries and three rows (four with a promise).
class Recorder {
 public:
  Recorder(std::string source, std::string actor);

  /// true where the source's number is here already; nothing is to be done then.
  bool known(store::Reader& reader, std::string_view number) const;
  /// The id of the case.
  store::Seq record(store::Writer& writer, Remembered const& remembered) const;

 private:
  std::string source_;
  std::string actor_;
};

}  // namespace zhili::respond::history
